"""The sentence at the window's foot: what differs, its figures bold, to be read aloud or copied."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from app.text.sentences import tr
from app.text.visible import visible
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from app.text.sentences import Span

MAX_LINES = 4


class SentenceView(QTextEdit):
    """A read-only text as high as it needs to be, up to four lines, or as it shall have room for.

    It is filled through a cursor: no text becomes markup.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self._quiet = self._dim = False
        self._announced = ""
        self._most_lines, self._least_lines = MAX_LINES, 1
        self.setReadOnly(True)
        self.setAccessibleName(tr("Said in a sentence"))
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.setFont(font(1.22))

    @property
    def text(self) -> str:
        return "".join(span.text for span in self._spans)

    @property
    def is_hint(self) -> bool:
        """Whether it only says how to begin."""
        return self._quiet

    def show_spans(self, spans: Sequence[Span], *, quiet: bool = False) -> None:
        """Show a sentence; `quiet` for what is only a hint."""
        if tuple(spans) == self._spans and quiet == self._quiet:
            return
        self._spans, self._quiet = tuple(spans), quiet
        if quiet or not spans:  # the next is of another run
            self._announced = ""
        self._write()

    def announce(self) -> None:
        """Have a screen reader say it, once: what it tells of has ended."""
        from ui.widgets.announce import announce  # not before something has ended

        if self.text != self._announced:
            self._announced = self.text
            announce(self, self.text)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from ui.widgets.copying import passes_on

        if not passes_on(self, event):
            super().contextMenuEvent(event)

    def set_dim(self, dim: bool) -> None:
        """Say it in the colour of a hint: what the window is set to by now is something else."""
        if dim != self._dim:
            self._dim = dim
            self._write()

    def _write(self) -> None:
        """The bold spans by a cursor; a hint without any as it is: formats are not imported before the first picture."""
        self.clear()
        color = colors().color("muted" if self._quiet or self._dim else "text")
        if any(span.strong for span in self._spans):
            self._write_formatted(color)
        else:
            self.setCurrentFont(font(1.22))  # else it is as bold as the sentence before ended
            self.setTextColor(color)
            self.setPlainText(self.text)
        self._fit()

    def _write_formatted(self, color: QColor) -> None:
        from PySide6.QtGui import QTextCharFormat, QTextCursor

        cursor = QTextCursor(self.document())
        for span in self._spans:
            style = QTextCharFormat()
            style.setFont(font(1.22, bold=span.strong))
            style.setForeground(color)
            cursor.insertText(visible(span.text), style)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def set_most_lines(self, lines: int) -> None:
        """Take no more lines than this; what is longer scrolls."""
        if lines != self._most_lines:
            self._most_lines = lines
            self._fit()

    def set_least_lines(self, lines: int) -> None:
        """Have room for so many lines, also while it says less: what stands above it does not move then."""
        if lines != self._least_lines:
            self._least_lines = lines
            self._fit()

    @property
    def lines(self) -> int:
        """How many lines its text is. Those of other scripts are higher than the font's own spacing says: they are counted."""
        document = self.document()
        document.size()  # lays it out
        count, block = 0, document.begin()
        while block.isValid():
            count, block = count + block.layout().lineCount(), block.next()
        return count

    def height_of(self, lines: int) -> int:
        """How high it is where it may take that many lines."""
        least = max(1, min(self._least_lines, lines))
        return max(ceil(min(self._written, lines * self._line)), ceil(least * self._line)) + 2 + 2 * self.frameWidth()

    @property
    def _written(self) -> float:
        """How high the text is, in pixels."""
        return float(self.document().size().height())

    @property
    def _line(self) -> float:
        """How high one of its lines is: with large text more than the font's own spacing says."""
        written = self._written
        return written / max(1, self.lines) or self.fontMetrics().lineSpacing()

    def _fit(self) -> None:
        # The bar's range is of the height before: shown where all fits, it would take width, and with it a line.
        fits = self.lines <= self._most_lines
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOff if fits else policies.ScrollBarAsNeeded)
        self.setFixedHeight(self.height_of(self._most_lines))

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._write()
