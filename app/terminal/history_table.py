"""The history as text: a heading and a sentence for each run; and as plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from app.store.history.entry import Listed, SideEntry
from app.text import numbers

if TYPE_CHECKING:
    from app.trend.trend import Trend

_NAMED = {"run": "", "check": "check", "study": "study", "load": "load"}


def listed(found: Sequence[Listed]) -> list[str]:
    """Their lines."""
    return [line for one in found for line in _lines(one)]


def _lines(one: Listed) -> list[str]:
    entry = one.entry
    sides = " | ".join(_side(side) for side in entry.sides)
    marks = " ".join(filter(None, ("pinned" if one.pinned else "", "deleted" if one.deleted_utc else "", _NAMED[entry.kind])))
    head = "  ".join(
        filter(None, (f"{one.id:>5}", local_time(entry.started_utc), marks, f"“{one.name}”" if one.name else "", sides))
    )
    return [head, *(f"       {said}" for said in (entry.request and f"> {entry.request[:100]}", entry.sentence) if said)]


def _side(side: SideEntry) -> str:
    told = (
        f"{side.side.upper()} {side.name or side.url}",
        side.model,
        side.outcome if side.outcome != "completed" else "",
        side.verdict.replace("_", "-"),
        "" if side.ttft_ms is None else f"{numbers.grouped(side.ttft_ms, 0)} ms",
        " ".join(side.findings),
    )
    return " · ".join(filter(None, told))


def trend_table(trend: Trend) -> Iterator[str]:
    """A trend's days, a line each, the newest last."""
    for side in trend.sides:
        if side.days:
            yield f"{side.name}{'  ' if side.model else ''}{side.model}"
            yield f"  {'day':<10} {'runs':>5} {'whole':>5} {'first token':>12} {'whole answer':>12} {'cost':>9}  findings"
        for day in side.days:
            told = " ".join(f"{name}:{count}" for name, count in day.findings.items())
            times = f"{numbers.milliseconds(day.ttft_ms):>12} {numbers.milliseconds(day.total_ms):>12}"
            yield f"  {day.day:<10} {day.runs:>5} {day.completed:>5} {times} {numbers.usd(day.cost_usd):>9}  {told}".rstrip()


def local_time(utc: str) -> str:
    """A record's time as the clock on the wall had it, to the minute; what it says where that is no time."""
    try:
        return datetime.fromisoformat(utc).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return utc


def as_facts(one: Listed) -> dict[str, Any]:
    """One of them as `--json` has it: schema 1."""
    facts: dict[str, Any] = msgspec.to_builtins(one)
    entry = facts.pop("entry")
    for name in ("prompt", "answer"):
        entry.pop(name)
    return {"id": facts.pop("id"), **entry, **facts}
