"""What the pictures of a load show, as data: first tokens, goodput and ends of each side, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import inf, log2, log10
from typing import TYPE_CHECKING

import msgspec

from app.study.load_told import REFUSED, best_step, unit_of
from app.study.plan import SIDES
from app.text import numbers
from app.text.sentences import message, render, tr
from ui.study.load.rows import step_text

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.study.load import StepResult
    from app.study.load_told import Loaded

SHARES = ("p50", "p95", "p99")
DONE, OTHERS = "done", "others"
_TIMES = {
    "p50": message("half of the first tokens"),
    "p95": message("95 of 100 first tokens"),
    "p99": message("99 of 100 first tokens"),
}
_TIME = message("{side}, {step} {unit}: {which} within {ms:milliseconds}")
_GOOD = message("{side}, {step} {unit}: {rate:.1f} answers within the limit a second")
_END = message("{side}, {step} {unit}: {count} of {runs} {what}")
_ROUND = (1, 2, 5)


class Mark(msgspec.Struct, frozen=True):
    """A point: x is the step's place, `kind` which of its exchanges it opens ("" for none)."""

    side: SideName
    step: float
    x: float
    value: float
    kind: str
    tip: str


class Part(msgspec.Struct, frozen=True):
    """A part of a bar, from one share to another (0 to 100). `what` is `DONE`, `REFUSED` or `OTHERS`."""

    mark: Mark
    low: float
    high: float
    what: str


class Curves(msgspec.Struct, frozen=True):
    """All of it.

    Attributes:
        steps: (place, text) of each step. limit_ms: the user's. unit: what a step is counted in.
        times: by side and `SHARES`. goodput: by side; best: of each side's steps the best, None for none. ends: bars, in parts.
    """

    steps: tuple[tuple[float, str], ...]
    limit_ms: float
    unit: str
    times: dict[SideName, dict[str, tuple[Mark, ...]]]
    goodput: dict[SideName, tuple[Mark, ...]]
    best: dict[SideName, Mark]
    ends: tuple[Part, ...]


def curves_of(sides: Mapping[SideName, Loaded]) -> Curves | None:
    """What there is to draw; None before a step was whole."""
    results = {name: side.results for name, side in sides.items() if side.results}
    if not results:
        return None
    plan = next(iter(sides.values())).plan
    unit = unit_of(plan)
    steps = sorted({one.step for found in results.values() for one in found})
    goodput = {name: tuple(_good(name, one, unit) for one in found) for name, found in results.items()}
    best = {}
    for name, found in results.items():
        top = best_step(found)
        if top is not None:
            best[name] = next(mark for mark in goodput[name] if mark.step == top.step)
    return Curves(
        tuple((log2(step), step_text(step)) for step in steps),
        plan.limit_ms,
        unit,
        {name: {share: tuple(_times(name, found, share, unit)) for share in SHARES} for name, found in results.items()},
        goodput,
        best,
        tuple(part for name in SIDES for one in results.get(name, ()) for part in _ends(name, one, unit)),
    )


def _times(side: SideName, results: tuple[StepResult, ...], share: str, unit: str) -> Iterator[Mark]:
    for one in results:
        found = {"p50": one.ttft, "p95": one.p95.value if one.p95 else None, "p99": one.p99.value if one.p99 else None}[share]
        if found is not None and found > 0:
            fields = {"side": side.upper(), "step": step_text(one.step), "unit": unit, "which": tr(_TIMES[share]), "ms": found}
            yield Mark(side, one.step, log2(one.step), found, share, render(_TIME, fields))


def _good(side: SideName, one: StepResult, unit: str) -> Mark:
    fields = {"side": side.upper(), "step": step_text(one.step), "unit": unit, "rate": one.good_per_second}
    return Mark(side, one.step, log2(one.step), one.good_per_second, "p50", render(_GOOD, fields))


def _ends(side: SideName, one: StepResult, unit: str) -> Iterator[Part]:
    """Done at the foot, then refused, then what failed otherwise."""
    refused = one.failed.get(REFUSED, 0)
    others = {kind: count for kind, count in one.failed.items() if kind != REFUSED}
    parts = (
        (DONE, one.completed, tr("done"), "p50"),
        (REFUSED, refused, tr("refused ({status})", status=REFUSED), REFUSED),
        (OTHERS, sum(others.values()), tr("failed ({kinds})", kinds=tr(", ").join(others)), next(iter(others), "")),
    )
    low = 0.0
    for what, count, said, kind in parts:
        if count:
            fields = {
                "side": side.upper(),
                "step": step_text(one.step),
                "unit": unit,
                "count": count,
                "runs": one.runs,
                "what": said,
            }
            high = low + 100 * count / one.runs
            yield Part(Mark(side, one.step, log2(one.step), high, kind, render(_END, fields)), low, high, what)
            low = high


def log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round times between two, as (their logarithm, their text): one, two and five of each power of ten."""
    powers = range(int(log10(low)) - 1, int(log10(high)) + 2)
    values = [digit * 10.0**power for power in powers for digit in _ROUND]
    return [(log10(one), time_text(one)) for one in values if low <= one <= high]


def time_text(ms: float) -> str:
    """`200 ms`, `2 s`."""
    return f"{ms / 1000:g} s" if ms >= 1000 else f"{numbers.grouped(ms, 0 if ms >= 1 else 1)} ms"


def apart(places: list[float], least: float, most: float = inf) -> list[float]:
    """Places of labels, moved up where they are nearer to one another than that, and down where that gets above `most`.

    In the order in which they came.
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for before, number in pairwise(order):
        moved[number] = max(moved[number], moved[before] + least)
    for number in reversed(order):
        moved[number] = min(moved[number], most)
        most = moved[number] - least
    return moved
