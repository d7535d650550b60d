"""What else the runs say, beside the table: answers of another stack, drift, groups of times, what gateways state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.widgets.fields import WrapLabel
from ui.widgets.labels import PlainLabel

TITLE = "What else the runs say"
NOTHING = "No other stack, no drift and no two groups of times are seen."
FEW = "Other stacks, drift and groups of times are looked for once twelve runs of each side have completed."
LEAST_RUNS = 12


class Besides(QFrame):
    """The card: a paragraph for each.

    Attributes:
        sentences: what it says.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.sentences: tuple[str, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(TITLE, bold=True))
        layout.addLayout(self._rows)
        layout.addStretch(1)
        self.setMinimumWidth(120)
        self.hide()

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Say these."""
        shown = tuple(sentences)
        self.show()
        if shown == self.sentences:
            return
        self.sentences = shown
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in shown:
            self._rows.addWidget(WrapLabel(one))

    def show_nothing(self) -> None:
        """No study has ended."""
        self.hide()
