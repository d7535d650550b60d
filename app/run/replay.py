"""A run played again: its sides as far as they had come at a moment of it, to be read and drawn as those of a live one.

A moment is what the time axis shows: milliseconds since a side's own start, the same for both sides. Rounds keep their true
distance within their side. Nothing here writes, and nothing is sent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from app.clock import now_ns
from app.exchange.exchange import Exchange
from app.exchange.timing import start_ns
from app.recording.recording import Recording
from app.recording.records import SideName
from app.recording.replay import RecordingReplay, end_ns, has_times
from app.run.endings import lasted_ms
from app.run.side import Side, Stage

AS_FAST_AS_IT_COMES = math.inf
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, AS_FAST_AS_IT_COMES)
STEPS = 60  # in so many a run comes that is played as fast as it comes: else nobody would see it


def can_replay(sides: Mapping[SideName, Side]) -> bool:
    """Whether a run has ended and says of all its parts when they came."""
    rounds = [one for side in sides.values() for one in side.rounds]
    return bool(rounds) and all(one.finished and has_times(one.recording) for one in rounds)


class _SideReplay:
    """Plays one side again."""

    def __init__(self, whole: Side) -> None:
        self._whole = whole
        self._rounds: list[RecordingReplay] = []
        recordings = [one.recording for one in whole.rounds]
        self._begins = _begins(recordings)
        self._from_ns = self._begins[0] if recordings else 0
        last = max((end_ns(one) for one in recordings), default=0)
        lasted = lasted_ms(whole)
        self.length_ms = lasted if lasted is not None else (last - self._from_ns) / 1e6
        self.step_chunks = max(1, sum(len(one.body) for one in recordings) // STEPS)
        self.side = side = Side(whole.name, context=whole.context, table=whole.table)
        side.client, side.patience, side.stage = whole.client, whole.patience, Stage.PLAYING
        side.lasts_ms = self.length_ms

    def advance(self, ms: float) -> None:
        ended = ms >= self.length_ms
        side, ns = self.side, self._from_ns + round(min(ms, self.length_ms) * 1e6)
        side.moment_ns = ns
        while len(self._rounds) < len(self._begins) and (ended or self._begins[len(self._rounds)] <= ns):
            self._rounds.append(RecordingReplay(self._whole.rounds[len(self._rounds)].recording))
            side.rounds.append(Exchange(self._rounds[-1].recording))
        for one in self._rounds:
            if ended:
                one.finish()
            else:
                one.advance(ns)
        if ended:
            side.stage, side.fault = Stage.ENDED, self._whole.fault

    def soon_ms(self) -> float | None:
        """The moment at which the next of its steps has come; None where no more comes before the end."""
        soon = self._rounds[-1].soon_ns(self.step_chunks) if self._rounds else None
        if soon is None and len(self._rounds) < len(self._begins):
            soon = self._begins[len(self._rounds)]
        return None if soon is None else (soon - self._from_ns) / 1e6


def _begins(recordings: list[Recording]) -> list[int]:
    """When each round began; one that was never begun when it ended."""
    begins = [start_ns(one) for one in recordings]
    return [end_ns(one) if begin is None else begin for one, begin in zip(recordings, begins, strict=True)]


class Replay:
    """Plays a run again that `can_replay`; its sides are read, never changed.

    Attributes:
        sides: as far as they had come at `at_ms`; whoever shows them has their exchanges advance, as live ones. Other objects
            after a step back.
        at_ms: the moment. end_ms: that of the end of the longer side.
    """

    def __init__(self, whole: Mapping[SideName, Side]) -> None:
        self._whole = dict(whole)
        self.at_ms = 0.0
        self._begin()
        self.end_ms = max(one.length_ms for one in self._sides.values())

    def _begin(self) -> None:
        self._sides = {name: _SideReplay(side) for name, side in self._whole.items()}
        self.sides = {name: one.side for name, one in self._sides.items()}
        for one in self._sides.values():
            one.advance(0.0)

    def to(self, ms: float) -> bool:
        """Go to a moment. True where that is a step back: it is played from the beginning again, with new sides."""
        back = ms < self.at_ms
        if back:
            self._begin()
        self.at_ms = min(max(ms, 0.0), self.end_ms)
        for one in self._sides.values():
            one.advance(self.at_ms)
        return back

    @property
    def ended(self) -> bool:
        return self.at_ms >= self.end_ms

    @property
    def read(self) -> bool:
        """Whether all that had come by now was read."""
        return all(
            one.finished if one.recording.end is not None else one.fully_split and one.events_read == len(one.events)
            for side in self.sides.values()
            for one in side.rounds
        )

    def soon_ms(self) -> float:
        """The moment at which more has come, waits left out."""
        coming = [ms for one in self._sides.values() if (ms := one.soon_ms()) is not None]
        return max(self.at_ms, min(coming, default=self.end_ms))


class Playhead:
    """Where a replay is: it moves with the clock, at a speed, or stands.

    Attributes:
        end_ms: where it stops. speed: of `SPEEDS`. playing: it moves.

    At the speed `AS_FAST_AS_IT_COMES` it stands by itself: whoever plays it seeks.
    """

    def __init__(self, end_ms: float, clock: Callable[[], int] = now_ns) -> None:
        self.end_ms = end_ms
        self.speed = 1.0
        self.playing = False
        self._clock = clock
        self._from_ms, self._since_ns = 0.0, 0

    @property
    def at_ms(self) -> float:
        if not self.playing or self.speed == AS_FAST_AS_IT_COMES:
            return self._from_ms
        return min(self.end_ms, self._from_ms + (self._clock() - self._since_ns) / 1e6 * self.speed)

    def play(self) -> None:
        self.seek(self.at_ms)
        self.playing = True

    def pause(self) -> None:
        self.seek(self.at_ms)
        self.playing = False

    def seek(self, ms: float) -> None:
        """Go to a moment; what plays plays on from there."""
        self._from_ms, self._since_ns = min(max(ms, 0.0), self.end_ms), self._clock()

    def set_speed(self, speed: float) -> None:
        self.seek(self.at_ms)
        self.speed = speed
