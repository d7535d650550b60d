"""One study in the window: begun, followed, stopped; or shown from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject

from app.asking.studying import Studying
from app.checks.budget import Spent
from app.study.session import pairs_of
from app.text.sentences import message
from ui.shared.pulse import FLUSH_MS
from ui.shared.session_run import SessionRun

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.exchange.exchange import Exchange
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.store.journal import Journal
    from app.study.plan import StudyPlan
    from app.study.session import Pair
    from app.wire.client import WireClient

_BROKE_OFF = message("The study broke off by a fault in Diptych: {kind}: {error}")


class StudyFound(NamedTuple):
    """A study of a file."""

    opened: RunOpened
    plan: StudyPlan
    exchanges: list[Exchange]
    pairs: list[Pair]
    spent: Spent


class StudyRun(SessionRun[Studying, StudyFound]):
    """Holds the study that is shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_BROKE_OFF, parent)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> StudyPlan | None:
        return self._asking.session.plan if self._asking else self._shown.plan if self._shown else None

    @property
    def pairs(self) -> list[Pair]:
        return self._asking.session.pairs if self._asking else self._shown.pairs if self._shown else []

    @property
    def exchanges(self) -> list[Exchange]:
        """All of them, warm-ups too."""
        return self._asking.session.exchanges if self._asking else self._shown.exchanges if self._shown else []

    @property
    def spent(self) -> Spent:
        return self._asking.session.spent if self._asking else self._shown.spent if self._shown else Spent()

    @property
    def recordings(self) -> list[Recording]:
        return [one.recording for one in self.exchanges]

    @property
    def done(self) -> int:
        """How many pairs were asked to their end."""
        return sum(pair.a is not None and pair.b is not None for pair in self.pairs)

    def left_s(self) -> float | None:
        """About how long it will still take, by how long its requests took; None where nothing tells yet."""
        plan, took, asked = self.plan, self.took_s, len(self.exchanges)
        if not self.running or plan is None or took is None or asked < 2:
            return None
        return took * (2 * (plan.pairs + plan.warmups) - asked) / asked

    # -- what happens -------------------------------------------------------------------------------------------------

    def start(
        self, wire: WireClient, plan: StudyPlan, choices: Mapping[SideName, SideChoice], table: PriceTable, journal: Journal
    ) -> None:
        """Begin a study; the one before must have ended."""
        self.begin(Studying(wire, plan, choices, self._on_pair, table=table, journal=journal), choices)

    def show(self, file: Path, opened: RunOpened, plan: StudyPlan, exchanges: Sequence[Exchange], table: PriceTable) -> None:
        """Show a study from a file. Nothing may run."""
        spent = Spent()
        for one in exchanges:
            spent.add(one, table)
        self.show_found(file, StudyFound(opened, plan, list(exchanges), pairs_of(plan, exchanges), spent))

    def _on_pair(self, _pair: Pair) -> None:
        self._pulse.soon(max(FLUSH_MS, len(self.pairs)))  # many points take longer to draw
