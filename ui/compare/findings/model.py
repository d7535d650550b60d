"""The rows of the findings table for Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

from app.run import finding_table_words as words
from app.text.sentences import message, text_in_a_row, tr
from ui.compare.pane.side_view import SEVERITIES
from ui.widgets.keyed_rows import ROOT, Index, KeyedRows
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.finding_table import Column, FindingTable, Row
    from app.run.side import Side

FINDING = 0  # the column of the findings; a client's is its number and one


class Entry(NamedTuple):
    """A line: a finding, or what is unfolded below one."""

    row: Row
    details: bool = False

    @property
    def key(self) -> tuple[str, bool]:
        return self.row.id, self.details


class FindingsModel(KeyedRows[Entry]):
    """Attributes:
    table: what is shown, None before a run. sides: whose findings they are. opened: the id of the finding that is
        unfolded, "" for none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.table: FindingTable | None = None
        self.sides: Mapping[SideName, Side] = {}
        self.opened = ""

    @property
    def columns(self) -> Sequence[Column]:
        return self.table.columns if self.table is not None else ()

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 1 + len(self.columns)

    def row_of(self, name: str, *, details: bool = False) -> int | None:
        """Where a finding stands, or what is unfolded below it; None where that is not shown."""
        return self.row_of_key((name, details))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or section > len(self.columns):
            return None
        column = self.columns[section - 1] if section else None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr("{client}{tag:if , {tag}}", client=column.client.title, tag=tag_of(column)) if column else tr("finding")
        if role == Qt.ItemDataRole.ToolTipRole and column:
            return plain_tip("\n".join((column.client.title, ", ".join(column.client.packages))))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, details = self.entries[index.row()]
        if details or self.table is None:
            return None
        if index.column() == FINDING:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
                return self.words_of(row)
            return plain_tip(self.words_of(row)) if role == Qt.ItemDataRole.ToolTipRole else None
        column, cell = self.columns[index.column() - 1], row.cells[index.column() - 1]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell_text(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return tr("{client}: {words}", client=column.client.title, words=self.cell_text(row, index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(words.cell_words(cell, column, self.sides, self.table))
        return None

    def words_of(self, row: Row) -> str:
        """A finding read aloud: how severe, what, of which side, and what was seen."""
        shape, _ = SEVERITIES[row.severity]
        seen = words.sentences(row, {name: len(one.rounds) for name, one in self.sides.items()})[:1]
        meaning, sides = words.meaning(row, tuple(self.columns)), [one.upper() for one in row.sides]
        template = message("{shape} {title}, {meaning}, in {sides:list}. {seen} ({id})")
        fields = {"title": row.title, "meaning": meaning, "sides": sides, "seen": text_in_a_row(seen), "id": row.id}
        return tr(template, shape=shape, **fields)

    @staticmethod
    def cell_text(row: Row, column: int) -> str:
        shape, word, _ = words.shown(row.cells[column - 1])
        return f"{shape} {word}"

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entries[index.row()].details:  # the keyboard goes into it by Tab, the arrows pass it by
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_table(self, table: FindingTable | None, rows: Sequence[Row], sides: Mapping[SideName, Side]) -> None:
        """Show these rows of a table."""
        self.sides = sides
        if [one.client for one in self.columns] != [one.client for one in (table.columns if table else ())]:
            self.beginResetModel()
            self.table, self.entries = table, []
            self.endResetModel()
        self.table = table
        wanted = [one for row in rows for one in (Entry(row), Entry(row, True)) if not one.details or row.id == self.opened]
        self.show_entries(wanted)
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns))

    def open(self, name: str) -> None:
        """Unfold a finding; "" for none."""
        self.opened = name
        wanted = [
            one
            for entry in self.entries
            if not entry.details
            for one in ((entry, Entry(entry.row, True)) if entry.row.id == name else (entry,))
        ]
        self.show_entries(wanted)


def tag_of(column: Column) -> str:
    """What stands over a client by which findings are judged, "" over others."""
    if not column.judges:
        return ""
    return tr("my client" if column.chosen else "official")
