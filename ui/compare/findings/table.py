"""The findings table: a finding a row, a client a column; below a row that is open what was seen, and what helps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.run import finding_table_words as words
from app.text.sentences import tr
from app.text.visible import one_line, visible
from ui.compare.findings.details import FindingDetails
from ui.compare.findings.model import FINDING, FindingsModel
from ui.compare.findings.painting import head_height, paint_cell, paint_finding, paint_head, paint_ring, pieces, row_height
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, text_scale
from ui.widgets.labels import PlainLabel
from ui.widgets.tab_order import follow
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.finding_table import FindingTable, Place, Row
    from app.run.side import Side
    from ui.widgets.copying import Copy
    from ui.widgets.keyed_rows import Index

MINE, OTHER, FIRST = 112, 94, 300  # widths of my client's column and of others, and the least of the findings'
INDENT = 26


class FindingsTable(QTableView):
    """Shows a `FindingTable`. Where it is narrow, clients other than mine scroll sideways; findings and my client stay.

    Signals:
        place_wanted: a `Place` that the user wants to see.
        shifted: other clients are in view: how many stand before those, and how many are not in view at all.
    """

    place_wanted = Signal(object)
    shifted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FindingsModel()
        self._details: FindingDetails | None = None
        self._shift = 0
        self.setModel(self._model)
        self.setAccessibleName(tr("Findings"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTableView, QTableView:focus { border: none; background: transparent; }")
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(_Painter(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self._head = _Head(self._model, self)
        self.setHorizontalHeader(self._head)
        WholeRows(self)
        self.selectionModel().currentChanged.connect(self._on_current)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def table(self) -> FindingTable | None:
        return self._model.table

    @property
    def rows(self) -> list[Row]:
        """The findings in the order in which they are shown."""
        return [row for row, details in self._model.entries if not details]

    @property
    def details(self) -> FindingDetails | None:
        """What is open below a finding."""
        return self._details

    @property
    def needed(self) -> int:
        """The height with which nothing scrolls, in pixels."""
        return self._head.height() + sum(self.rowHeight(row) for row in range(self._model.rowCount())) + 2

    def set_title(self, title: str, beside: str) -> None:
        """What stands over the findings."""
        self._head.set_title(title, beside)

    def show_table(self, table: FindingTable | None, rows: Sequence[Row], sides: Mapping[SideName, Side]) -> None:
        """Show these rows of a table; the one that the user is at stays where it is."""
        at = self._name_of(self.currentIndex())
        column, before = self.currentIndex().column(), self._y_of(at)
        had_columns = self._model.columnCount()
        if self._model.opened and all(row.id != self._model.opened for row in rows):
            self._close()
        self._model.show_table(table, rows, sides)
        if self._model.columnCount() != had_columns:
            self._shift = 0
        self._place_columns()
        self._place_details()
        if at and (row := self._model.row_of(at)) is not None:
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._model.index(row, min(max(column, 0), len(self._model.columns))))
            after = self._y_of(at)
            if before is not None and after is not None and after != before:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + after - before)
        self.viewport().update()

    def _name_of(self, index: Index) -> str:
        return self._model.entries[index.row()].row.id if index.isValid() else ""

    def _y_of(self, name: str) -> int | None:
        row = self._model.row_of(name) if name else None
        return None if row is None else self.rowViewportPosition(row)

    # -- what is open -------------------------------------------------------------------------------------------------

    def open_row(self, name: str) -> None:
        """Unfold a finding, "" for none: one at a time."""
        if name == self._model.opened:
            return
        self._close()
        self._model.open(name)
        self._place_details()
        below = self._model.row_of(name, details=True) if name else None
        if below is not None:
            self.scrollTo(self._model.index(below, 0))
            self.scrollTo(self._model.index(below - 1, self.currentIndex().column()))

    def _close(self) -> None:
        had = self._details is not None and self._details.isAncestorOf(self.focusWidget() or self)
        row = self._model.row_of(self._model.opened, details=True)
        if row is not None:
            self.setIndexWidget(self._model.index(row, 0), None)  # type: ignore[arg-type]  # None takes it away
        self._details = None
        self._model.open("")
        self.clearSpans()
        if had:
            self.setFocus()

    def _place_details(self) -> None:
        """Where rows were moved, what spans them stands elsewhere."""
        self.clearSpans()
        for number, (row, details) in enumerate(self._model.entries):
            if not details:
                self.setRowHeight(number, row_height())
                continue
            if self._model.columns:
                self.setSpan(number, 0, 1, 1 + len(self._model.columns))
            if self._details is None or self.indexWidget(self._model.index(number, 0)) is None:
                self._details = FindingDetails(row, self._model, self.viewport())
                self._details.place_wanted.connect(self.place_wanted)
                self.setIndexWidget(self._model.index(number, 0), self._details)
                follow(self, self._details)
            self._details.show_row(row)
            self._tell_cell()
            self.setRowHeight(number, self._details.height_for(self._inner_width) + 10)

    @property
    def _inner_width(self) -> int:
        return self.viewport().width() - INDENT - 12

    def details_area(self, row: QRect) -> QRect:
        """Where what is open stands in its line."""
        return QRect(INDENT, row.top(), self._inner_width, max(1, row.height() - 10))

    def _tell_cell(self) -> None:
        """What is open says what the client does at whose cell the keyboard is; else mine."""
        if self._details is not None:
            index = self.currentIndex()
            here = index.isValid() and self._name_of(index) == self._model.opened
            self._details.show_client(index.column() - 1 if here and index.column() > FINDING else 0)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and current.column() > FINDING:
            self._bring(current.column())
        self._tell_cell()
        self._fit_details()
        self.viewport().update()

    def _fit_details(self) -> None:
        row = self._model.row_of(self._model.opened, details=True) if self._details is not None else None
        if row is not None and self._details is not None:
            self.setRowHeight(row, self._details.height_for(self._inner_width) + 10)

    # -- columns ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_columns()
        self._fit_details()
        if self.currentIndex().isValid():
            QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex()))

    def shift_to(self, shift: int) -> None:
        """Have so many of the other clients before those that are in view."""
        if shift != self._shift:
            self._shift = shift
            self._place_columns()

    def _place_columns(self) -> None:
        columns, room, scale = self._model.columns, self.viewport().width(), max(1.0, text_scale())
        mine, other = round(MINE * scale), round(OTHER * scale)
        fixed = sum(bool(one.judges) for one in columns)
        others = len(columns) - fixed
        left = room - round(FIRST * scale) - fixed * mine
        shown = min(others, max(0, left // other)) if others else 0
        self._shift = min(max(self._shift, 0), others - shown)
        for number in range(len(columns)):
            hidden = number >= fixed and not self._shift <= number - fixed < self._shift + shown
            self.setColumnHidden(number + 1, hidden)
            self._head.resizeSection(number + 1, mine if number < fixed else other)
        self._head.resizeSection(0, max(1, room - fixed * mine - shown * other))
        self.shifted.emit(self._shift, others - shown)

    def _bring(self, column: int) -> None:
        """Scroll sideways so far that a client's column is in view."""
        fixed = sum(bool(one.judges) for one in self._model.columns)
        number = column - 1 - fixed
        shown = sum(not self.isColumnHidden(one) for one in range(1, len(self._model.columns) + 1)) - fixed
        if number >= 0 and self.isColumnHidden(column):
            self.shift_to(number if number < self._shift else number - max(1, shown) + 1)

    # -- mouse and keys -----------------------------------------------------------------------------------------------

    def _place_at(self, at: QPoint) -> Place | None:
        """The event that a link leads to."""
        index = self.indexAt(at)
        if not index.isValid() or index.column() != FINDING or self._model.entries[index.row()].details:
            return None
        area = QRectF(self.visualRect(index))
        found = pieces(self._model, self._model.entries[index.row()].row, area)
        return next((one.place for one in found if one.place is not None and one.area.contains(at.toPointF())), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        if (place := self._place_at(at)) is not None:
            self.place_wanted.emit(place)
        elif not self._model.entries[index.row()].details:
            name = self._name_of(index)
            self.open_row("" if name == self._model.opened and index.column() == FINDING else name)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and not self._model.entries[index.row()].details
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        sideways = event.angleDelta().x() or (
            event.angleDelta().y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0
        )
        if sideways:
            self.shift_to(self._shift + (-1 if sideways > 0 else 1))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = Qt.Key(event.key()), self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and index.isValid():
            self.open_row("" if self._name_of(index) == self._model.opened else self._name_of(index))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and index.isValid():
            step = index.column() + (1 if key is Qt.Key.Key_Right else -1)
            self.setCurrentIndex(self._model.index(index.row(), min(max(step, 0), len(self._model.columns))))
        elif not index.isValid() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._model.entries:
            self.setCurrentIndex(self._model.index(0, FINDING))
        else:
            super().keyPressEvent(event)

    # -- copying ------------------------------------------------------------------------------------------------------

    def _copy(self) -> None:
        from ui.widgets.copy_menu import put

        first = next(iter(self.copies(None)), None)
        if first is not None:
            put(self, first.text())

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        index = self.indexAt(self.viewport().mapFrom(self, at)) if at is not None else self.currentIndex()
        table = self.table
        if table is None:
            return
        if index.isValid() and not self._model.entries[index.row()].details:
            row = self._model.entries[index.row()].row
            if index.column() > FINDING:
                cell, column = row.cells[index.column() - 1], table.columns[index.column() - 1]
                said = words.cell_words(cell, column, self._model.sides, table)
                yield Copy(tr("Copy what {client} does", client=column.client.title), lambda: visible(said))
            yield Copy(tr("Copy the finding"), lambda: visible(self._model.words_of(row), keep=""))
            yield Copy(tr("Copy its id {id:quoted}", id=row.id), lambda: row.id)
            yield Copy(tr("Copy the row"), lambda: self._line_of(row))
        if self.rows:
            head = ["id", tr("finding"), tr("sides"), *(one.client.title for one in table.columns)]
            yield Copy(tr("Copy all rows"), lambda: "\n".join(["\t".join(head), *map(self._line_of, self.rows)]))

    def _line_of(self, row: Row) -> str:
        """A row with its cells apart by tabs."""
        cells = [self._model.cell_text(row, number + 1) for number in range(len(row.cells))]
        sides = " ".join(one.upper() for one in row.sides)
        return "\t".join(visible(one_line(one), keep="") for one in (row.id, row.title, sides, *cells))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self._head.height() + row_height())


class _Painter(QStyledItemDelegate):
    """Paints the cells, and places what is open."""

    def __init__(self, table: FindingsTable) -> None:
        super().__init__(table)
        self._table = table

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, theme, area = self._table._model, colors(), QRectF(option.rect)
        row, details = model.entries[index.row()]
        painter.save()
        current = self._table.currentIndex()
        if not details:
            judges = index.column() > FINDING and bool(model.columns[index.column() - 1].judges)
            ground = "select" if judges else "hover" if current.isValid() and current.row() == index.row() else "surface"
            fill(painter, area, theme.color(ground))
            if index.column() == FINDING:
                paint_finding(painter, model, row, area, opened=row.id == model.opened)
            else:
                paint_cell(painter, words.shown(row.cells[index.column() - 1]), area)
        if details or row.id != model.opened:
            painter.setPen(QPen(theme.color("border"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
        if not details and self._table.hasFocus() and (current.row(), current.column()) == (index.row(), index.column()):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_ring(painter, area)
        painter.restore()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(self._table.details_area(option.rect))


class _Head(QHeaderView):
    """The clients over their columns, and over the findings what they are."""

    def __init__(self, model: FindingsModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._findings = model
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setStretchLastSection(False)
        self.setHighlightSections(False)
        self.setStyleSheet("QHeaderView { background: transparent; border: none; }")
        self._title, self._beside = PlainLabel("", self, bold=True, wrap=True), PlainLabel("", self, role="muted", wrap=True)

    def set_title(self, title: str, beside: str) -> None:
        self._title.setText(title)
        self._beside.setText(beside)
        self._place()

    def _place(self) -> None:
        width = max(10, self.sectionSize(0) - 24)
        high = self._title.heightForWidth(width)
        self._title.setGeometry(12, 10, width, min(high, self.height() - 12))
        rest = self.height() - 12 - high
        self._beside.setGeometry(12, 12 + high, width, max(0, min(rest, self._beside.heightForWidth(width))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), head_height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        area = QRectF(rect)
        if 0 < logicalIndex <= len(self._findings.columns):
            paint_head(painter, self._findings.columns[logicalIndex - 1], area)
        painter.setPen(QPen(colors().color("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.restore()
        if logicalIndex == 0:
            self._place()
