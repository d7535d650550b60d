"""The history as text: a heading and a sentence for each run; and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.store.history.entry import Listed, SideEntry
from app.text import numbers
from app.text.columns import columns, padded
from app.text.sentences import message, tr
from app.text.when import local

if TYPE_CHECKING:
    from app.trend.trend import Trend

_NAMED = {"run": "", "check": message("checks"), "study": message("study"), "load": message("load")}
_OUTCOMES = {
    "completed": "", "failed": message("failed"), "cancelled": message("cancelled"), "interrupted": message("interrupted"),
}  # fmt: skip
_VERDICTS = {
    "drop_in": message("drop-in"), "losses": message("losses"), "breaks": message("breaks"), "unseen": message("unseen"),
}  # fmt: skip
_HEADS = (
    message("day"), message("asked"), message("whole"), message("first token"), message("whole answer"), message("cost"),
    message("findings"),
)  # fmt: skip
_WIDTHS = (5, 5, 12, 12, 9)


def listed(found: Sequence[Listed]) -> list[str]:
    """Their lines."""
    return [line for one in found for line in _lines(one)]


def _lines(one: Listed) -> list[str]:
    entry = one.entry
    sides = " | ".join(_side(side) for side in entry.sides)
    told = (tr("pinned") if one.pinned else "", tr("deleted") if one.deleted_utc else "", tr(_NAMED[entry.kind]))
    marks = " ".join(filter(None, told))
    head = "  ".join(
        filter(None, (f"{one.id:>5}", local_time(entry.started_utc), marks, f"“{one.name}”" if one.name else "", sides))
    )
    return [head, *(f"       {said}" for said in (entry.request and f"> {entry.request[:100]}", entry.sentence) if said)]


def _side(side: SideEntry) -> str:
    told = (
        f"{side.side.upper()} {side.name or side.url}",
        side.model,
        tr(_OUTCOMES[side.outcome]) if side.outcome in _OUTCOMES else side.outcome,  # of a newer Diptych: as it is
        tr(_VERDICTS[side.verdict]) if side.verdict in _VERDICTS else side.verdict,
        "" if side.ttft_ms is None else f"{numbers.grouped(side.ttft_ms, 0)} ms",
        " ".join(side.findings),
    )
    return " · ".join(filter(None, told))


def trend_table(trend: Trend) -> Iterator[str]:
    """A trend's days, a line each, the newest last."""
    for side in trend.sides:
        if side.days:
            yield f"{side.name}{'  ' if side.model else ''}{side.model}"
            yield _line(*map(tr, _HEADS))
        for day in side.days:
            times = (numbers.milliseconds(day.ttft_ms), numbers.milliseconds(day.total_ms))
            told = " ".join(f"{name}:{count}" for name, count in day.findings.items())
            yield _line(day.day, str(day.runs), str(day.completed), *times, numbers.usd(day.cost_usd), told)


def _line(day: str, *cells: str) -> str:
    """A day's cells below their heads: numbers end where these end, what was found begins where its head does."""
    numbers_of_it = [" " * (width - columns(cell)) + cell for cell, width in zip(cells, _WIDTHS, strict=False)]
    return f"  {' '.join([padded(day, 10), *numbers_of_it])}  {cells[-1]}".rstrip()


def local_time(utc: str) -> str:
    """A record's time as the clock on the wall had it, to the minute; what it says where that is no time."""
    moment = local(utc)
    return utc if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def as_facts(one: Listed) -> dict[str, Any]:
    """One of them as `--json` has it: schema 1."""
    facts: dict[str, Any] = msgspec.to_builtins(one)
    entry = facts.pop("entry")
    for name in ("prompt", "answer"):
        entry.pop(name)
    return {"id": facts.pop("id"), **entry, **facts}
