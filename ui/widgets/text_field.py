"""A field of several lines that takes texts of any length: one too long to lay out is kept aside, and the field says so."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.text.sentences import tr

# A layout takes time with the square of a line's length, and 1 µs a character for the rest.
LONGEST_LINE = 10_000
MOST_CHARACTERS = 200_000
BEGINNING = 240


class TextField(QPlainTextEdit):
    """Text to be edited. `text` is what it holds, also where that is too long to be shown.

    Signals:
        text_changed: it holds another text.
    """

    text_changed = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aside: str | None = None  # too long to be shown
        self.textChanged.connect(self._on_changed)
        self.setObjectName("field")
        self.setTabChangesFocus(True)
        self.setPlainText(text)

    @property
    def text(self) -> str:
        return self.toPlainText() if self._aside is None else self._aside

    def setPlainText(self, text: str) -> None:
        """Hold another text."""
        blocked = self.blockSignals(True)
        self._aside = text if _is_long(text) else None
        self.setReadOnly(self._aside is not None)
        super().setPlainText(text if self._aside is None else _in_place_of(text))
        self.blockSignals(blocked)
        self.document().clearUndoRedoStacks()
        self.text_changed.emit()

    def _on_changed(self) -> None:
        if self._aside is None:
            self.text_changed.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """What is pasted or dropped. One that would be too long comes in whole, and stands for all that was there."""
        pasted = source.text().replace("\r\n", "\n").replace("\r", "\n")
        if self.isReadOnly():
            self.setPlainText(pasted)
            return
        after = self.text_with(pasted)
        if _is_long(after):
            self.setPlainText(after)
        else:
            super().insertFromMimeData(source)

    def text_with(self, pasted: str) -> str:
        """What it would hold with this in place of what is selected."""
        cursor, before = self.textCursor(), self.toPlainText().encode("utf-16-le", "surrogatepass")  # Qt counts these units
        parts = before[: 2 * cursor.selectionStart()], before[2 * cursor.selectionEnd() :]
        begin, end = (part.decode("utf-16-le", "surrogatepass") for part in parts)
        return begin + pasted + end

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files are taken by what lies around the field, where it takes any."""
        return source.hasText() and not any(url.isLocalFile() for url in source.urls())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A text that is kept aside can be replaced by another, and thrown away."""
        if self._aside is None:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.setPlainText("")
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)


def _is_long(text: str) -> bool:
    return len(text) > MOST_CHARACTERS or any(len(line) > LONGEST_LINE for line in text.split("\n"))


def _in_place_of(text: str) -> str:
    return tr(
        "{size:bytes}: too long to be shown here. It is sent as it stands. Delete throws it away; another text can be "
        "pasted.\n\nIt begins: {begins}…",
        size=len(text.encode("utf-8", "surrogatepass")),
        begins=" ".join(text[:BEGINNING].split()),
    )
