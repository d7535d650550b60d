"""Moments as people read them: on the clock of the machine that shows them."""

from __future__ import annotations

from datetime import datetime


def local(utc: str) -> datetime | None:
    """A moment of a file (ISO 8601, UTC) on this machine's clock; None where the text is none."""
    try:
        return datetime.fromisoformat(utc).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def local_words(utc: str) -> str:
    """The same to the second, "2026-11-29 13:32:05"; the text as it is where it is no moment."""
    moment = local(utc)
    return utc if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
