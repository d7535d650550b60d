"""One run in the window: starts it, follows it at the screen's pace, stops it; or shows one from a file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from app.asking.runner import Run, Runner, SideChoice
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.run.side import Side
    from app.scenarios import Plan

FLUSH_MS = 33
FILE_MS = 1  # a file is there already: it is read as fast as the window stays quick
BUDGET_S = 0.008
REST_TIMES = 3  # drawing takes at most a quarter of the time, however much there is to draw
SPLIT_BYTES = 1 << 17
READ_EVENTS = 200


class RunSession(QObject):
    """Holds the run that is shown.

    Records reach the recordings as they come; what is read from them, and what is drawn, follows in one flush about thirty
    times a second, each within a budget, so that a fast stream never stops the window. Where drawing took long, the next one
    waits longer.

    Attributes:
        sides: what is shown, by name.
        plan: what was asked, None for a file that does not say.
        opened: the run file's first record, None before the first run.
        asked: the endpoint's uid and the model that each side's request went to; {} for a run from a file.
        file: where the run comes from, None for one of now.
        borrowed: it was not run here: it is a file's, or another page's.
        running: a run goes on.

    Signals:
        started: another run is shown from now on.
        flushed: more was read; draw it.
        finished: the run has ended and was read whole.
        failed: the run, or its journal, could not be kept going; a sentence.
    """

    started = Signal()
    flushed = Signal()
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[None] | None = None
        self._draw_at = 0.0
        self._followers: list[Callable[[], bool]] = []
        self._turn = 0  # which side is read first takes turns: what ends a side can cost a whole flush
        self.sides: dict[SideName, Side] = {}
        self.plan: Plan | None = None
        self.opened: RunOpened | None = None
        self.asked: dict[SideName, tuple[str, str]] = {}
        self.file: Path | None = None
        self.borrowed = False
        self._timer = QTimer(self)
        self._timer.setInterval(FLUSH_MS)
        self._timer.timeout.connect(self._flush)

    @property
    def following(self) -> bool:
        """More is to come, or to be read."""
        return self._timer.isActive()

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def recordings(self) -> list[Recording]:
        """All that was recorded of the run that is shown, side A's rounds first."""
        return [one.recording for side in self.sides.values() for one in side.rounds]

    def start(self, runner: Runner, plan: Plan, choices: Mapping[SideName, SideChoice], prices: PriceTable) -> None:
        """Play a plan. The one before must have ended. `prices` are those that costs are counted by."""
        from app.asking.runner import Run

        assert not self.running
        run = Run(plan, choices)
        self._take(run.opened, plan, run.sides, prices)
        self.file, self.borrowed, self.asked = (
            None,
            False,
            {name: (choice.profile.uid, choice.model) for name, choice in choices.items()},
        )
        self._timer.setInterval(FLUSH_MS)
        self._task = asyncio.get_event_loop().create_task(self._play(runner, run, choices))
        self.started.emit()
        self._timer.start()

    async def _play(self, runner: Runner, run: Run, choices: Mapping[SideName, SideChoice]) -> None:
        try:
            await runner.play(run, choices)
        except asyncio.CancelledError:
            return  # stopped by the user: the recordings say so themselves
        except Exception as error:  # a fault of ours must not leave the window running for ever without a word
            self.failed.emit(f"The run broke off by a fault in Diptych: {_told(error)}")
            raise
        finally:
            if run.journal_problem:
                self.failed.emit(run.journal_problem)

    def stop(self) -> None:
        """End the run; what came is kept."""
        if self._task is not None:
            self._task.cancel()

    async def wait(self) -> None:
        """Until the run that goes on has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def show(
        self, file: Path | None, opened: RunOpened, recordings: list[Recording], plan: Plan | None, prices: PriceTable
    ) -> None:
        """Show a run from a file, or of another page (None); it is read in slices."""
        from app.run.side import sides_of

        assert not self.running
        self._take(opened, plan, sides_of(recordings), prices)
        self.file, self.borrowed, self.asked = file, True, {}
        self._timer.setInterval(FILE_MS)
        self.started.emit()
        self._timer.start()

    def _take(self, opened: RunOpened, plan: Plan | None, sides: dict[SideName, Side], prices: PriceTable) -> None:
        self.plan, self.opened, self.sides = plan, opened, sides
        for side in sides.values():
            side.table = prices

    def clear(self) -> None:
        self.plan, self.opened, self.sides, self.file, self.asked = None, None, {}, None, {}
        self.borrowed = False
        self.started.emit()

    def follow(self, followers: Iterable[Callable[[], bool]]) -> None:
        """What else is to be brought up to date with this run, a slice a call; each returns True while there is more."""
        self._followers = list(followers)

    def _flush(self) -> None:
        more = self._advance()
        begin = perf_counter()
        if begin >= self._draw_at:
            self.flushed.emit()
            took_s = perf_counter() - begin
            self._draw_at = begin + max(FLUSH_MS / 1000 * 0.9, took_s * (1 + REST_TIMES))
        if not more and not self.running and not self._unended():
            self._timer.stop()
            self.finished.emit()

    def _advance(self) -> bool:
        """Read on within the budget, the sides in turn; True while there is more to read.

        All events become rows before they are read: a file of a million can be scrolled, filtered and searched at once.
        """
        end = perf_counter() + BUDGET_S
        pending = deque(one for side in self.sides.values() if not side.fault for one in side.rounds if not one.finished)
        pending.rotate(self._turn)
        self._turn += 1
        while pending and perf_counter() < end:
            if pending[0].advance(SPLIT_BYTES, READ_EVENTS if pending[0].fully_split else 0):
                pending.rotate(-1)
            else:
                pending.popleft()
        behind = list(self._followers)
        while behind and not pending and perf_counter() < end:
            behind = [follow for follow in behind if follow()]
        return bool(pending or behind)

    def _unended(self) -> bool:
        return any(one.recording.end is None and not side.fault for side in self.sides.values() for one in side.rounds)


def _told(error: BaseException) -> str:
    """What an error says; of a group of a task group's, the first one inside."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
