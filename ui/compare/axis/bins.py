"""What of a lane's events is drawn, without a widget: ticks while they stand apart, and columns by count where they crowd.

What is done grows with the pixels, never with the events: a place is found by halving.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ui.compare.axis.scale import LEFT, Scale

TICK, BURST = 2, 5  # pixels wide: one event, and several that came in one chunk
CROWDED = 3.5  # pixels from tick to tick, in the mean; nearer ones can't be told apart
LEVELS = 8  # of shade
_MOST_TIMES = 16  # so many times the usual count has the deepest shade: one pile must not make all else pale
_PALEST = 0.2


class Tick(NamedTuple):
    """Something to draw: where it begins and how wide it is, in pixels, and how deep its shade is, 1 to `LEVELS`."""

    x: int
    width: int
    level: int


class Columns:
    """How many events of a lane came in each column of one pixel: while the scale stays, none is counted twice."""

    def __init__(self) -> None:
        self._times: Sequence[float] = ()
        self._view: tuple[float, float, float] | None = None
        self._found: list[tuple[int, int]] = []
        self._index = 0  # of the first event that is not counted yet

    def of(self, times: Sequence[float], scale: Scale) -> list[tuple[int, int]]:
        """Where any came: the column, and how many. `times` (ms, in order) is the same object as before, which only grows, or
        another lane's."""
        view = scale.begin_ms, scale.end_ms, scale.pixels
        if times is not self._times or view != self._view:
            self._times, self._view, self._found = times, view, []
            self._index = bisect_left(times, scale.begin_ms)
        elif self._found:
            self._index -= self._found.pop()[1]  # more may have come in the last one
        begin_ms, per_pixel = scale.begin_ms, scale.span_ms / scale.pixels
        index, end = self._index, bisect_right(times, scale.end_ms)
        while index < end:
            x = int((times[index] - begin_ms) / per_pixel)
            after = bisect_left(times, begin_ms + (x + 1) * per_pixel, index + 1, end)
            self._found.append((LEFT + x, after - index))
            index = after
        self._index = index
        return self._found


def ticks(lanes: Sequence[Sequence[float]], scale: Scale, counted: Sequence[Columns] | None = None) -> list[list[Tick]]:
    """The ticks of each lane, whose events came at these times (ms, in order). Their shades can be compared.

    `counted`: what was counted of each lane before, where it was.
    """
    columns = [known.of(times, scale) for known, times in zip(counted or [Columns() for _ in lanes], lanes, strict=True)]
    crowded = [_crowd(one) for one in columns]
    counts = [count for one, crowd in zip(columns, crowded, strict=True) if crowd for _, count in one]
    deepest = _deepest(counts)
    levels = {count: _level(count, deepest) for count in set(counts)}
    return [
        [Tick(x, 1, levels[count]) for x, count in one] if crowd else _apart(times, scale)
        for times, one, crowd in zip(lanes, columns, crowded, strict=True)
    ]


def opacity(level: int) -> float:
    """How much of the side's colour a shade has, 0 to 1."""
    return _PALEST + (1 - _PALEST) * level / LEVELS


def _crowd(columns: list[tuple[int, int]]) -> bool:
    """Whether ticks would stand too near to each other."""
    return len(columns) > 2 and (columns[-1][0] - columns[0][0]) / (len(columns) - 1) < CROWDED


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
        out.append(Tick(LEFT + x, BURST if several else TICK, LEVELS))
        index = after
    return out


def _deepest(counts: list[int]) -> int:
    """The count that has the deepest shade."""
    if not counts:
        return 1
    return min(max(counts), _MOST_TIMES * sorted(counts)[len(counts) // 2])


def _level(count: int, deepest: int) -> int:
    return max(1, min(LEVELS, round(LEVELS * math.sqrt(count / deepest))))
