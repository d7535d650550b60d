"""What of a lane's events is drawn, without a widget: ticks while they stand apart, and columns by count where they crowd.

What is done grows with the pixels, never with the events: a place is found by halving.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ui.compare.axis.scale import LEFT, Scale

TICK, BURST = 2, 5  # pixels wide: one event, and several that came in one chunk
CROWDED = 3.5  # pixels from tick to tick, in the mean; nearer ones can't be told apart
LEVELS = 8  # of shade
_MOST_TIMES = 16  # so many times the usual count has the deepest shade: one pile must not make all else pale
_PALEST = 0.2


class Tick(NamedTuple):
    """An event, or several that came in its width: where its mark begins and how wide that is, in pixels."""

    x: int
    width: int


class Shades(NamedTuple):
    """How many came in each column of one pixel from `left` on: a depth from 1 to `LEVELS` each, 0 where none came."""

    left: int
    levels: bytes


class Columns:
    """How many events of a lane came in each column of one pixel: while the scale stays, none is counted twice.

    Attributes:
        left: the first column in which any came, in pixels.
        counts: how many, from there to the last column in which any came.
        filled: how many columns that are.
    """

    def __init__(self) -> None:
        self.left = self.filled = 0
        self.counts = array("I")
        self._times: Sequence[float] = ()
        self._view: tuple[float, float, float] | None = None
        self._index = 0  # of the first event that is not counted yet

    def count(self, times: Sequence[float], scale: Scale) -> None:
        """Count what is new. `times` (ms, in order) is the same object as before, which only grows, or another lane's."""
        counts, view = self.counts, (scale.begin_ms, scale.end_ms, scale.pixels)
        if times is not self._times or view != self._view:
            self._times, self._view, self.filled = times, view, 0
            del counts[:]
            self._index = bisect_left(times, scale.begin_ms)
        elif counts:
            self._index -= counts.pop()  # more may have come in the last one
            self.filled -= 1
        begin_ms, per_pixel = scale.begin_ms, scale.span_ms / scale.pixels
        index, end = self._index, bisect_right(times, scale.end_ms)
        if index < end and not counts:
            self.left = LEFT + int((times[index] - begin_ms) / per_pixel)
        column, filled = self.left - LEFT + len(counts), self.filled  # the next one without a count
        while index < end:
            x = max(column, int((times[index] - begin_ms) / per_pixel))  # on a column's edge the two ways to count may differ
            if x > column:
                counts.extend(bytes(x - column))
            after = bisect_left(times, begin_ms + (x + 1) * per_pixel, index + 1, end)
            counts.append(after - index)
            column, filled, index = x + 1, filled + 1, after
        self._index, self.filled = index, filled

    @property
    def crowded(self) -> bool:
        """Whether ticks would stand too near to each other."""
        return self.filled > 2 and (len(self.counts) - 1) / (self.filled - 1) < CROWDED


def ticks(
    lanes: Sequence[Sequence[float]], scale: Scale, counted: Sequence[Columns] | None = None
) -> list[list[Tick] | Shades]:
    """What is drawn of each lane, whose events came at these times (ms, in order). Shades of several can be compared.

    `counted`: what was counted of each lane before, where it was.
    """
    counted = counted or [Columns() for _ in lanes]
    how_often: Counter[int] = Counter()
    for columns, times in zip(counted, lanes, strict=True):
        columns.count(times, scale)
        if columns.crowded:
            how_often.update(columns.counts)
    del how_often[0]
    deepest = _deepest(how_often)
    levels = {0: 0, **{count: _level(count, deepest) for count in how_often}}
    return [
        Shades(one.left, bytes(map(levels.__getitem__, one.counts))) if one.crowded else _apart(times, scale)
        for one, times in zip(counted, lanes, strict=True)
    ]


def opacity(level: int) -> float:
    """How much of the side's colour a shade has, 0 to 1."""
    return _PALEST + (1 - _PALEST) * level / LEVELS


def _apart(times: Sequence[float], scale: Scale) -> list[Tick]:
    """A tick for all that came within its width."""
    out: list[Tick] = []
    begin_ms, per_pixel = scale.begin_ms, scale.span_ms / scale.pixels
    index, end = bisect_left(times, begin_ms), bisect_right(times, scale.end_ms)
    while index < end:
        ms = times[index]
        x = round((ms - begin_ms) / per_pixel)
        after = bisect_left(times, begin_ms + (x + TICK) * per_pixel, index + 1, end)
        several = after - index > 1 and (ms == times[index + 1] or times[after - 2] == times[after - 1])
        out.append(Tick(LEFT + x, BURST if several else TICK))
        index = after
    return out


def _deepest(how_often: Counter[int]) -> int:
    """The count that has the deepest shade; `how_often` is there a column with each count."""
    if not how_often:
        return 1
    middle, passed = how_often.total() // 2, 0
    for count in sorted(how_often):
        passed += how_often[count]
        if passed > middle:
            break
    return min(max(how_often), _MOST_TIMES * count)


def _level(count: int, deepest: int) -> int:
    return max(1, min(LEVELS, round(LEVELS * math.sqrt(count / deepest))))
