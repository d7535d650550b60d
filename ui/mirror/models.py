"""What stands in the two tables: the requests, and what became of the parts of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush

from app.mirror.result import told_before
from app.mirror.row import KIND_NAMES, Kind, shown
from app.text.numbers import DASH
from app.text.sentences import message, tr
from app.text.visible import visible
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip, spoken_cell

if TYPE_CHECKING:
    from app.mirror.probes.probe import Probe
    from app.mirror.result import Result

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Cell(msgspec.Struct, frozen=True):
    """What a cell shows; `role` is a colour of the theme."""

    text: str
    role: str = "text"
    bold: bool = False


class CellsModel(QAbstractTableModel):
    """Rows of cells below their titles; all of it plain text."""

    def __init__(self, titles: Sequence[str]) -> None:
        super().__init__()
        self._titles = tuple(titles)
        self.rows: list[tuple[Cell, ...]] = []

    def show_rows(self, rows: Sequence[tuple[Cell, ...]]) -> None:
        """Show other rows; where there are as many, what is selected stays."""
        if len(rows) == len(self.rows):
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(self._titles) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.rows[index.row()][index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return visible(cell.text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_cell(cell.text)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(cell.text)
            case Qt.ItemDataRole.ForegroundRole:
                return QBrush(colors().color(cell.role))
            case Qt.ItemDataRole.FontRole:
                return font(bold=cell.bold)
        return None


_MARKS = {
    "lost": (message("✕ lost"), "bad"),
    "kept": (message("✓ kept"), "ok"),
    "none": (message("not arrived"), "bad"),
    "open": ("", "muted"),
}


def probe_rows(probes: Sequence[Probe], results: dict[str, Result]) -> list[tuple[Cell, ...]]:
    """A request a row: what it looks at, and what became of it."""
    rows: list[tuple[Cell, ...]] = []
    for probe in probes:
        result = results.get(probe.name)
        state = "open" if result is None else "none" if not result.times else "lost" if result.loud else "kept"
        words, role = _MARKS[state]
        times = result.times if result is not None and result.times > 1 else None
        said = tr("{words}{times:if , {times} times}", words=tr(words), times=times)
        rows.append((Cell(tr(probe.title)), Cell(said, role, bold=state in ("lost", "none"))))
    return rows


_ROLES = {Kind.KEPT: "muted", Kind.RENAMED: "muted"}


def difference_rows(result: Result | None, plain: Result | None, *, everything: bool) -> list[tuple[Cell, ...]]:
    """A part of the request (then of its answer) a row: sent, arrived, and what the difference means."""
    if result is None:
        return []
    before = [] if everything else told_before(result, plain)
    rows = [row for row in (*result.rows, *result.answer) if row not in before]
    rows.sort(key=lambda row: not row.loud)
    return [
        (
            Cell(row.label),
            Cell(shown(row.sent) or DASH, "text" if row.sent is not None else "muted"),
            Cell(shown(row.arrived) or DASH, "text" if row.arrived is not None else "muted"),
            Cell(tr(KIND_NAMES[row.kind]), "bad" if row.loud else _ROLES.get(row.kind, "text"), bold=row.loud),
            Cell(row.meaning, "text" if row.loud else "muted"),
        )
        for row in rows
    ]
