"""The rows of the history: a run written into its tables, removed from them, and read out of them. All within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from app.store.history.bodies import Packed
from app.store.history.entry import Entry, Kind, Listed, SideEntry
from app.store.history.texts import packed as packed_texts
from app.store.history.texts import parts_of, text_of
from app.text.json_text import mend_value
from app.text.languages import ENGLISH, language

COLUMNS = (
    "id, run_id, started_utc, kind, scenario, request, sentences, sides, pinned, name, note, deleted_utc, raw_bytes,"
    " kept_bytes, made"
)
INDEXED_CHARS = 1 << 18  # of the texts of one run, each: what stands behind it is not found by its words

_encode = msgspec.msgpack.Encoder().encode
_decode_sides = msgspec.msgpack.Decoder(tuple[SideEntry, ...]).decode
_encode_said = msgspec.json.Encoder().encode
_decode_said = msgspec.json.Decoder(dict[str, str]).decode


def renew(connection: sqlite3.Connection, number: int, entry: Entry) -> None:
    """Have a run's row say what its entry says now; what the user added stays."""
    entry = _mended(entry)
    connection.execute(
        "UPDATE runs SET kind = ?, scenario = ?, request = ?, sentences = ?, sides = ?, made = ? WHERE id = ?",
        (str(entry.kind), entry.scenario, entry.request, _said_json(entry), _encode(entry.sides), entry.made, number),
    )
    for table in ("sides", "findings"):
        connection.execute(f"DELETE FROM {table} WHERE run = ?", (number,))
    _forget_texts(connection, number)
    _add_parts(connection, number, entry)


def add_packed(
    connection: sqlite3.Connection, entry: Entry, packed: Packed, parts: Iterable[bytes], own: int | None = None,
) -> int:  # fmt: skip
    """Keep a run within a transaction, under its `own` number where it has one; see `History.add`."""
    entry = _mended(entry)
    known = connection.execute("SELECT id, digest FROM runs WHERE run_id = ?", (entry.run_id,)).fetchone()
    if known is not None and known[1] == packed.digest:
        return int(known[0])
    values: dict[str, object] = {
        "run_id": entry.run_id,
        "started_utc": entry.started_utc,
        "kind": str(entry.kind),
        "scenario": entry.scenario,
        "request": entry.request,
        "sentences": _said_json(entry),
        "sides": _encode(entry.sides),
        "raw_bytes": packed.raw_bytes,
        "kept_bytes": packed.kept_bytes,
        "digest": packed.digest,
        "made": entry.made,
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
        added = connection.execute(f"INSERT INTO runs ({names}) VALUES ({', '.join(f':{name}' for name in values)})", values)
        number = int(added.lastrowid or 0)
    _add_parts(connection, number, entry)
    connection.executemany("INSERT INTO bodies VALUES (?, ?, ?)", ((number, at, part) for at, part in enumerate(parts)))
    return number


def _mended(entry: Entry) -> Entry:
    return msgspec.convert(mend_value(msgspec.to_builtins(entry)), Entry)  # half a character can't be stored


def _said_json(entry: Entry) -> str:
    return _encode_said(_said(entry)).decode()


def _add_parts(connection: sqlite3.Connection, number: int, entry: Entry) -> None:
    """Write what a run is found by, which its entry says."""
    for one in entry.sides:
        endpoint = "\n".join((*_names(one), one.url))
        models = f"{one.model}\n{one.served}"
        connection.execute(
            "INSERT INTO sides VALUES (?, ?, ?, ?, ?, ?)", (number, one.side, endpoint, models, one.outcome, one.verdict)
        )
        connection.executemany(
            "INSERT OR IGNORE INTO findings VALUES (?, ?, ?)", ((name, number, one.side) for name in one.findings)
        )
    row = connection.execute(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (number,)).fetchone()
    _add_texts(connection, number, packed_texts(about(listed(row)), entry.prompt[:INDEXED_CHARS], entry.answer[:INDEXED_CHARS]))


def _add_texts(connection: sqlite3.Connection, number: int, data: bytes) -> None:
    connection.execute("INSERT INTO searched VALUES (?, ?)", (number, data))
    connection.execute("INSERT INTO texts (rowid, text) VALUES (?, ?)", (number, text_of(data)))


def _named(side: SideEntry) -> SideEntry:
    """With the name in the language of now."""
    return msgspec.structs.replace(side, name=_names(side)[0]) if side.demo else side


def _names(side: SideEntry) -> Sequence[str]:
    """All that it is called, in the language of now first: the demo's endpoints have a name in each."""
    if side.demo:
        from app.store.presets import demo_names  # they are seldom listed

        return demo_names(side.demo) or (side.name,)
    return (side.name,)


def _said(entry: Entry) -> dict[str, str]:
    """The sentence by language; that of one that is not known is ""."""
    return entry.sentences or ({"": entry.sentence} if entry.sentence else {})


def about(one: Listed) -> str:
    """What is searched besides the texts."""
    entry = one.entry
    sides = (word for side in entry.sides for word in (*_names(side), side.url, side.model, side.served))
    return "\n".join(filter(None, (one.name, one.note, entry.request, *_said(entry).values(), *sides)))


def say_about(connection: sqlite3.Connection, number: int) -> None:
    """Have a run be found by its name and note of now."""
    row = connection.execute(f"SELECT {COLUMNS} FROM runs WHERE id = ?", (number,)).fetchone()
    found = connection.execute("SELECT data FROM searched WHERE run = ?", (number,)).fetchone()
    _, prompt, answer = (found and parts_of(found[0])) or ("", "", "")
    _forget_texts(connection, number)
    _add_texts(connection, number, packed_texts(about(listed(row)), prompt, answer))


def _forget_texts(connection: sqlite3.Connection, number: int) -> None:
    """Remove them; the index is told what to forget."""
    connection.execute(
        "INSERT INTO texts (texts, rowid, text) SELECT 'delete', run, text_of(data) FROM searched WHERE run = ?", (number,)
    )
    connection.execute("DELETE FROM searched WHERE run = ?", (number,))


def _forget_parts(connection: sqlite3.Connection, number: int) -> None:
    """Remove what belongs to a run, but for its row."""
    for table in ("sides", "findings", "bodies"):
        connection.execute(f"DELETE FROM {table} WHERE run = ?", (number,))
    _forget_texts(connection, number)


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
    number, run_id, started, kind, scenario, request, said, sides, pinned, name, note, deleted, raw, kept, made = row
    try:
        read = tuple(_named(one) for one in _decode_sides(sides))  # type: ignore[arg-type]
    except msgspec.MsgspecError:  # a newer version's
        read = ()
    try:
        sentences = _decode_said(str(said))
    except msgspec.MsgspecError:
        sentences = {}
    sentence = next((sentences[code] for code in (language(), "", ENGLISH) if code in sentences), "")
    entry = Entry(
        str(run_id), str(started), Kind(str(kind)), str(scenario), str(request), sentence, read,
        sentences=sentences, made=int(str(made)),
    )  # fmt: skip
    return Listed(int(str(number)), entry, bool(pinned), str(name), str(note), str(deleted), int(str(raw)), int(str(kept)))
