"""What the table of a load shows, as data: a row a step, the cells of each side, and what is to be said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from app.study.figures import difference_text, value_text
from app.study.load_told import REFUSED, WITHIN_SHARE, again_words, best_step
from app.study.plan import SIDES
from app.study.result import P95_RUNS, P99_RUNS
from app.text import numbers
from app.text.sentences import message, render, tr

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.study.load import LoadPlan, StepResult
    from app.study.load_told import Loaded

COLUMNS = ("p50", "p95", "p99", message("done"), REFUSED, message("goodput"))
_LAST = message("the last within your limit")
_FEW = message("{side:if {side}: |}{done} done; a {name} needs {needed}")
_SAYS = message("{side:if {side} |}{said}")
_FAILED = message("{side:if {side}: |}{kinds:list}")
_KIND = message("{count} × {kind}")
_WHY = {
    "saturated": message("{side:if {side}: |}later, and no more answers a second: it ended"),
    "failing": message("{side:if {side}: |}more than half failed: it ended"),
}
_TIP = message(
    "{side:if {side}, |}{step:grouped} {unit}: {completed} of {runs} done ({low:grouped} % to {high:grouped} %, Wilson, 95 %),"
    " first token {p50} (half of them){p95:if , {p95} (95 of 100)|}; {within:grouped} % within the limit, {rate:.1f} answers a"
    " second{tokens:if , {tokens:grouped} tokens a second|}; our own sends at most {late:milliseconds} late."
)


class Cell(msgspec.Struct, frozen=True):
    """A figure as shown, in a colour of the theme."""

    text: str = ""
    role: str = "text"
    bold: bool = False


class LoadRow(msgspec.Struct, frozen=True):
    """A step. `sides` has the cells of `COLUMNS` for each side that was asked; `within`: it is the last within the limit."""

    step: str
    sides: dict[SideName, tuple[Cell, ...]]
    difference: str = ""
    note: str = ""
    within: bool = False
    tip: str = ""

    @property
    def words(self) -> str:
        """The line read aloud."""
        said = [
            f"{name.upper()} {tr(title)} {cell.text}"
            for name, cells in self.sides.items()
            for title, cell in zip(COLUMNS, cells, strict=True)
        ]
        return ", ".join(filter(None, (self.step, *said, self.note)))


def rows_of(sides: Mapping[SideName, Loaded]) -> list[LoadRow]:
    """The table."""
    steps = sorted({one.step for side in sides.values() for one in side.results})
    last = last_within_all(sides)
    return [_row(step, sides, within=step == last) for step in steps]


def last_within_all(sides: Mapping[SideName, Loaded]) -> float | None:
    """The last of the steps from the first on in which every side that was asked was within the limit."""
    last = None
    for step in sorted({one.step for side in sides.values() for one in side.results}):
        found = [one for side in sides.values() for one in side.results if one.step == step]
        if len(found) < len(sides) or any(one.within < WITHIN_SHARE for one in found):
            return last
        last = step
    return last


def _row(step: float, sides: Mapping[SideName, Loaded], *, within: bool) -> LoadRow:
    found = {name: one for name, side in sides.items() for one in side.results if one.step == step}
    both = [found[name].ttft for name in SIDES if name in found]
    difference = ""
    if len(both) == 2 and both[0] is not None and both[1] is not None:
        difference = difference_text(both[1] - both[0])
    alone = len(sides) < 2
    notes = [tr(_LAST)] if within else []
    for name, one in found.items():
        notes += _notes("" if alone else name.upper(), one, sides[name])
    tips = [_tip("" if alone else name.upper(), one, sides[name].plan) for name, one in found.items()]
    return LoadRow(
        step_text(step),
        {name: _cells(one, sides[name]) for name, one in found.items()},
        difference,
        tr("; ").join(notes),
        within,
        "\n".join((*tips, *notes)),
    )


def step_text(step: float) -> str:
    return numbers.grouped(step, 0 if step == int(step) else 1)


def _cells(one: StepResult, side: Loaded) -> tuple[Cell, ...]:
    limit, best = side.plan.limit_ms, best_step(side.results)
    refused = one.failed.get(REFUSED, 0)
    is_best = best is not None and best.step == one.step and len(side.results) > 1
    return (
        _time(one.ttft, limit, "text"),
        _time(one.p95.value if one.p95 else None, limit, "text"),
        _time(one.p99.value if one.p99 else None, limit, "muted"),
        _share(one.completed, one.runs, bad=one.completed < one.runs),
        _share(refused, one.runs, bad=refused > 0),
        Cell(numbers.grouped(one.good_per_second, 1), "text", is_best),
    )


def _time(ms: float | None, limit: float, role: str) -> Cell:
    if ms is None:
        return Cell(numbers.DASH, "muted")
    return Cell(numbers.grouped(ms), "bad" if ms > limit else role)


def _share(part: int, whole: int, *, bad: bool) -> Cell:
    share = 100 * part / whole if whole else 0.0
    return Cell(numbers.percent(share, 0 if share in (0.0, 100.0) else 1), "bad" if bad else "muted", bad)


def _notes(side: str, one: StepResult, loaded: Loaded) -> Iterator[str]:
    for said in one.again[:1]:
        yield render(_SAYS, {"side": side, "said": again_words(said)})
    others = {kind: count for kind, count in one.failed.items() if kind != REFUSED}
    if others:
        kinds = [render(_KIND, {"kind": kind, "count": count}) for kind, count in others.items()]
        yield render(_FAILED, {"side": side, "kinds": kinds})
    if one.failed and one.completed and (one.p95 is None or one.p99 is None):
        name, needed = ("p95", P95_RUNS) if one.p95 is None else ("p99", P99_RUNS)
        yield render(_FEW, {"side": side, "done": one.completed, "name": name, "needed": needed})
    if loaded.ended in _WHY and one is loaded.results[-1]:
        yield render(_WHY[loaded.ended], {"side": side})


def _tip(side: str, one: StepResult, plan: LoadPlan) -> str:
    low, high = (100 * share for share in one.share)
    fields = {
        "side": side, "step": one.step, "unit": tr("a second" if plan.open_loop else "at once"), "completed": one.completed,
        "runs": one.runs, "low": low, "high": high, "p50": f"{value_text(one.ttft)} ms",
        "p95": f"{value_text(one.p95.value)} ms" if one.p95 else "", "within": 100 * one.within, "rate": one.per_second,
        "tokens": one.tokens_per_second, "late": one.late_ms,
    }  # fmt: skip
    return render(_TIP, fields)
