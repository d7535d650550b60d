"""The rows of the history: a run written into its tables, removed from them, and read out of them. All within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from app.store.history.bodies import Packed
from app.store.history.entry import Entry, Kind, Listed, SideEntry
from app.text.json_text import mend_value

COLUMNS = (
    "id, run_id, started_utc, kind, scenario, request, sentence, sides, pinned, name, note, deleted_utc, raw_bytes, kept_bytes"
)
INDEXED_CHARS = 1 << 18  # of the texts of one run, each: what stands behind it is not found by its words
_PAD = "\n\n"  # so that the last two characters begin an entry of the index, too

_encode = msgspec.msgpack.Encoder().encode
_decode_sides = msgspec.msgpack.Decoder(tuple[SideEntry, ...]).decode


def add_packed(
    connection: sqlite3.Connection, entry: Entry, packed: Packed, parts: Iterable[bytes], own: int | None = None
) -> int:
    """Keep a run within a transaction, under its `own` number where it has one; see `History.add`."""
    entry = msgspec.convert(mend_value(msgspec.to_builtins(entry)), Entry)  # half a character can't be stored
    known = connection.execute("SELECT id, digest FROM runs WHERE run_id = ?", (entry.run_id,)).fetchone()
    if known is not None and known[1] == packed.digest:
        return int(known[0])
    values: dict[str, object] = {
        "run_id": entry.run_id,
        "started_utc": entry.started_utc,
        "kind": str(entry.kind),
        "scenario": entry.scenario,
        "request": entry.request,
        "sentence": entry.sentence,
        "sides": _encode(entry.sides),
        "raw_bytes": packed.raw_bytes,
        "kept_bytes": packed.kept_bytes,
        "digest": packed.digest,
        **({} if own is None else {"id": own}),
    }
    if known is not None:
        number = int(known[0])
        connection.execute(
            f"UPDATE runs SET {', '.join(f'{name} = :{name}' for name in values)} WHERE id = :id", {**values, "id": number}
        )
        _forget_parts(connection, number)
    else:
        names = ", ".join(values)
        made = connection.execute(f"INSERT INTO runs ({names}) VALUES ({', '.join(f':{name}' for name in values)})", values)
        number = int(made.lastrowid or 0)
    for one in entry.sides:
        endpoint = f"{one.name}\n{one.url}"
        models = f"{one.model}\n{one.served}"
        connection.execute(
            "INSERT INTO sides VALUES (?, ?, ?, ?, ?, ?)", (number, one.side, endpoint, models, one.outcome, one.verdict)
        )
        connection.executemany(
            "INSERT OR IGNORE INTO findings VALUES (?, ?, ?)", ((name, number, one.side) for name in one.findings)
        )
    connection.executemany("INSERT INTO bodies VALUES (?, ?, ?)", ((number, at, part) for at, part in enumerate(parts)))
    row = connection.execute(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (number,)).fetchone()
    connection.execute(
        "INSERT INTO texts (rowid, about, prompt, answer) VALUES (?, ?, ?, ?)",
        (number, about(listed(row)), entry.prompt[:INDEXED_CHARS] + _PAD, entry.answer[:INDEXED_CHARS] + _PAD),
    )
    return number


def about(one: Listed) -> str:
    """What is searched besides the texts."""
    entry = one.entry
    sides = (word for side in entry.sides for word in (side.name, side.url, side.model, side.served))
    return "\n".join(filter(None, (one.name, one.note, entry.request, entry.sentence, *sides))) + _PAD


def _forget_parts(connection: sqlite3.Connection, number: int) -> None:
    """Remove what belongs to a run, but for its row."""
    for table in ("sides", "findings", "bodies"):
        connection.execute(f"DELETE FROM {table} WHERE run = ?", (number,))
    connection.execute("DELETE FROM texts WHERE rowid = ?", (number,))


def remove(connection: sqlite3.Connection, which: str, *parameters: object) -> list[str]:
    """Remove those runs for good; their `run_id`s."""
    gone = connection.execute(f"SELECT id, run_id FROM runs WHERE id IN ({which})", parameters).fetchall()
    for number, _ in gone:
        _forget_parts(connection, number)
        connection.execute("DELETE FROM runs WHERE id = ?", (number,))
    return [run_id for _, run_id in gone]


def number_of(connection: sqlite3.Connection, sql: str) -> int:
    return int(connection.execute(sql).fetchone()[0] or 0)


def used_bytes(connection: sqlite3.Connection) -> int:
    pages = number_of(connection, "PRAGMA page_count") - number_of(connection, "PRAGMA freelist_count")
    return pages * number_of(connection, "PRAGMA page_size")


def listed(row: tuple[object, ...]) -> Listed:
    number, run_id, started, kind, scenario, request, said, sides, pinned, name, note, deleted, raw, kept = row
    try:
        read = _decode_sides(sides)  # type: ignore[arg-type]
    except msgspec.MsgspecError:  # a newer version's
        read = ()
    entry = Entry(str(run_id), str(started), Kind(str(kind)), str(scenario), str(request), str(said), read)
    return Listed(int(str(number)), entry, bool(pinned), str(name), str(note), str(deleted), int(str(raw)), int(str(kept)))
