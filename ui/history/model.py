"""The lines of the history for Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ui.history.lines import Line, words_of
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from app.recording.records import SideName

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class LinesModel(QAbstractListModel):
    """A row a line.

    Attributes:
        lines: what is listed. places: the numbers of what is chosen as A and as B. has_more: there are more than are listed.
        with_day: each is said with its day.

    Signals:
        more_wanted: the end of what is listed came into view, and there is more.
    """

    more_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.places: dict[SideName, int] = {}
        self.has_more = self._asked = self.with_day = False

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def line(self, index: Index) -> Line:
        return self.lines[index.row()]

    def row_of(self, number: int) -> int | None:
        """Where the run of that number stands; None where it is not listed."""
        return next((row for row, one in enumerate(self.lines) if one.listed is not None and one.listed.id == number), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index)
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = line.head if line.listed is None else words_of(line.listed, self.places, with_day=self.with_day)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text) if line.listed is not None else None
        return text

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.line(index).listed is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show_lines(self, lines: Sequence[Line], *, has_more: bool) -> None:
        """Show other lines, or the same and more behind them."""
        before = len(self.lines)
        self.has_more, self._asked = has_more, False
        if before and list(lines[:before]) == self.lines:
            if len(lines) > before:
                self.beginInsertRows(QModelIndex(), before, len(lines) - 1)
                self.lines = list(lines)
                self.endInsertRows()
            return
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def canFetchMore(self, parent: Index) -> bool:
        return self.has_more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        self._asked = True
        self.more_wanted.emit()
