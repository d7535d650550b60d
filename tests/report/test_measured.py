"""Studies and loads as reports: every format holds the figures, and outside text stays text."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import msgspec
import pytest

from app.asking.loading import load_opened
from app.asking.studying import study_plan_of
from app.checks.asker import Step
from app.checks.budget import Spent
from app.exchange.exchange import Exchange
from app.report.csv import RUN_COLUMNS, STEP_COLUMNS, as_csv
from app.report.html import html
from app.report.junit import junit
from app.report.markdown import markdown
from app.report.measured import load_head, run_points, study_head, study_rows
from app.report.schema import Report, load
from app.report.study_facts import load_report, study_report
from app.report.write import SUFFIXES, render
from app.study.load import LoadPlan, Run, step_result
from app.study.load_told import Loaded
from app.study.result import MEASURES
from app.study.session import pairs_of
from tests.report.test_formats import HOSTILE, Page
from tests.study.studies import answered
from tests.ui.study.made import made, renamed


def study(name: str = "My relay") -> Report:
    opened, recordings = made(20, failing=(3,))
    exchanges = [Exchange(one).finish() for one in renamed(recordings, name)]
    plan = study_plan_of(opened)
    assert plan is not None
    return study_report(opened, plan, pairs_of(plan, exchanges), exchanges)


def loaded(name: str = "My gateway") -> Report:
    exchanges = [answered(None if n % 7 == 3 else 300.0 + n, "b", Step("", "load", n), 429) for n in range(1, 25)]
    for one in exchanges:
        note = msgspec.structs.replace(one.recording.envelope.profile, name=name)
        one.recording.envelope = msgspec.structs.replace(one.recording.envelope, profile=note)
    plan = LoadPlan("anthropic-messages", name, (4,), limit_ms=310.0)
    runs = [Run(one, 0.5, n) for n, one in enumerate(exchanges, 1)]
    sides = {"b": Loaded(plan, (step_result(4, runs, 2.0, plan),))}
    opened = load_opened("1", "2026-11-29T12:00:00.000Z", sides, Spent())  # type: ignore[arg-type]
    return load_report(opened, sides, Spent(), exchanges[:5])  # type: ignore[arg-type]


REPORTS = {"study": study, "load": loaded}


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_is_made_of_the_json_alone(kind: str, suffix: str) -> None:
    report = REPORTS[kind]()
    again = load(render(report, ".json"))
    assert render(again, suffix) == render(report, suffix)


@pytest.mark.parametrize("kind", REPORTS)
def test_hostile_names_are_text(kind: str) -> None:
    report = REPORTS[kind](HOSTILE)
    page, honest = Page(html(report)), Page(html(REPORTS[kind]()))
    assert not page.open
    assert set(page.tags) == set(honest.tags)
    assert "<script>alert(1)</script>" in page.text
    assert ET.fromstring(junit(report)) is not None
    for line in markdown(report).splitlines():
        assert "<script" not in line.replace("\\<script", "")
    rows = list(csv.reader(io.StringIO(as_csv(report), newline="")))
    assert len({len(row) for row in rows}) == 1


def test_a_study_is_told() -> None:
    report = study()
    first = study_rows(report)[0]
    assert first[0] == "first token, ms"
    assert len(first) == len(study_head())
    assert first[5].startswith("+1")
    page = Page(html(report))
    for said in (
        "later to the first token",
        first[5],
        "19 of 20 completed",
        "429 1 ×",
        "order drawn with seed 7",
        "paired difference",
    ):
        assert said in page.text
    assert page.tags.count("circle") == 20
    assert (page.tags.count("rect"), page.tags.count("path")) == (19, 1)
    assert f"| {first[0]} |" in markdown(report)
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert list(rows[0]) == list(RUN_COLUMNS)
    figures = [f"{one.id}_ms" if one.unit == "ms" else one.id for one in MEASURES]
    assert list(rows[0])[-len(figures) - 1 : -1] == figures  # whose cells are in the order of the measures
    assert len(rows) == 40
    assert [one["failed"] for one in rows if one["pair"] == "3"] == ["", "429"]
    (failure,) = ET.fromstring(junit(report)).iter("failure")
    assert failure.get("message") == "failed: 429 1 ×"


def test_points_lie_inside_the_picture() -> None:
    assert all(0 < x < 100 and 0 < y < 30 for x, y, _ in run_points(study()))
    assert len({x for x, _, _ in run_points(study())}) == 20


@pytest.mark.english
def test_a_load_is_told() -> None:
    report = loaded()
    (name, rows) = next(iter({"B": report.load["sides"]["b"]["results"]}.items()))  # type: ignore[index]
    assert (name, rows[0]["completed"], rows[0]["failed"]) == ("B", 20, {"429": 4})
    page = Page(html(report))
    for said in ("My gateway under load", "20 of 24", f"{100 * rows[0]['within']:.0f} %", "429 4 ×", *load_head(report)):
        assert said in page.text
    (row,) = csv.DictReader(io.StringIO(as_csv(report)))
    assert list(row) == list(STEP_COLUMNS)
    assert (row["step"], row["completed"], row["failed"]) == ("4", "20", "429: 4")
