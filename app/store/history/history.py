"""The history: every run, check, study and load with its recordings, in one SQLite file that several processes use at once.

Each change is one transaction: a process that is killed leaves all or nothing of it. A `History` belongs to one thread at a
time, and opens its file when it is first used.
"""

from __future__ import annotations

import glob
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from app.store.files import StoreError
from app.store.history.bodies import DamagedBodyError, Packed, unpacked
from app.store.history.database import connect, give_back, in_memory, is_damaged, lock_path, put_aside, sentence, stamp_of
from app.store.history.entry import Entry, Kind, Listed
from app.store.history.place import HistoryPlace
from app.store.history.query import Condition, QueryError, conditions_of
from app.store.history.rows import COLUMNS, add_packed, listed, number_of, remove, renew, say_about, used_bytes
from app.store.history.salvage import Reads, salvage
from app.store.history.schema import empty
from app.store.locks import locked
from app.store.run_file import SUFFIX
from app.text.sentences import tr

T = TypeVar("T")

_REMOVED_AT_ONCE = 50
_KEPT_DELETED = timedelta(days=1)
_TRIES = 5
_NEARLY_FULL = 0.95


class HistoryError(StoreError):
    """Something can't be done in the history; a sentence."""


class NoSuchRunError(HistoryError):
    """Nothing in the history has that number."""

    def __init__(self, number: int) -> None:
        super().__init__(tr("There is no run {number} in the history.", number=number))


class History:
    """All that was kept.

    Attributes:
        path: its file.
        problem: a sentence once something was wrong with the file, else "": a newer version's, or damaged and put aside.
        read_only: it is a newer version's.
    """

    def __init__(self, place: HistoryPlace, reads: Reads | None = None) -> None:
        """`reads`: makes the entries again whose row is damaged and whose recordings are not; without it they stay aside."""
        self.path = place.path
        self.problem = ""
        self.read_only = False
        self._place = place
        self._reads = reads
        self._connection: sqlite3.Connection | None = None
        self._stamp = (0, 0)
        self._in_memory = False  # nothing was kept yet: what is only read makes no file

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- adding -------------------------------------------------------------------------------------------------------

    def add(self, entry: Entry, pieces: Iterable[bytes]) -> int:
        """Keep a run with its file's bytes; its number. One that is there with the same bytes stays as it is, deleted or not.

        With other bytes (a session that went on) they take the place of the old ones. Raises HistoryError.
        """
        packed = Packed(pieces)
        parts = list(packed)  # before the lock is taken: others write meanwhile

        def keep(connection: sqlite3.Connection) -> int:
            return add_packed(connection, entry, packed, parts)

        number = self._write(keep)
        self._forget_files(self._write(self._bounded))
        return number

    def has(self, run_id: str) -> bool:
        """Whether it was kept, deleted ones included. Raises HistoryError."""
        found = self._read(lambda one: one.execute("SELECT 1 FROM runs WHERE run_id = ?", (run_id,)).fetchone())
        return found is not None

    def run_ids(self) -> set[str]:
        """Of all that was kept, deleted ones included. Raises HistoryError."""
        return {run_id for (run_id,) in self._read(lambda one: one.execute("SELECT run_id FROM runs").fetchall())}

    def has_room(self) -> bool:
        """Whether one more can be added without another being removed for it, by the bounds. Raises HistoryError."""
        kept = self._read(lambda one: (number_of(one, "SELECT count(*) FROM runs"), used_bytes(one)))
        return kept[0] < self._place.limit_runs and kept[1] < self._place.limit_bytes * _NEARLY_FULL

    def outdated(self, version: int, most: int) -> list[int]:
        """Those whose rows an older version made, the newest first, none that is deleted. Raises HistoryError."""
        sql = "SELECT id FROM runs WHERE made < ? AND deleted_utc = '' ORDER BY started_utc DESC, id DESC LIMIT ?"
        return [number for (number,) in self._read(lambda one: one.execute(sql, (version, most)).fetchall())]

    def renew(self, number: int, entry: Entry) -> None:
        """Have its row say what this entry of the same bytes says; nothing where it has others by now. Raises HistoryError."""

        def write(connection: sqlite3.Connection) -> None:
            found = connection.execute("SELECT run_id, made FROM runs WHERE id = ?", (number,)).fetchone()
            if found is not None and found[0] == entry.run_id and found[1] < entry.made:
                renew(connection, number, entry)

        self._write(write)

    def leave(self, number: int, version: int) -> None:
        """Its row can't be made again: as it is, it counts as that version's. Raises HistoryError."""
        self._change(number, "made", version)

    # -- finding ------------------------------------------------------------------------------------------------------

    def find(self, words: str = "", limit: int = 100, offset: int = 0) -> list[Listed]:
        """What was found by these words (`app.store.history.query`), the newest first. Raises HistoryError."""
        found = self._select(words, COLUMNS, "ORDER BY started_utc DESC, id DESC LIMIT ? OFFSET ?", (limit, offset))
        return [listed(row) for row in found]

    def count(self, words: str = "") -> int:
        """How many these words find. Raises HistoryError."""
        return int(self._select(words, "count(*)")[0][0])

    def kinds(self, words: str = "") -> dict[Kind, int]:
        """How many of each kind these words find; none is left out that there is. Raises HistoryError."""
        return {Kind(kind): number for kind, number in self._select(words, "kind, count(*)", "GROUP BY kind")}

    def version(self) -> tuple[int, int]:
        """Other numbers once somebody else (the first) or this one (the second) has changed the history, for as long as it is
        open. Raises HistoryError."""
        return self._read(lambda one: (int(one.execute("PRAGMA data_version").fetchone()[0]), one.total_changes))

    def one(self, number: int) -> Listed:
        """The one of that number, deleted or not. Raises HistoryError."""
        row = self._read(lambda one: one.execute(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (number,)).fetchone())
        if row is None:
            raise NoSuchRunError(number)
        return listed(row)

    def pieces(self, number: int) -> Iterator[bytes]:
        """The bytes of its file. Raises HistoryError, also between two pieces."""
        parts = self._read(lambda one: one.execute("SELECT data FROM bodies WHERE run = ? ORDER BY part", (number,)).fetchall())
        if not parts:
            self.one(number)
        try:
            yield from unpacked(part for (part,) in parts)
        except DamagedBodyError as error:
            raise HistoryError(tr("Run {number} can't be read: {error}.", number=number, error=error)) from error

    # -- changing -----------------------------------------------------------------------------------------------------

    def pin(self, number: int, pinned: bool = True) -> None:
        """Keep it whatever the bounds say, or no longer. Raises HistoryError."""
        self._change(number, "pinned", int(pinned))

    def set_name(self, number: int, name: str) -> None:
        """Raises HistoryError."""
        self._change(number, "name", name)

    def set_note(self, number: int, note: str) -> None:
        """Raises HistoryError."""
        self._change(number, "note", note)

    def delete(self, number: int) -> None:
        """It is listed no longer; `restore` takes that back until it is pruned. Raises HistoryError."""
        self._change(number, "deleted_utc", _now())

    def restore(self, number: int) -> None:
        """Raises HistoryError."""
        self._change(number, "deleted_utc", "")

    def ids(self, words: str = "") -> list[int]:
        """The numbers of all that these words find, the newest first. Raises HistoryError."""
        return [number for (number,) in self._select(words, "id", "ORDER BY started_utc DESC, id DESC")]

    def delete_many(self, numbers: Sequence[int]) -> None:
        """The same as `delete` for all of these that there are, or for none. Raises HistoryError."""
        self._change_many(numbers, "deleted_utc", _now())

    def restore_many(self, numbers: Sequence[int]) -> None:
        """Raises HistoryError."""
        self._change_many(numbers, "deleted_utc", "")

    def pin_many(self, numbers: Sequence[int], pinned: bool = True) -> None:
        """Raises HistoryError."""
        self._change_many(numbers, "pinned", int(pinned))

    def prune(self, keep: int | None = None, before_utc: str | None = None) -> list[str]:
        """Remove for good what was deleted; all but the newest `keep`; and what began before. Never what is pinned.

        The `run_id`s of those that are gone. Raises HistoryError.
        """

        def prune(connection: sqlite3.Connection) -> list[str]:
            gone = remove(connection, "SELECT id FROM runs WHERE deleted_utc != ''")
            if before_utc is not None:
                gone += remove(connection, "SELECT id FROM runs WHERE pinned = 0 AND started_utc < ?", before_utc)
            if keep is not None:
                newest = "SELECT id FROM runs ORDER BY started_utc DESC, id DESC LIMIT -1 OFFSET ?"
                gone += remove(connection, f"SELECT id FROM runs WHERE pinned = 0 AND id IN ({newest})", keep)
            if gone:
                connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")  # else their words stay in the index
            return gone

        gone = self._write(prune)
        if gone:
            self._forget_files(gone)
            self._read(give_back)
        return gone

    def delete_all(self) -> int:
        """Remove all for good, what is pinned too, and leave no byte of it in the file nor in its WAL; how many there were.

        What was put aside of damaged ones goes as well. Raises HistoryError, also where all is removed but another Diptych
        reads just now, so that the file could not be made small.
        """

        def remove_all(connection: sqlite3.Connection) -> int:
            many = number_of(connection, "SELECT count(*) FROM runs")
            empty(connection)
            return many

        many = self._write(remove_all)
        self._read(_shrink)
        try:
            for file in self.path.parent.glob(f"{glob.escape(self.path.name)}.broken-*"):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise HistoryError(sentence(self.path, error)) from error
        return many

    # -- inside -------------------------------------------------------------------------------------------------------

    def _forget_files(self, gone: Iterable[str]) -> None:
        folder = self._place.files
        for run_id in gone if folder is not None else ():
            if folder is not None and run_id.isalnum():  # as ours are: no pattern, no path
                for file in folder.glob(f"*-{run_id}{SUFFIX}"):
                    with suppress(OSError):
                        file.unlink()

    def _bounded(self, connection: sqlite3.Connection) -> list[str]:
        """Remove what is over the bounds: what was deleted a day ago, then the oldest that are not pinned.

        Their `run_id`s.
        """
        long_ago = (datetime.now(UTC) - _KEPT_DELETED).strftime("%Y-%m-%dT%H:%M:%S")
        deleted = "SELECT id FROM runs WHERE deleted_utc != '' AND deleted_utc < ? ORDER BY deleted_utc LIMIT ?"
        gone = remove(connection, deleted, long_ago, _REMOVED_AT_ONCE)  # thousands would hold up this addition for a minute
        oldest = "ORDER BY deleted_utc = '', started_utc, id LIMIT ?"
        over = number_of(connection, "SELECT count(*) FROM runs") - self._place.limit_runs
        if over > 0:
            gone += remove(connection, f"SELECT id FROM runs WHERE pinned = 0 {oldest}", over)
        while (over := used_bytes(connection) - self._place.limit_bytes) > 0:
            rows = connection.execute(f"SELECT id, kept_bytes FROM runs WHERE pinned = 0 {oldest}", (100,)).fetchall()
            if len(rows) < 2:  # the newest is kept, however long it is
                break
            several = 0
            while several < len(rows) - 1 and over > 0:
                over -= rows[several][1]
                several += 1
            gone += remove(connection, f"SELECT id FROM runs WHERE pinned = 0 {oldest}", several)
        return gone

    def _change(self, number: int, column: str, value: object) -> None:
        def change(connection: sqlite3.Connection) -> None:
            if not connection.execute(f"UPDATE runs SET {column} = ? WHERE id = ?", (value, number)).rowcount:
                raise NoSuchRunError(number)
            if column in ("name", "note"):
                say_about(connection, number)

        self._write(change)

    def _change_many(self, numbers: Sequence[int], column: str, value: object) -> None:
        def change(connection: sqlite3.Connection) -> None:
            connection.executemany(f"UPDATE runs SET {column} = ? WHERE id = ?", ((value, number) for number in numbers))

        self._write(change)

    def _select(self, words: str, what: str, then: str = "", more: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        def select(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            met: list[Condition] = conditions_of(words, lambda start, most: _terms(connection, start, most))
            where = " AND ".join(f"({one.sql})" for one in met)
            parameters = [value for one in met for value in one.parameters]
            return connection.execute(f"SELECT {what} FROM runs WHERE {where} {then}", (*parameters, *more)).fetchall()

        try:
            return self._read(select)
        except QueryError as error:
            raise HistoryError(str(error)) from error

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do it in one transaction, once who writes meanwhile is done."""

        def within(connection: sqlite3.Connection) -> T:
            if self.read_only:
                raise HistoryError(self.problem)
            with _transaction(connection):
                return work(connection)

        return self._read(within, writes=True)

    def _read(self, work: Callable[[sqlite3.Connection], T], *, writes: bool = False) -> T:
        for number in range(_TRIES):
            try:
                return work(self._connected(writes))
            except sqlite3.Error as error:
                last = number == _TRIES - 1
                self.close()
                if is_damaged(error) and not last:
                    self._renew()
                elif last or (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF not in (
                    sqlite3.SQLITE_BUSY,
                    sqlite3.SQLITE_LOCKED,
                ):
                    raise HistoryError(sentence(self.path, error)) from error
                else:
                    time.sleep(0.05 * (number + 1))
            except OSError as error:
                raise HistoryError(sentence(self.path, error)) from error
        raise AssertionError("the last try returns or raises")

    def _connected(self, writes: bool = False) -> sqlite3.Connection:
        if self._connection is not None and (stamp_of(self.path) != self._stamp or (writes and self._in_memory)):
            self.close()  # another process put the file aside, or made it
        if self._connection is None:
            self._stamp = stamp_of(self.path)
            self._in_memory = not writes and self._stamp == (0, 0) and not self.path.parent.is_file()
            if self._in_memory:
                self._connection, self.read_only = in_memory(), False
                return self._connection
            self._connection, self.read_only = connect(self.path)
            self._stamp = stamp_of(self.path)
            if self.read_only:
                self.problem = tr(
                    "The history {path} was written by a newer Diptych: it is read, and nothing is added to it.", path=self.path
                )
        return self._connection

    def _renew(self) -> None:
        """Put the damaged file aside, and take over into a new one what can be read in it. Raises HistoryError."""
        seen = self._stamp
        try:
            with locked(lock_path(self.path)):
                if seen != (0, 0) and stamp_of(self.path) != seen:
                    return  # another process has done it
                aside = put_aside(self.path)
        except (OSError, TimeoutError) as error:
            raise HistoryError(sentence(self.path, error)) from error
        self._stamp = (0, 0)
        connection = self._connected(writes=True)
        saved, lost = salvage(aside, connection, self._reads)
        self.problem = tr(
            "The history was damaged: it is kept as {aside}."
            " {lost:if All that could be read in it was taken over: {saved} runs,"
            " {lost} are lost.|Taken over were {saved} runs.}",
            aside=aside,
            saved=saved,
            lost=lost or None,
        )


def _shrink(connection: sqlite3.Connection) -> None:
    """Write the file anew, without what is free in it, and empty the WAL. Raises sqlite3.Error where another one reads."""
    connection.execute("VACUUM")
    if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise sqlite3.OperationalError(tr("another Diptych uses it: what was deleted may still be in its WAL"))


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _terms(connection: sqlite3.Connection, start: str, most: int) -> list[str]:
    rows = connection.execute(
        "SELECT term FROM terms WHERE term >= ? AND term < ? LIMIT ?", (start, start + "\U0010ffff", most)
    ).fetchall()
    return [term for (term,) in rows]


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
