"""What a notice's button stands for after a run: the request or a profile is changed and asked again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.store.presets import is_demo
from app.text.sentences import tr
from ui.shared.remedies import Remedies

if TYPE_CHECKING:
    from app.diagnosis import ProfileChange
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides


class RunRemedies(Remedies):
    """Those of the Compare page."""

    def __init__(self, services: Services, view: CompareView, sides: Sides, run: Callable[[], None]) -> None:
        """`run` asks both endpoints again."""
        super().__init__(services, view.panes, sides, run, view.say)
        self._view = view
        for name, pane in view.panes.items():
            pane.action_chosen.connect(partial(self.apply, name))

    def _change(self, name: SideName, profile: Profile, change: ProfileChange) -> None:
        from app.asking.changes import apply_change, is_applicable, leads_elsewhere

        if change.field == "max_tokens":
            self._view.bar.set_max_tokens(int(change.value))
        elif change.field == "stream":
            self._view.bar.set_stream(bool(change.value))
        elif change.field == "model":
            self._view.panes[name].row.set_model(str(change.value))  # a side has a model of its own
        elif is_applicable(change):
            new = apply_change(profile, change)
            if is_demo(profile):
                self._sides.override(new)
            elif not self._save(new):
                return None
        self._sides.check_model(name)
        changed = self._sides.profile(name)
        if changed is not None and profile.needs_key and leads_elsewhere(profile, changed):
            said = tr("The endpoint is on another host or port now: look at the address before its key goes there.")
            return self._view.say(said, "warn")
        return self._run()
