"""The figures of the spine: what stands for each part."""

from __future__ import annotations

from app.run.diff.facts import Part, Standing, Why
from app.run.diff.summary import summarise
from app.run.diff.words import short, why
from tests.builders import side, stream


def test_identical_answers_have_their_length() -> None:
    summary = summarise(side("a", stream(612)), side("b", stream(800, side="b")))
    assert summary.answers.standing is Standing.SAME
    assert summary.answers.a_length == summary.answers.b_length > 0
    assert short(summary.answers) == f"identical, {summary.answers.a_length} characters"


def test_a_run_of_one_side_compares_nothing() -> None:
    summary = summarise(side("a", stream(612)), None)
    assert {one.why for one in summary.parts} == {Why.ALONE}
    assert [one.part for one in summary.parts] == list(Part)
    assert short(summary.headers) == "–"
    assert why(summary.headers) == "There is one side only: nothing to compare with."
    assert not summary.same
