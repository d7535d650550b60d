"""Entries of the history made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.store.history.entry import Entry, Kind, SideEntry
from app.store.history.history import History
from app.store.history.place import HistoryPlace

OFFICIAL = SideEntry("a", "Official", "https://api.one", "anthropic-messages", "claude-x", "claude-x-1", "completed", "drop_in")
RELAY = SideEntry("b", "Relay", "https://relay.two", "openai-chat", "gpt-y", "", "failed", "", findings=("A22", "U1"))


def entry(number: int, **fields: Any) -> Entry:
    day = f"2026-11-{1 + number % 28:02}T10:00:00.000Z"
    given = {"sides": (OFFICIAL, RELAY), "prompt": f"prompt {number}", "answer": f"answer {number}", **fields}
    return Entry(f"id{number:04}", day, Kind.RUN, "streaming", "say it", "B is later", **given)


def history(folder: Path, **place: Any) -> History:
    return History(HistoryPlace(folder / "data" / "history.sqlite3", **place))


def body(number: int) -> list[bytes]:
    return [b"body %d " % number, bytes(range(256)) * 40]
