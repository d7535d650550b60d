"""Read-only text views for outside text and bytes: plain, selectable, bounded."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextCursor, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from ui.models.events_model import visible
from ui.theme import colors, font, mono_font

LINE_LIMIT = 1_000


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
        self.document().setDocumentMargin(12)

    def show_text(self, text: str) -> None:
        """Show another text; nothing happens where it is the same, so that a selection stays."""
        if text != self.toPlainText():
            self.setPlainText(text)

    def append_text(self, text: str, style: QTextCharFormat | None = None) -> None:
        """Add to the end, and stay there where the end was in view. A selection stays."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(text, style or QTextCharFormat())
        if at_end:
            bar.setValue(bar.maximum())


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
            role = "muted" if found.group(1) else "text" if text[found.start()] == '"' else "a"
            self.setFormat(found.start(), found.end() - found.start(), theme.color(role))


class JsonView(TextView):
    """A text view for JSON or bytes, in the fixed font."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent, mono=True)
        self._colors = JsonColors(self.document())

    def show_json(self, text: str, *, is_json: bool = True, first_line: int = 0) -> None:
        """Show a text, with colours from `first_line` on where that is JSON."""
        self._colors.on, self._colors.first_line = is_json, first_line
        self.show_text(text)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ApplicationPaletteChange:
            self._colors.rehighlight()
        return bool(super().event(event))


def bytes_as_text(data: bytes, limit_bytes: int) -> str:
    """At most `limit_bytes` as text that shows every control character; long lines are broken, for the layout's sake."""
    text = visible(data[:limit_bytes].decode("utf-8", "replace").replace("\r\n", "\u240d\n"))
    return "\n".join(piece for line in text.split("\n") for piece in _pieces(line))


def _pieces(line: str) -> list[str]:
    """A line in pieces that a text layout can take quickly."""
    if len(line) <= 4 * LINE_LIMIT:
        return [line]
    return [line[at : at + 4 * LINE_LIMIT] for at in range(0, len(line), 4 * LINE_LIMIT)]
