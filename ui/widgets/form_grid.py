"""The lines of a form: labels at the left, fields at the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from ui.widgets.labels import PlainLabel

LABEL_WIDTH = 108


class FormGrid(QGridLayout):
    """Each label stands level with the first line of its field."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(12)
        self.setVerticalSpacing(8)
        self.setColumnMinimumWidth(0, LABEL_WIDTH)
        self.setColumnStretch(1, 1)

    def add(self, title: str, field: QWidget | QHBoxLayout, buddy: QWidget | None = None) -> QLabel:
        """A row; returns its label."""
        row = self.rowCount()
        label = PlainLabel(title, role="muted")
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        label.setContentsMargins(0, _above(label, field if buddy is None else buddy), 0, 0)
        if buddy is not None:
            label.setBuddy(buddy)
        self.addWidget(label, row, 0)
        if isinstance(field, QWidget):
            self.addWidget(field, row, 1)
        else:
            self.addLayout(field, row, 1)
        return label

    def add_below(self, field: QWidget) -> None:
        """Something below the last field."""
        self.addWidget(field, self.rowCount(), 1)


def _above(label: QLabel, field: QWidget | QHBoxLayout) -> int:
    """The space above a label, in pixels, that puts its text level with the field's first line."""
    line = label.fontMetrics().height()
    height = field.sizeHint().height() if isinstance(field, QWidget) else 0
    is_one_line = 0 < height < 2.9 * line
    first_line = height if is_one_line else line + 16  # what has several lines, or parts, begins as high as a line of input
    return max(0, (first_line - label.sizeHint().height()) // 2)  # Chinese is higher than the font's own line
