"""The journal: every run on the disk while it happens, so that a killed window loses nothing that had come.

A run's journal is a run file (`recording.run_format`) that grows; `open_run` reads it at any length. Its process holds a lock
on it, by which the next start tells a killed run from one that still goes on in another window.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from app.recording.records import Record, RunOpened
from app.recording.run_format import MAGIC, pack_frame
from app.store.files import data_folder, private_folder, write_atomically
from app.store.locks import try_lock
from app.store.run_file import SUFFIX
from app.text.sentences import tr
from app.text.system_words import system_words

RUNNING_SUFFIX = ".journal"
DEFAULT_LIMIT_BYTES = 2 << 30
_O_BINARY = getattr(os, "O_BINARY", 0)

OnKept = Callable[[Path], None]


class RunJournal:
    """One run's file while the run goes on. It never raises: a full disk must not end a run.

    Attributes:
        path: the file; None where it could not be made.
        problem: a sentence once something could not be written, else "". Nothing is written after that.
        size_bytes: how much was written.
    """

    def __init__(self, path: Path, opened: RunOpened, limit_bytes: int, keep: bool, on_kept: OnKept | None = None) -> None:
        self.path: Path | None = path
        self.problem = ""
        self.size_bytes = 0
        self._on_kept = on_kept
        self._limit_bytes = limit_bytes
        self._keep = keep
        self._handle = -1
        try:
            self._handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND | _O_BINARY, 0o600)
            try_lock(self._handle)
        except OSError as error:
            self.path = None
            self._give_up(tr("The journal of this run can't be made: {error}.", error=system_words(error)))
            return
        self._write(MAGIC + pack_frame(0, opened))

    def append(self, exchange: int, record: Record) -> None:
        """Hand one record to the operating system: it survives the end of this process."""
        if self._handle >= 0:
            self._write(pack_frame(exchange, record))

    def finish(self, contents: Iterable[bytes] | None = None) -> Path | None:
        """The run is over: its file goes, or is kept as a saved run (its new path). May be called twice.

        `contents` are kept in place of what was journaled: bytes that were taken back since.
        """
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self.path is None:
            return None
        path, self.path = self.path, None
        try:
            if self._keep and not self.problem:
                kept = path.with_suffix(SUFFIX)
                if contents is not None:
                    write_atomically(kept, contents)
                    path.unlink()
                else:
                    os.replace(path, kept)
                if self._on_kept is not None:
                    self._on_kept(kept)
                return kept
            path.unlink(missing_ok=True)
        except OSError as error:
            self.problem = self.problem or tr(
                "The journal {path} can't be put away: {error}.", path=path, error=system_words(error)
            )
        return None

    def _write(self, data: bytes) -> None:
        if self.size_bytes + len(data) > self._limit_bytes:
            self._give_up(
                tr(
                    "The journal of this run is full ({limit} bytes): what comes from here on is not journaled.",
                    limit=self._limit_bytes,
                )
            )
            return
        rest = memoryview(data)
        try:
            while rest:
                written = os.write(self._handle, rest)
                rest = rest[written:]
                self.size_bytes += written
        except OSError as error:
            self._give_up(tr("The journal of this run can't be written: {error}.", error=system_words(error)))

    def _give_up(self, why: str) -> None:
        """Stop writing, and keep the first reason. What was written stays readable; the lock is held while the run goes on."""
        self.problem = self.problem or why
        self._limit_bytes = self.size_bytes


class Journal:
    """The folder of journals.

    `limit_bytes` bounds all files in it together: the oldest go first, never one of a run that still goes on. `keep`
    keeps finished runs in the same folder, as saved runs, and `on_kept` is told of each, once it is whole on the disk.
    """

    def __init__(
        self, folder: Path, limit_bytes: int = DEFAULT_LIMIT_BYTES, keep: bool = False, on_kept: OnKept | None = None
    ) -> None:
        self.folder = folder
        self._limit_bytes = limit_bytes
        self._keep = keep
        self._on_kept = on_kept

    def open_run(self, opened: RunOpened) -> RunJournal:
        """Begin a run's journal. Never raises; see `RunJournal.problem`."""
        path = self.folder / f"{_file_name(opened)}{RUNNING_SUFFIX}"
        try:
            private_folder(self.folder)
        except OSError:
            return RunJournal(path, opened, 0, self._keep, self._on_kept)
        used_bytes = self._make_room(self._limit_bytes // 2)
        return RunJournal(path, opened, max(0, self._limit_bytes - used_bytes), self._keep, self._on_kept)

    def unfinished(self) -> list[Path]:
        """Journals that no process is writing any more, newest first: runs of a window that was killed."""
        return [path for path in reversed(self._files()) if path.suffix == RUNNING_SUFFIX and not _in_use(path)]

    def discard(self, path: Path) -> bool:
        """Remove a journal; returns whether it is gone. One that is still being written stays."""
        if _in_use(path):
            return False
        try:
            path.unlink(missing_ok=True)
        except OSError:
            return False
        return True

    def _make_room(self, wanted_bytes: int) -> int:
        """Remove the oldest until no more than `wanted_bytes` are used; how much is used then."""
        files = [(path, _size(path)) for path in self._files()]
        used_bytes = sum(size for _, size in files)
        for path, size in files:
            if used_bytes <= wanted_bytes:
                break
            if self.discard(path):
                used_bytes -= size
        return used_bytes

    def _files(self) -> list[Path]:
        """Our files, oldest first. Those that hold nothing yet are left out: their lock may not be taken yet."""
        try:
            names = sorted(entry for entry in os.listdir(self.folder) if entry.endswith((RUNNING_SUFFIX, SUFFIX)))
        except OSError:
            return []
        paths = [self.folder / name for name in names]
        return [path for path in paths if _size(path) >= len(MAGIC)]


def journal_folder() -> Path:
    """Where Diptych keeps its journals, and the runs that have ended."""
    return data_folder() / "journal"


def _file_name(opened: RunOpened) -> str:
    """Start time first, so that names sort by age."""
    return re.sub(r"[^A-Za-z0-9-]", "", f"{opened.started_utc.replace('.', '-')}-{opened.run_id}")[:120] or "run"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _in_use(path: Path) -> bool:
    """Whether a process holds the file's lock. A file that can't be opened counts as in use: it is not ours to touch."""
    try:
        handle = os.open(path, os.O_RDWR | _O_BINARY)
    except OSError:
        return True
    try:
        return not try_lock(handle)
    finally:
        os.close(handle)  # gives a lock that was taken back
