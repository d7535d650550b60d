"""Runs of the history as one file for other programs: one is read after the other, so that they are never all in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from app.asking.history_entry import read_gently
from app.asking.history_keeping import history_in_place
from app.recording.records import RunFileError, SideName
from app.store.files import StoreError
from app.store.run_file import read_run
from app.text.sentences import tr
from app.transfer.exports import KINDS, STRICT

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.recording.recording import Recording
    from app.store.history.history import History
    from app.store.settings import Settings


class StoppedError(Exception):
    """It was stopped before its end."""


class Selection:
    """Some runs, checks, studies and loads, in the order given.

    Attributes:
        count: how many they are. done: how many have been read, those included that can't be.
        problems: a sentence for each that can't be read; the others are written.
    """

    def __init__(self, settings: Settings, numbers: Sequence[int], side: SideName | None = None) -> None:
        """`side`: what is written of each; None for all of it."""
        self._settings, self._numbers, self._side = settings, numbers, side
        self.count, self.done = len(numbers), 0
        self.problems: list[str] = []
        self._written = 0
        self._stopped = False

    def stop(self) -> None:
        """Have `pieces` raise StoppedError before the next run; may be called from any thread."""
        self._stopped = True

    def pieces(self, kind: str) -> Iterator[bytes]:
        """The file in pieces; `kind` as in `app.transfer.exports.KINDS`. Raises StoppedError, and StoreError where nothing in
        them can stand in such a file, or none can be read."""
        self.done, self._written, self.problems = 0, 0, []
        yield from KINDS[kind].write(self._exchanges(kind))
        if not self._written:
            raise StoreError(" ".join(self.problems) or KINDS[kind].lacks(()) or tr("Nothing was kept of that side."))

    def _exchanges(self, kind: str) -> Iterator[Exchange]:
        with history_in_place(self._settings) as history:
            for number in self._numbers:
                if self._stopped:
                    raise StoppedError
                for recording in self._recordings(history, number):
                    if self._side in (None, recording.envelope.side or "a"):
                        one = read_gently(recording)
                        self._written += kind not in STRICT or not KINDS[kind].lacks([one])
                        yield one
                self.done += 1

    def _recordings(self, history: History, number: int) -> list[Recording]:
        """Those of a run; none where it can't be read, which is one of the problems then."""
        try:
            return read_run(history.pieces(number))[1]
        except RunFileError as error:
            self.problems.append(tr("Run {number} can't be read: {error}.", number=number, error=error))
        except StoreError as error:
            self.problems.append(str(error))
        return []
