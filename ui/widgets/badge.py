"""A side's letter in its colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colors()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(f"{self._side}_text"))
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setPen(theme.color("on_side"))
        painter.setFont(font(0.95, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._side.upper())
