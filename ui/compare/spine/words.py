"""Beside the events: how much later B brought each word of A's, as a bar and a figure, in line with the rows of A's table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.text import numbers
from app.text.sentences import message, tr
from ui.compare.pane.pane import EVENTS
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.word_links import WordLinks
    from ui.compare.linking import PaneLink
    from ui.compare.pane.events_table import EventsTable
    from ui.compare.pane.pane import Pane

HEADING = message("the same word, B − A")
NARROW = 100  # pixels; below it a bar has no room beside its figure
BAR = 8  # pixels high
MIDDLE, LONGEST = 0.32, 0.27  # of the width: where a bar begins, and how long one is at most
_SAMPLED = 500


class WordBars(QWidget):
    """Follows A's table: it is drawn again where that is, and where what is linked is another."""

    heard_as = "chart"

    def __init__(self, panes: Mapping[SideName, Pane], link: PaneLink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes, self._link = panes, link
        self._longest: tuple[WordLinks, float] | None = None
        self._table: EventsTable | None = None
        self._font, self._bold = font(0.88), font(0.88, bold=True)
        self.setAccessibleName(tr("How much later B brought each word, in milliseconds"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event):
            self._font, self._bold = font(0.88), font(0.88, bold=True)
            self.updateGeometry()

    @property
    def wanted(self) -> bool:
        """Whether the words are linked, and both sides show their events."""
        return self._link.words is not None and all(pane.tab == EVENTS for pane in self._panes.values())

    def refresh(self) -> None:
        """What is linked, selected or shown is another."""
        if self._table is None and self.wanted:
            self._table = self._panes["a"].events.table
            self._table.viewport().installEventFilter(self)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table's rows are others, or stand elsewhere."""
        if event.type() in (QEvent.Type.Paint, QEvent.Type.Move, QEvent.Type.Resize):
            self.update()
        return bool(super().eventFilter(watched, event))

    def _longest_ms(self, words: WordLinks) -> float:
        """What the longest bar stands for: of many words some hundred are looked at."""
        if self._longest is None or self._longest[0] is not words:
            step = max(1, len(words.a.events) // _SAMPLED)
            known = (words.later_ms(event) for event in words.a.events[::step])
            self._longest = words, max((abs(ms) for ms in known if ms is not None), default=0.0)
        return self._longest[1]

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        words, table = self._link.words, self._table
        if words is None or table is None or not self.wanted:
            return
        painter, theme, metrics = QPainter(self), colors(), QFontMetricsF(self._font)
        top, high = self._top_of(table), table.viewport().height()
        if self.width() >= NARROW:
            painter.setFont(self._font)
            painter.setPen(theme.color("muted"))
            head = QRectF(0, top - table.horizontalHeader().height(), self.width(), table.horizontalHeader().height())
            painter.drawText(
                head, Qt.AlignmentFlag.AlignCenter, metrics.elidedText(tr(HEADING), Qt.TextElideMode.ElideRight, head.width())
            )
        painter.setClipRect(QRectF(0, top, self.width(), high))
        row, longest, current = table.verticalHeader().defaultSectionSize(), self._longest_ms(words), table.current_event
        x = round(self.width() * (MIDDLE if self.width() >= NARROW else 0.5))
        fill(painter, QRectF(x, top, 1, high), theme.color("border"))
        for number, y in table.rows_in_view():
            if words.a.span(number) is not None:
                self._paint_row(
                    painter, QRectF(0, top + y, self.width(), row), words.later_ms(number), longest, number == current
                )

    def _paint_row(self, painter: QPainter, area: QRectF, ms: float | None, longest: float, current: bool) -> None:
        theme, narrow = colors(), self.width() < NARROW
        if current:
            fill(painter, area, theme.color("select"))
        if ms is not None and longest:
            x, length = round(area.width() * (0.5 if narrow else MIDDLE)), abs(ms) / longest * area.width() * LONGEST
            color = theme.color("b" if ms > 0 else "a")
            high = 3 if narrow else BAR
            y = area.bottom() - high - 1 if narrow else area.center().y() - high / 2
            fill(painter, QRectF(x if ms > 0 else x - length, y, max(length, 1.0), high), color)
        chosen = self._bold if current else self._font
        painter.setFont(chosen)
        painter.setPen(theme.color("text" if current else "muted"))
        text = numbers.DASH if ms is None else _signed(ms, 0 if narrow else 1)
        painter.drawText(area.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def _top_of(self, table: EventsTable) -> int:
        """Where the rows of the table begin, here."""
        return self.mapFromGlobal(table.viewport().mapToGlobal(QPoint(0, 0))).y()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos().y())), self)
            return True
        return bool(super().event(event))

    def words_at(self, y: int) -> str:
        """What is told of the row at a height."""
        words, table = self._link.words, self._table
        if words is None or table is None:
            return ""
        row = table.verticalHeader().defaultSectionSize()
        place = y - self._top_of(table)
        event = next((number for number, top in table.rows_in_view() if top <= place < top + row), None)
        span = None if event is None else words.a.span(event)
        if event is None or span is None:
            return ""
        said, ms = words.a.text[slice(*span)].strip()[:40], words.later_ms(event)
        if ms is None:
            return tr("{said:quoted}: B’s answer says something else there, or one side has no times.", said=said)
        if not round(ms, 1):
            return tr("{said:quoted} came at the same time on both sides.", said=said)
        later, earlier = message("{said:quoted} came {ms} ms later on B."), message("{said:quoted} came {ms} ms earlier on B.")
        return tr(later if ms > 0 else earlier, said=said, ms=numbers.grouped(abs(ms), 1))


def _signed(ms: float, decimals: int) -> str:
    text = numbers.grouped(ms, decimals)
    return numbers.signed(text, ms) if text.strip("0.") else text
