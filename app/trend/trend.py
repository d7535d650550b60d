"""The trend of an endpoint or a pair: its days, and what changed, as facts; `app.trend.words` says them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from statistics import median

import msgspec

from app.store.history.entry import Listed
from app.trend.change_points import are_enough, can_change, cuts_in
from app.trend.series import DAILY, OF_BOTH, Measure, Seen, Series, day_of, fact_of, number_of, seen_of, series_of

LEVEL = 0.05  # of a false alarm in a trend where nothing changed at all
LEAST_RATIO = 1.2  # of a time or cost that is worth a word


class Run(msgspec.Struct, frozen=True):
    """One run, as it is drawn. `run`: its number in the history. None: not known, or no whole answer."""

    run: int
    started_utc: str
    day: str
    outcome: str
    verdict: str = ""
    ttft_ms: float | None = None
    total_ms: float | None = None
    cost_usd: float | None = None
    token_offset: int | None = None
    findings: tuple[str, ...] = ()


class Day(msgspec.Struct, frozen=True):
    """One day: medians of the whole answers (None: none told), and the findings with how many of them have each."""

    day: str
    runs: int
    completed: int
    ttft_ms: float | None = None
    total_ms: float | None = None
    cost_usd: float | None = None
    findings: dict[str, int] = {}


class Change(msgspec.Struct, frozen=True):
    """Something that is otherwise since a moment.

    Attributes:
        measure: what. finding: the id, of FINDING; else "". side: "a" or "b" of the trend.
        since_utc: when the first run began that shows it; since_day: its day. until_day: that of the last run before.
        before, after: medians of a daily measure (of SUCCESS the share), else the fact that most answers show.
        before_count, after_count: how many runs show just that; before_runs, after_runs: out of how many.
        gone, came: of HEADERS, the names.
        again: it is now as it was before the change before this one.
        last: it holds until now. shared: the other side of the pair changed in the same way, before another run was made.
        p: how seldom chance alone shows such a one, of one series.
        run_before, run_after: the numbers of the runs beside the change, to be looked at.
    """

    measure: Measure
    since_utc: str
    since_day: str
    until_day: str
    before: str | float
    after: str | float
    before_runs: int
    after_runs: int
    p: float
    run_before: int
    run_after: int
    finding: str = ""
    side: str = "a"
    before_count: int = 0
    after_count: int = 0
    gone: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    again: bool = False
    last: bool = True
    shared: bool = False


class SideTrend(msgspec.Struct, frozen=True):
    """One endpoint's. `model`: the one asked for, "" for any. `changes`: the latest first."""

    side: str
    name: str
    model: str
    runs: tuple[Run, ...]
    days: tuple[Day, ...]
    changes: tuple[Change, ...]


class Trend(msgspec.Struct, frozen=True):
    """A trend: one side, or two of a pair, which were in the same runs.

    Attributes:
        few: no series has values enough for a change to be seen.
        tested: how many series could have changed. level: of a false alarm in all of them together.
    """

    sides: tuple[SideTrend, ...]
    tested: int
    few: bool = False
    level: float = LEVEL

    @property
    def changes(self) -> list[Change]:
        """Those of all sides, the latest first."""
        return sorted((one for side in self.sides for one in side.changes), key=lambda one: one.since_utc, reverse=True)


def trend_of(
    found: Iterable[Listed], name: str, model: str = "", *, other: str = "", other_model: str = "", zone: tzinfo | None = None
) -> Trend:
    """The trend of an endpoint, asked for `model` ("" for any); beside `other` as the first side of a pair.

    `found`: the history's runs; those of others are passed over. `zone`: where days begin, None for this machine's.
    """
    found = list(found)
    named = [("a", name, model), ("b", other, other_model)] if other else [("a", name, model)]
    seen: dict[str, list[Seen]] = {}
    series: dict[str, list[Series]] = {}
    few = True
    for side, one, one_model in named:
        beside, beside_model = (other, other_model) if side == "a" else (name, model)
        seen[side] = seen_of(found, one, one_model, beside, beside_model)
        every = series_of(seen[side], zone)
        few = few and not any(are_enough(one.points) for one in every)
        series[side] = [one for one in every if (one.measure not in OF_BOTH or side == "b") and can_change(one.points)]
    tested = sum(map(len, series.values()))
    changes = {
        side: [change for one in series[side] for change in _changes(side, one, seen[side], LEVEL / max(1, tested), zone)]
        for side in seen
    }
    sides = tuple(
        SideTrend(side, one, one_model, *_drawn(seen[side], zone), _ordered(_shared(changes[side], changes, seen[side])))
        for side, one, one_model in named
    )
    return Trend(sides, tested, few)


def _ordered(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda one: one.since_utc, reverse=True))


def _changes(side: str, series: Series, seen: Sequence[Seen], level: float, zone: tzinfo | None) -> list[Change]:
    cuts = cuts_in(series.points, level)
    ends = [*(cut.at for cut in cuts), len(series.points)]
    parts = [[place for runs in series.runs[begin:end] for place in runs] for begin, end in zip([0, *ends], ends, strict=False)]
    found: list[Change] = []
    for number, cut in enumerate(cuts):
        before, after = parts[number], parts[number + 1]
        was, now = _level_of(series, seen, before), _level_of(series, seen, after)
        if not _worth_a_word(series.measure, was[0], now[0]):
            continue
        first, last = seen[after[0]], seen[before[-1]]
        gone, came = _names(was[0], now[0]) if series.measure is Measure.HEADERS else ((), ())
        earlier = number > 0 and _level_of(series, seen, parts[number - 1])[0] == now[0] and was[0] != now[0]
        found.append(
            Change(
                series.measure, first.started_utc, day_of(first.started_utc, zone), day_of(last.started_utc, zone),
                was[0], now[0], len(before), len(after), cut.p, last.run, first.run, series.finding, side, was[1], now[1],
                gone, came, earlier and series.measure not in DAILY, number == len(cuts) - 1,
            )
        )  # fmt: skip
    return found


def _level_of(series: Series, seen: Sequence[Seen], places: Sequence[int]) -> tuple[str | float, int]:
    """What these runs show, and how many of them just that (of a share: those that are completed)."""
    if series.measure in DAILY:
        values = [value for place in places if (value := number_of(series.measure, seen[place])) is not None]
        if series.measure is Measure.SUCCESS:
            return sum(values) / len(values), int(sum(values))
        return float(median(values)), len(values)
    facts = Counter(fact_of(series.measure, seen[place], series.finding) or "" for place in places)
    fact, count = max(facts.items(), key=lambda one: one[1])
    return fact, count


def _worth_a_word(measure: Measure, was: str | float, now: str | float) -> bool:
    if measure in DAILY and measure is not Measure.SUCCESS:
        assert isinstance(was, float)
        assert isinstance(now, float)
        return max(was, now) >= LEAST_RATIO * min(was, now)
    return True


def _names(was: str | float, now: str | float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = (set(str(one).split("\n")) - {""} for one in (was, now))
    return tuple(sorted(old - new)), tuple(sorted(new - old))


def _shared(own: Sequence[Change], changes: dict[str, list[Change]], seen: Sequence[Seen]) -> list[Change]:
    """Those of one side, each told whether the other did the same, with no run between the two."""
    at = {one.run: place for place, one in enumerate(seen)}
    marked = []
    for one in own:
        others = [change for side, every in changes.items() if side != one.side for change in every]
        shared = any(
            change.measure is one.measure
            and change.finding == one.finding
            and at[change.run_before] < at[one.run_after]
            and at[one.run_before] < at[change.run_after]
            and _same_way(change, one)
            for change in others
        )
        marked.append(msgspec.structs.replace(one, shared=shared))
    return marked


def _same_way(one: Change, other: Change) -> bool:
    if isinstance(one.before, float) and isinstance(one.after, float):
        assert isinstance(other.before, float)
        assert isinstance(other.after, float)
        return (one.after > one.before) == (other.after > other.before)
    return True


def _drawn(seen: Sequence[Seen], zone: tzinfo | None) -> tuple[tuple[Run, ...], tuple[Day, ...]]:
    runs = []
    for one in seen:
        offset = fact_of(Measure.TOKEN_OFFSET, one)
        side = one.side
        runs.append(
            Run(
                one.run, one.started_utc, day_of(one.started_utc, zone), side.outcome, side.verdict, side.ttft_ms,
                side.total_ms, side.cost_usd, None if offset is None else int(offset), side.findings,
            )
        )  # fmt: skip
    by_day: dict[str, list[Run]] = {}
    for run in runs:
        by_day.setdefault(run.day, []).append(run)
    return tuple(runs), tuple(_day(day, those) for day, those in by_day.items())


def _day(day: str, runs: Sequence[Run]) -> Day:
    whole = [one for one in runs if one.outcome == "completed"]
    counts = Counter(finding for one in whole for finding in one.findings)
    ttft, total, cost = (
        _middle(column)
        for column in ([one.ttft_ms for one in whole], [one.total_ms for one in whole], [one.cost_usd for one in whole])
    )
    return Day(day, len(runs), len(whole), ttft, total, cost, dict(sorted(counts.items())))


def _middle(column: Sequence[float | None]) -> float | None:
    values = [value for value in column if value is not None]
    return float(median(values)) if values else None
