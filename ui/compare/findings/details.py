"""What is open below a finding: what was seen, where, whom it hurts, what to do, and what the chosen client does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from app.run import finding_table_words as words
from app.text.sentences import message, tr
from ui.widgets.flow import Flow
from ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.finding_groups import FindingGroup
    from app.run.finding_table import Row
    from ui.compare.findings.model import FindingsModel

REMEDY = message("At the endpoint: {remedy}")  # what its operator can do
MOST_PLACES = 9  # of one side
TEXT_LIMIT = 600
BORDER = 4  # of the frame, and what a line's letters hang below it


class FindingDetails(QFrame):
    """Signals:
    place_wanted: a `Place` that the user wants to see.
    """

    place_wanted = Signal(object)

    def __init__(self, row: Row, model: FindingsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence")
        self.setAutoFillBackground(False)
        self._model, self._row = model, row
        self._client = 0
        self._held: QWidget | None = None
        self._does = PlainLabel(wrap=True, selectable=True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 10, 12, 10)
        self._layout.setSpacing(5)
        self._fill()

    def show_row(self, row: Row) -> None:
        """More may be known of the same finding."""
        if row != self._row:
            self._row = row
            self._fill()
        self.show_client(self._client)

    def show_client(self, number: int) -> None:
        """Say what the client of that column does."""
        self._client = number
        table = self._model.table
        if table is not None and number < len(table.columns):
            cell, column = self._row.cells[number], table.columns[number]
            self._does.setText(words.cell_words(cell, column, self._model.sides, table, titled=False))

    def height_for(self, width: int) -> int:
        """How high it is at that width."""
        self.ensurePolished()
        self._layout.invalidate()
        return self._layout.totalHeightForWidth(width) + 2 * BORDER

    def _fill(self) -> None:
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None and widget is not self._does:
                widget.hide()
                widget.deleteLater()
        row, first = self._row, self._row.groups[0][1].first
        rounds = {name: len(side.rounds) for name, side in self._model.sides.items()}
        for sentence in words.sentences(row, rounds):
            self._layout.addWidget(_text(sentence))
        for text in (first.hurts, tr(REMEDY, remedy=first.remedy) if first.remedy else ""):
            if text:
                self._layout.addWidget(_text(text, role="muted"))
        for more in dict.fromkeys(filter(None, (words.more_seen(group) for _, group in row.groups))):
            self._layout.addWidget(_text(more, role="muted"))
        self._layout.addWidget(self._does)
        self._layout.addWidget(self._buttons())

    def _buttons(self) -> Flow:
        row, several = self._row, len(self._row.sides) > 1
        flow = Flow(self, spacing=4)
        taken = dict.fromkeys(row.sides, 0)
        for place in dict.fromkeys(row.places):
            taken[place.side] += 1
            if taken[place.side] > MOST_PLACES:
                continue
            rounds = len(self._model.sides[place.side].rounds) > 1
            said = words.place_words(place, sides=several, rounds=rounds)
            heard = tr("Go to {place} of side {side}: {title}", place=said, side=place.side.upper(), title=row.title)
            button = _button(tr("Go to {place}", place=said), heard)
            button.clicked.connect(partial(self.place_wanted.emit, place))
            flow.add(button)
        for name, group in row.groups:
            flow.add(self._issue_button(name, group, several=several))
        named = _button(tr("Copy id {id}", id=row.id), tr("Copy the id of this finding: {id}", id=row.id))
        named.clicked.connect(lambda: _copy(named, row.id))
        flow.add(named)
        return flow

    def _issue_button(self, name: SideName, group: FindingGroup, *, several: bool) -> QPushButton:
        """Puts the finding as an issue on the clipboard."""
        template = message("Copy as an issue for the operator of side {side}: {title}")
        heard = tr(template, side=name.upper(), title=self._row.title)
        button = _button(tr("Copy issue{side:if  of {side}}", side=name.upper() if several else ""), heard)
        button.setToolTip(tr("What was sent, what came and what is wrong with it, as Markdown, keys masked"))

        def copy() -> None:
            from app.report.issue import issue_text

            _copy(button, issue_text(self._model.sides[name].rounds[group.seen[0][0] - 1], group.first))

        button.clicked.connect(copy)
        return button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Not handed on to the row below it."""
        event.accept()


def _copy(button: QPushButton, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    button.setText(tr("✓ Copied"))


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName("quiet")
    button.setAccessibleName(name)
    return button


def _text(text: str, role: str = "text") -> PlainLabel:
    return PlainLabel(text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…", role=role, wrap=True, selectable=True)
