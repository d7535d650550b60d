"""What the tabs Raw and Request have in common: one text, and a line at its foot with buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.widgets.labels import SegmentLine
from ui.widgets.text_view import JsonView

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange


class TextTab(QWidget):
    """A text of one exchange. The foot is hidden while there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("plainPage")
        self._exchange: Exchange | None = None
        self._state: tuple[object, ...] = ()  # what the text was made of, so that it is made again only where that changed
        self._view = JsonView(name)
        self._said = SegmentLine(scale=0.9)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(12, 4, 8, 4)
        self._row.addWidget(self._said, 1)
        self._foot = QWidget()
        self._foot.setObjectName("sunken")
        self._foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._foot.setLayout(self._row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._foot)

    @property
    def view(self) -> JsonView:
        """Where the text stands."""
        return self._view

    def _add_button(self, title: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName("quiet")
        self._row.addWidget(button)
        return button
