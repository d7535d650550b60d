"""Where a series changed, and only where the evidence supports it.

The rule. What is compared is alike: each value is scored against the others of its own group (the same request), so that a
person who begins to ask something else is no change. For each place where the series could be cut, the scores before and after
it are summed; the greatest of these sums, each in its own standard deviations, is the statistic. Its chance is that of the same
statistic with the values shuffled within their groups (permutation test), which holds whatever their distribution is. A cut
counts where that chance is below the level, which is divided by the number of series that are looked at together, and three
values or more stand on each side of it. What stands before and after a cut is then looked at in the same way.

Values that depend on the load are no draws of their own within one day: who tests twenty times on a slow Tuesday has seen one
slow Tuesday. They are summed up by day beforehand (`app.trend.series`).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import msgspec

SHUFFLES = 999
LEAST = 3  # values on each side of a cut
MOST_KINDS = 8  # of a fact: one that differs from answer to answer is no trait
_SEED = 20_261

Value = float | str


class Point(msgspec.Struct, frozen=True):
    """One value of a series. `group`: what it may be compared with."""

    value: Value
    group: str = ""


class Cut(msgspec.Struct, frozen=True):
    """A change. `at`: the place of the first value after it. `p`: the chance of such a one where nothing changed."""

    at: int
    p: float


def are_enough(points: Sequence[Point]) -> bool:
    """Whether there are values enough on both sides of a cut."""
    return len(points) >= 2 * LEAST


def can_change(points: Sequence[Point]) -> bool:
    """Whether there is anything to be tested: enough values, and not the same all the time within each group."""
    columns = _columns(points)
    return are_enough(points) and bool(columns) and any(any(column) for column in columns)


def cuts_in(points: Sequence[Point], level: float) -> list[Cut]:
    """The changes of a series, in order. `level`: of the test, already divided by the number of series."""
    found: list[Cut] = []
    todo = [(0, len(points))]
    while todo:
        begin, end = todo.pop()
        if (cut := _cut(points[begin:end], level)) is not None:
            found.append(Cut(begin + cut.at, cut.p))
            todo += [(begin, begin + cut.at), (begin + cut.at, end)]
    return sorted(found, key=lambda one: one.at)


def _cut(points: Sequence[Point], level: float) -> Cut | None:
    if not can_change(points):
        return None
    columns = [column for column in _columns(points) if any(column)]
    rows = list(zip(*columns, strict=True))
    weights = [len(rows) / sum(x * x for x in column) for column in columns]
    seen, at = _greatest(rows, weights)
    if not LEAST <= at <= len(rows) - LEAST:
        return None
    groups: dict[str, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(point.group, []).append(place)
    random, most = Random(_SEED), int(level * (SHUFFLES + 1)) - 1  # as many may reach it, and it is still below the level
    reached = 0
    shuffled = list(rows)
    for _ in range(SHUFFLES):
        for places in groups.values():
            drawn = [rows[place] for place in places]
            random.shuffle(drawn)
            for place, row in zip(places, drawn, strict=True):
                shuffled[place] = row
        if _greatest(shuffled, weights)[0] >= seen - 1e-9:
            reached += 1
            if reached > most:
                return None
    p = (reached + 1) / (SHUFFLES + 1)
    return Cut(at, p) if p <= level else None


def _greatest(rows: Sequence[tuple[float, ...]], weights: Sequence[float]) -> tuple[float, int]:
    """The greatest of the sums' squares, in their variances, and where."""
    count, best, at = len(rows), -1.0, 0
    sums = [0.0] * len(weights)
    for place, row in enumerate(rows, 1):
        total = 0.0
        for number, x in enumerate(row):
            sums[number] += x
            total += sums[number] * sums[number] * weights[number]
        if place < count:
            total *= 1 / (place * (count - place))
            if total > best:
                best, at = total, place
    return best, at


def _columns(points: Sequence[Point]) -> list[list[float]]:
    """The scores: of numbers one column, their ranks within the group; of facts one for each kind, whether it is that one.

    Each is centred within its group, so that a group of one says nothing. None where there are too many kinds.
    """
    if not points:
        return []
    if all(isinstance(point.value, float) for point in points):
        return [_ranked(points)]
    kinds = sorted({str(point.value) for point in points})
    if len(kinds) > MOST_KINDS:
        return []
    return [_centred(points, [float(str(point.value) == kind) for point in points]) for kind in kinds]


def _ranked(points: Sequence[Point]) -> list[float]:
    groups: dict[str, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(point.group, []).append(place)
    scores = [0.0] * len(points)
    for places in groups.values():
        ordered = sorted(places, key=lambda place: points[place].value)
        begin = 0
        while begin < len(ordered):  # values that are the same share their ranks
            end = begin
            while end < len(ordered) and points[ordered[end]].value == points[ordered[begin]].value:
                end += 1
            for place in ordered[begin:end]:
                scores[place] = ((begin + end - 1) / 2 - (len(ordered) - 1) / 2) / len(ordered)
            begin = end
    return scores


def _centred(points: Sequence[Point], values: Sequence[float]) -> list[float]:
    sums: dict[str, list[float]] = {}
    for point, value in zip(points, values, strict=True):
        one = sums.setdefault(point.group, [0.0, 0.0])
        one[0] += value
        one[1] += 1
    return [value - sums[point.group][0] / sums[point.group][1] for point, value in zip(points, values, strict=True)]
