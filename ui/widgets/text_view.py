"""Read-only text views for outside text and bytes: plain, selectable, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMargins, QMimeData, QPoint, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from app.text.sentences import tr
from app.text.visible import visible
from ui.style.theme import colors, font, mono_font

if TYPE_CHECKING:
    from ui.widgets.copying import Copy

INSET, SLIT = 12, 4  # around a text; what of that scrolls with it, less than shows anything of a line
FITS = 2  # pixels more than its lines have, and a text is not scrolled
LINE_LIMIT = 1_000
PARAGRAPH_LIMIT = 3_000
SOFT = 1  # the state of a block that continues the paragraph before it


class TextView(QPlainTextEdit):
    """A read-only plain text. `mono` is for bytes."""

    def __init__(self, name: str, parent: QWidget | None = None, *, mono: bool = False) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFont(mono_font() if mono else font(1.02, tabular=False))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inset = 0
        self.set_inset(INSET)

    def set_inset(self, inset: int) -> None:
        """Leave so much around the text; only whole lines are in view, and what is left over is below them."""
        self._inset = inset
        self.document().setDocumentMargin(min(inset, SLIT))
        self._fit_margins()

    def _fit_margins(self) -> None:
        around = max(0, self._inset - SLIT)
        room = self.height() - 2 * self.frameWidth() - self._inset
        line = max(1, self.fontMetrics().lineSpacing())
        below = room % line if room >= line else 0
        if not self._inset:  # no margin of the document is in view, and Qt scrolls lines that fit to the pixel
            below -= min(below, FITS)
        wanted = QMargins(around, around, around, below)
        if wanted != self.viewportMargins():
            self.setViewportMargins(wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_margins()
        super().resizeEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from ui.widgets.copying import passes_on

        if not passes_on(self, event):
            super().contextMenuEvent(event)

    def show_text(self, text: str) -> None:
        """Show another text; nothing happens where it is the same, so that a selection stays."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def append_text(self, text: str, style: QTextCharFormat | None = None) -> None:
        """Add to the end, and stay there where the end was in view. A selection stays."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        insert_at_end(self.document(), text, style or QTextCharFormat())
        if at_end:
            bar.setValue(bar.maximum())

    @property
    def text(self) -> str:
        """The text without the breaks that were only made for the layout."""
        return joined(self.document(), self.toPlainText(), 0)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        place = self.textCursor() if at is None else self.cursorForPosition(self.viewport().mapFrom(self, at))
        line = place.block().text()
        return [
            *([Copy(tr("Copy this line"), lambda: line)] if line.strip() else []),
            Copy(tr("Copy all of it"), lambda: self.text),
        ]

    def text_and_breaks(self) -> tuple[str, list[int]]:
        """The text, and where in it the breaks stand that were only made for the layout."""
        return text_and_breaks(self.document())

    def createMimeDataFromSelection(self) -> QMimeData:
        return plain_selection(self.textCursor())


def insert_at_end(
    document: QTextDocument, text: str, style: QTextCharFormat, block: QTextBlockFormat | None = None
) -> None:  # fmt: skip
    """Add to a document's end; new paragraphs are of the form `block`, or else of that of the one before.

    A paragraph that grows long is broken at a space, since the whole of it is laid out at each growth.
    """
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    for number, line in enumerate(text.split("\n")):
        if number:
            _insert_block(cursor, block)
        while line:
            room = PARAGRAPH_LIMIT - cursor.block().length()
            cut = len(line) if len(line) <= room else max(line.find(" ", max(room, 0)) + 1, 0)
            if cut == 0:
                cut = min(len(line), max(room, LINE_LIMIT))
            cursor.insertText(line[:cut], style)
            line = line[cut:]
            if line or cursor.block().length() > PARAGRAPH_LIMIT:
                _insert_block(cursor, block)
                cursor.block().setUserState(SOFT)


def _insert_block(cursor: QTextCursor, block: QTextBlockFormat | None) -> None:
    if block is None:
        cursor.insertBlock()
    else:
        cursor.insertBlock(block)


def text_and_breaks(document: QTextDocument) -> tuple[str, list[int]]:
    """A document's text, and where in it the breaks stand that were only made for the layout."""
    lines = document.toPlainText().split("\n")
    parts, breaks, length = [lines[0]], [], len(lines[0])
    block = document.begin()
    for line in lines[1:]:
        block = block.next()
        if block.userState() == SOFT:
            breaks.append(length)
        else:
            parts.append("\n")
            length += 1
        parts.append(line)
        length += len(line)
    return "".join(parts), breaks


def plain_selection(cursor: QTextCursor) -> QMimeData:
    """What is selected, as plain text, without the breaks that were only made for the layout."""
    data, document = QMimeData(), cursor.document()
    first = document.findBlock(cursor.selectionStart()).blockNumber()
    data.setText(joined(document, cursor.selection().toPlainText(), first))
    return data


def joined(document: QTextDocument, text: str, first_block: int) -> str:
    """Lines of a document, from this block on, without the breaks that were only made for the layout."""
    lines = text.split("\n")
    out = lines[0]
    for number, line in enumerate(lines[1:], first_block + 1):
        soft = document.findBlockByNumber(number).userState() == SOFT
        out += line if soft else "\n" + line
    return out


class JsonColors(QSyntaxHighlighter):
    """Light colours for JSON: names muted, strings plain, numbers and words in colour."""

    _TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b')

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.on = True
        self.first_line = 0

    def highlightBlock(self, text: str) -> None:
        if not self.on or len(text) > 4 * LINE_LIMIT or self.currentBlock().blockNumber() < self.first_line:
            return
        theme = colors()
        for found in self._TOKEN.finditer(text):
            role = "muted" if found.group(1) else "text" if text[found.start()] == '"' else "value"
            self.setFormat(found.start(), found.end() - found.start(), theme.color(role))


class JsonView(TextView):
    """A text view for JSON or bytes, in the fixed font."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent, mono=True)
        self._colors = JsonColors(self.document())

    def show_json(self, text: str, *, is_json: bool = True, first_line: int = 0) -> None:
        """Show a text, with colours from `first_line` on where that is JSON.

        A long line is broken, for the layout's sake: the time that one takes grows with the square of its length.
        """
        lines = [_pieces(line) for line in text.split("\n")]
        self._colors.on, self._colors.first_line = is_json, sum(len(pieces) for pieces in lines[:first_line])
        broken = "\n".join(chain.from_iterable(lines))
        if broken == self.toPlainText():
            return
        self.setPlainText(broken)
        if len(broken) > len(text):
            self._mark_soft(lines)

    def _mark_soft(self, lines: Iterable[Sequence[str]]) -> None:
        block = self.document().begin()
        for pieces in lines:
            for number in range(len(pieces)):
                block.setUserState(SOFT if number else -1)
                block = block.next()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._colors.rehighlight()


def bytes_as_text(data: bytes, limit_bytes: int) -> str:
    """At most `limit_bytes` as text that shows every control character."""
    return visible(data[:limit_bytes].decode("utf-8", "replace").replace("\r\n", "\u240d\n"))


def _pieces(line: str) -> list[str]:
    """A line in pieces that a text layout can take quickly."""
    if len(line) <= 4 * LINE_LIMIT:
        return [line]
    return [line[at : at + 4 * LINE_LIMIT] for at in range(0, len(line), 4 * LINE_LIMIT)]
