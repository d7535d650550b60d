"""What the next study is set to: whom to ask, which models, the plan, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.asking.prices import prices_by_side
from app.study.estimate import study_estimate
from ui.shared.session_setup import SessionSetup
from ui.shared.sides import NAMES

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from app.checks.budget import Prices
    from app.checks.estimate import Estimate
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from app.study.plan import StudyPlan
    from ui.shared.services import Services
    from ui.shared.side_place import SidePlace
    from ui.study.plan_editor import PlanEditor

SAVED_IN: Mapping[SideName, tuple[str, ...]] = {"a": ("studied_a", "side_a"), "b": ("studied_b", "side_b")}


class Setup(SessionSetup):
    """Reads and fills the rows of the sides and the plan."""

    def __init__(
        self, services: Services, places: Mapping[SideName, SidePlace], editor: PlanEditor, parent: QObject | None = None
    ) -> None:
        super().__init__(services, places, parent, saved_in=SAVED_IN)
        self._editor = editor
        editor.changed.connect(self._on_changed)
        self._on_changed()

    # -- what is set --------------------------------------------------------------------------------------------------

    def wanted(self, *, itself: bool = False) -> dict[SideName, tuple[Profile | None, str]]:
        """The endpoint and model of each side; `itself`: those of A for both."""
        wanted = super().wanted()
        return {"a": wanted["a"], "b": wanted["a"]} if itself else wanted

    def plan(self, *, itself: bool = False) -> StudyPlan | None:
        """The next study; None where a field is wrong, or a side lacks an endpoint."""
        asked = {name: (profile, model) for name, (profile, model) in self.wanted(itself=itself).items() if profile is not None}
        if len(asked) < len(NAMES):
            return None
        protocols = {name: profile.protocol for name, (profile, _) in asked.items()}
        return self._editor.plan(protocols, {name: model for name, (_, model) in asked.items()})

    @property
    def estimate(self) -> Estimate | None:
        """What the next study sends at most; None where that can't be told yet."""
        plan = self.plan()
        return study_estimate(plan, self._prices()) if plan is not None else None

    def _prices(self) -> dict[SideName, Prices]:
        return prices_by_side(self.wanted(), self.prices)

    @property
    def problem(self) -> str:
        """Why nothing can be sent for want of a sound plan; "" where it is one."""
        return self._editor.fault

    @property
    def key(self) -> dict[SideName, tuple[str, str]]:
        """What a result depends on, as `StudyRun.asked` has it."""
        return {name: (profile.uid, model) for name, (profile, model) in self.wanted().items() if profile is not None}

    # -- what changes it ----------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        if self.sides.frozen:
            return
        self._editor.show_unit(in_usd=all(one.are_known for one in self._prices().values()))
        cost = self.estimate
        if cost is not None:
            self._editor.offer_cap(cost)
        self._editor.show_cost(cost)
        self.changed.emit()
