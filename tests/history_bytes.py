"""All that the history holds of a run: its files while the WAL is full, what is packed in them, and its rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.asking.history_keeping import add_file, reader
from app.store.history.history import History
from app.store.history.place import HistoryPlace
from app.store.history.texts import text_of


def in_history(file: Path, folder: Path, note: str = "") -> list[bytes]:
    """Take a run's file into a history in that folder, and give all bytes of it."""
    place = HistoryPlace(folder / "history.sqlite3")
    with History(place, reader()) as open_meanwhile, History(place, reader()) as history:
        open_meanwhile.count()  # else the last to close it empties the WAL
        number = add_file(history, file)
        if note:
            history.set_note(number, note)
        found = [path.read_bytes() for path in folder.iterdir()]
        assert len(folder.joinpath("history.sqlite3-wal").read_bytes()) > 4096
        found.append(b"".join(history.pieces(number)))
        with closing(sqlite3.connect(place.path)) as connection:
            for table in ("runs", "sides", "findings"):
                found += [repr(row).encode() for row in connection.execute(f"SELECT * FROM {table}")]
            found += [text_of(data).encode() for (data,) in connection.execute("SELECT data FROM searched")]
    return [*found, place.path.read_bytes()]
