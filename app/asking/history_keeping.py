"""What is finished goes into the history: from the journal's folder, on a thread of its own.

A kept run's file is whole on the disk before it comes here (`app.store.journal`), and goes once the history has given the same
bytes back: should this process end in between, the next start does what is left to do (`sweep`).
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from app.recording.records import RunFileError
from app.store.history.place import HistoryPlace, history_path
from app.text.sentences import tr
from app.text.system_words import system_words

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from app.store.history.entry import Entry
    from app.store.history.history import History
    from app.store.journal import Journal
    from app.store.settings import Settings


_REST_S = 0.05


class Keeper:
    """Takes files in one after another; its thread ends when none is left, and the program waits for it.

    What earlier starts left comes last, and is not waited for.

    Attributes:
        problem: why the last one could not be taken in, a sentence; "" where it was.
        rest_s: how long a file waits before it is taken in, unless somebody waits for it: reading a run takes the interpreter
            from a window that draws the end of that run.
    """

    def __init__(self) -> None:
        self.problem = ""
        self.rest_s = 0.0
        self._waiting: deque[tuple[Path, HistoryPlace]] = deque()
        self._left: deque[tuple[Path, HistoryPlace]] = deque()
        self._listeners: list[Callable[[], object]] = []
        self._renews: HistoryPlace | None = None
        self._rest = threading.Event()
        self._hurry = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, listener: Callable[[], object]) -> None:
        """Call that, on the thread of this one, each time something was taken in, until `tell_no_more`."""
        with self._lock:
            if listener not in self._listeners:
                self._listeners.append(listener)

    def tell_no_more(self, listener: Callable[[], object]) -> None:
        """Where it was never asked for nothing is done."""
        with self._lock, suppress(ValueError):
            self._listeners.remove(listener)

    def keep(self, file: Path, place: HistoryPlace) -> None:
        """Take it in soon. Returns at once."""
        with self._lock:
            self._waiting.append((file, place))
            self._begin()

    def sweep(self, place: HistoryPlace) -> None:
        """Take in meanwhile what earlier starts left in `place.files`, then make the rows again that an older version made.

        Returns at once, and nothing is said of it.
        """
        with self._lock:
            self._left.extend((file, place) for file in saved_files(place.files))
            self._renews = place if place.path.exists() else None
            self._rest.clear()
            if self._left or self._renews is not None:
                self._begin()

    def stop_sweep(self) -> None:
        """Leave the rest of that to the next start."""
        with self._lock:
            self._left.clear()
            self._renews = None
        self._rest.set()

    def wait(self) -> None:
        """Until all that was handed over is taken in."""
        self.stop_sweep()
        self._hurry.set()
        thread = self._thread
        if thread is not None:
            thread.join()
        self._hurry.clear()

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="history")
            self._thread.start()

    def _work(self) -> None:
        while True:
            with self._lock:
                own = bool(self._waiting)
                renews = self._renews if not own and not self._left else None
                if not own and not self._left and renews is None:
                    self._thread = None
                    return
                if renews is None:
                    file, place = (self._waiting if own else self._left).popleft()
            if renews is not None:
                if not _renew_one(renews):
                    with self._lock:
                        self._renews = None
                self._rest.wait(_REST_S)  # it must not be felt
            elif own:
                self._hurry.wait(self.rest_s)
                self.problem = take_in(file, place)
                with self._lock:  # who listens no more is not called any more, once it has said so
                    for listener in self._listeners:
                        listener()
            elif not _take_in_left(file, place):
                self.stop_sweep()


KEEPER = Keeper()
"""That of this process."""


def take_in(file: Path, place: HistoryPlace) -> str:
    """Take a file in, and remove it. Why it could not be, a sentence; "" where it was. Never raises."""
    from app.store.files import StoreError
    from app.store.history.history import History

    try:
        with History(place, reader()) as history:
            try:
                move_in(history, file)
            except RunFileError:
                if file.exists() or not history.has(_run_id(file)):  # else another window's sweep was here before
                    raise
            return history.problem
    except (StoreError, RunFileError) as error:
        return str(error)
    except Exception as error:  # a fault of ours: the file itself is kept, and the run must not seem to fail for it
        return tr(
            "{name} is not in the history, for a fault in Diptych: {kind}: {error}",
            name=file.name,
            kind=type(error).__name__,
            error=error,
        )


def _take_in_left(file: Path, place: HistoryPlace) -> bool:
    """Take in what was left where the history has room: nothing old is pruned for it. Whether the next is worth a try."""
    from app.store.files import StoreError
    from app.store.history.history import History

    try:
        with History(place, reader()) as history:
            if not (history.has(_run_id(file)) or history.has_room()):
                return False
            move_in(history, file)
    except StoreError:
        return False
    except Exception:  # what can't be read stays where it is
        return True
    return True


def _renew_one(place: HistoryPlace) -> bool:
    """Make the newest row again that an older version made, of its recordings. Whether there was one; never raises."""
    from app.asking.history_entry import VERSION
    from app.store.files import StoreError
    from app.store.history.history import History

    try:
        with History(place, reader()) as history:
            found = [] if history.read_only else history.outdated(VERSION, 1)
            if not found:
                return False
            with suppress(Exception):  # where it can't be read, its row stays as it is, and the others have their turn
                history.renew(found[0], reader()(history.pieces(found[0])))
            if history.outdated(VERSION, 1) == found:
                history.leave(found[0], VERSION)
    except StoreError:
        return False
    return True


def move_in(history: History, file: Path) -> int:
    """Add a saved run of the journal's folder; its number. The file goes, where the history gives the same bytes back.

    Raises RunFileError, StoreError.
    """
    before = file.stat() if file.exists() else None
    number = add_file(history, file)
    known = hashlib.sha256()
    for piece in _file_pieces(file):
        known.update(piece)
    kept = hashlib.sha256()
    for piece in history.pieces(number):
        kept.update(piece)
    if known.digest() != kept.digest():
        raise RunFileError(tr("{name} stays beside the history, which gives other bytes back", name=file.name))
    with suppress(OSError):  # such as one that another program has open on Windows: the next start removes it
        now = file.stat()
        if before is not None and (now.st_mtime_ns, now.st_size) == (before.st_mtime_ns, before.st_size):
            file.unlink()
    return number


def _run_id(file: Path) -> str:
    """As a file of the journal's folder is named after it."""
    return file.stem.rpartition("-")[2]


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
        raise RunFileError(tr("{name} can't be read: {error}", name=file.name, error=system_words(error))) from error


def reader() -> Callable[[Iterable[bytes]], Entry]:
    """What makes entries again in a damaged history."""
    from app.asking.history_entry import entry_in
    from app.store.prices import load_prices

    return partial(entry_in, table=load_prices()[0])


def journal_in_place(settings: Settings) -> Journal:
    """The journal where Diptych keeps it, as the settings bound it. What it keeps goes into the history, meanwhile."""
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


def read_kept(settings: Settings, number: int) -> tuple[RunOpened, list[Recording]]:
    """What was run, of that number in the history. Raises RunFileError, StoreError."""
    from app.store.run_file import read_run

    with history_in_place(settings) as history:
        return read_run(history.pieces(number))


def saved_files(folder: Path | None) -> list[Path]:
    """The finished runs in the journal's folder, the oldest first."""
    from app.store.run_file import SUFFIX

    return [] if folder is None else sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.name)


def journal_files(folder: Path) -> list[Path]:
    """The finished runs in the journal's folder, and those of processes that were killed; the oldest first."""
    from app.store.journal import Journal

    return sorted([*saved_files(folder), *Journal(folder).unfinished()], key=lambda path: path.name)


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
        raise StoreError(tr("{left} of the files in {folder} could not be deleted.", left=len(left), folder=folder))
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
        if _run_id(file) in known:
            continue
        if (seen := peek(file)) is not None and seen[0].run_id not in known:
            found.append(file)
    return found


def take_in_journals(history: History, files: Iterable[Path]) -> tuple[int, list[str]]:
    """Take in those that are not in the history yet; how many were, and a sentence for each that can't be read.

    Saved ones go from the folder. A killed run's journal stays: the window offers to open it, or to throw it away.
    Raises StoreError.
    """
    from app.store.run_file import SUFFIX

    before, problems = history.count() + history.count("is:deleted"), []
    for file in files:
        try:
            (move_in if file.suffix == SUFFIX else add_file)(history, file)
        except RunFileError as error:
            problems.append(str(error))
    return history.count() + history.count("is:deleted") - before, problems
