"""A report in the terminal: checks that rest on one that failed are one line, and a dead host's page stays short."""

from __future__ import annotations

import pytest

from app.checks.check import COMPLETES, Group
from app.terminal.check_table import print_report
from tests.checks.sessions import check
from tests.report.reports import judging, report_of, verdict


async def told(capsys: pytest.CaptureFixture[str], *sides: str) -> list[str]:
    names = ("one", "two", "three")
    report = await report_of(
        judging({"a": verdict("pass"), "b": verdict("fail")}, Group.TOOLS, "calls"),
        *(check(name, "calls", group=Group.CONTEXT) for name in names),
        check("alone", "calls", group=Group.ERRORS),
        check("below", "one", group=Group.IDENTITY),
        check("beside", "two", group=Group.IDENTITY),
        sides=sides,
    )
    print_report(report, [], newly=False)
    return capsys.readouterr().out.splitlines()


async def test_what_rests_on_a_failed_check_is_one_line_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    lines = await told(capsys, "b")
    folded = [" ".join(line.split()) for line in lines if "checks –" in " ".join(line.split())]
    assert folded == [
        "3 checks – skipped They rest on “Calls”, which has not passed.",
        "2 checks – skipped They rest on “Calls”, which has not passed.",  # by way of others, which were skipped too
    ]
    assert not [line for line in lines if line.startswith(("  One", "  Two", "  Three", "  Below"))]
    assert [line for line in lines if line.startswith("  Alone")]


async def test_with_a_control_both_sides_stand_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [" ".join(line.split()) for line in await told(capsys, "a", "b")]
    assert "3 checks – skipped – skipped They rest on “Calls”, which has not passed." in lines


async def test_an_endpoint_in_place_is_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    report = await report_of(check("x", COMPLETES), sides=("b",))
    (endpoint,) = report.endpoints
    print_report(report, [], newly=False)
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("B  ")]
    assert line.count(endpoint.base_url or "?") == 1
