"""A table's rows for Qt, each known by its key: what changed is told row by row, so that a selection and what is open stay."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class Keyed(Protocol):
    """A row; no two that are shown have the same key."""

    @property
    def key(self) -> Hashable: ...


E = TypeVar("E", bound=Keyed)


class KeyedRows(QAbstractTableModel, Generic[E]):
    """A row an entry. Subclasses say how many columns there are, and what stands in them.

    Attributes:
        entries: what is shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[E] = []

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def row_of_key(self, key: Hashable) -> int | None:
        """Where an entry stands; None where it is not shown."""
        return next((row for row, one in enumerate(self.entries) if one.key == key), None)

    def show_entries(self, entries: Sequence[E]) -> None:
        """Show other ones: some come, go, move or change."""
        wanted = {one.key for one in entries}
        for row in reversed(range(len(self.entries))):
            if self.entries[row].key not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self.entries[row]
                self.endRemoveRows()
        for row, one in enumerate(entries):
            self._put(row, one)

    def _put(self, row: int, one: E) -> None:
        """Show an entry there: it stands there or further down, or nowhere yet."""
        stood = next((at for at in range(row, len(self.entries)) if self.entries[at].key == one.key), None)
        if stood is None:
            self.beginInsertRows(QModelIndex(), row, row)
            self.entries.insert(row, one)
            self.endInsertRows()
            return
        if stood != row:
            self.beginMoveRows(QModelIndex(), stood, stood, QModelIndex(), row)
            self.entries.insert(row, self.entries.pop(stood))
            self.endMoveRows()
        if self.entries[row] != one:
            self.entries[row] = one
            self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))
