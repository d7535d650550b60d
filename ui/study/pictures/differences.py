"""The paired differences, each a square, with the interval as a band and Hodges-Lehmann's estimate as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtGui import QColor

from app.study.figures import difference_text
from ui.study.pictures.picture import OTHER, POINT, SYMBOLS, Axis, Picture
from ui.style.theme import colors

if TYPE_CHECKING:
    from app.study.statistics import Interval
    from ui.study.points import Points

LEAST_HEIGHT = 9  # squares on one another before the picture gets finer
MOST_LARGE, SMALL = 18, 5  # of such a height squares are large still; and how large they are above
MARGIN = 0.08
TINT = 40  # of 255


class DifferencesPicture(Picture):
    """B minus A."""

    def __init__(self) -> None:
        super().__init__("differences", Axis("left"), Axis("bottom"))
        self.plot.getAxis("left").hide()

    def fill(self, points: Points) -> None:
        difference = points.result.difference
        self.plot.getAxis("bottom").setStyle(showValues=bool(points.steps))
        if not points.steps:
            return
        top = max(LEAST_HEIGHT, 1.6 * max((one.height + 1 for one in points.steps), default=0))
        self.upright(0.0, "muted", 1)
        if difference is not None:
            if difference.interval is not None:
                self._band(difference.interval, top)
            self.upright(difference.estimate, "text", 2)
            self.label(difference_text(difference.estimate), (difference.estimate, top * 0.86), "text", (0.0, 0.5), bold=True)
        size = POINT if top <= MOST_LARGE else SMALL
        places = [(one.value, one.height + 0.5, one) for one in points.steps]
        self.scatter([place for place in places if not place[2].other], SYMBOLS["b"], "b", "surface", size)
        self.scatter([place for place in places if place[2].other], OTHER, "surface", "b", size + 1)
        values = [one.value for one in points.steps]
        low, high = min((*values, 0.0)), max((*values, 0.0))
        room = MARGIN * ((high - low) or 1.0)
        self.plot.setXRange(low - room, high + 2 * room, padding=0)
        self.plot.setYRange(0, top, padding=0)

    def _band(self, interval: Interval, top: float) -> None:
        tint = QColor(colors().color("b"))
        tint.setAlpha(TINT)

        def make() -> pg.LinearRegionItem:
            made = pg.LinearRegionItem(movable=False, brush=tint, pen=pg.mkPen(None))
            made.setZValue(-10)
            return made

        self.put("band", make, lambda made: made.setRegion((interval.low, interval.high)), outside=True)
        self.label(difference_text(interval.low), (interval.low, top * 0.97), "text", (1.0, 0.5))
        self.label(difference_text(interval.high), (interval.high, top * 0.97), "text", (0.0, 0.5))
