"""The lines of the table for Qt: what changed is told line by line, so that a selection and what is unfolded stay."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from ui.checks.entries import Entry, Kind
from ui.widgets.labels import plain_tip

Index = QModelIndex | QPersistentModelIndex
CHECK, A, B, MEASURED, MEANING = range(5)
_ROOT = QModelIndex()


class EntriesModel(QAbstractTableModel):
    """A row an entry, five columns."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else MEANING + 1

    def entry(self, index: Index) -> Entry:
        return self.entries[index.row()]

    def row_of(self, kind: Kind, name: str) -> int | None:
        """Where an entry stands; None where it is not shown."""
        return next((number for number, one in enumerate(self.entries) if one.key == (kind, name)), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.entry(index)
        text = self._text(one, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one.words if index.column() == CHECK else text
        return None

    @staticmethod
    def _text(one: Entry, column: int) -> str:
        cell = {A: one.a, B: one.b}.get(column)
        if column in (A, B):
            return cell.text if cell is not None else ""
        return {CHECK: one.title, MEASURED: one.measured, MEANING: one.meaning}[column]

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.entry(index).kind is Kind.EVIDENCE:  # the keyboard goes into it by Tab, the arrows pass it by
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other lines. Their order is always the same, some come and go."""
        keys = {one.key for one in entries}
        for row in reversed(range(len(self.entries))):
            if self.entries[row].key not in keys:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.entries[row]
                self.endRemoveRows()
        for row, one in enumerate(entries):
            if row >= len(self.entries) or self.entries[row].key != one.key:
                self.beginInsertRows(QModelIndex(), row, row)
                self.entries.insert(row, one)
                self.endInsertRows()
            elif self.entries[row] != one:
                self.entries[row] = one
                self.dataChanged.emit(self.index(row, 0), self.index(row, MEANING))
