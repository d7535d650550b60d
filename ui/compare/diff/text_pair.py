"""Two texts beside each other, their places between them: choosing one brings both texts to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.run.diff.tables import Table, place_rows
from app.text.sentences import message, tr
from ui.compare.diff.marked_text import MarkedText
from ui.compare.diff.place_list import PlaceList
from ui.compare.diff.rows_table import RowsTable

if TYPE_CHECKING:
    from app.run.diff.facts import TextDiff

LEAST, NARROW = 72, 820
ALMOST = 1.5  # so much beyond their limit texts are rather shown whole than scrolled
SURELY_HIGHER = 200_000  # characters: more than what is shown whole takes on any screen
HIGHEST = 1 << 24
_COLUMNS = ("", message("what"), "A", "B")


class TextPair(QWidget):
    """Shows a `TextDiff`: whole texts, or only their places.

    Signals:
        place_chosen: a place was chosen; its number, from 0.
    """

    place_chosen = Signal(int)

    def __init__(self, diff: TextDiff, first: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.diff, self._first = diff, first
        self._limit = 10_000
        self._following = False
        self.a, self.b, self.list = MarkedText("a"), MarkedText("b"), PlaceList()
        self.table = RowsTable(tr("Places that differ"))
        self._texts, self._places = QWidget(), QWidget()
        self._lay_out()
        for text, other in ((self.a, self.b), (self.b, self.a)):
            text.show_diff(diff, first)
            text.place_chosen.connect(self.list.choose)
            text.verticalScrollBar().valueChanged.connect(lambda _, text=text, other=other: self._follow(text, other))
        self.list.show_places(diff.places, first)
        self.table.show_table(Table(tuple(map(tr, _COLUMNS)), tuple(place_rows(diff, first))))
        self.list.place_chosen.connect(self._on_place)
        self.table.place_chosen.connect(self._on_place)
        self._places.hide()

    def _lay_out(self) -> None:
        inner = QHBoxLayout(self._texts)
        inner.setContentsMargins(14, 8, 14, 10)
        inner.setSpacing(10)
        inner.addWidget(self.a, 1)
        inner.addWidget(self.list)
        inner.addWidget(self.b, 1)
        places = QVBoxLayout(self._places)
        places.setContentsMargins(10, 0, 4, 2)
        places.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._texts)
        layout.addWidget(self._places)

    def show_places_only(self, only: bool) -> None:
        """Only the places, each with a few words around it, in place of the texts."""
        self._texts.setVisible(not only)
        self._places.setVisible(only)
        self._fit()

    def set_limit(self, height: int) -> None:
        """The most that the texts may be high; they scroll where that is not enough."""
        self._limit = height
        self._fit()

    def _on_place(self, place: int) -> None:
        for text in (self.a, self.b):
            text.choose(place)
        tops = [text.top_of(place) for text in (self.a, self.b)]
        above = min(min(tops), self.a.height() / 3)
        self._following = True
        for text in (self.a, self.b):
            text.scroll_to(place, above)
        self._following = False
        self.place_chosen.emit(place)

    def _follow(self, text: MarkedText, other: MarkedText) -> None:
        """What is scrolled on one side brings the other to the same place: the last one that has passed the upper edge."""
        if self._following or not text.places:
            return
        self._following = True
        at = text.verticalScrollBar().value()
        passed = self._last_above(text, at)
        shift = 0.0 if passed < 0 else other.top_of(passed) - text.top_of(passed)
        other.verticalScrollBar().setValue(round(at + shift))
        self._following = False

    @staticmethod
    def _last_above(text: MarkedText, at: int) -> int:
        """Searched from the beginning: where a place is, all before it must be laid out."""
        low, high = 0, 1
        while high < text.places and text.top_of(high - 1) <= at + 4:
            low, high = high, 2 * high
        high = min(high, text.places)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if text.top_of(middle) <= at + 4 else (low, middle)
        return low - 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as the longer text at this width, within the limit; the list of places goes where there is little room.

        Not before it is shown: it has no width of its own then, and a long text takes its time to be laid out at any. Of one
        that is higher than any limit the height is not asked for: Qt lays out what is seen, and the rest by and by.
        """
        if not self.isVisible():
            return
        self.list.setVisible(self.width() >= NARROW)
        layout = self._texts.layout()
        assert layout is not None
        layout.activate()
        room = (self.width() - 28 - (self.list.width() + 20 if self.width() >= NARROW else 10)) // 2
        heights = []
        for text in (self.a, self.b):
            text.ensurePolished()
            frame = 2 * text.frameWidth()
            if text.characters > SURELY_HIGHER:
                heights.append(HIGHEST)
                continue
            text.document().setTextWidth(max(120, room - frame))  # as wide as it will be without a scroll bar
            heights.append(round(text.document().size().height()) + 4 + frame)
        rows = sum(self.list.sizeHintForRow(row) for row in range(min(12, len(self.diff.places))))
        wanted = max(*heights, min(rows, 260) if self.width() >= NARROW else 0)
        limit = max(self._limit, LEAST)
        whole = wanted <= ALMOST * limit
        for text in (self.a, self.b):
            policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if whole else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
            text.setVerticalScrollBarPolicy(policy)
        self._texts.setFixedHeight((max(wanted, LEAST) if whole else limit) + 18)
