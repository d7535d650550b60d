"""A report's checks (or a Compare run's findings) for a spreadsheet: a row for each and side. What a spreadsheet would take for
a formula is text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from app.report import words
from app.report.schema import CheckPart, Report, SidePart
from app.text.visible import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
CHECK_COLUMNS = (
    "check", "group", "title", "side", "endpoint", "model", "verdict", "reason", "sentence", "short", "measured", "harm",
    "shared", "advice", "exchanges", "requests", "time_ms", "started_utc",
)  # fmt: skip
FINDING_COLUMNS = (
    "side",
    "endpoint",
    "model",
    "id",
    "severity",
    "round",
    "event",
    "sentence",
    "plain",
    "remedy",
    "started_utc",
)


def as_csv(report: Report) -> str:
    """The rows with a head, lines ended as RFC 4180 has it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    is_run = report.run.kind == "compare"
    writer.writerow(FINDING_COLUMNS if is_run else CHECK_COLUMNS)
    for row in _of_findings(report) if is_run else _of_checks(report):
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
        str(found.verdict),
        found.reason_code,
        found.sentence,
        found.short,
        "; ".join(words.number(one) for one in found.measured),
        check.harm if is_b else None,
        ("yes" if check.shared else "no") if is_b else None,
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
            one.severity,
            one.round,
            one.event,
            one.sentence,
            one.plain,
            one.remedy,
            report.run.started_utc,
        )
