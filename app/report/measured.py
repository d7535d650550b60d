"""The tables of studies and loads, as the text of their cells: pure functions of a report, for each of its formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.report.schema import Report
from app.study.figures import FEW, between_text, difference_text, steps_unit, value_text
from app.study.result import MEASURES
from app.text import numbers
from app.text.sentences import message, render, tr

_TITLES = {one.id: one.title for one in MEASURES}
_STUDY_HEAD = (message("measure"), message("A median"), "A p95", message("B median"), "B p95", "B − A", "95 %")
STUDY_NOTE = message(
    "B − A is the paired difference by Hodges and Lehmann, with the exact signed-rank interval; it is not the difference of the"
    " two medians."
)
_LOAD_HEAD = (
    message("completed"),
    message("p50, ms"),
    message("p95, ms"),
    message("p99, ms"),
    message("within"),
    message("goodput, a second"),
    message("refused, failed"),
)
_COMPLETED = message(
    "{completed} of {asked} completed, {low:grouped} % to {high:grouped} % (Wilson, 95 %){kinds:if ; {kinds}|}"
)
_KIND = message("{kind} {count} ×")
_PLAN = message(
    "{pairs:plural pair|pairs} {warmups:if after {warmups:plural warm-up|warm-ups}|without warm-ups}, order drawn with seed"
    " {seed}, {kept:if kept|new} connections, {same:if the same prompt throughout|a prompt of its own each pair},"
    " {tokens:grouped} tokens out"
)
_LOAD_PLAN = message(
    "{steps:list} {unit}, limit {limit:milliseconds} to the first token{total:if  and {total:milliseconds} to the end|},"
    " {tokens:grouped} tokens out"
)


def study_head() -> list[str]:
    """The heads of the table of a study."""
    return [tr(one) for one in _STUDY_HEAD]


def load_head(report: Report) -> list[str]:
    """The heads of the table of a load; the first says what its steps are counted in."""
    open_loop = any(side["plan"]["open_loop"] for side in (report.load or {}).get("sides", {}).values())
    return [steps_unit(open_loop=open_loop), *(tr(one) for one in _LOAD_HEAD)]


def study_rows(report: Report) -> list[tuple[str, ...]]:
    """A row a measure that any side has: title with its unit, then the cells of `study_head`."""
    study = report.study or {}
    return [
        (tr("{title}, {unit}", title=tr(_TITLES[name]), unit=one["unit"]), *_cells(one))
        for name, one in study.get("measures", {}).items()
        if one["a"] is not None or one["b"] is not None
    ]


def _cells(measure: dict[str, Any]) -> Iterator[str]:
    for side in ("a", "b"):
        found = measure[side]
        yield value_text(found["median"] if found else None)
        yield value_text(found["p95"]["value"]) if found and found["p95"] else ""
    difference = measure["difference"]
    yield difference_text(difference["estimate"]) if difference else numbers.DASH
    between = difference["interval"] if difference else None
    yield between_text(between["low"], between["high"]) if between else tr(FEW)


def kinds(failed: Mapping[str, int]) -> str:
    """What failed, by its kind, and how often."""
    return tr(", ").join(tr(_KIND, kind=kind, count=count) for kind, count in failed.items())


def completed(report: Report) -> list[tuple[str, str]]:
    """How each side of a study fared: its letter, and a clause."""
    said = []
    for side, one in (report.study or {}).get("sides", {}).items():
        low, high = (100 * share for share in one["share"])
        fields = {"completed": one["completed"], "asked": one["asked"], "low": low, "high": high}
        said.append((side.upper(), render(_COMPLETED, {**fields, "kinds": kinds(one["failed"])})))
    return said


def also(report: Report) -> list[str]:
    """What else the runs of a study say."""
    return [one["sentence"].replace("**", "") for one in (report.study or {}).get("observed", [])]


def plan_words(report: Report) -> str:
    """The plan of a study or a load, in a line."""
    if report.study is not None:
        plan = report.study["plan"]
        fields = {"same": plan["same_prompt"], "tokens": plan["max_tokens"], **plan, "warmups": plan["warmups"] or None}
        return render(_PLAN, fields)
    if report.load is not None:
        plan = next(iter(report.load["sides"].values()))["plan"]
        steps = [numbers.grouped(one) for one in plan["steps"]]
        unit = steps_unit(open_loop=plan["open_loop"])
        limits = {"limit": plan["limit_ms"], "total": plan["total_limit_ms"]}
        return render(_LOAD_PLAN, {"steps": steps, "unit": unit, "tokens": plan["max_tokens"], **limits})
    return ""


def load_tables(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Of each side that has any: its letter, and a row for each step, of `load_head`."""
    sides = (report.load or {}).get("sides", {})
    return [(name.upper(), [_load_row(one) for one in side["results"]]) for name, side in sides.items() if side["results"]]


def _load_row(one: dict[str, Any]) -> tuple[str, ...]:
    return (
        numbers.grouped(one["step"], 0 if one["step"] == int(one["step"]) else 1),
        tr("{done} of {runs}", done=one["completed"], runs=one["runs"]),
        value_text(one["ttft"]),
        *(value_text(one[name]["value"] if one[name] else None) for name in ("p95", "p99")),
        numbers.percent(100 * one["within"]),
        numbers.grouped(one["good_per_second"], 1),
        kinds(one["failed"]),
    )


def run_range(report: Report) -> tuple[float, float]:
    """The least and the largest first token of a study, in ms; (0, 1) without one."""
    runs = (report.study or {}).get("runs", [])
    values = [run[side]["ttft"] for run in runs for side in ("a", "b") if run[side] and run[side]["ttft"] is not None]
    return (min(values), max(values)) if values else (0.0, 1.0)


def run_points(report: Report) -> list[tuple[float, float, str]]:
    """The first tokens of a study's runs in a picture 100 wide and 30 high: x, y from above, and "a", "b" or "x" for failed."""
    runs, (low, high) = (report.study or {}).get("runs", []), run_range(report)
    points = []
    for number, run in enumerate(runs):
        x = round(2 + 96 * (number + 0.5) / len(runs), 2)
        for side in ("a", "b"):
            if (one := run[side]) is not None:
                ms = one["ttft"]
                y = 29.0 if ms is None else round(26 - 24 * (ms - low) / ((high - low) or 1.0), 2)
                points.append((x, y, side if ms is not None else "x"))
    return points
