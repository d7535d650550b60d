"""What the next load is set to: whom to ask, which models, the plan, what it may cost, and whether it is the user's to load."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.asking.prices import prices_by_side
from app.secrets.loopback import is_this_machine
from app.store.presets import is_demo
from app.study.estimate import load_estimate
from app.text.sentences import message, tr
from app.text.urls import split_url
from ui.shared.session_setup import SessionSetup

if TYPE_CHECKING:
    from app.checks.budget import Prices
    from app.checks.estimate import Estimate
    from app.recording.records import SideName
    from app.study.load import LoadPlan
    from ui.shared.services import Services
    from ui.study.load.view import LoadView

SAVED_IN: Mapping[SideName, tuple[str, ...]] = {
    "a": ("loaded_a", "studied_a", "side_a"),
    "b": ("loaded_b", "studied_b", "side_b"),
}
NOBODY: Mapping[SideName, str] = {"b": message("nobody: A alone")}
_NOT_MINE = message("{hosts:list} {count:word is|are} on another machine: put only what is yours under load, and say so.")
_NO_CAP = message("A load on another machine needs a cap.")


class LoadSetup(SessionSetup):
    """Reads and fills the rows of the sides, of which B may be nobody, and the plan."""

    def __init__(self, services: Services, view: LoadView, parent: QObject | None = None) -> None:
        nones = {name: tr(said) for name, said in NOBODY.items()}
        super().__init__(services, view.places, parent, saved_in=SAVED_IN, nones=nones)
        self._view = view
        self._owned: tuple[str, ...] = ()  # those of which the user has said so
        view.plan.changed.connect(self._on_changed)
        view.mine.toggled.connect(self._on_mine)
        self._on_changed()

    # -- what is set --------------------------------------------------------------------------------------------------

    def plans(self) -> dict[SideName, LoadPlan] | None:
        """The next load; None where a field is wrong, or a side lacks an endpoint."""
        wanted = self.wanted()
        asked = {name: (one.protocol, model) for name, (one, model) in wanted.items() if one is not None}
        return self._view.plan.plans(asked) if asked and len(asked) == len(wanted) else None

    @property
    def estimate(self) -> Estimate | None:
        """What the next load sends at most; None where that can't be told yet."""
        plans = self.plans()
        return load_estimate(plans, self._prices()) if plans else None

    def _prices(self) -> dict[SideName, Prices]:
        return prices_by_side(self.wanted(), self.prices)

    @property
    def foreign(self) -> tuple[str, ...]:
        """The hosts that are not this machine."""
        chosen = (one for one, _ in self.wanted().values() if one is not None and not is_demo(one))
        hosts = (split_url(one.base_url).hostname or "" for one in chosen)
        return tuple(dict.fromkeys(one for one in hosts if one and not is_this_machine(one)))

    @property
    def problem(self) -> str:
        """Why nothing can be sent for want of a sound plan, or of the user's word; "" where it can."""
        foreign, plan = self.foreign, self._view.plan
        if plan.fault:
            return plan.fault
        if foreign and self._owned != foreign:
            return tr(_NOT_MINE, hosts=foreign, count=len(foreign))
        return tr(_NO_CAP) if foreign and plan.cap.value() is None else ""

    @property
    def key(self) -> dict[SideName, tuple[str, str]]:
        """What a result depends on, as `LoadRun.asked` has it."""
        return {name: (one.uid, model) for name, (one, model) in self.wanted().items() if one is not None}

    # -- what changes it ----------------------------------------------------------------------------------------------

    def _on_mine(self, mine: bool) -> None:
        self._owned = self.foreign if mine else ()
        self.changed.emit()

    def _on_changed(self) -> None:
        if self.sides.frozen:
            return
        foreign, plan = self.foreign, self._view.plan
        if foreign != self._owned:
            self._owned = ()
        self._view.show_foreign(foreign, mine=bool(foreign) and self._owned == foreign)
        for name, place in self._places.items():
            place.row.models.setEnabled(not self.sides.is_none(name))
        plan.show_unit(in_usd=all(one.are_known for one in self._prices().values()))
        cost = self.estimate
        if cost is not None:
            plan.offer_cap(cost)
        plan.show_cost(cost)
        self.changed.emit()
