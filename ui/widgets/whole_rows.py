"""A list of equal rows that ends with a whole one: what is left of the height stays empty below it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QVBoxLayout, QWidget


class WholeRows(QWidget):
    """Holds the list. `row` is a row's height in pixels, asked when the height is another; `head` what stands above them."""

    def __init__(self, view: QAbstractScrollArea, row: Callable[[], int], head: Callable[[], int] = lambda: 0) -> None:
        super().__init__()
        self._view, self._row, self._head = view, row, head
        self.setObjectName("plainPage")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)

    def fit(self) -> None:
        """Leave what is no whole row; a wheel's step is whole rows, too."""
        row = max(1, self._row())
        rows = max(0, self.height() - self._head() - 2 * self._view.frameWidth())
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, rows % row if rows >= row else 0)
        layout.activate()  # now: who resized this scrolls to a row in the same turn
        self._view.verticalScrollBar().setSingleStep(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
