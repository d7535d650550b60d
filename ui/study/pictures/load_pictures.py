"""The pictures of a load: first tokens by how many at once on two log axes, goodput, and how requests ended."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log10
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor

from app.study.load_told import REFUSED
from app.text import numbers
from app.text.sentences import message, tr
from ui.study.load.curves import DONE, SHARES, apart, log_ticks, time_text
from ui.study.pictures.picture import POINT, SYMBOLS, Axis, Bar, Picture
from ui.style.theme import colors

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.recording.records import SideName
    from ui.study.load.curves import Curves, Mark, Part

TINT = 30  # of 255
LABEL_PX = 15.0
MARGIN_X = 0.4  # of the distance of two doubles
NAMES_PX = 52  # what the names at the right end need
WIDTHS = {"p50": 2.4, "p95": 1.3, "p99": 1.3}
HALF_BAR, DONE_STRENGTH = 0.36, 0.5
_SOLID = Qt.PenStyle.SolidLine
LIMIT = message("your limit: {limit}")


class LoadPicture(Picture):
    """One picture of a load.

    Signals:
        sample_wanted: a point was clicked; its `Mark`.
    """

    sample_wanted = Signal(object)

    def __init__(self, name: str, left: Axis) -> None:
        self.curves: Curves | None = None
        super().__init__(name, left, Axis("bottom"))
        self.plot.setMouseEnabled(x=False, y=False)

    def show_curves(self, curves: Curves | None) -> None:
        """Draw these; None for an empty picture."""
        if curves != self.curves:
            self.curves = curves
            self.draw(None)

    def draw(self, points: object) -> None:
        with self.drawing(shown=self.curves is not None):
            if self.curves is not None:
                self.plot.getAxis("bottom").setTicks([list(self.curves.steps)])
                self.fill_curves(self.curves)

    def fill_curves(self, curves: Curves) -> None:
        """Put what there is into the empty plot."""
        raise NotImplementedError

    def set_places(self, curves: Curves, names_px: float = 0.0) -> None:
        """The steps' places from edge to edge, with room for names at the right end."""
        low, high = curves.steps[0][0] - MARGIN_X, curves.steps[-1][0] + MARGIN_X
        width = max(1.0, self.plot.width() - 60.0)
        self.plot.setXRange(low, high + (high - low) * names_px / max(1.0, width - names_px), padding=0)

    def line(self, marks: Sequence[Mark], ys: Sequence[float], role: str, width: float, style: Qt.PenStyle = _SOLID) -> Any:
        return self.curve([one.x for one in marks], ys, role, width, style=style, antialias=True)

    def _on_clicked(self, _item: object, spots: Sequence[Any], _event: object = None) -> None:
        if len(spots):
            self.sample_wanted.emit(spots[0].data())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw(None)  # names need so many pixels


class FirstTokensPicture(LoadPicture):
    """Half, 95 and 99 of 100 first tokens of each side, by how many at once; the user's limit is dashed."""

    def __init__(self) -> None:
        super().__init__("load-first-token", Axis("left"))

    def fill_curves(self, curves: Curves) -> None:
        values = [one.value for shares in curves.times.values() for marks in shares.values() for one in marks]
        low, high = min((*values, curves.limit_ms)) / 1.15, max((*values, curves.limit_ms)) * 1.2
        # The limit's name stands on its line: where that is the highest, the scale goes on for so much more.
        named = LABEL_PX / max(3 * LABEL_PX, self.plot.height() - 30.0)
        high = max(high, 10 ** ((log10(curves.limit_ms) - named * log10(low)) / (1 - named)))
        self.set_places(curves, NAMES_PX)
        self.plot.setYRange(log10(low), log10(high), padding=0)
        self.plot.getAxis("left").setTicks([log_ticks(low, high)])
        self.show_grid()
        ends_x = [curves.steps[0][0] - MARGIN_X, curves.steps[-1][0]]
        self.curve(ends_x, [log10(curves.limit_ms)] * 2, "text", 1.6, style=Qt.PenStyle.DashLine)
        said = tr(LIMIT, limit=time_text(curves.limit_ms))
        self.label(said, (curves.steps[0][0] - MARGIN_X, log10(curves.limit_ms)), "text", (0.0, 1.0))
        ends: list[tuple[float, float, str, str]] = []
        for side, shares in curves.times.items():
            drawn = {}
            for share in reversed(SHARES):
                marks = shares[share]
                if not marks:
                    continue
                style = Qt.PenStyle.DotLine if share == "p99" else _SOLID
                ys = [log10(one.value) for one in marks]
                drawn[share] = self.line(marks, ys, side, WIDTHS[share], style)
                symbol, size = SYMBOLS[side], POINT if share == "p50" else 5
                self.scatter([(one.x, y, one) for one, y in zip(marks, ys, strict=True)], symbol, side, "surface", size)
                ends.append((marks[-1].x, ys[-1], side, f"{side.upper()} {share}"))
            if "p95" in drawn and len(shares["p95"]) == len(shares["p50"]):
                self._tint_between(drawn["p50"], drawn["p95"], side)
        least = (log10(high) - log10(low)) * LABEL_PX / max(1.0, self.plot.height() - 30.0)
        self._name(ends, least, log10(high) - least / 2)

    def _tint_between(self, lower: Any, upper: Any, side: SideName) -> None:
        """The area between two curves, below all else."""
        tint = QColor(colors().color(side))
        tint.setAlpha(TINT)

        def make() -> Any:
            made = pg.FillBetweenItem(lower, upper, brush=tint)
            made.setZValue(-10)
            return made

        self.put(("between", side), make, lambda made: made.setCurves(lower, upper), outside=True)

    def _name(self, ends: Sequence[tuple[float, float, str, str]], least: float, most: float) -> None:
        """The name of each line at its right end, none on another, and whole."""
        for (x, _, side, text), y in zip(ends, apart([one[1] for one in ends], least, most), strict=True):
            self.label(text, (x + 0.12, y), side, (0.0, 0.5), bold=True)


class GoodputPicture(LoadPicture):
    """Answers within the user's limits a second; each side's best is named."""

    def __init__(self) -> None:
        super().__init__("load-goodput", Axis("left"))

    def fill_curves(self, curves: Curves) -> None:
        self.show_grid()
        top = max((one.value for marks in curves.goodput.values() for one in marks), default=0.0) or 1.0
        self.set_places(curves)
        self.plot.setYRange(0, top * 1.25, padding=0.02)
        for side, marks in curves.goodput.items():
            self.line(marks, [one.value for one in marks], side, 2.2)
            self.scatter([(one.x, one.value, one) for one in marks], SYMBOLS[side], side, "surface", POINT)
        middle = (curves.steps[0][0] + curves.steps[-1][0]) / 2
        levels = apart([one.value for one in curves.best.values()], 0.11 * top)
        texts = dict(curves.steps)
        for (side, one), level in zip(curves.best.items(), levels, strict=True):
            text = tr("{side} {value} at {step}", side=side.upper(), value=numbers.grouped(one.value, 1), step=texts[one.x])
            self.label(text, (one.x, level), side, (0.0 if one.x < middle else 1.0, 1.0), bold=True)


class EndsPicture(LoadPicture):
    """How the requests of each step ended: done in the side's colour, refused red, otherwise failed dark."""

    def __init__(self) -> None:
        super().__init__("load-ends", Axis("left", in_percent=True))
        self.plot.getAxis("left").setTickSpacing(50, 50)

    def fill_curves(self, curves: Curves) -> None:
        sides = list(curves.times)
        self.set_places(curves)
        self.plot.setYRange(0, 100, padding=0.03)
        xs = [x for x, _ in curves.steps]
        room = min((later - one for one, later in pairwise(xs)), default=1.0)
        wide = 2 * HALF_BAR * room / len(sides)
        for part in curves.ends:
            left = part.mark.x - HALF_BAR * room + wide * sides.index(part.mark.side)
            self._bar(part, QRectF(left, part.low, wide * 0.92, part.high - part.low))

    def _bar(self, part: Part, place: QRectF) -> None:
        theme, mark = colors(), part.mark
        tint = QColor(theme.color(mark.side if part.what == DONE else "bad" if part.what == REFUSED else "text"))
        tint.setAlphaF(DONE_STRENGTH if part.what == DONE else 1.0)
        self.put("bar", lambda: Bar(place, tint, mark.tip, lambda: self.sample_wanted.emit(mark)))
