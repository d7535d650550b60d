"""Runs over time: A round, B square, a line between the two of a pair, a cross for each that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.study.plan import SIDES
from ui.study.pictures.picture import OTHER, POINT, SYMBOLS, Axis, Picture

if TYPE_CHECKING:
    from ui.study.points import Points

BESIDE = {"a": -0.12, "b": 0.12}  # of the distance of two pairs: where both of a pair failed, both are seen
MARGIN = 0.08  # of the range of values, above and below
MOST_LARGE, SMALL = 60, 6  # of so many pairs points are large; and how large they are where there are more
JOINED = 1.4  # pixels: how wide the line between the two of a pair is, where there are few
FAILED_AT = 0.14  # below the lowest value, of the same


class RunsPicture(Picture):
    """Which pair, and how long its two runs took."""

    def __init__(self) -> None:
        super().__init__("runs", Axis("left"), Axis("bottom"))

    def fill(self, points: Points) -> None:
        self.show_grid()
        values = [one.value for one in points.runs if one.value is not None]
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = (high - low) or abs(high) or 1.0
        strip = low - FAILED_AT * room
        self._join(points)
        size = POINT if points.pairs <= MOST_LARGE else SMALL
        for side in SIDES:
            own = [one for one in points.runs if one.side == side]
            answered = [(one.pair, one.value, one) for one in own if one.value is not None and not one.other]
            self.scatter(answered, SYMBOLS[side], side, "surface", size if side == "a" else size - 1)
            others = [(one.pair, one.value, one) for one in own if one.value is not None and one.other]
            self.scatter(others, OTHER, "surface", side, size + 1)
            failed = [(one.pair + BESIDE[side], strip, one) for one in own if one.value is None]
            self.scatter(failed, "x", "bad", side, POINT + 1)
        self.plot.setXRange(0.5, points.pairs + 0.5, padding=0.02)
        self.plot.setYRange(low - (MARGIN + FAILED_AT) * room, high + MARGIN * room, padding=0)

    def _join(self, points: Points) -> None:
        """A thin line between the two of each pair."""
        by_pair: dict[int, list[float]] = {}
        for one in points.runs:
            if one.value is not None:
                by_pair.setdefault(one.pair, []).append(one.value)
        ends = [(pair, value) for pair, both in by_pair.items() if len(both) == 2 for value in both]
        if ends:
            xs, ys = zip(*ends, strict=True)
            self.curve(xs, ys, "border", JOINED if points.pairs <= MOST_LARGE else 1, connect="pairs")
