"""Moments as people read them: on the clock of the machine that shows them."""

from __future__ import annotations

from datetime import date, datetime

from app.text.sentences import tr


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


def day_words(day: str, year: int | None = None) -> str:
    """A day (ISO 8601), "Thursday 26 November 2026", without its year where that is the given one; no day as it is."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return tr(
        "{weekday:select 1=Monday|2=Tuesday|3=Wednesday|4=Thursday|5=Friday|6=Saturday|7=Sunday} {day}"
        " {month:select 1=January|2=February|3=March|4=April|5=May|6=June|7=July|8=August|9=September|10=October|11=November"
        "|12=December}{year:if  {year}}",
        weekday=found.isoweekday(),
        day=found.day,
        month=found.month,
        year=found.year if found.year != year else None,
    )
