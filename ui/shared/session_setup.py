"""What the next session of a page is set to: whom to ask, and what costs are counted by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.shared.sides import NAMES, Sides

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.shared.services import Services
    from ui.shared.side_place import SidePlace


class SessionSetup(QObject):
    """Who extends it reads the rest from its widgets, and fills them once when it is made (`_on_changed`).

    Attributes:
        sides: which endpoint and model each side has.
        prices: what costs are counted by; `prices_problem` a sentence where the user's own list can't be used.

    Signals:
        changed: something of it is another.
    """

    changed = Signal()

    def __init__(
        self,
        services: Services,
        places: Mapping[SideName, SidePlace],
        parent: QObject | None = None,
        *,
        saved_in: Mapping[SideName, tuple[str, ...]],
        nones: Mapping[SideName, str] | None = None,
    ) -> None:
        """`saved_in`, `nones`: as in `Sides`."""
        super().__init__(parent)
        self._services, self._places = services, places
        self.prices, self.prices_problem = services.load_prices()
        self.sides = Sides(services, places, self, saved_in=saved_in, nones=nones)
        self.sides.choice_changed.connect(lambda _: self._on_changed())

    def wanted(self) -> dict[SideName, tuple[Profile | None, str]]:
        """The endpoint and model of each side that is to be asked; None where the endpoint is still to be chosen."""
        asked = (name for name in NAMES if not self.sides.is_none(name))
        return {name: (self.sides.profile(name), self._places[name].row.model) for name in asked}

    @property
    def problem(self) -> str:
        """Why nothing can be sent, whatever the endpoints; "" where it can."""
        raise NotImplementedError

    def save(self) -> str:
        """Remember the endpoints; a sentence where that failed."""
        return self._services.save_settings(**self.sides.saved_choices)

    def _on_changed(self) -> None:
        raise NotImplementedError
