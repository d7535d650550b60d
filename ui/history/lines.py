"""What the list of the history says, line by line, without a widget: days (or pairs) and what was run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from app.store.history.entry import Kind, Listed, SideEntry
from app.text import numbers
from app.text.visible import one_line
from app.text.when import local

if TYPE_CHECKING:
    from app.recording.records import SideName

_MARKS: dict[str, tuple[str, str, str]] = {
    "breaks": ("✕", "bad", "breaks"),
    "failed": ("✕", "bad", "failed"),
    "interrupted": ("✕", "bad", "broke off"),
    "losses": ("!", "warn", "works with losses"),
    "cancelled": ("■", "muted", "stopped"),
    "unseen": ("–", "muted", "not seen whole"),
    "unknown": ("?", "muted", "not known"),
    "drop_in": ("✓", "ok", "works"),
    "works": ("✓", "ok", "works"),
}
"""What is worst stands first: an outcome or a verdict, with shape, colour and words."""
_OTHER_MARKS = {Kind.STUDY: ("⊞", "muted", ""), Kind.LOAD: ("⊞", "muted", "")}
_KINDS = {Kind.CHECK: "Checks", Kind.STUDY: "Study", Kind.LOAD: "Load"}
_DAY = "{day:%A} {day.day} {day:%B}"


class Line(msgspec.Struct, frozen=True):
    """A day or a pair (`head`), or what was run."""

    head: str = ""
    listed: Listed | None = None


def side_of(one: Listed, name: SideName) -> SideEntry | None:
    """That side of it; None where it has none."""
    return next((side for side in one.entry.sides if side.side == name), None)


def mark_of(one: Listed) -> tuple[str, str, str]:
    """Shape, colour and words of what came of it: of its worse side."""
    if (other := _OTHER_MARKS.get(one.entry.kind)) is not None:
        return other
    seen = {side.outcome for side in one.entry.sides} | {side.verdict for side in one.entry.sides}
    return next((mark for name, mark in _MARKS.items() if name in seen), ("", "muted", ""))


def request_of(one: Listed) -> tuple[str, str]:
    """What was run in a word, and what was asked in its own words."""
    entry = one.entry
    if (kind := _KINDS.get(entry.kind)) is not None:
        return kind, numbers.plural(sum(side.requests for side in entry.sides), "request")
    return entry.scenario.capitalize(), f"“{one_line(entry.request)}”" if entry.request else ""


def time_of(one: Listed, now: datetime | None = None, *, with_day: bool = False) -> str:
    """When it began, on this machine's clock: "14:32", or "Tue 24 Nov 14:32", with the year of another one."""
    moment = local(one.entry.started_utc)
    if moment is None:
        return "–"
    if not with_day:
        return f"{moment:%H:%M}"
    today = (now or datetime.now().astimezone()).date()
    if moment.date() == today:
        return f"today {moment:%H:%M}"
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment:%a} {moment.day} {moment:%b}{year} {moment:%H:%M}"


def day_title(day: date, today: date) -> str:
    """A day as a heading."""
    words = _DAY.format(day=day) + ("" if day.year == today.year else f" {day.year}")
    if day == today:
        return f"Today, {words}"
    return f"Yesterday, {words}" if day == today - timedelta(days=1) else words


def pair_of(one: Listed) -> tuple[str, ...]:
    """The names of its sides, in their order."""
    return tuple(side.name for side in one.entry.sides)


def pair_title(names: Sequence[str]) -> str:
    return " and ".join(one_line(name) or "–" for name in names) or "–"


def by_day(found: Iterable[Listed], now: datetime | None = None) -> list[Line]:
    """The newest first, each day under its heading."""
    today = (now or datetime.now().astimezone()).date()
    lines: list[Line] = []
    last: date | None = None
    for one in found:
        moment = local(one.entry.started_utc)
        day = moment.date() if moment is not None else None
        if not lines or day != last:
            lines.append(Line(day_title(day, today) if day is not None else "A day that is not known"))
        last = day
        lines.append(Line(listed=one))
    return lines


def by_pair(found: Iterable[Listed]) -> list[Line]:
    """Each pair of endpoints with all that was run on it, that of the newest first."""
    pairs: dict[tuple[str, ...], list[Listed]] = {}
    for one in found:
        pairs.setdefault(pair_of(one), []).append(one)
    lines: list[Line] = []
    for names, several in pairs.items():
        lines.append(Line(f"{pair_title(names)}, {len(several)}"))
        lines += [Line(listed=one) for one in several]
    return lines


def words_of(one: Listed, places: Mapping[SideName, int], *, with_day: bool = False) -> str:
    """A line read aloud. `places`: the numbers of what is chosen as A and as B."""
    kind, asked = request_of(one)
    sides = (f"{side.side.upper()} {one_line(side.name)}" for side in one.entry.sides)
    chosen = (f"chosen as {name.upper()}" for name, number in places.items() if number == one.id)
    said = (
        time_of(one, with_day=with_day), *sides, f"{kind} {asked}".strip(), mark_of(one)[2], one.entry.sentence, one.name,
        one.note, "pinned" if one.pinned else "", *chosen,
    )  # fmt: skip
    return ", ".join(one for one in said if one)


def apart(a: Listed, b: Listed) -> str:
    """What two that are compared have in common, and how far apart they were: "same request, 5 days apart"."""
    same = a.entry.scenario == b.entry.scenario and a.entry.request == b.entry.request
    request = "same request" if same else "not the same request"
    first, second = local(a.entry.started_utc), local(b.entry.started_utc)
    if first is None or second is None:
        return request
    between = abs(second - first)
    if a.id == b.id:
        return f"{request}, of one run"
    if between.days:
        return f"{request}, {numbers.plural(between.days, 'day')} apart"
    minutes = round(between.total_seconds() / 60)
    far = numbers.plural(minutes, "minute") if minutes < 120 else numbers.plural(round(minutes / 60), "hour")
    return f"{request}, {far} apart"
