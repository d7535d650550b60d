"""The distribution of both sides: which share of the runs took no longer than so much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from app.study.figures import value_text
from app.study.plan import SIDES
from ui.study.pictures.picture import Axis, Picture
from ui.study.points import staircase
from ui.style.theme import colors

if TYPE_CHECKING:
    from ui.study.points import Points

MARGINS = 0.18, 0.18  # of the range of values, at either end: beyond the medians stand their names


class SharesPicture(Picture):
    """Empirical cumulative distribution functions, with both medians."""

    def __init__(self) -> None:
        super().__init__("shares", Axis("left", " %"), Axis("bottom"))
        self.plot.getAxis("left").setTickSpacing(25, 25)

    def fill(self, points: Points) -> None:
        theme = colors()
        self.show_grid()
        sides = {side: values for side in SIDES if (values := points.values(side))}
        if not sides:
            self.plot.setYRange(0, 100, padding=0.04)
            return
        low, high = min(one[0] for one in sides.values()), max(one[-1] for one in sides.values())
        room = (high - low) or abs(high) or 1.0
        low, high = low - MARGINS[0] * room, high + MARGINS[1] * room
        medians = []
        for side, values in sides.items():
            xs, ys = staircase(values, low, high)
            pen = pg.mkPen(theme.color(side), width=2)
            self.plot.addItem(pg.PlotCurveItem(np.array(xs), np.array(ys), pen=pen))
            found = points.result.of(side)
            if found is not None:
                medians.append((found.median, side))
        dotted = pg.mkPen(theme.color("muted"), width=1, style=Qt.PenStyle.DotLine)
        if len(medians) == len(SIDES):
            self.plot.addItem(pg.PlotCurveItem(np.array([one for one, _ in medians]), np.array([50.0, 50.0]), pen=dotted))
        medians.sort()
        for number, (median, side) in enumerate(medians):
            first = number == 0
            anchor = (1.0, 1.0) if first else (0.0, 0.0)
            self.label(f"{side.upper()} {value_text(median)}", (median, 50.0), side, anchor, bold=True)
        self.plot.setXRange(low, high, padding=0)
        self.plot.setYRange(0, 100, padding=0.04)
