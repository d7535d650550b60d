"""Fields that end in an ellipsis, or lose their middle, where what stands in them is too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QLineEdit

from ui.style.painting import painted
from ui.style.theme import colors

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionComboBox

COMBO_FRAME = 34  # what the style sheet's padding, border and arrow take of a list's width


class ElidingCombo(QComboBox):
    """A list whose chosen text ends in an ellipsis where it is too long."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        # Asking the style for the field's width would import QStyle with its many enumerations before the first picture.
        width = self.width() - COMBO_FRAME
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, width)


class ElidingLine(QLineEdit):
    """A line whose text loses its middle where it is too long: cut at its end, a model's name is another model's."""

    @property
    def shown(self) -> str:
        """The text as there is room for it."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self._inside().width() - 4)

    @property
    def wanted_width(self) -> int:
        """What the whole text takes."""
        return self.fontMetrics().horizontalAdvance(self.text()) + 4

    def _inside(self, painter: QPainter | None = None) -> QRect:
        """The room within its frame, in a list's line all of it; with a painter the frame is drawn."""
        if not self.hasFrame():
            return self.rect()
        from PySide6.QtWidgets import QStyle, QStyleOptionFrame  # with many enumerations: not before the first picture

        option = QStyleOptionFrame()
        self.initStyleOption(option)
        if painter is not None:
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        return self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self.shown
        if self.hasFocus() or shown == self.text():
            return super().paintEvent(event)
        painter = QPainter(self)
        area = self._inside(painter).adjusted(2, 0, -2, 0)
        painter.setPen(colors().color("text" if self.isEnabled() else "muted"))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        return None
