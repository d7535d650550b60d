"""The state of a key as a dot, the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.style.theme import colors

if TYPE_CHECKING:
    from ui.shared.key_states import KeyKind

PEN = 1.4


def paint_key_dot(painter: QPainter, area: QRectF, kind: KeyKind) -> None:
    """Fill `area`: a disc for a saved key, half of one for a key until Diptych closes, a ring for none."""
    color = colors().color({"missing": "bad", "unavailable": "bad", "not needed": "muted", "unknown": "muted"}.get(kind, "ok"))
    inner = area.adjusted(PEN / 2, PEN / 2, -PEN / 2, -PEN / 2)
    painter.setPen(QPen(color, PEN))
    painter.setBrush(color if kind == "saved" else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(inner)
    if kind in ("memory", "environment"):
        painter.setBrush(color)
        painter.drawPie(inner, 90 * 16, 180 * 16)
    painter.setBrush(Qt.BrushStyle.NoBrush)
