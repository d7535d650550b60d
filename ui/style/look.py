"""What widgets look like: a property that the style sheet asks for, a rectangle in one colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget


def set_look(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet tells widgets apart by; one that was never set is as good as False.

    The style is asked again only where it changed: asking imports QStyle with its many enumerations.
    """
    if (widget.property(name) or False) != (value or False):
        widget.setProperty(name, value)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else it will be, with the new value
            widget.style().unpolish(widget)
            widget.style().polish(widget)


def fill(painter: QPainter, area: QRectF, color: QColor) -> None:
    """Fill a rectangle; the painter has no pen then.

    Not `fillRect`: choosing between its forms imports QGradient with its 169 presets, before the first picture.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRect(area)
