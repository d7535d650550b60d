"""What differs between the sides of a run, in its report: the sentence, all parts, their rows; hostile words stay words."""

from __future__ import annotations

import msgspec

from app.recording.records import RunOpened
from app.report.html import html
from app.report.markdown import markdown
from app.report.run_facts import run_report
from app.report.schema import Report, dump, load
from tests.builders import side
from tests.run.diff.test_summary import RELAY, VENDOR, answering

MARKUP = "<script>alert(1)</script>"


def report(a: str, b: str) -> Report:
    sides = side("a", answering(a, headers=VENDOR)), side("b", answering(b, name="b", headers=RELAY))
    return run_report(RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), sides)


def test_the_sentence_the_parts_and_their_rows() -> None:
    made = report(f"There is a small boat here. {MARKUP}", f"There is a little boat here. {MARKUP}")
    assert made.difference is not None
    assert made.difference.startswith("The answers differ in 1 place, first “small” in A and “little” in B.")
    assert [one.part for one in made.differences] == ["answers", "headers", "models", "events", "requests"]
    answers, headers = made.differences[:2]
    assert answers.rows == [["1", "another word", "There is a [small] boat here. <s…", "There is a [little] boat here. <s…"]]
    assert ["+ only B", "x-new-api-version", "–", "v0.9", "New API, a relay program, and its version"] in headers.rows
    assert load(dump(made)) == made
    for told in (html(made), markdown(made)):
        assert told.count("A drop-in for official clients") == 2
    page, said = html(made), markdown(made)
    assert "What differs" in page
    assert "There is a [small] boat here. &lt;s…" in page
    assert MARKUP not in page
    assert "- = Requests: identical but for address and key" in said
    assert "<details><summary>Response headers</summary>" in said


def test_what_a_demo_costs_is_told_as_not_paid() -> None:
    made = report("There is a small boat here.", "There is a small boat here.")
    a, b = made.endpoints
    of_demos = msgspec.structs.replace(made, endpoints=[msgspec.structs.replace(a, demo=True), b])
    assert (html(made).count("demo: not paid"), html(of_demos).count("demo: not paid")) == (0, 1)


def test_many_rows_are_cut_and_counted_and_one_side_has_none() -> None:
    words = [f"number {at} stands in its very own long sentence here." for at in range(45)]
    for count, left_out in ((40, 0), (45, 5)):
        text = " ".join(words[:count])
        answers = report(text, text.replace("long", "short")).differences[0]
        assert (len(answers.rows), answers.more) == (40, left_out)
    alone = run_report(RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [side("a", answering("hi"))])
    assert alone.difference is None
    assert "What differs" not in html(alone)
