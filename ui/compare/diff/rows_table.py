"""A table of differences, as high as its rows; where there is little room, its last column is told in the tooltip alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QTableView, QWidget

from app.run.diff.facts import Kind
from app.text.sentences import tr
from app.text.visible import one_line, visible
from ui.style.measured import measured
from ui.style.theme import colors, font, mono_font
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from app.run.diff.tables import Row, Table
    from ui.widgets.copying import Copy

LEAST_HEIGHT = 24
MOST_SHOWN = 60  # rows; what has more scrolls in itself
NARROW = 760
_SHARES = {5: (0, 24, 14, 14, 48), 4: (0, 20, 40, 40), 3: (0, 70, 30)}
_SIGN_WIDTH = 84
_BESIDE = 20  # what the style leaves free beside a cell's text
_MAX_CELL = 300
_DISPLAY, _COLOR = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ForegroundRole
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """The rows of a `Table`; `same` ones behind the others where they are unfolded."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: Sequence[str] = ()
        self.rows: Sequence[Row] = ()

    def show(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self.columns, self.rows = columns, rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        if orientation is Qt.Orientation.Horizontal and role == _DISPLAY and section < len(self.columns):
            return self.columns[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        row = self.rows[index.row()]
        column = index.column()
        if role == _DISPLAY:
            return one_line(row.cells[column], _MAX_CELL)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = self.columns[column]
            return one_line(tr("{label}: {value}", label=name, value=row.cells[column]) if name else row.cells[column])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(one[:2000] for one in row.cells[column:] if one) if column else "")
        if role == _COLOR:
            return colors().color(self._color_of(row, column))
        if role == Qt.ItemDataRole.FontRole:
            return font(0.88, bold=True) if column == 0 else font(0.88) if column == len(row.cells) - 1 > 3 else mono_font(0.88)
        return None

    @staticmethod
    def _color_of(row: Row, column: int) -> str:
        if column == 0:
            side = {Kind.ONLY_A: "a_text", Kind.ONLY_B: "b_text"}.get(row.kind) if row.kind is not None else None
            return side or "muted"
        if row.kind is None or (column == len(row.cells) - 1 > 3 and not row.loud):
            return "muted"
        return "text"


class RowsTable(QTableView):
    """Shows a `Table`.

    Signals:
        place_chosen: a row of a place was chosen; the place's number, from 0.
    """

    place_chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._table: Table | None = None
        self._unfolded = False
        self._model = _Model(self)
        self.setModel(self._model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(LEAST_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_row)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_rows)

    @property
    def shown(self) -> list[tuple[str, ...]]:
        """The cells of the rows as they are shown."""
        return [row.cells for row in self._model.rows]

    def show_table(self, table: Table) -> None:
        self._table, self._unfolded = table, not table.rows
        self._refresh()

    def set_unfolded(self, unfolded: bool) -> None:
        """Show what is the same too, or not."""
        self._unfolded = unfolded
        self._refresh()

    def _refresh(self) -> None:
        if self._table is None:
            return
        rows = (*self._table.rows, *self._table.same) if self._unfolded else self._table.rows
        self._model.show(self._table.columns, rows)
        self.ensurePolished()  # its height follows from the frame that the style gives it
        line = self._line_height()
        self.verticalHeader().setDefaultSectionSize(line)
        self.horizontalHeader().setFixedHeight(line + 4)
        self.setFixedHeight(line + 4 + line * min(len(rows), MOST_SHOWN) + 2 * self.frameWidth())
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if len(rows) > MOST_SHOWN else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        self._fit()

    @staticmethod
    def _line_height() -> int:
        """A row's, at the size of text that is chosen."""
        return max(LEAST_HEIGHT, QFontMetrics(font(0.88, bold=True)).height() + 8)

    def _on_row(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and (place := self._model.rows[current.row()].place) is not None:
            self.place_chosen.emit(place)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        from ui.widgets.copying import Copy

        inner = self.viewport().mapFrom(self, at) if at is not None else None
        row = self.rowAt(inner.y()) if inner is not None else self.currentIndex().row()
        if 0 <= row < len(self._model.rows):
            cells = self._model.rows[row].cells
            if inner is not None and 0 <= (column := self.columnAt(inner.x())) < len(cells) and cells[column]:
                yield Copy(tr("Copy {text:quoted}", text=one_line(cells[column], 40)), lambda: visible(cells[column], keep=""))
            yield Copy(tr("Copy the row"), lambda: _line_of(cells))
        if self._model.rows:
            yield Copy(tr("Copy all rows"), lambda: "\n".join(_line_of(one.cells) for one in self._model.rows))

    def copy_rows(self) -> None:
        """The selected rows, their cells apart by tabs, on the clipboard."""
        rows = sorted({one.row() for one in self.selectionModel().selectedRows()})
        QApplication.clipboard().setText("\n".join(_line_of(self._model.rows[row].cells) for row in rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Share the width out; what a row tells goes into its tooltip where there is little."""
        count = len(self._model.columns)
        if count not in _SHARES:
            return
        shares = list(_SHARES[count])
        hidden = count == 5 and self.viewport().width() < NARROW
        self.setColumnHidden(4, hidden) if count == 5 else None
        if hidden:
            shares[4] = 0
        left = self.viewport().width() - _SIGN_WIDTH - 8
        given = [left * share / sum(shares) for share in shares]
        for column, width in enumerate(shared_out(given, [self._wanted(column) for column in range(count)])):
            self.setColumnWidth(column, int(width) if column else _SIGN_WIDTH)

    def _wanted(self, column: int) -> float:
        """What a column's longest cell needs, of those that are seen at once."""
        texts = {one_line(row.cells[column], _MAX_CELL) for row in self._model.rows[:MOST_SHOWN]}
        its = measured(font(0.88) if column == len(self._model.columns) - 1 > 3 else mono_font(0.88))
        head = measured(font()).width(self._model.columns[column])
        return max(head, max(map(its.width, texts), default=0.0)) + _BESIDE

    def sizeHint(self) -> QSize:
        return QSize(400, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.height())


def shared_out(given: Sequence[float], wanted: Sequence[float]) -> list[float]:
    """Widths of columns: each has no more than it wants, and what one leaves goes to those that want more, the first of them
    first; what nobody wants is the last one's."""
    made = [min(one, want) for one, want in zip(given, wanted, strict=True)]
    left = sum(given) - sum(made)
    for column, want in enumerate(wanted):
        more = min(left, want - made[column]) if given[column] else 0.0
        made[column] += more
        left -= more
    last = max((column for column, one in enumerate(given) if one), default=0)
    made[last] += left
    return made


def _line_of(cells: Sequence[str]) -> str:
    """A row with its cells apart by tabs; no cell holds one, or begins a line."""
    return "\t".join(visible(cell, keep="") for cell in cells)
