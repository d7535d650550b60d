"""Where the history is, and its bounds: all that is known of it until it is used, since SQLite is loaded then."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import msgspec

from app.store.files import data_folder

DEFAULT_LIMIT_BYTES = 2 << 30
DEFAULT_LIMIT_RUNS = 10_000


class HistoryPlace(msgspec.Struct, frozen=True):
    """The file, and how much it keeps: what is over one of the limits goes, the oldest first that is not pinned.

    `files`: the folder where each run is a file as well, named after its `run_id`. What goes from here goes from there.
    """

    path: Path
    limit_bytes: int = DEFAULT_LIMIT_BYTES
    limit_runs: int = DEFAULT_LIMIT_RUNS
    files: Path | None = None


def history_path() -> Path:
    """Where Diptych keeps its history."""
    return data_folder() / "history.sqlite3"


def uri_of(path: Path) -> str:
    """For SQLite.

    `Path.as_uri` takes a network share for a host, which SQLite refuses, and on Python 3.14 it imports `urllib.request`.
    """
    absolute = path.absolute().as_posix()
    return f"file://{'' if absolute.startswith('/') else '/'}{quote(os.fsencode(absolute), safe='/:')}"
