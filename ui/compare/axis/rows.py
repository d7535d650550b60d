"""Where the lanes stand, and the letters in front of them: all that an empty axis has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.text.sentences import tr
from ui.compare.axis.scale import LEFT
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from app.recording.records import SideName

SMALL = 0.88  # of the interface's type


class Rows(NamedTuple):
    """Where the lanes stand, in pixels from the top: a row above them, and the gap that the bracket has."""

    head: int
    lane: int
    gap: int

    def top(self, name: SideName) -> int:
        return self.head + (self.lane + self.gap if name == "b" else 0)

    @property
    def bottom(self) -> int:
        return self.head + 2 * self.lane + self.gap


HIGH, LOW = Rows(26, 27, 27), Rows(5, 20, 18)


def paint_letter(painter: QPainter, name: SideName, rows: Rows) -> None:
    """The side's letter in front of its lane."""
    painter.setFont(font(bold=True))
    painter.setPen(colors().color(f"{name}_text"))
    painter.drawText(QRectF(0, rows.top(name), LEFT - 8, rows.lane), Qt.AlignmentFlag.AlignCenter, name.upper())
    painter.setFont(font(SMALL))


def paint_timeless(painter: QPainter, name: SideName, rows: Rows, pixels: float) -> None:
    """On a lane as wide as that: nothing says when its parts came."""
    painter.setPen(colors().color("muted"))
    painter.drawText(QRectF(LEFT + 8, rows.top(name), pixels, rows.lane), Qt.AlignmentFlag.AlignVCenter, tr("no times"))
