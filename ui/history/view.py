"""The widgets of the History page: the search, the trend, the list, and the bar at the foot."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from app.store.history.entry import Kind
from app.text import numbers
from app.text.sentences import message, tr
from ui.history.foot import Foot
from ui.history.list import HistoryList
from ui.history.strip import TrendStrip
from ui.widgets.bar import Bar
from ui.widgets.labels import ElidedLabel, PlainLabel
from ui.widgets.segmented import Segmented

KINDS: tuple[tuple[str, str], ...] = (
    ("", message("All")), (Kind.RUN, message("Runs")), (Kind.CHECK, message("Checks")), (Kind.STUDY, message("Studies")),
    (Kind.LOAD, message("Loads")),
)  # fmt: skip
TIP = message(
    "Words of prompts, answers, names and notes, in any language; “words in marks” together; a minus before what must not be "
    "there.\nendpoint:relay  a:official  b:relay  model:opus  outcome:failed  verdict:breaks  finding:A22\n"
    "on:2026-11-30  since:7d  before:yesterday  request:tools  is:pinned  is:named  is:deleted"
)
EXAMPLE = message("Search: words of prompts and answers, endpoint:relay, model:opus, since:7d, finding:A22")


class SearchField(QLineEdit):
    """What is searched; the arrow down goes to what was found."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)


class HistoryView(QWidget):
    """Puts the widgets together; knows nothing of where runs come from."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search, self.counted = SearchField(), ElidedLabel()
        self.search.setPlaceholderText(tr(EXAMPLE))
        self.search.setAccessibleName(tr("Search the history"))
        self.search.setToolTip(tr(TIP))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumHeight(34)
        self.kinds = Segmented([tr(title) for _, title in KINDS], tr("What was run"))
        self.grouping = QPushButton(tr("By pair"))
        self.grouping.setCheckable(True)
        self.grouping.setAccessibleName(tr("Group by pair of endpoints"))
        self.notes = Bar()
        self.list, self.foot, self.strip = HistoryList(), Foot(), TrendStrip()
        self.empty = PlainLabel("", role="muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(40)
        self._card = QFrame()
        self._card.setObjectName("card")
        self._stack = QStackedLayout(self._card)
        self._stack.setContentsMargins(1, 1, 1, 1)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.kinds)
        top.addWidget(self.grouping)
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 14)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.counted)
        column.addWidget(self.notes)
        column.addWidget(self.strip)
        column.addWidget(self._card, 1)
        column.addWidget(self.foot)
        self.search.left.connect(self.list.setFocus)

    @property
    def kind(self) -> str:
        """The one that is listed, "" for all."""
        return KINDS[max(0, self.kinds.index)][0]

    def show_counts(self, kinds: Mapping[Kind, int] | None, whole: int, *, searched: bool) -> None:
        """How many were found of each kind, and of how many; None while they are counted."""
        amounts = ["…"] * len(KINDS)
        if kinds is not None:
            found = sum(kinds.values())
            amounts = [numbers.grouped(one) for one in (found, *(kinds.get(Kind(kind), 0) for kind, _ in KINDS[1:]))]
        self.kinds.set_titles([f"{tr(title)} {one}" for (_, title), one in zip(KINDS, amounts, strict=True)])
        if searched:
            of = numbers.grouped(whole) if kinds is not None else "…"
            self.counted.set_text(tr("{found} of {count}, in prompts and answers too", found=amounts[0], count=of), "muted")
        else:
            self.counted.set_text("")
        self.counted.setVisible(searched)

    def show_fault(self, text: str) -> None:
        """Say what is wrong with what was typed, or with the history."""
        self.counted.set_text(text, "bad")
        self.counted.show()
        self.empty.clear()  # what was said of the words before

    def show_empty(self, text: str) -> None:
        """Say why nothing is listed; "" where something is."""
        self.empty.setText(text)
        self._stack.setCurrentWidget(self.empty if text else self.list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.kinds.set_tight(self.width() < 1040)
