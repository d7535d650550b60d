"""What of the history is followed over time: the runs of one endpoint and model, or of a pair, as series of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from statistics import median

import msgspec

from app.store.history.entry import Kind, Listed, SideEntry
from app.store.presets import demo_called
from app.trend.change_points import Point


class Measure(StrEnum):
    """What is followed. Those of `DAILY` are summed up by day; the others are facts of each answer."""

    TTFT = "ttft"  # ms; the median of a day
    TOTAL = "total"
    COST = "cost"  # USD
    SUCCESS = "success"  # the share of a day's runs that are completed
    TTFT_RATIO = "ttft_ratio"  # B's by A's of the same run
    FINDING = "finding"  # whether a completed answer has it
    USAGE = "usage"  # whether it told its tokens
    SERVED = "served"  # the model that the answer names
    SERVER = "server"
    HEADERS = "headers"  # the names of those that are always the same
    ID_SHAPE = "id_shape"
    INPUT_TOKENS = "input_tokens"  # of the same request
    TOKEN_OFFSET = "token_offset"  # how many more B counts than A for the same request


DAILY = frozenset({Measure.TTFT, Measure.TOTAL, Measure.COST, Measure.SUCCESS, Measure.TTFT_RATIO})
OF_BOTH = frozenset({Measure.TTFT_RATIO, Measure.TOKEN_OFFSET})


class Seen(msgspec.Struct, frozen=True):
    """A run of one endpoint. `run`: its number in the history. `other`: the pair's other side, None for one endpoint alone."""

    run: int
    started_utc: str
    group: str
    side: SideEntry
    other: SideEntry | None = None

    @property
    def completed(self) -> bool:
        return self.side.outcome == "completed"


class Series(msgspec.Struct, frozen=True):
    """The values of one measure, the oldest first.

    Attributes:
        finding: the id, of FINDING; else "".
        points: one a run, of DAILY one a day.
        runs: how many runs each stands for, as places in `seen`.
    """

    measure: Measure
    points: tuple[Point, ...]
    runs: tuple[tuple[int, ...], ...]
    finding: str = ""


def seen_of(found: Iterable[Listed], name: str, model: str = "", other: str = "", other_model: str = "") -> list[Seen]:
    """The runs in which that endpoint answered for that model ("" for any), the oldest first; of a pair, those with both.

    Endpoints are named as they were when they ran, whichever side they were on; one is no pair with itself.
    """
    seen = []
    first, second = _Endpoint(name, model), _Endpoint(other, other_model)
    for one in found:
        if one.entry.kind is not Kind.RUN or one.deleted_utc:
            continue
        sides = [side for side in one.entry.sides if first.is_of(side)]
        others = [side for side in one.entry.sides if other and second.is_of(side)]
        pairs = [(a, b) for a in sides for b in others if a.side != b.side] if other else [(side, None) for side in sides[:1]]
        if pairs:
            group = f"{one.entry.scenario}\n{one.entry.request}"
            seen.append(Seen(one.id, one.entry.started_utc, group, *pairs[0]))
    return sorted(seen, key=lambda one: (one.started_utc, one.run))


class _Endpoint:
    """One by its name, and by its model where that is not "". The demo's are the same in every language."""

    def __init__(self, name: str, model: str) -> None:
        self._name, self._model, self._demo = name.casefold(), model.casefold(), demo_called(name)

    def is_of(self, side: SideEntry) -> bool:
        named = side.demo == self._demo if side.demo else side.name.casefold() == self._name
        return named and (not self._model or side.model.casefold() == self._model)


def day_of(started_utc: str, zone: tzinfo | None) -> str:
    """The day on the clock of that place, None for this machine's; what the record says where it is no time."""
    try:
        return datetime.fromisoformat(started_utc).astimezone(zone).strftime("%Y-%m-%d")
    except (ValueError, OverflowError):
        return started_utc[:10]


def series_of(seen: Sequence[Seen], zone: tzinfo | None = None) -> list[Series]:
    """All series of an endpoint, and of what it is beside the other where there is one."""
    made = [
        _daily(measure, seen, zone) for measure in sorted(DAILY) if measure not in OF_BOTH or any(one.other for one in seen)
    ]
    ids = sorted({finding for one in seen if one.completed for finding in one.side.findings})
    made += [_facts(Measure.FINDING, seen, finding) for finding in ids]
    made += [_facts(measure, seen) for measure in Measure if measure not in DAILY and measure is not Measure.FINDING]
    return [one for one in made if one.points]


def _daily(measure: Measure, seen: Sequence[Seen], zone: tzinfo | None) -> Series:
    """One value a day: what its runs are beside all that asked the same, since two requests can't be compared.

    Of a request that was asked on one day alone nothing can be said.
    """
    told = [(place, value) for place, one in enumerate(seen) if (value := number_of(measure, one)) is not None]
    groups: dict[str, list[float]] = {}
    days: dict[str, set[str]] = {}
    for place, value in told:
        groups.setdefault(seen[place].group, []).append(value)
        days.setdefault(seen[place].group, set()).add(day_of(seen[place].started_utc, zone))
    middle = {
        group: (sum(values) / len(values) if measure is Measure.SUCCESS else median(values)) for group, values in groups.items()
    }
    by_day: dict[str, list[tuple[int, float]]] = {}
    for place, value in told:
        one = seen[place]
        if len(days[one.group]) > 1 and (measure is Measure.SUCCESS or middle[one.group] > 0):
            beside = value - middle[one.group] if measure is Measure.SUCCESS else value / middle[one.group]
            by_day.setdefault(day_of(one.started_utc, zone), []).append((place, beside))
    points = []
    for runs in by_day.values():
        values = [value for _, value in runs]
        points.append(Point(sum(values) / len(values) if measure is Measure.SUCCESS else float(median(values))))
    return Series(measure, tuple(points), tuple(tuple(place for place, _ in runs) for runs in by_day.values()))


def _facts(measure: Measure, seen: Sequence[Seen], finding: str = "") -> Series:
    told = [(place, fact) for place, one in enumerate(seen) if (fact := fact_of(measure, one, finding)) is not None]
    points = tuple(Point(fact, seen[place].group) for place, fact in told)
    return Series(measure, points, tuple((place,) for place, _ in told), finding)


def number_of(measure: Measure, one: Seen) -> float | None:
    """A run's value of one that is summed up by day; None where it has none. Times and costs are those of whole answers."""
    side, other = one.side, one.other
    if measure is Measure.SUCCESS:
        return None if side.outcome in ("", "cancelled", "interrupted") else float(one.completed)
    if not one.completed:
        return None
    if measure is Measure.TTFT_RATIO:
        whole = other is not None and other.outcome == "completed" and other.ttft_ms
        return side.ttft_ms / other.ttft_ms if whole and other and other.ttft_ms and side.ttft_ms is not None else None
    return {Measure.TTFT: side.ttft_ms, Measure.TOTAL: side.total_ms, Measure.COST: side.cost_usd}[measure]


def fact_of(measure: Measure, one: Seen, finding: str = "") -> str | None:
    """What a whole answer says of a fact; None where it says nothing."""
    side, traits = one.side, one.side.traits
    if not one.completed:
        return None
    if measure is Measure.FINDING:
        return "yes" if finding in side.findings else "no"
    if measure is Measure.SERVED:
        return side.served or None
    if traits is None:
        return None
    if measure is Measure.USAGE:
        return "yes" if traits.sends_usage else "no"
    if measure is Measure.INPUT_TOKENS:
        return None if traits.input_tokens is None else str(traits.input_tokens)
    if measure is Measure.TOKEN_OFFSET:
        theirs = one.other.traits if one.other is not None and one.other.outcome == "completed" else None
        if theirs is None or theirs.input_tokens is None or traits.input_tokens is None:
            return None
        return str(traits.input_tokens - theirs.input_tokens)
    return {Measure.SERVER: traits.server, Measure.HEADERS: "\n".join(traits.headers), Measure.ID_SHAPE: traits.id_shape}[
        measure
    ]
