"""What is finished goes into the history: from the journal's folder, on a thread of its own.

A kept run's file is whole on the disk before it comes here (`app.store.journal`): should this process end in between, it is
taken in with `take_in_journals` later.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.recording.records import RunFileError
from app.store.history.place import HistoryPlace, history_path

if TYPE_CHECKING:
    from app.store.history.entry import Entry
    from app.store.history.history import History
    from app.store.journal import Journal
    from app.store.settings import Settings


class Keeper:
    """Takes files in one after another; its thread ends when none is left, and the program waits for it.

    Attributes:
        problem: why the last one could not be taken in, a sentence; "" where it was.
    """

    def __init__(self) -> None:
        self.problem = ""
        self._waiting: deque[tuple[Path, HistoryPlace]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def keep(self, file: Path, place: HistoryPlace) -> None:
        """Take it in soon. Returns at once."""
        with self._lock:
            self._waiting.append((file, place))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="history")
                self._thread.start()

    def wait(self) -> None:
        """Until all that was handed over is taken in."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                file, place = self._waiting.popleft()
            self.problem = take_in(file, place)


KEEPER = Keeper()
"""That of this process."""


def take_in(file: Path, place: HistoryPlace) -> str:
    """Take a file in. Why it could not be, a sentence; "" where it was. Never raises."""
    from app.store.files import StoreError
    from app.store.history.history import History

    try:
        with History(place, reader()) as history:
            add_file(history, file)
            return history.problem
    except (StoreError, RunFileError) as error:
        return str(error)
    except Exception as error:  # a fault of ours: the file itself is kept, and the run must not seem to fail for it
        return f"{file.name} is not in the history, for a fault in Diptych: {type(error).__name__}: {error}"


def add_file(history: History, file: Path) -> int:
    """Add a saved run, or a journal; its number. Raises RunFileError, StoreError."""
    from app.asking.history_entry import entry_of
    from app.recording.run_format import dump_run
    from app.store.prices import load_prices
    from app.store.run_file import SUFFIX, open_run

    opened, recordings = open_run(file)
    entry = entry_of(opened, recordings, load_prices()[0])
    return history.add(entry, _file_pieces(file) if file.suffix == SUFFIX else dump_run(opened, recordings))


def _file_pieces(file: Path) -> Iterator[bytes]:
    from app.store.files import read_pieces
    from app.store.run_file import MAX_RUN_BYTES

    try:
        yield from read_pieces(file, MAX_RUN_BYTES)
    except OSError as error:
        raise RunFileError(f"{file.name} can't be read: {error.strerror or error}") from error


def reader() -> Callable[[Iterable[bytes]], Entry]:
    """What makes entries again in a damaged history."""
    from app.asking.history_entry import entry_in
    from app.store.prices import load_prices

    return partial(entry_in, table=load_prices()[0])


def journal_in_place(settings: Settings) -> Journal:
    """The journal where Diptych keeps it, as the settings bound it. What it keeps goes into the history as well, meanwhile."""
    from app.store.journal import Journal, journal_folder

    on_kept = partial(KEEPER.keep, place=history_place(settings)) if settings.keep_runs else None
    return Journal(journal_folder(), settings.journal_bytes, settings.keep_runs, on_kept)


def history_place(settings: Settings) -> HistoryPlace:
    """The history where Diptych keeps it, as the settings bound it."""
    from app.store.journal import journal_folder

    return HistoryPlace(history_path(), settings.history_bytes, settings.history_runs, journal_folder())


def history_in_place(settings: Settings) -> History:
    """The history where Diptych keeps it, as the settings bound it. It is opened when it is first used."""
    from app.store.history.history import History

    return History(history_place(settings), reader())


def journal_files(folder: Path) -> list[Path]:
    """The finished runs in the journal's folder, and those of processes that were killed; the oldest first."""
    from app.store.journal import Journal
    from app.store.run_file import SUFFIX

    unfinished = Journal(folder).unfinished()
    return sorted([*folder.glob(f"*{SUFFIX}"), *unfinished], key=lambda path: path.name)


class Amount(msgspec.Struct, frozen=True):
    """What is kept: how many runs, checks, studies and loads in the history, and all bytes of it and of the folder of runs."""

    runs: int
    size_bytes: int


def amount_kept(settings: Settings) -> Amount:
    """How much `delete_all` would delete. Raises StoreError."""
    place = history_place(settings)
    with history_in_place(settings) as history:
        runs = history.count() + history.count("is:deleted")
    files = [*place.path.parent.glob(f"{place.path.name}*"), *journal_files(journal_folder_of(place))]
    return Amount(runs, sum(file.stat().st_size for file in files if file.is_file()))


def delete_all(settings: Settings) -> int:
    """Delete all that was kept, pinned or not: the history, and every file in the folder of runs that no run is writing now.

    How many there were in the history. Keys, endpoints and settings stay. Raises StoreError where something is left.
    """
    from app.store.files import StoreError
    from app.store.journal import Journal

    KEEPER.wait()  # what has just ended would come in behind it
    place = history_place(settings)
    with history_in_place(settings) as history:
        many = history.delete_all()
    folder = journal_folder_of(place)
    left = [file for file in journal_files(folder) if not Journal(folder).discard(file)]
    if left:
        raise StoreError(f"{len(left)} of the files in {folder} could not be deleted.")
    return many


def journal_folder_of(place: HistoryPlace) -> Path:
    """The folder where each run of that history is a file as well."""
    from app.store.journal import journal_folder

    return place.files or journal_folder()


def left_outside(history: History, folder: Path) -> list[Path]:
    """Those of that folder that the history does not have, the oldest first: runs of before there was one, and of the killed.

    Where a file is not named after its run, its beginning is read. What is no run is none. Raises StoreError.
    """
    from app.store.run_file import peek

    known, found = history.run_ids(), []
    for file in journal_files(folder):
        if file.stem.rpartition("-")[2] in known:
            continue
        if (seen := peek(file)) is not None and seen[0].run_id not in known:
            found.append(file)
    return found


def take_in_journals(history: History, files: Iterable[Path]) -> tuple[int, list[str]]:
    """Take in those that are not in the history yet; how many were, and a sentence for each that can't be read.

    Raises StoreError.
    """
    before, problems = history.count() + history.count("is:deleted"), []
    for file in files:
        try:
            add_file(history, file)
        except RunFileError as error:
            problems.append(str(error))
    return history.count() + history.count("is:deleted") - before, problems
