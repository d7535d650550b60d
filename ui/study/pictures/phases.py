"""Where the time until the first token goes: the parts of both sides, each at its median, one behind the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF

from app.study.plan import SIDES
from ui.study.pictures.picture import Axis, Bar, Picture
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from ui.study.points import Phase

HALF = 0.34  # of the distance of the two bars
STRENGTHS = {"connection": 0.55, "own": 0.2, "send": 1.0, "path": 0.45, "endpoint": 0.25, "wait": 0.25, "head_to_token": 0.7}
HATCHED = ("path",)
ROOM = 6  # pixels beside a part's name


class PhasesPicture(Picture):
    """Two bars: A above B."""

    def __init__(self) -> None:
        self.phases: tuple[Phase, ...] = ()
        super().__init__("phases", Axis("left"), Axis("bottom"))
        left = self.plot.getAxis("left")
        left.setTicks([[(1.0, "A"), (0.0, "B")]])
        self.plot.setMouseEnabled(x=False, y=False)

    def show_phases(self, phases: tuple[Phase, ...]) -> None:
        """Draw these; () for none."""
        if phases != self.phases:
            self.phases = phases
            self.draw(self.points)

    def draw(self, points: object) -> None:
        with self.drawing(shown=bool(self.phases)):
            self._fill()

    def show_axes(self, *, shown: bool) -> None:
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setStyle(showValues=shown)

    def _fill(self) -> None:
        ends = dict.fromkeys(SIDES, 0.0)
        whole = max((sum(one.ms for one in self.phases if one.side == side) for side in SIDES), default=0.0) or 1.0
        self.plot.setXRange(0, whole, padding=0.01)
        self.plot.setYRange(-0.55, 1.55, padding=0)
        for one in self.phases:
            self._bar(one, ends[one.side], whole)
            ends[one.side] += one.ms

    def _bar(self, one: Phase, begin: float, whole: float) -> None:
        middle = 1.0 if one.side == "a" else 0.0
        tint = QColor(colors().color(one.side))
        hatch = QColor(tint) if one.id in HATCHED else None
        tint.setAlphaF(STRENGTHS.get(one.id, 0.4))
        place = QRectF(begin, middle - HALF, one.ms, 2 * HALF)
        self.put("bar", lambda: Bar(place, tint, one.tip, lambda: self._open(one), hatch))
        needed = QFontMetricsF(font(0.86)).horizontalAdvance(one.title) + 2 * ROOM
        if one.ms / whole * max(0, self.plot.width() - 40) > needed and STRENGTHS.get(one.id, 0.4) < 0.5:
            self.label(one.title, (begin + one.ms / 2, middle), "text", (0.5, 0.5))

    def _open(self, one: Phase) -> None:
        """The pair whose part is nearest to the median."""
        if one.pair:
            self.pair_wanted.emit(one.pair)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw(self.points)  # names have room, or have it no more
