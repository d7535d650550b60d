"""The presentation's colours, dark in every theme as a stage is, and its type."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QApplication

from ui.style.theme import DARK

GROUND = QColor("#101215")


def color(role: str) -> QColor:
    return DARK.color(role)


def type_of(px: int, *, bold: bool = False) -> QFont:
    """The window's font at a size in pixels; figures are of one width, so that a stopwatch stands still."""
    made = QFont(QApplication.font())
    made.setPixelSize(max(8, px))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def draw(painter: QPainter, x: float, baseline: float, text: str, font: QFont, role: str, width: float = 1e6) -> float:
    """A text from `x` on, cut with an ellipsis where it is wider than `width`; where it ends."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.setFont(font)
    painter.setPen(color(role))
    painter.drawText(round(x), round(baseline), shown)
    return x + metrics.horizontalAdvance(shown)


def draw_right(painter: QPainter, right: float, baseline: float, text: str, font: QFont, role: str) -> float:
    """A text that ends at `right`; where it begins."""
    left = right - QFontMetricsF(font).horizontalAdvance(text)
    draw(painter, left, baseline, text, font, role)
    return left


def key_box(painter: QPainter, area: QRectF, text: str, font: QFont) -> None:
    """A key as it looks on a keyboard."""
    painter.setPen(color("muted"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area, 5, 5)
    painter.setFont(font)
    painter.setPen(color("text"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
