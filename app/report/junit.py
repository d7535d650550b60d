"""A report as JUnit XML: a suite for each group and side, a case for each check, one failure a case."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from app.checks.verdict import Verdict
from app.report import measured, words
from app.report.schema import CheckPart, EndpointPart, Report, SidePart
from app.text.sentences import tr

_NOT_DECIDED = (Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE, Verdict.SKIPPED)
# All that XML 1.0 does not allow, U+FFFE and U+FFFF and surrogates among it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, *, strict: bool = False) -> bytes:
    """The document. `strict`: what differs fails too."""
    root = ET.Element("testsuites", name=clean(f"Diptych: {words.title(report)}"))
    for suite in _suites(report, strict=strict):
        root.append(suite)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _suites(report: Report, *, strict: bool) -> Iterable[ET.Element]:
    if report.run.kind == "compare":
        return _of_findings(report)
    if report.run.kind in ("study", "load"):
        return _of_measured(report)
    return _of_checks(report, strict=strict)


def clean(text: str) -> str:
    """Text without what XML 1.0 can't hold: U+FFFD in its place."""
    return _FORBIDDEN.sub("\ufffd", text)


def _of_checks(report: Report, *, strict: bool) -> Iterable[ET.Element]:
    by_side = {one.side: one for one in report.endpoints}
    groups: dict[str, list[CheckPart]] = {}
    for one in report.checks:
        groups.setdefault(one.group, []).append(one)
    for group, checks in groups.items():
        for side in ("a", "b"):
            found = [(one, judged) for one in checks if (judged := one.a if side == "a" else one.b) is not None]
            if found and side in by_side:
                yield _suite(f"diptych.{group}.{side.upper()}", by_side[side], report, found, strict=strict)


def _suite(
    name: str, endpoint: EndpointPart, report: Report, found: list[tuple[CheckPart, SidePart]], *, strict: bool
) -> ET.Element:
    suite = _element(None, "testsuite", name=name, timestamp=report.run.started_utc.removesuffix("Z"))
    properties = ET.SubElement(suite, "properties")
    for key, value in (
        ("base_url", endpoint.base_url),
        ("model", endpoint.model_asked),
        ("version", report.tool.version),
        ("tokens_in", report.spent.input_tokens),
        ("tokens_out", report.spent.output_tokens),
        ("price_usd", report.spent.usd),
    ):
        if value is not None:
            _element(properties, "property", name=key, value=str(value))
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for check, judged in found:
        case, kind = _case(name, endpoint, check, judged, strict=strict)
        suite.append(case)
        if kind:
            counts[kind] += 1
    seconds = sum(one.time_ms or 0 for one, _ in found) / 1e3 if endpoint.side == "b" else 0
    suite.set("tests", str(len(found)))
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    suite.set("time", f"{seconds:.3f}")
    return suite


def _case(suite: str, endpoint: EndpointPart, check: CheckPart, judged: SidePart, *, strict: bool) -> tuple[ET.Element, str]:
    time_ms = check.time_ms if endpoint.side == "b" and check.time_ms is not None else 0
    case = _element(None, "testcase", name=check.id, classname=suite, time=f"{time_ms / 1e3:.3f}")
    properties = ET.SubElement(case, "properties")
    _element(properties, "property", name="verdict", value=str(judged.verdict))
    _element(properties, "property", name="title", value=check.title)
    if endpoint.side == "b" and check.shared:
        _element(properties, "property", name="shared", value="true")
    kind = _kind(check, judged, endpoint, strict=strict)
    if kind == "skipped":
        sentence = words.meaning(check) if endpoint.side == "b" else judged.sentence
        _element(case, "skipped", message=tr("{verdict}: {sentence}", verdict=words.verdict(judged.verdict), sentence=sentence))
    elif kind:
        told = _element(case, kind, type=judged.reason_code, message=judged.sentence)
        told.text = clean(
            "\n".join(
                [
                    judged.sentence,
                    *(tr("{side}: {words}", side=one.side.upper(), words=words.place(one)) for one in judged.evidence),
                ]
            )
        )
    said = [one.excerpt for one in judged.evidence if one.excerpt] if kind in ("failure", "error") else []
    if said:
        _element(case, "system-out").text = clean("\n\n".join(said))
    return case, kind


def _kind(check: CheckPart, judged: SidePart, endpoint: EndpointPart, *, strict: bool) -> str:
    """What a verdict is to JUnit; "" for a case that passed. What the control does too is nothing that B could mend."""
    if check.own_fault and endpoint.side == "b":
        return "error"
    if judged.verdict in _NOT_DECIDED or (endpoint.side == "b" and check.shared):
        return "skipped"
    if judged.verdict is Verdict.FAIL or (judged.verdict is Verdict.DIFFERS and strict):
        return "failure"
    return ""


def _of_findings(report: Report) -> Iterable[ET.Element]:
    """A Compare run: a suite for each side, a case for each finding; a side without one has a case that passed."""
    for endpoint in report.endpoints:
        found = [one for one in report.findings if one.side == endpoint.side]
        suite = _element(None, "testsuite", name=f"diptych.compare.{endpoint.side.upper()}")
        failures = 0
        for number, one in enumerate(found, 1):
            case = _element(suite, "testcase", name=f"{one.id}.{number}", classname=suite.get("name", ""))
            if one.severity != "note":
                failures += 1
                told = _element(case, "failure", type=one.severity, message=one.sentence)
                told.text = clean("\n\n".join(filter(None, [one.plain, one.excerpt])))
        if not found:
            _element(suite, "testcase", name=tr("no findings"), classname=suite.get("name", ""))
        suite.set("tests", str(max(1, len(found))))
        suite.set("failures", str(failures))
        suite.set("errors", "0")
        suite.set("skipped", "0")
        yield suite


def _of_measured(report: Report) -> Iterable[ET.Element]:
    """A study or a load: a suite for each side, a case for all of its runs or for each step, which fails where any run did.

    How much slower is too slow nobody has said: the figures are output of the cases.
    """
    kind = report.run.kind
    study = {} if report.study is None else report.study["sides"]
    load = {} if report.load is None else report.load["sides"]
    cases = {name: [(tr("runs"), one)] for name, one in study.items()}
    cases |= {name: [(tr("step {step:g}", step=step["step"]), step) for step in side["results"]] for name, side in load.items()}
    for name, found in cases.items():
        suite = _element(None, "testsuite", name=f"diptych.{kind}.{name.upper()}", timestamp=report.run.started_utc[:-1])
        failures = 0
        for title, one in found:
            case = _element(suite, "testcase", name=title, classname=suite.get("name", ""))
            if one["failed"]:
                failures += 1
                _element(case, "failure", type="failed", message=tr("failed: {kinds}", kinds=measured.kinds(one["failed"])))
        _element(suite, "system-out").text = clean(report.sentence)
        counts = {"tests": len(found), "failures": failures, "errors": 0, "skipped": 0}
        for attribute, count in counts.items():
            suite.set(attribute, str(count))
        yield suite


def _element(parent: ET.Element | None, tag: str, /, **attributes: str) -> ET.Element:
    safe = {name: clean(value) for name, value in attributes.items()}
    return ET.Element(tag, safe) if parent is None else ET.SubElement(parent, tag, safe)
