"""A side's letter in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style.painting import painted
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from app.recording.records import SideName


class Badge(QWidget):
    """The letter A or B in a coloured square."""

    heard_as = "picture"

    def __init__(self, side: SideName, parent: QWidget | None = None, size: int = 24) -> None:
        super().__init__(parent)
        self._side = side
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(side.upper())

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_badge(painter, QRectF(self.rect()), self._side)


def paint_badge(painter: QPainter, area: QRectF, side: str, *, scale: float = 0.95, radius: float = 5) -> None:
    """The square with its letter, in the tone that letters of the side have: white on it can be read."""
    theme = colors()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(f"{side}_text"))
    painter.drawRoundedRect(area, radius, radius)
    painter.setPen(theme.color("on_side"))
    painter.setFont(font(scale, bold=True))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, side.upper())
