"""A report as one HTML file without scripts: first what a person needs who writes no code, last what an engineer wants."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup, escape

from app.checks.verdict import Verdict
from app.report import measured, words
from app.report.schema import EndpointPart, LatencyPart, Report
from app.text.languages import language
from app.text.sentences import tr
from app.text.translation import translated
from app.text.visible import visible

_TEMPLATE = "report.html.j2"
MOST_EVIDENCE = 6  # of a side of a check
_CODE = re.compile(r"`([^`\n]+)`")
_MOST_EXCERPTS = {Verdict.FAIL: 3, Verdict.DIFFERS: 2, Verdict.INCONCLUSIVE: 1, Verdict.UNSUPPORTED: 1}


def html(report: Report) -> str:
    """The document. All text of the report is escaped, and what would hide or turn other text around is made visible."""
    control = any(one.a is not None for one in report.checks)
    return _environment().get_template(_TEMPLATE).render(report=report, control=control)


@cache
def _environment() -> jinja2.Environment:
    folder = files("resources") / "report"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        title=words.title,
        overall_mark=words.overall_mark,
        groups=words.groups,
        told=words.told,
        sides=words.sides,
        measured_both=words.measured_both,
        meaning=words.meaning,
        number=words.number,
        place=words.place,
        milliseconds=words.milliseconds,
        count=words.count,
        money=words.money,
        cost=words.cost,
        outcome=words.outcome,
        day=words.day,
        marks={str(name): mark for name, mark in words.MARKS.items()},
        meanings=words.meanings,
        verdict=words.verdict,
        severity=words.severity,
        language=lambda: language().replace("_", "-"),
        tr=tr,
        mask_place=words.mask_place,
        measure_title=words.measure,
        said=translated,
        coded=_coded,
        most_evidence=MOST_EVIDENCE,
        most_excerpts={str(name): _MOST_EXCERPTS.get(name, 0) for name in Verdict},
        ticks=words.TICKS,
        tick_words=words.tick,
        titles=_titles,
        latency_rows=_latency_rows,
        compare_rows=_compare_rows,
        study_head=measured.study_head,
        STUDY_NOTE=measured.STUDY_NOTE,
        study_rows=measured.study_rows,
        study_completed=measured.completed,
        study_also=measured.also,
        run_points=measured.run_points,
        run_range=measured.run_range,
        plan_words=measured.plan_words,
        load_head=measured.load_head,
        load_tables=measured.load_tables,
    )
    return environment


def _shown(value: Any) -> Any:
    """What is put into the page: of text, the control characters as their pictures."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _coded(text: str) -> Markup:
    """A sentence, in which what stands between two backticks is code."""
    words = _CODE.split(visible(text))  # what is code has an odd number
    return Markup("").join(
        Markup("<code>{}</code>").format(word) if number % 2 else escape(word) for number, word in enumerate(words)
    )


def _titles(report: Report, ids: Sequence[str]) -> list[str]:
    titles = {one.id: one.title for one in report.checks}
    return [f"“{titles.get(one, one)}”" for one in ids]


def _latency_rows(report: Report) -> list[tuple[str, list[LatencyPart | None]]]:
    """A row for each measure, a cell for each endpoint."""
    found = {(one.measure, one.side): one for one in report.latency}
    measures = dict.fromkeys(one.measure for one in report.latency)
    return [(measure, [found.get((measure, one.side)) for one in report.endpoints]) for measure in measures]


def _says_cost(side: Mapping[str, Any]) -> bool:
    return side.get("cost_said_usd") is not None


def _said(side: Mapping[str, Any]) -> str:
    return words.money(side["cost_said_usd"]) if _says_cost(side) else "–"


def _cost(side: Mapping[str, Any], endpoint: EndpointPart) -> str:
    notes = [tr("demo: not paid")] if endpoint.demo else [tr("in doubt")] if side["cost_doubts"] else []
    return tr(", ").join([words.money(side["cost_usd"]), *(notes if side["cost_usd"] is not None else [])])


def _compare_rows(report: Report) -> list[tuple[str, list[str]]]:
    """The rows of a Compare run: how it ended, when it came, what it counted."""
    sides = [report.compare["sides"][one.side] for one in report.endpoints] if report.compare else []
    return [
        (tr("verdict of this run"), [words.fits(report).get(one.side, "–") for one in report.endpoints] if sides else []),
        (tr("outcome"), [words.outcome(one["outcome"]) for one in sides]),
        (tr("status"), [str(one["status"] or "–") for one in sides]),
        (tr("stop reason"), [str(one["stop_reason"] or "–") for one in sides]),
        (tr("model named"), [str(one["model"] or "–") for one in sides]),
        *(
            (words.measure(name), [words.milliseconds(one["timing_ms"][name]) for one in sides])
            for name in ("wait", "ttft", "total")
        ),
        (tr("tokens in"), [words.count(one["usage"]["input_tokens"]) for one in sides]),
        (tr("tokens out"), [words.count(one["usage"]["output_tokens"]) for one in sides]),
        (tr("cost"), [_cost(side, one) for side, one in zip(sides, report.endpoints, strict=False)]),
        *([(tr("cost, as it says"), [_said(one) for one in sides])] if any(map(_says_cost, sides)) else []),
        (tr("findings"), [str(len(one["findings"])) for one in sides]),
    ]
