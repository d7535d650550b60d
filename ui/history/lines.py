"""What the list of the history says, line by line, without a widget: days (or pairs) and what was run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from app.scenarios import Scenario
from app.store.history.entry import Kind, Listed, SideEntry
from app.text.sentences import message, tr
from app.text.visible import one_line
from app.text.when import day_words, local

if TYPE_CHECKING:
    from app.recording.records import SideName

_MARKS: dict[str, tuple[str, str, str]] = {
    "breaks": ("✕", "bad", message("breaks")),
    "failed": ("✕", "bad", message("failed")),
    "interrupted": ("✕", "bad", message("broke off")),
    "losses": ("!", "warn", message("works with losses")),
    "cancelled": ("■", "muted", message("stopped")),
    "unseen": ("–", "muted", message("not seen whole")),
    "unknown": ("?", "muted", message("not known")),
    "drop_in": ("✓", "ok", message("works")),
    "works": ("✓", "ok", message("works")),
}
"""What is worst stands first: an outcome or a verdict, with shape, colour and words."""
_OTHER_MARKS = {Kind.STUDY: ("⊞", "muted", ""), Kind.LOAD: ("⊞", "muted", "")}
_KINDS = {Kind.CHECK: message("Checks"), Kind.STUDY: message("Study"), Kind.LOAD: message("Load")}
_SHORT_DAY = message("{day} {month:select 1=Jan|2=Feb|3=Mar|4=Apr|5=May|6=Jun|7=Jul|8=Aug|9=Sep|10=Oct|11=Nov|12=Dec}")
_MOMENT = message(
    "{weekday:select 1=Mon|2=Tue|3=Wed|4=Thu|5=Fri|6=Sat|7=Sun} {day}"
    " {month:select 1=Jan|2=Feb|3=Mar|4=Apr|5=May|6=Jun|7=Jul|8=Aug|9=Sep|10=Oct|11=Nov|12=Dec}{year:if  {year}} {time}"
)


class Line(msgspec.Struct, frozen=True):
    """A day or a pair, or what was run.

    Attributes:
        pair: the heading of a pair. day, today: of a day's, which is said when it is painted: of hundreds a few are seen.
        listed: what was run; None for a heading.
    """

    pair: str = ""
    listed: Listed | None = None
    day: date | None = None
    today: date | None = None

    @property
    def head(self) -> str:
        """The heading."""
        if self.pair:
            return self.pair
        return day_title(self.day, self.today) if self.day and self.today else tr("A day that is not known")


class Place(msgspec.Struct, frozen=True):
    """What is chosen as a side: a run, and which side of that."""

    listed: Listed
    side: SideName


def two_of(selected: Sequence[Listed]) -> dict[SideName, Place]:
    """Both sides of the one run, or side B of each of two, the earlier as A; empty where what is selected is neither."""
    if not selected or len(selected) > 2 or any(one.entry.kind is not Kind.RUN or not one.entry.sides for one in selected):
        return {}
    if len(selected) == 2:
        a, b = sorted(selected, key=lambda one: (one.entry.started_utc, one.id))
        return {"a": Place(a, a.entry.sides[-1].side), "b": Place(b, b.entry.sides[-1].side)}
    (one,) = selected
    return {"a": Place(one, "a"), "b": Place(one, "b")} if len(one.entry.sides) == 2 else {}


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
        return tr(kind), tr("{n:plural request|requests}", n=sum(side.requests for side in entry.sides))
    known = entry.scenario in set(Scenario)
    title = Scenario(entry.scenario).label if known else entry.scenario.capitalize()
    return title, f"“{one_line(entry.request)}”" if entry.request else ""


def time_of(one: Listed, now: datetime | None = None, *, with_day: bool = False) -> str:
    """When it began, on this machine's clock: "14:32", or "Tue 24 Nov 14:32", with the year of another one."""
    moment = local(one.entry.started_utc)
    if moment is None:
        return "–"
    if not with_day:
        return f"{moment:%H:%M}"
    today = (now or datetime.now().astimezone()).date()
    if moment.date() == today:
        return tr("today {time}", time=f"{moment:%H:%M}")
    year = None if moment.year == today.year else moment.year
    day = {"weekday": moment.isoweekday(), "day": moment.day, "month": moment.month, "year": year}
    return tr(_MOMENT, **day, time=f"{moment:%H:%M}")


def wide_time() -> str:
    """A moment with its day that is as wide as any."""
    return tr(_MOMENT, weekday=3, day=30, month=11, year=None, time="00:00")


def short_day(day: date) -> str:
    """A day of a few letters, "24 Nov"."""
    return tr(_SHORT_DAY, day=day.day, month=day.month)


def day_title(day: date, today: date) -> str:
    """A day as a heading."""
    words = day_words(day.isoformat(), today.year)
    if day == today:
        return tr("Today, {day}", day=words)
    return tr("Yesterday, {day}", day=words) if day == today - timedelta(days=1) else words


def pair_of(one: Listed) -> tuple[str, ...]:
    """The names of its sides, in their order."""
    return tuple(side.name for side in one.entry.sides)


def pair_title(names: Sequence[str]) -> str:
    return tr("{names:list}", names=[one_line(name) or "–" for name in names]) or "–"


def by_day(found: Iterable[Listed], now: datetime | None = None) -> list[Line]:
    """The newest first, each day under its heading."""
    today = (now or datetime.now().astimezone()).date()
    lines: list[Line] = []
    last: date | None = None
    for one in found:
        moment = local(one.entry.started_utc)
        day = moment.date() if moment is not None else None
        if not lines or day != last:
            lines.append(Line(day=day, today=today))
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
        lines.append(Line(tr("{names}, {count:grouped}", names=pair_title(names), count=len(several))))
        lines += [Line(listed=one) for one in several]
    return lines


def words_of(one: Listed, places: Mapping[SideName, int], *, with_day: bool = False) -> str:
    """A line read aloud. `places`: the numbers of what is chosen as A and as B."""
    kind, asked = request_of(one)
    sides = (f"{side.side.upper()} {one_line(side.name)}" for side in one.entry.sides)
    chosen = (tr("chosen as {side}", side=name.upper()) for name, number in places.items() if number == one.id)
    said = (
        time_of(one, with_day=with_day), *sides, f"{kind} {asked}".strip(), tr(mark_of(one)[2]), one.entry.sentence, one.name,
        one.note, tr("pinned") if one.pinned else "", *chosen,
    )  # fmt: skip
    return ", ".join(one for one in said if one)


def apart(a: Listed, b: Listed) -> str:
    """What two that are compared have in common, and how far apart they were: "same request, 5 days apart"."""
    same = a.entry.scenario == b.entry.scenario and a.entry.request == b.entry.request
    request = tr("same request" if same else "not the same request")
    first, second = local(a.entry.started_utc), local(b.entry.started_utc)
    if first is None or second is None:
        return request
    between = abs(second - first)
    if a.id == b.id:
        return tr("{request}, of one run", request=request)
    if between.days:
        return tr("{request}, {n:plural day|days} apart", request=request, n=between.days)
    minutes = round(between.total_seconds() / 60)
    if minutes < 120:
        return tr("{request}, {n:plural minute|minutes} apart", request=request, n=minutes)
    return tr("{request}, {n:plural hour|hours} apart", request=request, n=round(minutes / 60))
