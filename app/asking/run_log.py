"""A run's journal as its sides write it, which remembers the exchange that a side wrote last."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.recording.recording import Recording
from app.recording.records import Record, SideName
from app.store.journal import RunJournal


class RunLog:
    """Takes records in; without a journal nothing is kept."""

    def __init__(self, journal: RunJournal | None, before: Iterable[Recording] = ()) -> None:
        """`before`: the exchanges of a run that goes on. They have numbers below 0, as the wire counts from 1."""
        self._journal = journal
        self._last: dict[SideName, int] = {}
        for number, one in enumerate(before, 1):
            self.append(-number, *one.records())

    def of(self, name: SideName) -> Callable[[int, Record], None] | None:
        """What takes a side's records in while they come; None without a journal."""
        journal = self._journal
        if journal is None:
            return None

        def append(number: int, record: Record) -> None:
            self._last[name] = number
            journal.append(number, record)

        return append

    def append(self, exchange: int, *records: Record) -> None:
        """Take in records of an exchange; 0 for the run itself."""
        for record in records:
            if self._journal is not None:
                self._journal.append(exchange, record)

    def append_to_last(self, name: SideName, record: Record) -> None:
        """Take in a record that belongs to a side's last exchange."""
        if self._journal is not None and name in self._last:
            self._journal.append(self._last[name], record)

    def finish(self, contents: Iterable[bytes] | None = None) -> str:
        """The run is over. Why its journal could not keep it, a sentence; "" where it did. `contents` as in `RunJournal`."""
        if self._journal is None:
            return ""
        self._journal.finish(contents)
        return self._journal.problem
