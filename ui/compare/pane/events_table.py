"""The events table's view: rows are painted straight from the model, so that a hundred thousand scroll like a hundred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.protocols.findings import Severity
from app.text import numbers
from app.text.sentences import tr
from app.text.visible import one_line
from ui.compare.pane.events_model import NUMERIC, TITLES, Column, EventsModel
from ui.style.measured import measured
from ui.style.painting import painted
from ui.style.theme import changes_fonts, colors, font, mono_font

if TYPE_CHECKING:
    from ui.widgets.copying import Copy

CELL_PADDING = 6
TINTS = {Severity.BREAKS: "bad_tint", Severity.LOSES: "warn_tint", Severity.NOTE: "note_tint"}
_SAMPLES = {Column.NUMBER: "0", Column.MS: "00 000.0", Column.GAP: "0 000.0", Column.CHUNK: "0"}
LEAST_DIGITS = 4
LEAST_CONTENT = 12  # characters


class EventsTable(QTableView):
    """A table of equal rows over an `EventsModel`; it keeps to the end while rows come, until the user scrolls away.

    The view paints whole rows itself: a delegate is called once a cell, which is six times too often for two tables that
    grow thirty times a second.

    Signals:
        event_selected: the index of the event the user went to.
        user_scrolled: the user scrolled; the rows came to rest elsewhere.
    """

    event_selected = Signal(int)
    user_scrolled = Signal()

    def __init__(self, model: EventsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events = model
        self._take_font()
        self._following = True
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else all that it lies on is painted each time
        self.setModel(model)
        self.setAccessibleName(tr("Events"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._set_up_headers()
        self.selectionModel().currentRowChanged.connect(self._on_current)
        # Not valueChanged: rows that come and a resized table move the value too.
        self.verticalScrollBar().actionTriggered.connect(lambda _: QTimer.singleShot(0, self, self._on_user_scrolled))

    def _set_up_headers(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(1)
        columns = self.horizontalHeader()
        columns.setHighlightSections(False)
        columns.setStretchLastSection(True)
        columns.setMinimumSectionSize(24)
        self._digits = LEAST_DIGITS
        self._fit_font()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_fonts(event) and self._font.pointSizeF() != mono_font().pointSizeF():
            self._take_font()
            self._fit_font()

    def _take_font(self) -> None:
        self._font = mono_font()
        self._measured = measured(self._font)

    def _fit_font(self) -> None:
        """Rows and columns as the size of text needs them."""
        self.verticalHeader().setDefaultSectionSize(QFontMetrics(self._font).height() + 7)
        self.horizontalHeader().setFont(font(0.88))
        self.setColumnWidth(Column.EVENT, QFontMetrics(self._font).horizontalAdvance("content_block_delta") + 3 * CELL_PADDING)
        self._fit_numbers(self._digits)

    def _fit_numbers(self, digits: int) -> None:
        """Make room for event and chunk numbers of so many digits."""
        self._digits = digits
        for column in _SAMPLES:
            self.setColumnWidth(column, self._number_width(column))
        self._fold_columns()

    def _number_width(self, column: Column) -> int:
        sample = _SAMPLES[column]
        wide = numbers.grouped(10**self._digits - 1) if sample == "0" else sample
        title = QFontMetrics(font(0.88)).horizontalAdvance(tr(TITLES[column]))
        return max(QFontMetrics(self._font).horizontalAdvance(wide), title) + 2 * CELL_PADDING

    # -- rows coming ------------------------------------------------------------------------------------------------

    def rows_added(self) -> None:
        """Go to the end where the user has not scrolled away from it."""
        rows = self._events.rowCount()
        if len(str(rows)) > self._digits:
            self._fit_numbers(len(str(rows)))
        if self._following and rows:
            self.scrollToBottom()

    def follow(self, following: bool) -> None:
        """From now on keep to the end while rows come, or not."""
        self._following = following

    def _on_user_scrolled(self) -> None:
        bar = self.verticalScrollBar()
        self._following = bar.value() >= bar.maximum() - 2
        self.user_scrolled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is selected stays in view where it was."""
        super().resizeEvent(event)
        self._fold_columns()
        self.rows_added()
        current = self.current_event
        y = None if current is None or self._following else self.y_of(current)
        if current is not None and y is not None and 0 <= y < event.oldSize().height():
            self.scroll_to_event(current, top=False)

    def _fold_columns(self) -> None:
        """Where it is narrow the chunk goes, then the gap, so that the content can be read."""
        least = QFontMetrics(self._font).horizontalAdvance("0" * LEAST_CONTENT)
        kept = (Column.NUMBER, Column.MS, Column.EVENT)
        free = self.viewport().width() - least - sum(self.columnWidth(column) for column in kept)
        widths = [self._number_width(column) for column in (Column.GAP, Column.CHUNK)]
        self.setColumnHidden(Column.CHUNK, free < sum(widths))
        self.setColumnHidden(Column.GAP, free < widths[0])

    # -- time and selection -------------------------------------------------------------------------------------------

    @property
    def top_event(self) -> int | None:
        """The index of the uppermost event, None without rows."""
        row = self.rowAt(1)
        return self._events.event_at(row) if row >= 0 else None

    @property
    def current_event(self) -> int | None:
        """The index of the selected event, None for none."""
        row = self.currentIndex().row()
        return self._events.event_at(row) if 0 <= row < self._events.rowCount() else None

    def scroll_to_event(self, event: int, *, top: bool) -> None:
        """Bring an event into view, without saying that the user scrolled."""
        row = self._events.row_of(event)
        if row < 0:
            return
        hint = QAbstractItemView.ScrollHint.PositionAtTop if top else QAbstractItemView.ScrollHint.EnsureVisible
        self.scrollTo(self._events.index(row, 0), hint)

    def rows_in_view(self) -> Iterator[tuple[int, int]]:
        """The events that are seen, each with the y at which its row begins in the viewport."""
        row, height = self.rowAt(0), self.verticalHeader().defaultSectionSize()
        if row < 0:
            return
        top = self.rowViewportPosition(row)
        for number in range(row, self._events.rowCount()):
            if top > self.viewport().height():
                return
            yield self._events.event_at(number), top
            top += height

    def y_of(self, event: int) -> int | None:
        """Where the row of an event begins in the viewport; None where it has no row."""
        row = self._events.row_of(event)
        return self.rowViewportPosition(row) if row >= 0 and self._events.event_at(row) == event else None

    def place_event(self, event: int, y: int) -> None:
        """Scroll so that the row of an event begins there, as near as it can be."""
        row = self._events.row_of(event)
        if row >= 0:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.rowViewportPosition(row) - y)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """The event that is pointed at, else the selected one."""
        from ui.widgets.copying import Copy

        inner = self.viewport().mapFrom(self, at) if at is not None else None
        row = self.rowAt(inner.y()) if inner is not None else self.currentIndex().row()
        exchange = self._events.exchange
        if exchange is None or not 0 <= row < self._events.rowCount():
            return
        event, cells = self._events.event_at(row), self._events.cells(row)
        if inner is not None and 0 <= (column := self.columnAt(inner.x())) < len(cells) and cells[column]:
            yield Copy(tr("Copy {text:quoted}", text=one_line(cells[column], 40)), lambda: cells[column])
        yield Copy(tr("Copy the row"), lambda: "\t".join(cells))
        yield Copy(
            tr("Copy the event's data, as JSON where it is that"),
            lambda: exchange.events.event(event).data.decode("utf-8", "replace"),
        )
        yield Copy(tr("Copy the event's bytes"), lambda: exchange.events.raw(event).decode("utf-8", "replace"))

    def select_nothing(self) -> None:
        """Take the selection away, without saying that the user did."""
        selection = self.selectionModel()
        blocked = selection.blockSignals(True)
        selection.clear()
        selection.blockSignals(blocked)
        self.viewport().update()

    def select_event(self, event: int) -> None:
        """Select an event, without saying that the user went there."""
        row = self._events.row_of(event)
        if row < 0:
            return
        self._following = False
        self.scroll_to_event(event, top=False)
        selection = self.selectionModel()
        blocked = selection.blockSignals(True)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection.setCurrentIndex(self._events.index(row, 0), flags)
        selection.blockSignals(blocked)
        self.viewport().update()

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self._following = False
            self.event_selected.emit(self._events.event_at(current.row()))

    # -- painting -------------------------------------------------------------------------------------------------------

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """Column by column: what is set for a text, and what is looked up for it, is the same in all rows."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colors().color("surface"))
        first = self.rowAt(event.rect().top())
        if first < 0:
            return
        height, top = self.verticalHeader().defaultSectionSize(), self.rowViewportPosition(first)
        count = min(self._events.rowCount() - first, (event.rect().bottom() - top) // height + 1)
        self._paint_grounds(painter, range(first, first + count), top, height)
        metrics = QFontMetrics(self._font)
        baseline = top + (height + metrics.ascent() - metrics.descent()) // 2
        painter.setFont(self._font)
        texts = zip(*map(self._events.cells, range(first, first + count)), strict=True)
        for column, cells in zip(Column, texts, strict=True):
            left, width = self._span(column)
            if width > 0:
                painter.setPen(colors().color("text" if column in (Column.MS, Column.EVENT) else "muted"))
                paint = self._paint_numbers if column in NUMERIC else self._paint_words
                baselines = range(baseline, baseline + count * height, height)
                paint(painter, cells, left + CELL_PADDING, width - 2 * CELL_PADDING, baselines)

    def _span(self, column: Column) -> tuple[int, int]:
        left = self.columnViewportPosition(column)
        return left, min(self.columnWidth(column), self.viewport().width() - left)

    def _paint_grounds(self, painter: QPainter, rows: range, top: int, height: int) -> None:
        """What rows with a finding, and the selected one, stand on."""
        theme, current = colors(), self.currentIndex().row()
        for row in rows:
            severity = self._events.severity(self._events.event_at(row))
            if severity is None and row != current:
                continue
            area = QRect(0, top + (row - rows.start) * height, self.viewport().width(), height)
            if severity is not None:
                painter.fillRect(area, theme.color(TINTS[severity]))
            if row == current:
                painter.fillRect(area, theme.color("select"))
                if severity is not None or self.hasFocus():
                    mark = theme.color("text" if severity is None else "bad" if severity is Severity.BREAKS else "warn")
                    painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), mark)

    def _paint_numbers(self, painter: QPainter, cells: Iterable[str], left: int, width: int, baselines: range) -> None:
        for text, y in zip(cells, baselines, strict=True):
            painter.drawText(left + width - round(self._measured.number_width(text)), y, text)

    def _paint_words(self, painter: QPainter, cells: Iterable[str], left: int, width: int, baselines: range) -> None:
        for text, y in zip(cells, baselines, strict=True):
            painter.drawText(left, y, self._measured.fitted(text, width))
