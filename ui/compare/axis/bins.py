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
CROWDED = 4.0  # pixels from tick to tick, in the mean; nearer ones can't be told apart
LEVELS = 8  # of shade
_MOST_TIMES = 16  # so many times the usual count has the deepest shade: one pile must not make all else pale
_PALEST = 0.2


class Tick(NamedTuple):
    """Something to draw: where it begins and how wide it is, in pixels, and how deep its shade is, 1 to `LEVELS`."""

    x: int
    width: int
    level: int


def ticks(lanes: Sequence[Sequence[float]], scale: Scale) -> list[list[Tick]]:
    """The ticks of each lane, whose events came at these times (ms, in order). Their shades can be compared."""
    apart = [_apart(times, scale) for times in lanes]
    columns = [_columns(times, scale) if one is None else [] for times, one in zip(lanes, apart, strict=True)]
    deepest = _deepest([count for one in columns for _, count in one])
    return [
        one if one is not None else [Tick(x, 1, _level(count, deepest)) for x, count in crowd]
        for one, crowd in zip(apart, columns, strict=True)
    ]


def opacity(level: int) -> float:
    """How much of the side's colour a shade has, 0 to 1."""
    return _PALEST + (1 - _PALEST) * level / LEVELS


def _apart(times: Sequence[float], scale: Scale) -> list[Tick] | None:
    """A tick for all that came within its width; None where the ticks crowd."""
    out: list[Tick] = []
    index, end = bisect_left(times, scale.begin_ms), bisect_right(times, scale.end_ms)
    first = index
    while index < end:
        x = round(scale.x_of(times[index]))
        after = max(index + 1, bisect_left(times, scale.ms_of(x + TICK), index, end))
        several = after - index > 1 and (times[index] == times[index + 1] or times[after - 2] == times[after - 1])
        out.append(Tick(x, BURST if several else TICK, LEVELS))
        index = after
    if len(out) < 3:
        return out
    spacing = (scale.x_of(times[end - 1]) - scale.x_of(times[first])) / (len(out) - 1)
    return None if spacing < CROWDED else out


def _columns(times: Sequence[float], scale: Scale) -> list[tuple[int, int]]:
    """How many events came in each column of one pixel, where any did."""
    out, index = [], bisect_left(times, scale.begin_ms)
    for x in range(LEFT, round(LEFT + scale.pixels) + 1):
        after = bisect_left(times, scale.ms_of(x + 1), index)
        if after > index:
            out.append((x, after - index))
        index = after
    return out


def _deepest(counts: list[int]) -> int:
    """The count that has the deepest shade."""
    if not counts:
        return 1
    return min(max(counts), _MOST_TIMES * sorted(counts)[len(counts) // 2])


def _level(count: int, deepest: int) -> int:
    return max(1, min(LEVELS, round(LEVELS * math.sqrt(count / deepest))))
