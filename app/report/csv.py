"""A report's checks (a Compare run's findings, a study's runs, a load's steps) for a spreadsheet: a row for each and side. What
a spreadsheet would take for a formula is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

from app.report import words
from app.report.schema import CheckPart, Report, SidePart
from app.study.result import MEASURES
from app.text.sentences import message, tr
from app.text.visible import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
CHECK_COLUMNS = (
    message("check"),
    message("group"),
    message("title"),
    message("side"),
    message("endpoint"),
    message("model"),
    message("verdict"),
    message("reason"),
    message("sentence"),
    message("short"),
    message("measured"),
    message("harm"),
    message("shared"),
    message("advice"),
    message("exchanges"),
    message("requests"),
    message("time_ms"),
    message("started_utc"),
)
FINDING_COLUMNS = (
    message("side"),
    message("endpoint"),
    message("model"),
    message("id"),
    message("severity"),
    message("round"),
    message("event"),
    message("sentence"),
    message("plain"),
    message("remedy"),
    message("started_utc"),
)
_MEASURES = tuple(one.id for one in MEASURES)
_FIGURES = (  # of those measures, in their order
    message("ttft_ms"),
    message("connection_ms"),
    message("own_ms"),
    message("send_ms"),
    message("path_ms"),
    message("endpoint_ms"),
    message("wait_ms"),
    message("head_to_token_ms"),
    message("ttfb_ms"),
    message("ttfo_ms"),
    message("total_ms"),
    message("output_rate"),
    message("gap_ms"),
)
RUN_COLUMNS = (
    message("pair"),
    message("side"),
    message("endpoint"),
    message("model"),
    message("asked_first"),
    message("failed"),
    *_FIGURES,
    message("started_utc"),
)
STEP_COLUMNS = (
    message("side"),
    message("endpoint"),
    message("model"),
    message("open_loop"),
    message("step"),
    message("runs"),
    message("completed"),
    message("ttft_p50"),
    message("ttft_p95"),
    message("ttft_p99"),
    message("within_share"),
    message("good_per_second"),
    message("per_second"),
    message("tokens_per_second"),
    message("late_ms"),
    message("failed"),
    message("started_utc"),
)


def as_csv(report: Report) -> str:
    """The rows with a head, lines ended as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    columns, rows = _KINDS[report.run.kind]
    writer.writerow([tr(one) for one in columns])
    for row in rows(report):
        writer.writerow([cell(one) for one in row])
    return out.getvalue()


def cell(value: object) -> object:
    """A cell that no spreadsheet computes: a number stays one, text that begins like a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = visible(str(value), keep="\n\t")
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _of_checks(report: Report) -> Iterator[tuple[object, ...]]:
    for check in report.checks:
        for name, found in words.sides(check):
            yield _row(report, check, name, found)


def _row(report: Report, check: CheckPart, name: str, found: SidePart) -> tuple[object, ...]:
    endpoint = next(one for one in report.endpoints if one.side == name.lower())
    is_b = name == "B"
    return (
        check.id,
        check.group,
        check.title,
        name,
        endpoint.label,
        endpoint.model_asked,
        words.verdict(found.verdict),
        found.reason_code,
        found.sentence,
        found.short,
        "; ".join(words.number(one) for one in found.measured),
        words.severity(check.harm) if is_b and check.harm is not None else None,
        tr("yes" if check.shared else "no") if is_b else None,
        found.advice,
        " ".join(str(one.recording) for one in found.evidence if one.recording is not None),
        check.requests if is_b else None,
        check.time_ms if is_b else None,
        report.run.started_utc,
    )


def _of_findings(report: Report) -> Iterator[tuple[object, ...]]:
    endpoints = {one.side: one for one in report.endpoints}
    for one in report.findings:
        endpoint = endpoints[one.side]
        yield (
            one.side.upper(),
            endpoint.label,
            endpoint.model_asked,
            one.id,
            words.severity(one.severity),
            one.round,
            one.event,
            one.sentence,
            one.plain,
            one.remedy,
            report.run.started_utc,
        )


def _of_runs(report: Report) -> Iterator[tuple[object, ...]]:
    """A study's, failed ones too."""
    endpoints = {one.side: one for one in report.endpoints}
    for run in (report.study or {}).get("runs", []):
        for side, endpoint in endpoints.items():
            if (one := run[side]) is not None:
                first = tr("yes" if run["first"] == side else "no")
                values = (one[name] for name in _MEASURES)
                named = (run["pair"], side.upper(), endpoint.label, endpoint.model_asked)
                yield (*named, first, one["failed"], *values, report.run.started_utc)


def _of_steps(report: Report) -> Iterator[tuple[object, ...]]:
    """A load's."""
    endpoints = {one.side: one for one in report.endpoints}
    for name, side in (report.load or {}).get("sides", {}).items():
        endpoint, plan = endpoints.get(name), side["plan"]
        for one in side["results"]:
            yield (
                name.upper(),
                endpoint.label if endpoint is not None else None,
                plan["model"],
                tr("yes" if plan["open_loop"] else "no"),
                *(one[column] for column in ("step", "runs", "completed", "ttft")),
                *(one[column]["value"] if one[column] else None for column in ("p95", "p99")),
                *(one[column] for column in ("within", "good_per_second", "per_second", "tokens_per_second", "late_ms")),
                "; ".join(f"{kind}: {count}" for kind, count in one["failed"].items()),
                report.run.started_utc,
            )


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Report], Iterator[tuple[object, ...]]]]] = {
    "checks": (CHECK_COLUMNS, _of_checks),
    "compare": (FINDING_COLUMNS, _of_findings),
    "study": (RUN_COLUMNS, _of_runs),
    "load": (STEP_COLUMNS, _of_steps),
}
