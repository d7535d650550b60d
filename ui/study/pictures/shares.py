"""The distribution of both sides: which share of the runs took no longer than so much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from app.study.figures import value_text
from app.study.plan import SIDES
from ui.study.pictures.picture import SYMBOLS, Axis, Picture
from ui.study.points import staircase
from ui.style.theme import font

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.study.points import Points

MARGIN, GAP_PX, AXIS_PX = 0.06, 10.0, 52.0  # of the range of values; beside a median's name; of the left axis
MOST_POINTS, POINT = 200, 5  # of more runs a side none is drawn as a point


class SharesPicture(Picture):
    """Empirical cumulative distribution functions, with both medians."""

    def __init__(self) -> None:
        super().__init__("shares", Axis("left", in_percent=True), Axis("bottom"))
        self.plot.getAxis("left").setTickSpacing(25, 25)

    def fill(self, points: Points) -> None:
        self.show_grid()
        sides = {side: values for side in SIDES if (values := points.values(side))}
        if not sides:
            self.plot.setYRange(0, 100, padding=0.04)
            return
        low, high = min(one[0] for one in sides.values()), max(one[-1] for one in sides.values())
        room = (high - low) or abs(high) or 1.0
        found = {side: one for side in sides if (one := points.result.of(side)) is not None}
        medians = sorted((one.median, side) for side, one in found.items())
        names = [f"{side.upper()} {value_text(median)}" for median, side in medians]
        low, high = self._with_names((low - MARGIN * room, high + MARGIN * room), medians, names)
        for side, values in sides.items():
            xs, ys = staircase(values, low, high)
            self.curve(xs, ys, side, 2)
            own = ((one.value, one) for one in points.runs if one.side == side and one.value is not None)
            runs = sorted(own, key=lambda pair: pair[0])
            if len(runs) <= MOST_POINTS:
                places = [(value, 100 * number / len(runs), one) for number, (value, one) in enumerate(runs, 1)]
                self.scatter(places, SYMBOLS[side], side, "surface", POINT)
        if len(medians) == len(SIDES):
            self.curve([one for one, _ in medians], [50.0, 50.0], "muted", 1, style=Qt.PenStyle.DotLine)
        for number, ((median, side), name) in enumerate(zip(medians, names, strict=True)):
            self.label(name, (median, 50.0), side, (1.0, 1.0) if number == 0 else (0.0, 0.0), bold=True)
        self.plot.setXRange(low, high, padding=0)
        self.plot.setYRange(0, 100, padding=0.04)

    def _with_names(
        self, ends: tuple[float, float], medians: Sequence[tuple[float, str]], names: Sequence[str]
    ) -> tuple[float, float]:
        """The range, wide enough that the first name before its median and the last behind it are whole."""
        low, high = ends
        width = max(80.0, self.plot.width() - AXIS_PX)
        shares = [(QFontMetricsF(font(0.95, bold=True)).horizontalAdvance(name) + GAP_PX) / width for name in names]
        for _ in range(8):  # each widens the range, and with it the other's share of it
            if medians:
                low = min(low, medians[0][0] - shares[0] * (high - low))
            if len(medians) > 1:
                high = max(high, medians[-1][0] + shares[-1] * (high - low))
        return low, high

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw(self.points)  # names need so many pixels
