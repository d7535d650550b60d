"""What can still be read in a damaged history, taken over into a new one, run by run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from app.recording.records import RunFileError
from app.store.history.bodies import DamagedBodyError, Packed, unpacked
from app.store.history.entry import Entry, Listed
from app.store.history.place import uri_of
from app.store.history.rows import COLUMNS, add_packed, listed, say_about
from app.store.history.schema import version_of
from app.store.history.texts import parts_of

Reads = Callable[[Iterable[bytes]], Entry]
"""Makes an entry of a run file's bytes. Raises RunFileError for what is no such file."""

# Each may stop at another damaged page: together they name most of what there is.
_NUMBERS = (
    "SELECT id FROM runs",
    "SELECT id FROM runs ORDER BY id DESC",
    "SELECT run FROM bodies ORDER BY run, part",
    "SELECT run FROM bodies ORDER BY run DESC, part DESC",
)
_COLUMNS_1 = COLUMNS.replace("sentences", "json_object('', sentence)").replace("made", "0")
_ASKED = "SELECT seq FROM sqlite_sequence WHERE name = 'runs'"


def salvage(aside: Path, into: sqlite3.Connection, reads: Reads | None = None) -> tuple[int, int]:
    """Take over the runs whose recordings are whole; how many, and how many of those that it names are lost.

    Each keeps its number: who has listed it may mean it by that.
    `reads` makes the rows again that can't be read. Raises sqlite3.Error for `into` alone.
    """
    saved = lost = 0
    with closing(sqlite3.connect(f"{uri_of(aside)}?mode=ro", isolation_level=None, uri=True)) as source:
        for number in _numbers(source):
            if (found := _one(source, number, reads)) is None:
                lost += 1
                continue
            one, entry, pieces = found
            packed = Packed(pieces)
            parts = list(packed)
            into.execute("BEGIN IMMEDIATE")
            kept = add_packed(into, entry, packed, parts, number)
            if one is not None:
                into.execute(
                    "UPDATE runs SET pinned = ?, name = ?, note = ?, deleted_utc = ? WHERE id = ?",
                    (one.pinned, one.name, one.note, one.deleted_utc, kept),
                )
                if one.name or one.note:  # what else it is found by is written by now
                    say_about(into, kept)
            into.execute("COMMIT")
            saved += 1
    return saved, lost


def _numbers(source: sqlite3.Connection) -> list[int]:
    """The numbers of all runs that are named anywhere, oldest first."""
    found: set[int] = set()
    for sql in (*_NUMBERS, _ASKED):
        try:
            cursor = source.execute(sql)
            while (row := cursor.fetchone()) is not None:
                found.update(
                    range(1, int(row[0]) + 1) if sql is _ASKED and not found else [int(row[0])] if sql is not _ASKED else ()
                )
        except (sqlite3.Error, ValueError, TypeError):
            continue
    return sorted(found)


def _one(source: sqlite3.Connection, number: int, reads: Reads | None) -> tuple[Listed | None, Entry, list[bytes]] | None:
    """A run's row (None: damaged), its entry with the texts, and its file; None where its recordings are damaged."""
    try:
        parts = source.execute("SELECT data FROM bodies WHERE run = ? ORDER BY part", (number,)).fetchall()
        pieces = list(unpacked(bytes(part) for (part,) in parts))
    except (sqlite3.Error, DamagedBodyError, TypeError):
        return None
    one = _row(source, number)
    if one is not None and (texts := _texts(source, number)) is not None:
        return one, msgspec.structs.replace(one.entry, prompt=texts[0], answer=texts[1]), pieces
    if reads is None:
        return (one, one.entry, pieces) if one is not None else None
    try:
        return one, reads(pieces), pieces
    except RunFileError:
        return None


def _row(source: sqlite3.Connection, number: int) -> Listed | None:
    try:
        columns = COLUMNS if version_of(source) > 1 else _COLUMNS_1
        row = source.execute(f"SELECT {columns} FROM runs WHERE id = ?", (number,)).fetchone()
        return None if row is None else listed(row)
    except (sqlite3.Error, ValueError):
        return None


def _texts(source: sqlite3.Connection, number: int) -> tuple[str, str] | None:
    """What was sent and what came, folded where they are kept so; None where they are damaged."""
    try:
        if version_of(source) < 2:
            found = source.execute("SELECT prompt, answer FROM texts WHERE rowid = ?", (number,)).fetchone()
            return None if found is None else (str(found[0]).rstrip("\n"), str(found[1]).rstrip("\n"))
        found = source.execute("SELECT data FROM searched WHERE run = ?", (number,)).fetchone()
        parts = None if found is None else parts_of(found[0])
    except (sqlite3.Error, TypeError):
        return None
    return None if parts is None else parts[1:]
