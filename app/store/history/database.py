"""The history's file: opened for its owner alone, brought up to date, and what happens where it can't be used as it is.

One that a newer Diptych wrote is only read. A damaged one is kept aside, never deleted, and what can be read in it is taken
over into a new one.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from app.store.files import StoreError, private_folder, set_aside
from app.store.history.place import uri_of
from app.store.history.schema import VERSION, migrate, version_of
from app.store.history.texts import serve
from app.store.locks import locked
from app.text.sentences import tr

WAIT_MS = 10_000  # for another process that writes: it holds the lock for one run
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BESIDE = ("-wal", "-shm")


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether the file itself is broken, and not what was asked of it."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF in _DAMAGED


def sentence(path: Path, error: Exception) -> str:
    """What an error means for the user."""
    return tr("The history {path} can't be used: {error}.", path=path, error=error)


def connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether it only reads, since the file is a newer Diptych's.

    Raises sqlite3.Error, OSError, StoreError.
    """
    private_folder(path.parent)
    try:
        with locked(lock_path(path)):  # two that begin at once would both make the tables
            return _connect(path)
    except TimeoutError as error:
        raise StoreError(tr("The history {path} is being opened by another Diptych: try it again.", path=path)) from error


def in_memory() -> sqlite3.Connection:
    """That of an empty history, which has no file."""
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    serve(made)
    migrate(made)
    return made


def lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # SQLite gives its other files the same mode
    made = _opened(path)
    try:
        if version_of(made) > VERSION:
            made.close()
            made = _opened(path, "?mode=ro")
            version_of(made)
            return made, True
        if (before := version_of(made)) == 0:
            made.execute("PRAGMA auto_vacuum = INCREMENTAL")  # before the first table, or never
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = FULL")  # what was told as kept survives a power cut, too
        made.execute("PRAGMA foreign_keys = ON")
        migrate(made)
        if 0 < before < VERSION:  # what an older version took more of goes back to the disk
            give_back(made)
        made.execute("SELECT max(id) FROM runs").fetchone()
    except BaseException:
        made.close()
        raise
    return made, False


def give_back(connection: sqlite3.Connection) -> None:
    """Give what is free in the file back to the disk, and empty the WAL where nobody reads in it."""
    connection.executescript("PRAGMA incremental_vacuum")  # execute() takes one step of it: one page
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _opened(path: Path, how: str = "") -> sqlite3.Connection:
    """Transactions are begun by us alone; a connection may be handed from thread to thread, never shared."""
    made = sqlite3.connect(
        f"{uri_of(path)}{how}", timeout=WAIT_MS / 1e3, isolation_level=None, check_same_thread=False, uri=True
    )
    serve(made)
    return made


def put_aside(path: Path) -> Path:
    """Rename a damaged history with what belongs to it, as `NAME.broken-STAMP`. Raises OSError."""
    aside = set_aside(path)
    for end in _BESIDE:
        beside = path.with_name(path.name + end)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + end))
    return aside


def stamp_of(path: Path) -> tuple[int, int]:
    """Which file it is: another one after a damaged one was put aside. (0, 0) where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
