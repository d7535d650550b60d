"""Words found in a text view: all of them marked, one of them the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextEdit

from app.text.find import in_text
from ui.style.theme import colors

if TYPE_CHECKING:
    from ui.widgets.reading_view import ReadingView
    from ui.widgets.text_view import TextView

MOST_MARKED = 1_000
AGAIN_MS = 150  # after the text grew
Span = tuple[int, int]


class TextFinding(QObject):
    """Looks for words in one view after the other.

    Signals:
        told: another place is shown, or there are more: which of how many, from 1, 0 for none.
    """

    told = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._view: ReadingView | TextView | None = None
        self._words = ""
        self._spans: list[Span] = []
        self._at = -1
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(lambda: self.look_for(self._words, go=False))

    def set_view(self, view: ReadingView | TextView | None) -> None:
        """Look in another view, or in none."""
        if view is self._view:
            return
        if self._view is not None:
            self._view.setExtraSelections([])
            self._view.textChanged.disconnect(self._again.start)
        self._view = view
        if view is not None:
            view.textChanged.connect(self._again.start)
        self.look_for(self._words, go=False)

    def look_for(self, words: str, *, go: bool = True) -> None:
        """Mark these words; `go`: show the first of them behind the cursor."""
        self._words = words
        self._spans = spans_of(self._view, words) if self._view is not None and words else []
        self._at = self._behind_cursor() if self._spans and go else min(self._at, len(self._spans) - 1)
        self._show(go=go)

    def step(self, forward: bool) -> None:
        """Show the next or the previous of them, around the end."""
        if self._spans:
            self._at = (self._at + (1 if forward else -1)) % len(self._spans)
        self._show(go=True)

    def _behind_cursor(self) -> int:
        assert self._view is not None
        at = self._view.textCursor().selectionStart()
        return next((number for number, (begin, _) in enumerate(self._spans) if begin >= at), 0)

    def _show(self, *, go: bool) -> None:
        view = self._view
        if view is None:
            return
        first = max(0, self._at - MOST_MARKED // 2)
        shown = range(first, min(len(self._spans), first + MOST_MARKED))
        view.setExtraSelections([self._mark(view, number) for number in shown])
        if go and 0 <= self._at < len(self._spans):
            cursor = QTextCursor(view.document())
            cursor.setPosition(self._spans[self._at][0])
            view.setTextCursor(cursor)
            view.ensureCursorVisible()
        self.told.emit(self._at + 1, len(self._spans))

    def _mark(self, view: ReadingView | TextView, number: int) -> QTextEdit.ExtraSelection:
        made, theme = QTextEdit.ExtraSelection(), colors()
        cursor = QTextCursor(view.document())
        begin, end = self._spans[number]
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        current = number == self._at
        made.format.setBackground(theme.color("ink" if current else "warn_tint"))
        made.format.setForeground(theme.color("on_ink" if current else "text"))
        return made


def spans_of(view: ReadingView | TextView, words: str) -> list[Span]:
    """Where a view has the words, as its document counts places (UTF-16); breaks made only for the layout are passed over."""
    text, breaks = view.text_and_breaks()
    spans: list[Span] = []
    at = units = 0
    passed = 0
    for found in in_text(words).finditer(text):
        ends = []
        for place in found.span():
            units += _units(text[at:place])
            at = place
            while passed < len(breaks) and breaks[passed] <= place - (place == found.end()):
                passed += 1
            ends.append(units + passed)
        spans.append((ends[0], ends[1]))
    return spans


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
