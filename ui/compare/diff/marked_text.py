"""One side's text with its places marked: on its colour, underlined, numbered; what the other side alone has is a thin bar."""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from app.text.sentences import tr
from app.text.visible import visible
from ui.style.theme import Colors, colors, font, mono_font

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.diff.facts import TextDiff

_OURS = QTextFormat.Property.UserProperty + 1  # what we put in: numbers and bars, no part of the text
BAR, LONG_PARAGRAPH = "\u2502", 4000
LONG_PLACE = 160  # characters; what is longer is not bold
_TINTS = {"a": "a_wait", "b": "b_wait"}


class MarkedText(QTextEdit):
    """Read-only; filled through a cursor, so that no text becomes markup.

    Signals:
        place_chosen: a place was clicked; its number, from 0.
    """

    place_chosen = Signal(int)

    def __init__(self, side: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side: SideName = side
        self._diff: TextDiff | None = None
        self._first, self._chosen = 1, -1
        self._look = _look()
        self._starts: list[int] = []  # where each place begins and ends in the document
        self._ends: list[int] = []
        self.setAccessibleName(tr("Text of side {side}", side=side.upper()))
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(2)

    @property
    def places(self) -> int:
        return len(self._starts)

    @property
    def characters(self) -> int:
        """How long the document is."""
        return self.document().characterCount()

    def show_diff(self, diff: TextDiff, first: int) -> None:
        """Show this side of two texts, the places numbered from `first`."""
        self._diff, self._first, self._chosen = diff, first, -1
        self._write()

    def choose(self, place: int) -> None:
        """Show which place is looked at."""
        self._chosen = place
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[place])
        cursor.setPosition(self._ends[place], QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        selection.format.setBackground(colors().color("warn_tint"))
        self.setExtraSelections([selection])

    def top_of(self, place: int) -> float:
        """How far below the beginning of the document a place is, in pixels."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._starts[place])
        return self.cursorRect(cursor).top() + self.verticalScrollBar().value()

    def scroll_to(self, place: int, above: float) -> None:
        """Scroll so that a place is `above` pixels below the upper edge, as far as that can be."""
        self.verticalScrollBar().setValue(round(self.top_of(place) - above))

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        if self._diff is None:
            return
        self._look = _look()
        self.clear()
        self._starts, self._ends = [], []
        text = self._diff.a if self._side == "a" else self._diff.b
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = QTextBlockFormat()
        block.setLineHeight(145, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(block)
        plain, at = self._plain(), 0
        for number, place in enumerate(self._diff.places):
            start, end = place.a if self._side == "a" else place.b
            cursor.insertText(_shown(text[at:start]), plain)
            self._mark(cursor, text[start:end], number)
            at = end
        cursor.insertText(_shown(text[at:]), plain)
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _mark(self, cursor: QTextCursor, said: str, number: int) -> None:
        """One place: white space around its words is left plain, and shown where it is all there is."""
        plain, marked, ours = self._plain(), self._marked(), self._ours()
        bare = said.strip()
        lead = said[: len(said) - len(said.lstrip())] if bare else ""
        cursor.insertText(_shown(lead), plain)
        self._starts.append(cursor.position())
        if bare:
            if len(bare) > LONG_PLACE:
                marked.setFont(plain.font())
            cursor.insertText(_shown(bare), marked)
        elif said:
            signs = said.replace("\r\n", "\n").replace("\n", "⏎").replace(" ", "·").replace("\t", "→")
            cursor.insertText(visible(signs, keep=""), self._ours(True))
            cursor.insertText(_shown("".join(one for one in said if one == "\n")), plain)
        else:
            cursor.insertText(BAR, ours)
        self._ends.append(cursor.position())
        raised = self._ours()
        raised.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        raised.setFont(font(0.95, bold=True))
        raised.setForeground(colors().color("muted"))
        cursor.insertText(f"\u2060{number + self._first}", raised)
        if not bare:
            cursor.insertText("\u2009", ours)
        cursor.insertText(_shown(said[len(lead) + len(bare) :]) if bare else "", plain)

    def _plain(self) -> QTextCharFormat:
        style = QTextCharFormat()
        style.setFont(font(1.08, tabular=False))
        style.setForeground(colors().color("text"))
        return style

    def _marked(self) -> QTextCharFormat:
        style = self._plain()
        style.setFont(font(1.08, bold=True, tabular=False))
        style.setBackground(colors().color(_TINTS[self._side]))
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        style.setUnderlineColor(colors().color(self._side))
        return style

    def _ours(self, tinted: bool = False) -> QTextCharFormat:
        style = self._plain()
        style.setProperty(_OURS, True)
        style.setForeground(colors().color("muted"))
        if tinted:
            style.setFont(mono_font(0.95))
            style.setBackground(QColor(colors().color(_TINTS[self._side])))
        return style

    # -- as Qt wants it -----------------------------------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """The selected text without what we put into it."""
        cursor, data = self.textCursor(), QMimeData()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        said, block = [], self.document().findBlock(start)
        while block.isValid() and block.position() <= end:
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                first = max(start, fragment.position()) - fragment.position()
                last = min(end, fragment.position() + fragment.length()) - fragment.position()
                if first < last and not fragment.charFormat().hasProperty(_OURS):
                    said.append(fragment.text()[first:last])
                iterator += 1
            block = block.next()
            if block.isValid() and block.position() <= end:
                said.append("\n")
        data.setText("".join(said).replace("\u2028", "\n"))
        return data

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.textCursor().hasSelection() or not self._starts:
            return
        at = self.cursorForPosition(event.position().toPoint()).position()
        place = bisect_right(self._starts, at) - 1
        if place >= 0 and at <= self._ends[place] + 2:
            self.place_chosen.emit(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._look != _look():  # long texts take their time to be written
            self._write()
            if 0 <= self._chosen < len(self._starts):
                self.choose(self._chosen)


def _look() -> tuple[Colors, float]:
    """What the writing depends on: the colours and the size of text."""
    return colors(), font().pointSizeF()


def _shown(text: str) -> str:
    """The text as it may be shown; a paragraph longer than a layout can take quickly is broken."""
    shown = visible(text.replace("\r\n", "\n"))
    if len(shown) <= LONG_PARAGRAPH:
        return shown
    return "\n".join(chain.from_iterable(map(_pieces, shown.split("\n"))))


def _pieces(line: str) -> list[str]:
    return [line[at : at + LONG_PARAGRAPH] for at in range(0, max(len(line), 1), LONG_PARAGRAPH)]
