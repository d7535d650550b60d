"""A text that is read rather than looked up: larger, with air between its lines, no wider than an eye follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontInfo,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.text_view import SOFT, insert_at_end, joined, plain_selection, text_and_breaks

if TYPE_CHECKING:
    from ui.widgets.copying import Copy

LARGE, SMALL = 1.27, 1.08  # of the interface's type
AIR = {LARGE: 1.82, SMALL: 1.55}  # from line to line, in heights of the type
MEASURE = 34  # heights of the type in a line: so many Chinese characters, or about 70 others
ROOMY, HIGH = 40, 64  # heights of the interface's type: in a narrower view, or a lower window, the type is small
INSET = 12
CARD = QTextBlockFormat.Property.UserProperty + 1
_CARD_INSET, _CARD_ABOVE = 12, 4


class ReadingView(QTextEdit):
    """A read-only plain text, written at its end.

    Attributes:
        scale: of its type, in those of the interface's.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(INSET)
        self.scale = LARGE
        self._writing = False
        self._end = 0  # where the bar stood when the end was last brought into view
        self.verticalScrollBar().rangeChanged.connect(self._keep_end)

    def append_text(self, text: str, style: QTextCharFormat, block: QTextBlockFormat) -> None:
        """Add to the end, new paragraphs in the form `block`; the end stays in view where it was. A selection stays."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2 or bar.value() == self._end
        if self.document().isEmpty():
            QTextCursor(self.document()).setBlockFormat(block)
        insert_at_end(self.document(), text, style, block)
        if at_end:
            self._show_end()

    def _show_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._end = bar.value()

    def _keep_end(self) -> None:
        """Qt lays out what is much in several turns: the end is farther down by then than where it was shown."""
        if 0 < self._end == self.verticalScrollBar().value():
            self._show_end()

    def set_writing(self, writing: bool) -> None:
        """Show a caret at the end, where more will come."""
        if writing is not self._writing:
            self._writing = writing
            self.viewport().update()

    @property
    def text(self) -> str:
        """The text without the breaks that were only made for the layout."""
        return joined(self.document(), self.toPlainText(), 0)

    def text_and_breaks(self) -> tuple[str, list[int]]:
        """The text, and where in it the breaks stand that were only made for the layout."""
        return text_and_breaks(self.document())

    def createMimeDataFromSelection(self) -> QMimeData:
        return plain_selection(self.textCursor())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from ui.widgets.copying import passes_on

        if not passes_on(self, event):
            super().contextMenuEvent(event)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        place = self.textCursor() if at is None else self.cursorForPosition(self.viewport().mapFrom(self, at))
        line = place.block().text()
        return [
            *([Copy(tr("Copy this paragraph"), lambda: line)] if line.strip() else []),
            Copy(tr("Copy all of it"), lambda: self.text),
        ]

    # -- room -----------------------------------------------------------------------------------------------------------

    @property
    def least_height(self) -> int:
        """In which one line is seen, in pixels."""
        return INSET + line_height(self.scale) + 2 * self.frameWidth()

    def fit_type(self, width: int) -> None:
        """Choose the type for a width; what is written in another stays as it is."""
        em = QFontInfo(font()).pixelSize()
        self.scale = LARGE if width >= ROOMY * em and self.window().height() >= HIGH * em else SMALL
        scale = self.scale
        widest = round(MEASURE * QFontInfo(font(scale)).pixelSize()) + 2 * INSET
        beside = max(0, width - widest - self.verticalScrollBar().sizeHint().width() - 2 * self.frameWidth())
        # The inset and whole lines: at the top it is above them, at the end below them.
        below = max(0, self.height() - 2 * self.frameWidth() - INSET) % line_height(scale)
        margins = self.viewportMargins()
        if (beside, below) != (margins.right(), margins.bottom()):
            self.setViewportMargins(0, 0, beside, below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2 and bar.maximum() > 0
        self.fit_type(self.width())
        super().resizeEvent(event)
        if at_end:
            bar.setValue(bar.maximum())

    # -- painting ---------------------------------------------------------------------------------------------------------

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self.viewport()), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.setBrush(theme.color("sunken"))
        for area in self._cards():
            painter.drawRoundedRect(area, 5, 5)
        painter.end()
        super().paintEvent(event)
        if self._writing:
            end = QTextCursor(self.document())
            end.movePosition(QTextCursor.MoveOperation.End)
            at, painter = self.cursorRect(end), QPainter(self.viewport())
            high = QFontInfo(font(self.scale)).pixelSize()
            painter.fillRect(QRectF(at.left() + 2, at.center().y() - high * 0.6, 2, high * 1.2), theme.color("muted"))
            painter.end()

    def _cards(self) -> Iterator[QRectF]:
        """Where the cards in view stand, each around its paragraphs."""
        for is_card, blocks in groupby(self._blocks_in_view(), lambda one: one.blockFormat().hasProperty(CARD)):
            if is_card:
                layout, areas = self.document().documentLayout(), list(blocks)
                top = layout.blockBoundingRect(areas[0]).top()
                bottom = layout.blockBoundingRect(areas[-1]).bottom()
                shift = QPointF(0, -self.verticalScrollBar().value())
                width = self.viewport().width() - 2 * INSET
                yield (
                    QRectF(INSET, top - _CARD_ABOVE, width, bottom - top + 2 * _CARD_ABOVE)
                    .translated(shift)
                    .adjusted(0.5, 0.5, -0.5, -0.5)
                )

    def _blocks_in_view(self) -> Iterator[QTextBlock]:
        last = self.cursorForPosition(self.viewport().rect().bottomRight()).block()
        block = self.cursorForPosition(self.viewport().rect().topLeft()).block()
        while block.previous().isValid() and block.userState() == SOFT:  # a card that begins above
            block = block.previous()
        while block.isValid():
            yield block
            if block == last:
                return
            block = block.next()


def line_height(scale: float, of_type: float = 1.0) -> int:
    """From one line of a text to the next, for a type of `of_type` times the text's."""
    return round(QFontInfo(font(scale)).pixelSize() * AIR[scale] * of_type)


def block_format(scale: float, *, of_type: float = 1.0, card: bool = False) -> QTextBlockFormat:
    """The form of a paragraph: its lines' distance fits a type of `of_type` times the text's; a card's lines stand close."""
    made = QTextBlockFormat()
    if not card:
        high = line_height(scale, of_type)
        made.setLineHeight(high, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    else:
        made.setProperty(CARD, True)
        made.setLeftMargin(_CARD_INSET)
        made.setRightMargin(_CARD_INSET)
    return made
