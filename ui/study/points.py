"""What the pictures show, as data: the runs of a measure, the shares of both sides, the differences of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from app.study.figures import difference_text, value_text
from app.study.observed import other_stack
from app.study.plan import SIDES
from app.study.result import MeasureResult, value_of
from app.text import numbers
from app.text.sentences import message, render, tr
from ui.study.rows import PART_TITLES, failed_text, parts_of

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.study.result import Measure, StudyResult
    from app.study.session import Pair

_RUN = message(
    "Pair {pair}, {side} ({place:select 1=asked first|asked second}): {value} {unit}{other:if , from another stack|}"
)
_FAILED_RUN = message("Pair {pair}, {side} ({place:select 1=asked first|asked second}): failed, {kind}")
_PHASE = message("{side}, {title}: {ms:milliseconds}, the median")
_DIFFERENCE = message("Pair {pair}: B − A {value} {unit}")


class Run(msgspec.Struct, frozen=True):
    """One run's point. `value` is None where it failed, which `failed` then says how; `other`: it came from another stack."""

    pair: int
    side: SideName
    value: float | None
    unit: str
    first: bool
    failed: str = ""
    other: bool = False

    @property
    def tip(self) -> str:
        """Which run it is, and how long it took."""
        fields = {"pair": self.pair, "side": self.side.upper(), "place": 1 if self.first else 2, "kind": self.failed}
        template = _FAILED_RUN if self.value is None else _RUN
        return render(template, {**fields, "value": value_text(self.value), "unit": self.unit, "other": self.other})


class Step(msgspec.Struct, frozen=True):
    """A pair's difference, and how many of nearly the same size lie below it in the picture."""

    pair: int
    value: float
    height: int
    unit: str
    other: bool = False

    @property
    def tip(self) -> str:
        """Which pair it is, and how much."""
        return render(_DIFFERENCE, {"pair": self.pair, "value": difference_text(self.value), "unit": self.unit})


class Points(msgspec.Struct, frozen=True):
    """All of it for one measure.

    `pairs`: as many as are planned, for the width of the first picture. `shown_as`: "ms", "tokens/s".
    """

    result: MeasureResult
    runs: tuple[Run, ...] = ()
    steps: tuple[Step, ...] = ()
    pairs: int = 1

    @property
    def unit(self) -> str:
        return self.result.measure.unit

    def values(self, side: SideName) -> list[float]:
        """A side's values in order of size."""
        return sorted(one.value for one in self.runs if one.side == side and one.value is not None)


class Phase(msgspec.Struct, frozen=True):
    """A part of a side's first token, at its median; `pair` is the one whose part is nearest to that, 0 for none."""

    side: SideName
    id: str
    title: str
    ms: float
    pair: int = 0

    @property
    def tip(self) -> str:
        return render(_PHASE, {"side": self.side.upper(), "title": self.title, "ms": self.ms})


def phases_of(result: StudyResult, pairs: Sequence[Pair] = ()) -> tuple[Phase, ...]:
    """The parts of both sides in their order; what was not measured is none."""
    return tuple(
        Phase(side, part.id, tr(PART_TITLES[part.id]), found.median, _nearest(part, side, found.median, pairs))
        for side in SIDES
        for part in parts_of(result)
        if (found := result.measures[part.id].of(side)) is not None and found.median > 0
    )


def _nearest(part: Measure, side: SideName, median: float, pairs: Sequence[Pair]) -> int:
    values = ((pair.number, value_of(part, pair.of(side))) for pair in pairs)
    return min(((abs(value - median), number) for number, value in values if value is not None), default=(0.0, 0))[1]


def points_of(result: MeasureResult, pairs: Sequence[Pair], planned: int) -> Points:
    """The points of a measure."""
    runs, differences = [], []
    others = {side: other_stack(pairs, side) for side in SIDES}
    for pair in pairs:
        values = {side: value_of(result.measure, pair.of(side)) for side in SIDES}
        found = (_run(pair, side, values[side], result.measure, other=pair.number in others[side]) for side in SIDES)
        runs += [run for run in found if run is not None]
        a, b = values["a"], values["b"]
        if a is not None and b is not None:
            differences.append((pair.number, b - a))
    steps = _stacked(differences, result.measure.unit)
    steps = [msgspec.structs.replace(one, other=True) if one.pair in others["a"] | others["b"] else one for one in steps]
    return Points(result, tuple(runs), tuple(steps), max(planned, 1))


def _run(pair: Pair, side: SideName, value: float | None, measure: Measure, *, other: bool) -> Run | None:
    kind = failed_text(pair, side) if value is None else ""
    if value is None and not kind:
        return None
    return Run(pair.number, side, value, measure.unit, pair.first == side, kind, other)


def _stacked(differences: Sequence[tuple[int, float]], unit: str, columns: int = 28) -> list[Step]:
    """Each difference stands as low as it can without covering another; so many fit beside each other."""
    if not differences:
        return []
    values = [value for _, value in differences]
    width = (max(*values, 0.0) - min(*values, 0.0)) / columns or 1.0
    last: list[float] = []  # the rightmost of each height
    steps = []
    for pair, value in sorted(differences, key=lambda one: one[1]):
        height = next((number for number, one in enumerate(last) if value - one >= width), len(last))
        last[height : height + 1] = [value]
        steps.append(Step(pair, value, height, unit))
    return steps


def staircase(values: Sequence[float], low: float, high: float) -> tuple[list[float], list[float]]:
    """The share (0 to 100) of values no larger, as the corners of a line from `low` to `high`. `values` are sorted."""
    xs, ys = [low], [0.0]
    for number, value in enumerate(values, 1):
        xs += [value, value]
        ys += [ys[-1], 100 * number / len(values)]
    return [*xs, high], [*ys, ys[-1]]


def ticks_text(value: float, step: float) -> str:
    """The label of an axis' tick, with as many decimals as the ticks' distance needs."""
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return numbers.grouped(value, decimals)
