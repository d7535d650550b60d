"""One run in the window: starts it, follows it at the screen's pace, stops it; or shows one from a file."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.text.sentences import tr

if TYPE_CHECKING:
    from app.asking.runner import Run, Runner, SideChoice
    from app.pricing import PriceTable
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from app.run.heard_before import HeardBefore
    from app.run.replay import Replay
    from app.run.side import Side
    from app.scenarios import Plan

FLUSH_MS = 8  # what has come is read in one, and a pane drawn in the next: the window answers in between
DRAW_MS = 2 * FLUSH_MS
FILE_MS = 1  # a file is there already: it is read as fast as the window stays quick
FILE_DRAW_MS = 50  # and looked at more seldom meanwhile, since each look is time that it waits
BUDGET_S = 0.005
RUNNING_BUDGET_S = 0.003  # what comes in a second is read in less: after a stall it takes some more flushes
REST_TIMES = 3  # drawing takes at most a quarter of the time, however much there is to draw
SPLIT_BYTES = 1 << 17
READ_EVENTS = 200
SETTLED_DRAWS = 16  # by then all has been drawn that comes in turns, twice: a replay that stands need not be drawn again
SEEK_S = 0.03


class RunSession(QObject):
    """Holds the run that is shown.

    Records reach the recordings as they come; what is read from them, and what is drawn, follows in flushes about sixty times
    a second, each within a budget, so that a fast stream never stops the window. Where drawing took long, the next one waits
    longer.

    A run that has ended can be shown once more as it came (`play_again`): the same flushes bring the replay to where it is to
    be, and draw it. When it is over the run itself is shown again.

    Attributes:
        sides: what is shown, by name.
        whole: the sides of the run itself: other ones than `sides` while it is played again.
        replay: what is shown instead of the run itself, None for nothing.
        plan: what was asked, None for a file that does not say.
        opened: the run file's first record, None before the first run.
        asked: the endpoint's uid and the model that each side's request went to; {} for a run from a file.
        file: where the run comes from, None for one of now.
        borrowed: it was not run here: it is a file's, or another page's.
        running: a run goes on.

    Signals:
        started: another run is shown from now on.
        turned: the same run is shown, but as it is at another moment of it, or whole again: `sides` are other ones. At a
            replay's end nothing else is told: the run has `finished` before.
        flushed: more was read; draw it.
        side_over: all has ended and was read: the end of a side, by its name, is to be drawn. Each comes in a flush of its own,
            and what the run ends with after them, and after what they left for `then`: `finished`, or at a replay's end
            `turned`.
        finished: the run has ended and was read whole.
        failed: the run, or its journal, could not be kept going; a sentence.
    """

    started = Signal()
    turned = Signal()
    flushed = Signal()
    side_over = Signal(str)
    finished = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[None] | None = None
        self._draw_at = 0.0
        self._undrawn = False  # there was a flush that read since the last that drew
        self._followers: list[Callable[[], bool]] = []
        self._goes_first: Callable[[], bool] = bool
        self._turn = 0  # which side is read first takes turns: what ends a side can cost a whole flush
        self.sides: dict[SideName, Side] = {}
        self.whole: dict[SideName, Side] = {}
        self.replay: Replay | None = None
        self._moment: Callable[[], float] = float
        self._settled = 0
        self._heard: HeardBefore | None = None
        self._heard_of: RunOpened | None = None
        # What is done next, before more is read or drawn, each in a flush of its own: much is drawn as a run begins and ends.
        self._steps: deque[Callable[[], object]] = deque()
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
        """All that was recorded of the run, side A's rounds first."""
        return [one.recording for side in self.whole.values() for one in side.rounds]

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
            self.failed.emit(tr("The run broke off by a fault in Diptych: {fault}", fault=_told(error)))
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

    def take_over(self, other: RunSession) -> None:
        """Show the run that another session shows, which has ended: read anew, since what is said of it is in words by now."""
        from app.run.side import sides_of

        assert other.opened is not None
        assert not self.running
        table = next(one.table for one in other.whole.values())
        assert table is not None
        self._take(other.opened, other.plan, sides_of(other.recordings), table)
        self._heard, self._heard_of = other._heard, other.opened
        for name, side in self.whole.items():
            side.heard_before = other.whole[name].heard_before
        self.file, self.borrowed, self.asked = other.file, other.borrowed, dict(other.asked)
        self._timer.setInterval(FILE_MS)
        self.started.emit()
        self._timer.start()

    def _take(self, opened: RunOpened, plan: Plan | None, sides: dict[SideName, Side], prices: PriceTable) -> None:
        self.plan, self.opened, self.sides, self.whole, self.replay = plan, opened, sides, sides, None
        self._steps.clear()
        for side in sides.values():
            side.table = prices

    def clear(self) -> None:
        self.plan, self.opened, self.file, self.asked = None, None, None, {}
        self.sides, self.whole, self.replay, self.borrowed = {}, {}, None, False
        self._steps.clear()
        self.started.emit()

    # -- once more ----------------------------------------------------------------------------------------------------

    def play_again(self, replay: Replay, moment: Callable[[], float]) -> None:
        """Show the run, which has ended, as it came: at each flush as far as it had come at `moment`, in milliseconds.

        Once it is read to its end the run itself is shown again.
        """
        assert not self.running
        self.replay, self._moment = replay, moment
        self._turn_to(replay.sides)
        self.wake()

    def wake(self) -> None:
        """A replay that stood is to be brought to another moment, or plays on."""
        self._settled = 0
        self._steps.clear()
        if self.replay is not None and self.sides is not self.replay.sides:  # its end was being drawn
            self._turn_to(self.replay.sides)
        self._timer.setInterval(FLUSH_MS)
        self._timer.start()

    def show_whole(self) -> None:
        """Leave a replay: the run itself is shown again."""
        if self.replay is None:
            return
        self.replay = None
        self._timer.stop()
        self._turn_to(self.whole)

    def _turn_to(self, sides: dict[SideName, Side]) -> None:
        self._steps.clear()
        self.sides = sides
        self.turned.emit()

    def _follow_replay(self, replay: Replay) -> None:
        """Bring it to its moment. After a step back it is read for a while at once, so that no empty page is seen."""
        at_ms = replay.at_ms
        if replay.to(self._moment()):
            self.sides = replay.sides
            self._read(SEEK_S)
            self.turned.emit()
        if replay.at_ms != at_ms or not replay.read:
            self._settled = 0

    def follow(self, followers: Iterable[Callable[[], bool]]) -> None:
        """What else is to be brought up to date with this run, a slice a call; each returns True while there is more."""
        self._followers = list(followers)

    def let_first(self, goes_first: Callable[[], bool]) -> None:
        """Reading rests for as long as this tells of something that the user waits for."""
        self._goes_first = goes_first

    def then(self, *steps: Callable[[], object]) -> None:
        """For what hears that a run begins or a side is over: do these next, each in a flush of its own, before all else."""
        self._steps.extendleft(reversed(steps))

    def _flush(self) -> None:
        replay = self.replay
        if self._steps:
            self._steps.popleft()()
            return
        if self._undrawn and perf_counter() >= self._draw_at:
            self._draw()
            return
        self._undrawn = True
        if replay is not None:
            self._follow_replay(replay)
        more = self._advance()
        ended = not more and not self.running and not self._unended()
        if ended and replay is None and not self.borrowed and self._heard_of is not self.opened:
            self._hear()
        if replay is not None and self.replay is not None:
            self._go_on(replay, more)
        elif ended:
            self._end()

    def _draw(self) -> None:
        self._undrawn = False
        self._settled += 1
        begin = perf_counter()
        self.flushed.emit()
        took_s = perf_counter() - begin
        least_ms = DRAW_MS if self.running or self.replay is not None else FILE_DRAW_MS
        self._draw_at = begin + max(least_ms / 1000 * 0.9, took_s * (1 + REST_TIMES))

    def _end(self) -> None:
        """All is read: have the end of each side drawn, then that of the run."""
        self._steps.extend(partial(self._tell_side_over, name) for name in self.whole)
        self._steps.append(self._tell_end)

    def _tell_end(self) -> None:
        if self.replay is not None:
            self.show_whole()
        else:
            self._timer.stop()
            self.finished.emit()

    def _tell_side_over(self, name: SideName) -> None:
        """Have the end of a side drawn."""
        if self.replay is not None:
            self.sides = {**self.sides, name: self.whole[name]}
        self.side_over.emit(name)

    def _hear(self) -> None:
        """A run's answers are noted once all of them are read, before its end is told."""
        from app.run.heard_before import HeardBefore

        self._heard_of, self._heard = self.opened, self._heard or HeardBefore()
        self._heard.take(*self.whole.values())

    def _go_on(self, replay: Replay, more: bool) -> None:
        """A replay that has ended makes room for the run; what a step leaves to be read is read as a file is."""
        self._timer.setInterval(FILE_MS if more else FLUSH_MS)
        if more:
            return
        if replay.ended and replay.read:
            self._end()
        elif self._settled > SETTLED_DRAWS:
            self._timer.stop()

    def _advance(self) -> bool:
        """Read on within the budget, the sides in turn; True while there is more to read.

        All events become rows before they are read: a file of a million can be scrolled, filtered and searched at once.
        """
        if self._goes_first():
            return True
        end = perf_counter() + (RUNNING_BUDGET_S if self.running else BUDGET_S)
        pending = self._read_until(end)
        behind = list(self._followers)
        while behind and not pending and perf_counter() < end:
            behind = [follow for follow in behind if follow()]
        return bool(pending or behind)

    def _read(self, seconds: float) -> None:
        self._read_until(perf_counter() + seconds)

    def _read_until(self, end: float) -> bool:
        """Read what has come; True where that is not all when the time is over."""
        pending = deque(one for side in self.sides.values() if not side.fault for one in side.rounds if not one.finished)
        pending.rotate(self._turn)
        self._turn += 1
        while pending and perf_counter() < end:
            if pending[0].advance(SPLIT_BYTES, READ_EVENTS if pending[0].fully_split else 0):
                pending.rotate(-1)
            else:
                pending.popleft()
        return bool(pending)

    def _unended(self) -> bool:
        return any(one.recording.end is None and not side.fault for side in self.sides.values() for one in side.rounds)


def _told(error: BaseException) -> str:
    """What an error says; of a group of a task group's, the first one inside."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}"
