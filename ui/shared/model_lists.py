"""The model lists that were fetched, each for the address that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from app.asking.caller import Caller
    from app.store.profiles import Profile

Names = tuple[str, ...]


class ModelLists(QObject):
    """The lists by the profile's uid. One of another address or protocol than the profile has now is not its list.

    Signals:
        changed: the list of this uid came, or is gone.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lists: dict[str, tuple[str, str, Names]] = {}

    def take_over(self, before: ModelLists) -> None:
        """Know the lists that another knows."""
        self._lists = dict(before._lists)

    def of(self, profile: Profile) -> Names | None:
        """The profile's models; None where they were not asked for, or where there is no list."""
        address, protocol, names = self._lists.get(profile.uid, ("", "", ()))
        return names if names and (address, protocol) == (profile.base_url, profile.protocol) else None

    def keep(self, profile: Profile, names: Names) -> None:
        """Take a list that was fetched; an empty one is none."""
        if names:
            self._lists[profile.uid] = profile.base_url, profile.protocol, names
            self.changed.emit(profile.uid)
        else:
            self.forget(profile.uid)

    def forget(self, uid: str) -> None:
        """Know nothing of this profile's models: its key is another one, or it is gone."""
        if self._lists.pop(uid, None) is not None:
            self.changed.emit(uid)

    async def fetch(self, caller: Caller) -> str:
        """Ask an endpoint for its list and keep it; "" or why there is none, or not the whole."""
        from app.asking.model_list import list_models

        found = await list_models(caller)
        self.keep(caller.profile, tuple(found.ids))
        return found.problem
