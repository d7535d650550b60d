"""The newest runs of the history, for who must not wait: nothing is made, mended or locked for it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from app.store.history.entry import Listed
from app.store.history.place import uri_of
from app.store.history.rows import COLUMNS, listed

WAIT_S = 0.05


def newest(path: Path, most: int) -> list[Listed]:
    """At most so many, the newest first; none where the file is not there, or can't be read at once."""
    if not path.exists():
        return []
    sql = f"SELECT {COLUMNS} FROM runs WHERE deleted_utc = '' ORDER BY started_utc DESC, id DESC LIMIT ?"
    try:
        with closing(sqlite3.connect(f"{uri_of(path)}?mode=rw", timeout=WAIT_S, uri=True)) as connection:
            return [listed(row) for row in connection.execute(sql, (most,)).fetchall()]
    except (sqlite3.Error, ValueError):
        return []
