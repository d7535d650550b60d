"""What differs, in place of the panes: the parts to choose from, their cards, and the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QSpacerItem, QVBoxLayout, QWidget

from app.run.diff.facts import Part, RunDiff, Standing
from app.run.diff.sentence import in_words
from app.run.diff.words import TITLES, count
from app.text.sentences import message, tr
from ui.compare.diff.cards import AnswersCard, Card, ListCard
from ui.compare.diff.part_line import PartLine
from ui.compare.diff.place_list import WIDTH
from ui.style.icons import icon
from ui.style.theme import colors
from ui.widgets.badge import Badge
from ui.widgets.labels import SegmentLine
from ui.widgets.segmented import Segmented
from ui.widgets.sentence import SentenceView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.recording.records import SideName
    from ui.widgets.segments import Segment

PARTS: tuple[Part | None, ...] = (None, *Part)
SHORT = {Part.HEADERS: message("Headers"), Part.MODELS: message("Models")}
WIDEST, WIDE, NARROW = 1500, 1180, 940
MARGIN, GAP = 14, 8
_IN_ONE_LINE = (Part.REQUESTS, Part.MODELS, Part.EVENTS)


class DiffView(QWidget):
    """Shows a `RunDiff`.

    Signals:
        closed: the panes are wanted back. copy_wanted: the part that is shown (None: all) shall go on the clipboard.

    Attributes:
        part: the one that is looked at. answers, lists: the cards. lines: the parts that are one line of all.
        ask_models: asks for the lists of models; whoever can do that shows it.
    """

    closed = Signal()
    copy_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diff: RunDiff | None = None
        self.back = QPushButton(tr("Panes  Esc"))
        self.parts = Segmented([tr(TITLES[one] if one else "All that differs") for one in PARTS], tr("What is compared"))
        self.copy = QPushButton(tr("Copy as text"))
        self.copy.setObjectName("quiet")
        self.names: dict[SideName, SegmentLine] = {"a": SegmentLine(), "b": SegmentLine()}
        self.answers = AnswersCard()
        self.lists = {part: ListCard(part) for part in Part if part is not Part.ANSWERS}
        self.lines = {part: PartLine(part, self) for part in Part}
        self.ask_models = QPushButton(tr("Ask both endpoints"))
        self.ask_models.setObjectName("quiet")
        self.ask_models.hide()
        self.lists[Part.MODELS].tools.addWidget(self.ask_models)
        self.sentence = SentenceView()
        self._gap = QSpacerItem(0, 0)
        self._scroll, self._column, self._grid = QScrollArea(), QVBoxLayout(), QGridLayout()
        self._lay_out()
        self.back.clicked.connect(self.closed)
        self.copy.clicked.connect(lambda: self.copy_wanted.emit(self.part))
        self.parts.chosen.connect(lambda _: self._show_part())
        for part, line in self.lines.items():
            line.hide()  # until it is in the grid
            line.clicked.connect(lambda _=False, part=part: self.show_part(part))
        self.recolor()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GAP)
        for widget in (self.back, self.parts):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.copy)
        names = QHBoxLayout()
        names.setSpacing(8)
        for name, line in self.names.items():
            names.addWidget(Badge(name))
            names.addWidget(line, 1)
            if name == "a":
                names.addSpacerItem(self._gap)
        inside = QWidget()
        inside.setObjectName("plainPage")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        for card in (self.answers, *self.lists.values()):
            self._column.addWidget(card)
        self._grid.setSpacing(8)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)
        self._scroll.setObjectName("plainPage")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._scroll.viewport().setAutoFillBackground(False)
        foot = QFrame()
        foot.setObjectName("card")
        held = QVBoxLayout(foot)
        held.setContentsMargins(14, 10, 14, 10)
        held.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 10, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addLayout(top)
        layout.addLayout(names)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(foot)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def part(self) -> Part | None:
        """The part that is looked at; None for all that differs."""
        return PARTS[self.parts.index]

    def show_part(self, part: Part | None) -> None:
        self.parts.set_index(PARTS.index(part))
        self._show_part()

    def show_diff(self, diff: RunDiff, names: Mapping[SideName, Sequence[Segment]]) -> None:
        """Show what differs between sides of these names."""
        self._diff = diff
        for name, line in self.names.items():
            line.set_segments(*names.get(name, ()))
        for card in self.cards:
            card.show_diff(diff)
        for button in self.lines.values():
            button.show_diff(diff)
        self.sentence.ensurePolished()  # its height follows from the frame that the style gives it
        self.sentence.show_spans(in_words(diff))
        self._show_titles()
        self._show_part()

    def _show_titles(self) -> None:
        if self._diff is None:
            return
        narrow = self.width() < NARROW
        self.copy.setText(tr("Copy" if narrow else "Copy as text"))
        room = self.width() - 2 * MARGIN - 2 * GAP - self.back.sizeHint().width() - self.copy.sizeHint().width()
        self.parts.set_titles(self._titles(self._diff, short=self.width() < WIDE))
        if self.width() >= WIDE and self.parts.needed_width(tight=False) > room:  # in a language of longer words
            self.parts.set_titles(self._titles(self._diff, short=True))
        self.parts.set_tight(narrow or self.parts.needed_width(tight=False) > room)

    @staticmethod
    def _titles(diff: RunDiff, *, short: bool) -> list[str]:
        titles = [tr("All" if short else "All that differs")]
        for part in Part:
            title = tr(SHORT.get(part, TITLES[part]) if short else TITLES[part])
            titles.append(f"{title} {count(diff.summary.part(part))}")
        return titles

    def _show_part(self) -> None:
        """The card of the part; of all, answers and headers where they differ, the rest as a line each."""
        part = self.part
        opened = self._opened() if part is None else (part,)
        for card in self.cards:
            card.setVisible(card.part in opened)
        lined = [one for one in Part if part is None and one not in opened]
        for line in self.lines.values():
            self._grid.removeWidget(line)
            line.setVisible(line.part in lined)
        columns = 1 if self.width() < NARROW else len(lined) if self.width() >= WIDEST or len(lined) == 3 else 2
        for number, one in enumerate(lined):
            self._grid.addWidget(self.lines[one], number // columns, number % columns)
        self._fit()

    def _opened(self) -> tuple[Part, ...]:
        if self._diff is None:
            return ()
        return tuple(
            one.part for one in self._diff.summary.parts
            if one.part not in _IN_ONE_LINE and one.standing is Standing.DIFFERS
        )  # fmt: skip

    @property
    def cards(self) -> tuple[Card, ...]:
        """All of them, shown or not."""
        return self.answers, *self.lists.values()

    # -- as Qt wants it -----------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        room = self._scroll.viewport().height()
        alone = self._opened() == (Part.ANSWERS,)
        limit = room - 60 if self.part is Part.ANSWERS else room - 160 if alone else room // 2
        self.answers.set_limit(max(140, limit))
        self._gap.changeSize(WIDTH + 14 if self.width() >= WIDE - 320 else 0, 0)
        for card in self.lists.values():
            card.set_narrow(self.width() < NARROW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_titles()
        self._show_part()

    def minimumSizeHint(self) -> QSize:
        return QSize(400, 300)

    def recolor(self) -> None:
        """Icons take the theme's colour."""
        self.back.setIcon(icon("back", colors().text, 14))
        self.update()
