"""What a notice's button stands for, on any page that asks two sides: a key or a model is asked for, a profile is edited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from app.store.files import StoreError
from app.store.presets import is_demo

if TYPE_CHECKING:
    from app.diagnosis import ProfileChange
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.shared.services import Services
    from ui.shared.sides import Place, Sides

Say = Callable[[str, str], None]
"""Says a sentence on the page, in a colour of the theme."""


class Remedies:
    """Does it; the buttons of a side's row that ask for a key or lead to the form are among them."""

    def __init__(
        self, services: Services, places: Mapping[SideName, Place], sides: Sides, run: Callable[[], None], say: Say
    ) -> None:
        """`run` asks both endpoints again."""
        self._services, self._places, self._sides, self._run, self._say = services, places, sides, run, say
        for name, place in places.items():
            place.row.edit_wanted.connect(lambda: services.profile_wanted.emit(None))
            place.row.key_wanted.connect(partial(self._on_key_pressed, name))

    def apply(self, name: SideName, chosen: object) -> None:
        """Do what a button of a side's notice stands for."""
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
            return self._places[name].row.open_models()
        if chosen.field == "key":
            return self._ask_key(name)
        if chosen.field == "edit" or profile is None:
            return self._services.profile_wanted.emit(profile)
        return self._change(name, profile, chosen)

    def _change(self, name: SideName, profile: Profile, change: ProfileChange) -> None:
        """Change the request or the profile, and ask again; of a page that has such notices."""

    def _save(self, profile: Profile) -> bool:
        try:
            self._services.save_profile(profile)
        except StoreError as error:
            self._say(str(error), "bad")
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
        """The key's mark in a side's row: where none is needed, the endpoint's form says so."""
        profile = self._sides.profile(name)
        if profile is not None and not profile.needs_key:
            self._services.profile_wanted.emit(profile)
        else:
            self._ask_key(name)
