"""How much of what came a report shows: just below each bound, and just above it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from app.report.html import html
from app.report.markdown import markdown, text
from app.report.parts import _distinct, excerpt
from app.report.schema import Report
from app.run.diff.as_text import as_text
from app.run.diff.facts import Part
from tests.report.reports import judging, report_of, verdict
from tests.report.test_differences import report
from tests.run.diff.test_summary import answering, compared


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"x" * 800, "x" * 800),
        (b"x" * 801, "x" * 800 + "…"),
        (b"y\n" * 10, "\n".join("y" * 10)),
        (b"y\n" * 11, "\n".join("y" * 10) + "…"),
        ("海".encode() * 800, "海" * 800),
        (b"\r\n \r\n", None),
        (b"x" + b"\n" * 3_300 + b"y", "x…"),
    ],
)
def test_an_excerpt_has_an_end(data: bytes, seen: str | None) -> None:
    assert excerpt(data) == seen


@pytest.mark.parametrize(("length", "seen"), [(300, "x" * 300), (301, "x" * 299 + "…")])
def test_a_cell_of_markdown_has_an_end(length: int, seen: str) -> None:
    assert text("x" * length) == seen


def test_a_cell_of_what_differs_has_an_end() -> None:
    said = report("The boat is " + "x" * 500, "The boat is " + "y" * 500)
    (row,) = said.differences[0].rows
    assert [len(cell) for cell in row[2:]] == [200, 200]
    assert row[2].endswith("…")


def test_in_text_a_cell_has_an_end_but_for_the_last() -> None:
    diff = compared(answering("The boat is " + "x" * 500), answering("The boat is " + "y" * 500, name="b"))
    line = as_text(diff, Part.ANSWERS).splitlines()[-1]
    assert "x" * 40 + "…" in line
    assert "x" * 60 not in line
    assert "y" * 500 in line


def test_what_was_seen_of_a_kind_is_named_by_eight_short_texts() -> None:
    seen = _distinct([*"abcdefghi", "a", ""])
    assert seen == [*"abcdefgh"]
    assert _distinct(["x" * 81]) == ["x" * 80]


async def made_longer(checks: int, evidence: int) -> Report:
    """A report of so many checks of one group, the first with so many exchanges that it rests on."""
    made = await report_of(judging(verdict("fail")), sides=("b",))
    first = made.checks[-1]
    proofs = [replace(first.b.evidence[0], note=f"proof {number}") for number in range(evidence)]
    first = replace(first, b=replace(first.b, evidence=proofs))
    return replace(made, checks=[first, *(replace(first, title=f"check {number}") for number in range(1, checks))])


@pytest.mark.parametrize(("count", "left_out"), [(6, ""), (7, "and 1 more exchanges, which the JSON report names")])
async def test_on_the_page_a_check_rests_on_six_exchanges_and_the_others_are_counted(count: int, left_out: str) -> None:
    page = html(await made_longer(1, count))
    assert ("more exchanges" in page) is bool(left_out)
    assert left_out in page
    assert [f"proof {number}" in page for number in range(count)] == [True] * 6 + [False] * (count - 6)


@pytest.mark.parametrize(("checks", "tables"), [(30, 1), (31, 2)])
async def test_in_markdown_a_table_has_thirty_checks_so_that_a_cut_leaves_out_few(checks: int, tables: int) -> None:
    said = markdown(await made_longer(checks, 1))
    assert said.count("| check | verdict | measured | what it means |") == tables
    assert all(f"check {number} |" in said for number in range(1, checks))
