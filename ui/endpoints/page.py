"""The Endpoints page: profiles and their keys are edited and tested."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.asking.endpoint_test import cost_note
from app.store.presets import is_demo
from app.text.sentences import tr
from ui.endpoints.adding import Adding
from ui.endpoints.editing import Editing
from ui.endpoints.fixes import Fixes
from ui.endpoints.form_models import FormModels
from ui.endpoints.key_dialogs import KeyDialogs
from ui.endpoints.list import EndpointItem
from ui.endpoints.reachable import reachable
from ui.endpoints.selection import Selection
from ui.endpoints.testing import EndpointTests
from ui.endpoints.view import DEMO_NOTE, EndpointsView
from ui.shared.endpoint_rows import DEMO
from ui.shared.page import SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.tasks import Tasks

if TYPE_CHECKING:
    from app.store.profiles import Profile
    from ui.endpoints.reaching import NotReached
    from ui.shared.services import Services


class EndpointsPage(Page):
    """Shows the endpoint that is selected, and what is typed into its form.

    Attributes:
        view: the widgets. selection: which endpoint is shown, and all as they are on screen.
        adding, editing, keys, models, tests, fixes: what is done with them.
        tasks: what runs in the background.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.tasks = Tasks(self._on_fault)
        self.view = view = EndpointsView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.selection = Selection(services, self)
        self.tests = EndpointTests(services, self.tasks, self)
        self.models = FormModels(services, self.selection, view.form, self.tasks, self)
        self.keys = KeyDialogs(services, self.selection, view)
        self.editing = Editing(services, self.selection, view, self.tasks)
        self.adding = Adding(services, self.selection, view, self.keys)
        self.fixes = Fixes(self.selection, view, self.tests, self.keys)
        self._prices, _ = services.load_prices()
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        view, selection = self.view, self.selection
        view.list.profile_selected.connect(self.select)
        view.form.edited.connect(self._on_edited)
        view.panel.start_asked.connect(self.start_test)
        view.panel.stop_asked.connect(self.tests.stop)
        selection.changed.connect(self._show_selected)
        selection.turned.connect(self._on_turned)
        selection.listed.connect(self._show_list)
        selection.begun.connect(self._on_begun)
        selection.dropped.connect(self.tests.forget)
        selection.dropped.connect(self.services.models.forget)
        self.tests.changed.connect(self._on_test_changed)
        for asks in (self.tests, self.models):
            asks.not_reached.connect(self._on_not_reached)

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        return (Command(tr("&Save endpoint"), self.editing.save, SAVE_KEYS, self.view.save_button.isEnabled),)

    def open_files(self, paths: Sequence[Path]) -> bool:
        """Settings of other programs begin endpoints; nothing else is taken."""
        from app.transfer.settings_files import only_settings

        if (read := only_settings(paths)) is None:
            return False
        self.adding.add_read(read)
        return True

    @property
    def menu(self) -> Menu:
        editing, view = self.editing, self.view
        return Menu(tr("En&dpoint"), (
            Command(tr("&Add endpoint…"), self.adding.ask),
            Command(tr("&Duplicate endpoint"), editing.copy, can=view.copy_button.isEnabled),
            Command(tr("D&elete endpoint"), editing.delete, can=view.delete_button.isEnabled),
            Command(tr("&Undo the deletion"), editing.undo, ("Ctrl+Z",), lambda: editing.can_undo),
            None,
            # No key: whoever is used to Ctrl+Enter from another page shall not pay for it here.
            Command(tr("&Test this endpoint"), self.start_test, can=lambda: bool(self.selection.profile) and not self._tests),
            Command(tr("S&top the test"), self.tests.stop, STOP_KEYS, lambda: self._tests),
            None,
            Command(tr("Use as &A"), lambda: editing.use("a"), can=lambda: self.selection.profile is not None),
            Command(tr("Use as &B"), lambda: editing.use("b"), can=lambda: self.selection.profile is not None),
        ))  # fmt: skip

    def reachable(self) -> Iterable[Command]:
        return reachable(self.selection.drafts.profiles, self.select)

    @property
    def _tests(self) -> bool:
        return self.tests.is_running(self.selection.uid)

    @property
    def unsaved(self) -> list[str]:
        return [one.name for one in self.selection.drafts.unsaved]

    def save_unsaved(self) -> bool:
        return self.editing.save_all()

    @property
    def working(self) -> bool:
        return super().working or bool(self.tasks.running)

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, EndpointsPage)
        self.selection.drafts, self.selection.uid = before.selection.drafts, before.selection.uid
        self.tests.take_over(before.tests)
        self.refresh()

    def stop(self) -> None:
        self.tasks.cancel()

    async def aclose(self) -> None:
        await self.tasks.aclose()
        await self.editing.settle()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the store and the demo as they are now."""
        self.editing.show_store()
        self.selection.refresh()

    def select(self, uid: str) -> None:
        self.selection.select(uid)

    def _on_turned(self) -> None:
        self.view.notice.show_notice(None)
        self.view.show_top()

    def _on_begun(self) -> None:
        form, profile = self.view.form, self.selection.profile
        (form.name if profile is not None and profile.base_url else form.url).setFocus()

    def _show_selected(self) -> None:
        profile = self.selection.profile
        self._show_list()
        self.view.show_editor(profile is not None)
        if profile is None:
            return
        self._show_form(profile)
        self.models.show()
        self._on_test_changed(profile.uid)
        self.keys.show()
        self._show_head()

    def _show_form(self, profile: Profile) -> None:
        demo = is_demo(profile)
        if not self.services.show_address(profile, partial(self._show_again, profile.uid)):
            profile = msgspec.structs.replace(profile, base_url="")
        self.view.form.show_profile(profile, read_only=demo, note=tr(DEMO_NOTE) if demo else "")

    def _show_again(self, uid: str) -> None:
        """The demo has its address now."""
        if uid == self.selection.uid:
            self._show_selected()

    def _show_list(self) -> None:
        drafts, uid, keys = self.selection.drafts, self.selection.uid, self.services.keys
        rows = [EndpointItem(one, keys.state(one), drafts.is_unsaved(one.uid)) for one in drafts.profiles]
        if demos := [EndpointItem(one, keys.state(one)) for one in self.services.demo.profiles]:
            rows += [EndpointItem(heading=tr(DEMO)), *demos]
        self.view.list.show_rows(rows, uid)
        order = [one.uid for one in self.services.profile_store.profiles]
        saved, own = uid in order, self.selection.own is not None
        self.view.up_button.setEnabled(saved and order[0] != uid)
        self.view.down_button.setEnabled(saved and order[-1] != uid)
        self.view.copy_button.setEnabled(own)
        self.view.delete_button.setEnabled(own)
        self.commands_changed.emit()

    def _show_head(self) -> None:
        profile, drafts, view = self.selection.profile, self.selection.drafts, self.view
        if profile is None:
            return
        unsaved, new, fault = drafts.is_unsaved(profile.uid), drafts.saved(profile.uid) is None, self.editing.fault
        view.title.set_text(profile.name or tr("no name"), bold=True)
        if fault:
            view.state.set_text(tr("Can't be saved: {fault}.", fault=fault), "bad")
        elif unsaved:
            view.state.set_text(tr("New, not saved yet") if new else tr("Unsaved changes"), "warn", bold=True)
        else:
            view.state.set_text(tr("Demo endpoint") if is_demo(profile) else tr("Saved"), "muted")
        view.save_button.setEnabled(unsaved and not fault)
        view.save_button.setVisible(not is_demo(profile))
        view.revert_button.setText(tr("Discard") if new and unsaved else tr("Revert"))
        view.revert_button.setVisible(unsaved or bool(fault))
        elsewhere = self.services.settings.ask_other_paths
        view.panel.set_note(cost_note(profile, self._prices, asks_other_paths=elsewhere))
        view.panel.set_outdated(self.tests.is_outdated(profile))
        self.commands_changed.emit()

    def _on_edited(self) -> None:
        before = self.selection.own
        if before is None:
            return
        shown = self.view.form.profile
        self.selection.drafts.put(shown)
        if (before.base_url, before.protocol) != (shown.base_url, shown.protocol):
            self.models.show()
        if (before.needs_key, before.protocol) != (shown.needs_key, shown.protocol):
            self.keys.show()
        self._show_list()
        self._show_head()

    # -- testing ------------------------------------------------------------------------------------------------------

    def start_test(self) -> None:
        if (profile := self.selection.profile) is not None:
            self.view.notice.show_notice(None)
            self.tests.start(profile)

    def _on_test_changed(self, uid: str) -> None:
        profile = self.selection.profile
        if profile is not None and uid == profile.uid:
            if is_demo(profile):
                self._show_form(profile)  # the test may have started it: now it has an address
            self.view.panel.show_rows(self.tests.rows(uid), running=self.tests.is_running(uid))
            self.view.panel.set_outdated(self.tests.is_outdated(profile))
            self.view.arrange()
            self.commands_changed.emit()

    def _on_not_reached(self, why: NotReached) -> None:
        if why.title:
            self.keys.complain(why.title, why.sentence, about_key=why.about_key)

    def _on_fault(self, sentence: str) -> None:
        self.view.form.set_fetching(False)
        self.view.complain(tr("That did not work"), sentence)

    # -- the widget ---------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        # The loop may not run yet when the window is first shown.
        QTimer.singleShot(0, self, lambda: self.services.keys.look_up(self.selection.drafts.profiles))
