"""The rows of the events table: a view on an exchange's event log that holds nothing of its own but which rows are shown."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.exchange.timing import start_ns
from app.stream.sse import data_of_block
from app.text import numbers
from app.text.sentences import message, tr
from app.text.visible import one_line

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.protocols.findings import Severity

Index = QModelIndex | QPersistentModelIndex
UNNAMED = "data"
MAX_PREVIEWS = 4_000
MAX_PREVIEW_BYTES = 1 << 18


class Column(IntEnum):
    NUMBER = 0
    MS = 1
    GAP = 2
    CHUNK = 3
    EVENT = 4
    CONTENT = 5


TITLES = ("#", "ms", message("gap"), message("chunk"), message("event"), message("content"))
NUMERIC = frozenset({Column.NUMBER, Column.MS, Column.GAP, Column.CHUNK})
TIPS = (
    message("The event's number, from 1"),
    message("When the event was complete, in milliseconds since the start"),
    message("Milliseconds since the event before it"),
    message("The read of the network that completed it; events of one chunk came together"),
    message("The event's name; of a stream whose events have none, what it is"),
    message("What it carries, in short"),
)


class EventsModel(QAbstractTableModel):
    """Rows over an `EventLog`, all of them or those of one type.

    Attributes:
        exchange: what is shown, None for nothing.
        only: the event type that is shown, None for all.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.exchange: Exchange | None = None
        self.only: str | None = None
        self._rows = 0
        self._seen = 0  # how many events of the log were looked at
        self._picked: array[int] | None = None  # the indexes of the shown events, None for all
        self._start_ns: int | None = None
        self._previews: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._severities: dict[int, Severity] = {}

    # -- what is shown ----------------------------------------------------------------------------------------------

    def show(self, exchange: Exchange | None) -> None:
        """Show another exchange, all types of it."""
        self.beginResetModel()
        self.exchange, self.only = exchange, None
        self._restart()
        self.endResetModel()

    def show_only(self, event_type: str | None) -> None:
        """Show the events of one type, None for all."""
        self.beginResetModel()
        self.only = event_type
        self._restart()
        self.endResetModel()

    def _restart(self) -> None:
        self._rows = self._seen = 0
        self._picked = None if self.only is None else array("I")
        self._previews.clear()
        self._labels.clear()
        self._severities.clear()
        if self.exchange is not None:
            self._start_ns = start_ns(self.exchange.recording)
            self._rows = self._take_new()
            self._mark_findings()

    def flush(self) -> bool:
        """Add what came since as rows, all at once; whether there were any."""
        if self.exchange is None:
            return False
        if self._start_ns is None:
            self._start_ns = start_ns(self.exchange.recording)
        rows = self._take_new()
        if rows == self._rows:
            return False
        self.beginInsertRows(QModelIndex(), self._rows, rows - 1)
        self._rows = rows
        self.endInsertRows()
        return True

    def mark_findings(self) -> None:
        """Take over the findings that are known now."""
        before = dict(self._severities)
        self._mark_findings()
        if before != self._severities and self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self._rows - 1, Column.CONTENT))

    def _mark_findings(self) -> None:
        self._severities.clear()
        for finding in reversed(self.exchange.findings if self.exchange else []):
            if finding.event is not None:
                self._severities[finding.event - 1] = finding.severity

    def _take_new(self) -> int:
        """How many rows there are with the events that came since."""
        assert self.exchange is not None
        events = self.exchange.events
        total = len(events)
        if self._picked is None:
            self._seen = total
            return total
        if self.only is not None:
            self._picked.extend(events.of_type(self.only, self._seen, total))
        self._seen = total
        return len(self._picked)

    def type_counts(self) -> list[tuple[str, int]]:
        """The event types with how often each came, in the order in which they came first."""
        if self.exchange is None:
            return []
        events = self.exchange.events
        return list(zip(events.type_names, events.type_counts, strict=True))

    # -- rows and events ----------------------------------------------------------------------------------------------

    def event_at(self, row: int) -> int:
        """The index of the event in a row."""
        return self._picked[row] if self._picked is not None else row

    def row_of(self, event: int) -> int:
        """The row of an event; where it is filtered out, that of the next one shown (-1 without rows)."""
        if not self._rows:
            return -1
        row = bisect_left(self._picked, event) if self._picked is not None else event
        return min(row, self._rows - 1)

    def ms_of(self, event: int) -> float | None:
        """When an event came, in milliseconds since the start."""
        ns = self.exchange.events.stamp_ns(event) if self.exchange else None
        return None if ns is None or self._start_ns is None else (ns - self._start_ns) / 1e6

    def event_near(self, ms: float) -> int | None:
        """The event that came nearest to a time; the first of several of one time."""
        if self.exchange is None or self._start_ns is None or not len(self.exchange.events):
            return None
        events, body = self.exchange.events, self.exchange.decoded
        wanted = self._start_ns + round(ms * 1e6)
        chunk = bisect_left(body.stamps, wanted)
        offset = body.ends[min(chunk, len(body) - 1)] if len(body) else 0
        begin = body.ends[chunk - 1] if chunk else 0
        after = min(bisect_left(events.ends, min(begin + 1, offset)), len(events) - 1)
        before = max(after - 1, 0)
        near = min((after, before), key=lambda index: abs((self.ms_of(index) or 0.0) - ms))
        return self._first_of_its_time(near)

    def _first_of_its_time(self, event: int) -> int:
        assert self.exchange is not None
        events, body = self.exchange.events, self.exchange.decoded
        chunk = events.chunk(event)
        begin = body.ends[chunk - 1] if chunk else 0
        return min(bisect_left(events.ends, begin + 1), event)

    def severity(self, event: int) -> Severity | None:
        """The worst finding at an event, None where there is none."""
        return self._severities.get(event)

    def cells(self, row: int) -> tuple[str, str, str, str, str, str]:
        assert self.exchange is not None
        event = self.event_at(row)
        events = self.exchange.events
        ms = self.ms_of(event)
        before = self.ms_of(event - 1) if event else None
        gap = "" if ms is None or before is None else numbers.grouped(ms - before, 1)
        return (
            numbers.grouped(event + 1),
            numbers.DASH if ms is None else numbers.grouped(ms, 1),
            gap,
            numbers.grouped(events.chunk(event) + 1),
            events.type_name(event) or self._label(event),
            self._preview(event),
        )

    def _preview(self, event: int) -> str:
        found = self._previews.get(event)
        if found is None:
            assert self.exchange is not None
            if len(self._previews) > MAX_PREVIEWS:
                self._previews.clear()
            text = self._preview_text(self.exchange, event)
            found = self._previews[event] = one_line(text)
        return found

    def _label(self, event: int) -> str:
        """What an event without a name is called; of a very long one it is not looked for."""
        found = self._labels.get(event)
        if found is None:
            assert self.exchange is not None
            if len(self._labels) > MAX_PREVIEWS:
                self._labels.clear()
            events = self.exchange.events
            short = events.ends[event] - events.starts[event] <= MAX_PREVIEW_BYTES
            found = (self.exchange.protocol.label(events.event(event)) if short else "") or UNNAMED
            self._labels[event] = found
        return found

    @staticmethod
    def _preview_text(exchange: Exchange, event: int) -> str:
        """What an event carries; of a very long one how it begins, since to decode it would stop the window."""
        events = exchange.events
        size = events.ends[event] - events.starts[event]
        if size <= MAX_PREVIEW_BYTES:
            return exchange.protocol.preview(events.event(event))
        start = events.starts[event]
        block = bytes(exchange.decoded.data[start : start + 400])
        return tr("{label}: {value}", label=numbers.byte_size(size), value=data_of_block(block).decode("utf-8", "replace"))

    # -- Qt ------------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) and index.isValid():
            return self.cells(index.row())[index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(TITLES[section])
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr(TIPS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMERIC else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
