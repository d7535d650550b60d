"""What a notice's button stands for: the request or a profile is changed and asked again, a key or a model is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from app.store.files import StoreError
from app.store.presets import is_demo

if TYPE_CHECKING:
    from app.diagnosis import ProfileChange
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.compare.view import CompareView
    from ui.shared.services import Services
    from ui.shared.sides import Sides


class Remedies:
    """Does it; the buttons of a pane's head that ask for a key or lead to the form are among them."""

    def __init__(self, services: Services, view: CompareView, sides: Sides, run: Callable[[], None]) -> None:
        """`run` asks both endpoints again."""
        self._services, self._view, self._sides, self._run = services, view, sides, run
        for name, pane in view.panes.items():
            pane.row.edit_wanted.connect(lambda: services.profile_wanted.emit(None))
            pane.row.key_wanted.connect(partial(self._on_key_pressed, name))
            pane.action_chosen.connect(partial(self._apply, name))

    def _apply(self, name: SideName, chosen: object) -> None:
        from app.asking.environment import Offer
        from app.diagnosis import ProfileChange

        profile = self._sides.profile(name)
        if isinstance(chosen, Offer) and profile is not None:
            self._services.keys.use_offer(profile, chosen)
            return self._run()
        if not isinstance(chosen, ProfileChange):
            return None
        if chosen.field == "run":
            return self._run()
        if chosen.field == "models":
            return self._view.panes[name].row.open_models()
        if chosen.field == "key":
            return self._ask_key(name)
        if chosen.field == "edit" or profile is None:
            return self._services.profile_wanted.emit(profile)
        return self._change(name, profile, chosen)

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
            said = "The endpoint is on another host or port now: look at the address before its key goes there."
            return self._view.say(said, "warn")
        return self._run()

    def _save(self, profile: Profile) -> bool:
        try:
            self._services.save_profile(profile)
        except StoreError as error:
            self._view.say(str(error), "bad")
            return False
        return True

    def _ask_key(self, name: SideName) -> None:
        """Ask for a side's key. A profile that was said to need none needs one from now on: so the endpoint said."""
        profile = self._sides.profile(name)
        if profile is None or is_demo(profile):
            return
        if not profile.needs_key:
            profile = msgspec.structs.replace(profile, needs_key=True)
            if not self._save(profile):
                return
        self._services.key_wanted.emit(profile)

    def _on_key_pressed(self, name: SideName) -> None:
        """The key's mark in a pane's head: where none is needed, the endpoint's form says so."""
        profile = self._sides.profile(name)
        if profile is not None and not profile.needs_key:
            self._services.profile_wanted.emit(profile)
        else:
            self._ask_key(name)
