"""What else the runs say, beside the table: other stacks, drift, groups of times, late runs, lost packets, gateways."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.text.sentences import message, tr
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import PlainLabel

TITLE = message("What else the runs say")
NOTHING = message("No other stack, no drift and no two groups of times are seen.")
FEW = message("Other stacks, drift and groups of times are looked for once twelve runs of each side have completed.")
LEAST_RUNS = 12
MOST_LINKS = 6


class Said(msgspec.Struct, frozen=True):
    """A paragraph, and the pairs that it is about."""

    text: str
    pairs: tuple[int, ...] = ()


class Besides(QFrame):
    """The card: a paragraph for each, and below it links to its pairs.

    Attributes:
        said: what it says.

    Signals:
        pair_wanted: the user wants to see a pair; its number.
    """

    pair_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.said: tuple[Said, ...] = ()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 10, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(tr(TITLE), bold=True))
        layout.addLayout(self._rows)
        layout.addStretch(1)
        self.setMinimumWidth(120)
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.said)

    @property
    def links(self) -> list[QPushButton]:
        """The links to pairs, in order."""
        return [one for one in self.findChildren(QPushButton) if not one.isHidden()]

    def show_said(self, said: Sequence[Said]) -> None:
        """Say these."""
        shown = tuple(said)
        self.show()
        if shown == self.said:
            return
        self.said = shown
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one in shown:
            self._rows.addWidget(self._paragraph(one))

    def _paragraph(self, said: Said) -> QWidget:
        if not said.pairs:
            return WrapLabel(said.text)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(WrapLabel(said.text))
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(PlainLabel(tr("{n:word pair|pairs}", n=len(said.pairs)), role="muted"))
        for number in said.pairs[:MOST_LINKS]:
            link = QPushButton(str(number))
            link.setObjectName("link")
            link.setAccessibleName(tr("Show pair {number} in Compare", number=number))
            link.clicked.connect(lambda _=False, number=number: self.pair_wanted.emit(number))
            row.addWidget(link)
        if len(said.pairs) > MOST_LINKS:
            row.addWidget(PlainLabel(tr("and {count} more", count=len(said.pairs) - MOST_LINKS), role="muted"))
        row.addStretch(1)
        column.addLayout(row)
        return made

    def show_nothing(self) -> None:
        """No study has ended."""
        self.hide()
