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

LOOKS = {Tick.TICKED: ("✓", "ok"), Tick.FAILED: ("✕", "bad"), Tick.OPEN: ("·", "muted"), Tick.YOURS: ("", "muted")}
_TICKS = {Tick.TICKED: message("ticked"), Tick.FAILED: message("failed"), Tick.OPEN: message("open")}  # as they are heard
MOST_HIGH = 290
ROOM_FOR_MORE = 80  # that the table has before the lists have any


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
        self._fit()
        self.toggled.emit()

    def _fit(self) -> None:
        height = self._inside.sizeHint().height() if not self._inside.hasHeightForWidth() else 0
        height = max(height, self._inside.heightForWidth(max(200, self.width() - 24)))
        self._scroll.setFixedHeight(min(MOST_HIGH, height + 4))

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
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for line in self._lines:
            self._rows.addWidget(self._row(line))
        self._fit()

    def _row(self, line: Line) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        text, shape = render(line.item.text, {}), LOOKS[line.tick]
        if line.tick is Tick.YOURS:
            box = QCheckBox()
            box.setAccessibleName(text)
            box.setChecked(line.item.id in self._mine)
            box.toggled.connect(partial(self._on_mine, line.item.id))
            layout.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
        else:
            mark = PlainLabel(shape[0], role=shape[1], bold=True)
            mark.setFixedWidth(20)
            mark.setAccessibleName(tr(_TICKS[line.tick]))
            layout.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = text_in_a_row((text, render(line.item.yours, {}) if line.item.yours else ""))
        layout.addWidget(WrapLabel(words, role="text" if line.tick is not Tick.OPEN else "muted"), 1)
        if line.checks:
            see = QPushButton(tr("see why"))
            see.setObjectName("link")
            see.setAccessibleName(tr("See why: {text}", text=text))
            see.clicked.connect(lambda _=False, check=line.checks[0]: self.check_wanted.emit(check))
            layout.addWidget(see, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _on_mine(self, item: str, on: bool) -> None:
        self._mine = self._mine | {item} if on else self._mine - {item}


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
