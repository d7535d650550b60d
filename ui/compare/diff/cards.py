"""The cards of the diff: answers with their texts, and the parts that are lists."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.run.diff.facts import AnswersDiff, Part, RoundDiff, RunDiff, Standing
from app.run.diff.tables import call_table, table_of
from app.run.diff.words import SIGNS, TITLES, heading
from app.text.sentences import message, tr, worded
from ui.compare.diff.part_line import ROLES
from ui.compare.diff.rows_table import RowsTable
from ui.compare.diff.text_pair import TextPair
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment

HEAD_HEIGHT = 38


class Card(QFrame):
    """A card with a head: how the part stands, its name, what is said of it, and at the right `tools`.

    Attributes:
        head: the words of the head. tools, body: where more is put.
    """

    def __init__(self, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.part = part
        self.head, self.tools = SegmentLine(), QHBoxLayout()
        top = QWidget()
        top.setFixedHeight(HEAD_HEIGHT)
        row = QHBoxLayout(top)
        row.setContentsMargins(14, 0, 10, 0)
        row.setSpacing(10)
        row.addWidget(self.head, 1)
        row.addLayout(self.tools)
        self._line = QFrame()
        self._line.setObjectName("line")
        self._line.setFixedHeight(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(top)
        layout.addWidget(self._line)
        layout.addLayout(self.body)

    def show_diff(self, diff: RunDiff) -> None:
        """Show the part of a run's differences."""
        raise NotImplementedError

    def show_head(self, diff: RunDiff) -> None:
        standing = diff.summary.part(self.part).standing
        self.setAccessibleName(tr(TITLES[self.part]))
        self.head.set_segments(
            Segment(SIGNS[standing], ROLES[standing], bold=True),
            Segment(tr(TITLES[self.part]), "text", bold=True),
            Segment(heading(diff, self.part), "muted", yields=True),
        )


class ListCard(Card):
    """Headers, lists of models, events or requests."""

    def __init__(self, part: Part, parent: QWidget | None = None) -> None:
        super().__init__(part, parent)
        self.table = RowsTable(tr(TITLES[part]))
        self._note = PlainLabel(role="muted", scale=0.92)
        self._fold = QPushButton()
        self._fold.setObjectName("quiet")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._on_fold)
        self._same = 0
        self.tools.addWidget(self._note)
        self.body.addWidget(inset(self.table))
        self.body.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)

    def show_diff(self, diff: RunDiff) -> None:
        self.show_head(diff)
        table = table_of(diff, self.part)
        shown = table is not None and bool(table.rows or table.same)
        self.table.setVisible(shown)
        self._line.setVisible(shown)
        self._same = len(table.same) if table is not None and table.rows else 0
        self._note.setText(table.note if table is not None else "")
        if table is not None:
            self.table.show_table(table)
        self._fold.setVisible(self._same > 0)
        self._on_fold(self._fold.isChecked())

    def set_narrow(self, narrow: bool) -> None:
        """Without the note at the right of the head."""
        self._note.setVisible(not narrow)

    def _on_fold(self, unfolded: bool) -> None:
        self._fold.setText(f"{'▾' if unfolded else '▸'}  {tr('{n:grouped} the same', n=self._same)}")
        if self._same:
            self.table.set_unfolded(unfolded)


class AnswersCard(Card):
    """All rounds: reasoning, text and tool calls.

    Signals:
        by_letter_wanted: (whether) the answers shall be compared letter by letter.
    """

    by_letter_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Part.ANSWERS, parent)
        self.grain = Segmented((tr("by word"), tr("by letter")), tr("Compare"), style="rounds")
        self.grain.chosen.connect(lambda index: self.by_letter_wanted.emit(index == 1))
        self.only = QPushButton(tr("only the places"))
        self.only.setObjectName("quiet")
        self.only.setCheckable(True)
        self.only.toggled.connect(self._on_only)
        self.tools.addWidget(self.grain)
        self.tools.addWidget(self.only)
        self.pairs: list[TextPair] = []
        self._limit = 10_000
        self._held: QWidget | None = None

    def show_diff(self, diff: RunDiff) -> None:
        self.show_head(diff)
        if self._held is not None:
            self.body.removeWidget(self._held)
            self._held.hide()
            self._held.deleteLater()
        differs = diff.summary.answers.standing is Standing.DIFFERS
        for tool in (self.grain, self.only):
            tool.setVisible(differs)
        self._line.setVisible(differs)
        self.pairs = []
        self._held = self._rounds(diff.answers) if differs else None
        if self._held is not None:
            self.body.addWidget(self._held)

    def _rounds(self, answers: AnswersDiff) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        first = 1
        for one in answers.rounds:
            first = self._round(column, one, first, several=len(answers.rounds) > 1)
        return held

    def _round(self, column: QVBoxLayout, one: RoundDiff, first: int, *, several: bool) -> int:
        """Add a round; the number of the first place of the next one."""
        titled = several or bool(one.reasoning.places) or any(call.places for call in one.calls)
        number = one.number if several else None
        thought, text_title = message("Reasoning"), message("Text")
        if several:
            thought, text_title = message("Round {n}: reasoning"), message("Round {n}: text")
        for title, text in ((thought, one.reasoning), (text_title, one.text)):
            if text.places:
                if titled:
                    column.addWidget(_title(tr(title, n=number)))
                pair = TextPair(text, first)
                pair.set_limit(self._limit)
                pair.show_places_only(self.only.isChecked())
                column.addWidget(pair)
                self.pairs.append(pair)
                first += len(text.places)
        for call in one.calls:
            if call.places:
                names = " / ".join(dict.fromkeys(map(worded, filter(None, (call.a_name, call.b_name)))))
                column.addWidget(_title(tr("{n:if Round {n}: tool|Tool} call {name}", n=number, name=names)))
                table = RowsTable(tr("Arguments of {name}", name=names))
                table.show_table(call_table(call))
                column.addWidget(inset(table))
        if several and not one.places:
            column.addWidget(_title(tr("Round {n}: the same", n=one.number)))
        return first

    def set_limit(self, height: int) -> None:
        """The most that each pair of texts may be high."""
        self._limit = height
        for pair in self.pairs:
            pair.set_limit(height)

    def _on_only(self, only: bool) -> None:
        for pair in self.pairs:
            pair.show_places_only(only)


def inset(table: QWidget) -> QWidget:
    """A table whose first column stands below the head's words."""
    held = QWidget()
    layout = QVBoxLayout(held)
    layout.setContentsMargins(10, 0, 4, 2)
    layout.addWidget(table)
    return held


def _title(text: str) -> PlainLabel:
    label = PlainLabel(text, role="muted", scale=0.92, bold=True)
    label.setContentsMargins(14, 8, 14, 2)
    return label
