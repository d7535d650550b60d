"""The lines of the table for Qt."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.checks.entries import Entry, Kind
from ui.widgets.keyed_rows import ROOT, Index, KeyedRows
from ui.widgets.labels import plain_tip, spoken_cell

CHECK, A, B, MEASURED, MEANING = range(5)


class EntriesModel(KeyedRows[Entry]):
    """A row an entry, five columns."""

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else MEANING + 1

    def entry(self, index: Index) -> Entry:
        return self.entries[index.row()]

    def row_of(self, kind: Kind, name: str) -> int | None:
        """Where an entry stands; None where it is not shown."""
        return self.row_of_key((kind, name))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.entry(index)
        text = self._text(one, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one.words if index.column() == CHECK else spoken_cell(text)
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
