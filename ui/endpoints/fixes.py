"""What a button of a verdict stands for: the change is put into the form, and the endpoint is tested again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt

from app.asking.changes import apply_change, is_applicable, leads_elsewhere
from app.text.sentences import tr
from ui.endpoints.view import DEMO_NOTE, EndpointsView

if TYPE_CHECKING:
    from app.diagnosis import ProfileChange
    from app.store.profiles import Profile
    from ui.endpoints.key_dialogs import KeyDialogs
    from ui.endpoints.selection import Selection
    from ui.endpoints.testing import EndpointTests


class Fixes:
    def __init__(self, selection: Selection, view: EndpointsView, tests: EndpointTests, keys: KeyDialogs) -> None:
        self._selection, self._view, self._tests, self._keys = selection, view, tests, keys
        view.panel.action_chosen.connect(self._on_chosen)

    def _on_chosen(self, change: ProfileChange) -> None:
        profile = self._selection.own
        if profile is None:
            self._view.complain(tr("A demo endpoint can't be changed"), tr(DEMO_NOTE), role="warn")
        elif change.field == "key":
            self._keys.ask()
        elif change.field == "base_url" and not change.value:
            self._view.form.url.setFocus(Qt.FocusReason.ShortcutFocusReason)  # which selects all of it
        elif is_applicable(change):
            self._apply(profile, change)

    def _apply(self, profile: Profile, change: ProfileChange) -> None:
        """Where the change leads to another host or port, the user has to press Test."""
        try:
            changed = apply_change(profile, change)
        except msgspec.ValidationError as error:
            self._view.complain(tr("The change can't be applied"), str(error))
            return
        self._selection.take(changed)
        if leads_elsewhere(profile, changed):
            sentence = tr("Look at the address before the key goes there, then test again.")
            self._view.complain(tr("The endpoint is on another host or port now"), sentence, role="warn")
        else:
            self._view.notice.show_notice(None)
            self._tests.start(changed)
