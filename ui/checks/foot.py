"""Below the table: two lists for whoever moves there, ticked as far as checks can see, and the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.checks.checklists import CHECKLISTS, Checklist, Line, Tick, Ticked
from app.text.sentences import message, render, text_in_a_row, tr
from ui.widgets.fields import WrapLabel
from ui.widgets.labels import PlainLabel, SegmentLine
from ui.widgets.segments import Segment
from ui.widgets.sentence import SentenceView
from ui.widgets.unfolding import FOLDED, UNFOLDED
from ui.widgets.whole_rows import WholeRows

LOOKS = {Tick.TICKED: ("✓", "ok"), Tick.FAILED: ("✕", "bad"), Tick.OPEN: ("·", "muted"), Tick.YOURS: ("", "muted")}
_TICKS = {Tick.TICKED: message("ticked"), Tick.FAILED: message("failed"), Tick.OPEN: message("open")}  # as they are heard
LEAST_HIGH, MOST_HIGH = 190, 290  # of an unfolded list; between them it scrolls
ROOM_FOR_MORE = 80  # that the table has before the lists have any


class _Row(QWidget):
    """A line of a list: a mark, or a box to tick where only the person can; its words; a button that leads to why.

    Attributes:
        line: what it shows.

    Signals:
        ticked: the person ticked it, or no more.
        check_wanted: the button was pressed; the check.
    """

    ticked = Signal(bool)
    check_wanted = Signal(str)

    def __init__(self, line: Line, *, mine: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        text = render(line.item.text, {})
        self._mark: PlainLabel | None = None
        if line.tick is Tick.YOURS:
            box = QCheckBox()
            box.setAccessibleName(text)
            box.setChecked(mine)
            box.toggled.connect(self.ticked)
            layout.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._mark = PlainLabel(bold=True)
            self._mark.setFixedWidth(20)
            layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self._words = WrapLabel(text_in_a_row((text, render(line.item.yours, {}) if line.item.yours else "")))
        layout.addWidget(self._words, 1)
        self._see = QPushButton(tr("see why"))
        self._see.setObjectName("link")
        self._see.setAccessibleName(tr("See why: {text}", text=text))
        self._see.clicked.connect(lambda: self.check_wanted.emit(self.line.checks[0]))
        layout.addWidget(self._see, 0, Qt.AlignmentFlag.AlignTop)
        self.show_line(line)

    def show_line(self, line: Line) -> None:
        """Show how it is ticked now."""
        self.line = line
        shape, role = LOOKS[line.tick]
        if self._mark is not None:
            self._mark.setText(shape)
            self._mark.set_role(role)
            self._mark.setAccessibleName(tr(_TICKS[line.tick]))
        self._words.set_role("text" if line.tick is not Tick.OPEN else "muted")
        self._see.setVisible(bool(line.checks))


class ChecklistCard(QFrame):
    """One list: a line, and what it unfolds to. What only the person can tick is a box to tick.

    Signals:
        toggled: it was unfolded or folded.
        check_wanted: the user wants to see the check because of which a line is not ticked.
    """

    toggled = Signal()
    check_wanted = Signal(str)

    def __init__(self, checklist: Checklist, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._title = render(checklist.title, {})
        self._counts = ""
        self._mine: set[str] = set()  # what the person ticked, until the window closes
        self._lines: tuple[Line, ...] = ()
        self._made: list[_Row] = []
        self.button = QPushButton()
        self.button.setObjectName("fold")
        self.button.setCheckable(True)
        self._head = SegmentLine()
        self._inside = QWidget()
        self._inside.setObjectName("plainPage")
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(14, 0, 10, 8)
        self._rows.setSpacing(5)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("plainPage")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self._scroll.setAccessibleName(self._title)
        WholeRows(self._scroll)
        self._scroll.hide()
        over = QHBoxLayout(self.button)
        over.setContentsMargins(12, 0, 12, 0)
        self._head.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.addWidget(self._head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.button)
        layout.addWidget(self._scroll, 1)
        self.button.setMinimumHeight(32)
        self.button.toggled.connect(self._on_toggled)

    def _on_toggled(self, unfolded: bool) -> None:
        self._scroll.setVisible(unfolded)
        self._say()
        self._fill()
        self.toggled.emit()

    def _fit(self) -> None:
        height = self._inside.sizeHint().height() if not self._inside.hasHeightForWidth() else 0
        height = max(height, self._inside.heightForWidth(max(200, self.width() - 24)))
        self._scroll.setMinimumHeight(min(LEAST_HIGH, height + 4))
        self._scroll.setMaximumHeight(min(MOST_HIGH, height + 4))

    def show_list(self, ticked: Ticked) -> None:
        """Show the list as far as it is ticked now."""
        self._counts = ticked.sentence
        if ticked.lines != self._lines:
            self._lines = ticked.lines
            self._fill()
        self._say()

    def _say(self) -> None:
        arrow = UNFOLDED if self.button.isChecked() else FOLDED
        self._head.set_segments(Segment(arrow), Segment(self._title, "text", True), Segment(self._counts))
        said = tr("{title}: {counts}, shown" if self.button.isChecked() else "{title}: {counts}, hidden", **self._named)
        self.button.setAccessibleName(said)

    @property
    def _named(self) -> dict[str, str]:
        return {"title": self._title, "counts": self._counts}

    def _fill(self) -> None:
        """The rows, made when they are first seen; then those that say another thing say it."""
        if not self.button.isChecked():
            return
        if [_kind(row.line) for row in self._made] == [_kind(line) for line in self._lines]:
            for row, line in zip(self._made, self._lines, strict=True):
                if line != row.line:
                    row.show_line(line)
        else:
            for row in self._made:
                row.hide()
                row.deleteLater()
            self._made = [self._row(line) for line in self._lines]
        self._fit()

    def _row(self, line: Line) -> _Row:
        row = _Row(line, mine=line.item.id in self._mine)
        row.ticked.connect(partial(self._on_mine, line.item.id))
        row.check_wanted.connect(self.check_wanted)
        self._rows.addWidget(row)
        row.show()  # else it has no height yet in a list that is seen
        return row

    def _on_mine(self, item: str, on: bool) -> None:
        self._mine = self._mine | {item} if on else self._mine - {item}


def _kind(line: Line) -> tuple[str, bool]:
    """What a row that is made stays."""
    return line.item.id, line.tick is Tick.YOURS


class Foot(QWidget):
    """Both lists, and the sentence.

    Attributes:
        lists: the cards by the list's id. sentence: the words.

    Signals:
        check_wanted: the user wants to see a check.
    """

    check_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lists = {one.id: ChecklistCard(one) for one in CHECKLISTS}
        self.sentence = SentenceView()
        self._said = QFrame()
        self._said.setObjectName("card")
        inner = QVBoxLayout(self._said)
        inner.setContentsMargins(14, 9, 14, 9)
        inner.addWidget(self.sentence)
        beside = QHBoxLayout()
        beside.setSpacing(8)
        for card in self.lists.values():
            beside.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
            card.check_wanted.connect(self.check_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(beside)
        layout.addWidget(self._said)

    def show_lists(self, ticked: Mapping[str, Ticked]) -> None:
        for name, card in self.lists.items():
            card.show_list(ticked[name])

    def fit(self, room: int) -> None:
        """Show what there is room for: the sentence goes last."""
        cards = list(self.lists.values())
        lists = max(card.sizeHint().height() for card in cards)
        said = self._said.sizeHint().height()
        self._show(self._said, said <= room)
        for card in cards:
            self._show(card, said + 8 + lists + ROOM_FOR_MORE <= room or card.button.isChecked())

    @staticmethod
    def _show(part: QWidget, shown: bool) -> None:
        if part.isHidden() is shown:
            part.setVisible(shown)
