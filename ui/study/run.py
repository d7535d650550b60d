"""One study in the window: begun, followed, stopped; or shown from a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.asking.studying import Studying
from app.checks.budget import Spent
from app.study.session import pairs_of
from app.text.sentences import tr
from ui.shared.pulse import FLUSH_MS, Pulse
from ui.shared.tasks import to_its_end

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


class StudyRun(QObject):
    """Holds the study that is shown.

    Attributes:
        file: where it was read from, None for one of now. asked: the uid and the model of each side; {} for a file's.

    Signals:
        started: another study is shown. changed: it went on, or time passed; at most ten times a second.
        finished: nothing runs any more. failed: something could not be done; a sentence.
    """

    started = Signal()
    changed = Signal()
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studying: Studying | None = None
        self._task: asyncio.Task[None] | None = None
        self._shown: tuple[RunOpened, StudyPlan, list[Exchange], list[Pair], Spent] | None = None  # of a file
        self._began_s = self._ended_s = 0.0
        self.file: Path | None = None
        self.asked: dict[SideName, tuple[str, str]] = {}
        self._pulse = Pulse(self)
        self._pulse.beat.connect(self.changed)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def plan(self) -> StudyPlan | None:
        return self._studying.session.plan if self._studying else self._shown[1] if self._shown else None

    @property
    def pairs(self) -> list[Pair]:
        return self._studying.session.pairs if self._studying else self._shown[3] if self._shown else []

    @property
    def exchanges(self) -> list[Exchange]:
        """All of them, warm-ups too."""
        return self._studying.session.exchanges if self._studying else self._shown[2] if self._shown else []

    @property
    def spent(self) -> Spent:
        return self._studying.session.spent if self._studying else self._shown[4] if self._shown else Spent()

    @property
    def opened(self) -> RunOpened | None:
        return self._studying.opened if self._studying else self._shown[0] if self._shown else None

    @property
    def recordings(self) -> list[Recording]:
        return [one.recording for one in self.exchanges]

    @property
    def done(self) -> int:
        """How many pairs were asked to their end."""
        return sum(pair.a is not None and pair.b is not None for pair in self.pairs)

    @property
    def took_s(self) -> float | None:
        """How long it took, so far; None for one of a file."""
        if self._studying is None:
            return None
        return (monotonic() if self.running else self._ended_s) - self._began_s

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
        assert not self.running
        self._studying = Studying(wire, plan, choices, self._on_pair, table=table, journal=journal)
        self._shown = self.file = None
        self.asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        self._began_s = monotonic()
        self._task = asyncio.get_event_loop().create_task(self._run(self._studying))
        self._pulse.start()
        self.started.emit()

    async def _run(self, studying: Studying) -> None:
        try:
            await studying.run()
        except asyncio.CancelledError:
            pass  # by the user: what came is kept
        except Exception as error:  # a fault of ours must not leave the page running for ever without a word
            self.failed.emit(
                tr("The study broke off by a fault in Diptych: {kind}: {error}", kind=type(error).__name__, error=error)
            )
            raise
        finally:
            self._ended_s = monotonic()
            self._pulse.stop()
            if problem := await to_its_end(studying.finish):
                self.failed.emit(problem)
            asyncio.get_event_loop().call_soon(self.finished.emit)

    def stop(self) -> None:
        """End what runs; what came is kept."""
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Until what runs has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def show(self, file: Path, opened: RunOpened, plan: StudyPlan, exchanges: Sequence[Exchange], table: PriceTable) -> None:
        """Show a study from a file. Nothing may run."""
        assert not self.running
        spent = Spent()
        for one in exchanges:
            spent.add(one, table)
        self._studying = self._task = None
        self._shown = opened, plan, list(exchanges), pairs_of(plan, exchanges), spent
        self.file, self.asked = file, {}
        self.started.emit()
        self.finished.emit()

    def take_over(self, before: StudyRun) -> None:
        """Show what another window shows. Nothing may run."""
        assert not before.running
        self._studying, self._shown, self._task = before._studying, before._shown, None
        self.file, self.asked = before.file, dict(before.asked)
        self._began_s, self._ended_s = before._began_s, before._ended_s
        self.started.emit()
        self.finished.emit()

    def clear(self) -> None:
        """Show nothing any more."""
        self._studying = self._task = self._shown = self.file = None
        self.asked = {}
        self.started.emit()

    def _on_pair(self, _pair: Pair) -> None:
        self._pulse.soon(max(FLUSH_MS, len(self.pairs)))  # many points take longer to draw
