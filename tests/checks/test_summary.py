"""The verdict line: which verdicts break, which only lose something, when it can't be told, and what is said at the foot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from app.checks.check import ADMITTED, COMPLETES, REACHED, Check, Group
from app.checks.judgement import Judged, Judgement
from app.checks.registry import all_checks
from app.checks.summary import Overall, Summary, harm_of, summarize
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from tests.checks.sessions import check, known

NONE: Mapping[str, str | Judged] = {}
CATALOGUE = all_checks()  # as it is without the made-up ones
STOP = check("stop", group=Group.MINIMAL, loss="stop sequences do nothing")
CHECKS: dict[str, Check] = {
    one.id: one
    for one in (
        check(REACHED, group=Group.REACH),
        check(ADMITTED, group=Group.GATE),
        check(COMPLETES, group=Group.MINIMAL),
        STOP,
        check("deltas", group=Group.STREAMING),
        check("called", group=Group.TOOLS, loss="tools are not called"),
        check("png", group=Group.MODALITIES),
        check("pdf", group=Group.MODALITIES),
        check("offset", group=Group.IDENTITY),
        check("shape", group=Group.ERRORS),
    )
}


@pytest.fixture(autouse=True)
def _checks() -> Iterator[None]:
    with known(*CHECKS.values()):
        yield


def judged(verdict: str, reason: str = "x", **more: object) -> Judged:
    return Judged(verdict=Verdict(verdict), reason=reason, sentence="{who} does so.", **more)  # type: ignore[arg-type]


def summary(verdicts: Mapping[str, str | Judged] = NONE, planned: int | None = None, client: str = "") -> Summary:
    """All foundations pass but where they are named; `-`: not done."""
    given: dict[str, str | Judged] = {REACHED: "pass", ADMITTED: "pass", COMPLETES: "pass", **verdicts}
    found = {name: Judgement(judged(one) if isinstance(one, str) else one) for name, one in given.items() if one != "-"}
    return summarize(found, len(found) if planned is None else planned, client)


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ({}, Overall.WORKS),
        ({"shape": "unsupported", "offset": "inconclusive", "png": "skipped"}, Overall.WORKS),
        ({"offset": "fail"}, Overall.LOSSES),
        ({"shape": "differs"}, Overall.LOSSES),
        ({"called": "differs"}, Overall.LOSSES),
        ({"called": "fail"}, Overall.BREAKS),
        ({"called": "fail", "offset": "fail"}, Overall.BREAKS),
        ({REACHED: "fail", ADMITTED: "skipped", COMPLETES: "skipped"}, Overall.BREAKS),
        ({COMPLETES: "fail"}, Overall.BREAKS),
        ({ADMITTED: "fail", COMPLETES: "skipped"}, Overall.UNKNOWN),
        ({ADMITTED: "inconclusive", COMPLETES: "skipped", "offset": "differs"}, Overall.UNKNOWN),
        ({COMPLETES: "inconclusive"}, Overall.UNKNOWN),
        ({COMPLETES: "-"}, Overall.UNKNOWN),
    ],
)
def test_the_state(verdicts: Mapping[str, str | Judged], overall: Overall) -> None:
    assert summary(verdicts).overall is overall


def test_what_the_control_does_too_is_no_loss() -> None:
    assert harm_of("called", judged("fail", shared=True)) is None
    assert summary({"called": judged("fail", shared=True)}).overall is Overall.WORKS


def test_a_judge_can_say_how_much_it_hurts() -> None:
    assert summary({"called": judged("fail", harm=Severity.LOSES)}).overall is Overall.LOSSES
    assert summary({"offset": judged("differs", harm=Severity.BREAKS)}).overall is Overall.BREAKS
    assert summary({"offset": judged("differs", harm=Severity.NOTE)}).overall is Overall.WORKS


def test_the_most_hurtful_reason_comes_first() -> None:
    assert [one.check for one in summary({"offset": "fail", "called": "fail", "shape": "differs"}).reasons] == [
        "called",
        "offset",
        "shape",
    ]


def test_a_reason_in_few_words() -> None:
    own = judged("fail", brief="{tokens:plural token|tokens} more in each request", fields={"tokens": 27})
    reasons = {
        one.check: one.brief() for one in summary({"stop": "fail", "offset": own, "shape": "differs", "png": "fail"}).reasons
    }
    assert reasons == {
        "stop": "stop sequences do nothing",
        "offset": "27 tokens more in each request",
        "shape": "“Shape” differs",
        "png": "“Png” fails",
    }


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (summary, "Works as it should."),
        (lambda: summary({"offset": "inconclusive", "png": "skipped"}), "Works as it should (2 checks do not tell)."),
        (lambda: summary({"offset": "pass"}, 5), "So far: works as it should."),
        (lambda: summary({"offset": "differs"}, client="anthropic 2.14"), "Works, with losses, for anthropic 2.14."),
        (lambda: summary({"called": "fail", "png": "skipped"}, 9), "So far: breaks (1 check does not tell)."),
        (lambda: summary({COMPLETES: "inconclusive"}, client="anthropic 2.14"), "Can't tell yet, for anthropic 2.14."),
    ],
)
def test_the_line(found: Callable[[], Summary], line: str) -> None:
    assert found().sentence == line


def test_the_line_beside_a_control() -> None:
    found = {name: Judgement(judged("pass"), judged("pass")) for name in (REACHED, ADMITTED, COMPLETES)}
    assert summarize(found, 3, against=True).sentence == "Works as the official one does."


def foot(found: Summary) -> str:
    return found.foot_text()


def test_the_foot() -> None:
    assert foot(summary({"deltas": "pass"})) == "Text and streaming work."
    assert foot(summary()) == "Text works."
    for why in ("stopped", "cap"):  # what was left out for that is not done
        assert foot(summary({"deltas": judged("skipped", why)})) == "So far: text works."
    assert foot(summary({"deltas": judged("skipped", "no_control")})) == "Text works."
    assert foot(summary({COMPLETES: "-", "called": "pass"})) == "Nothing can be said before the smallest request was answered."
    offset = judged("differs", brief="each request carries {n} tokens that you didn't write", fields={"n": 27})
    stop = judged("fail", harm=Severity.LOSES)
    losing = summary({"deltas": "pass", "called": "pass", "stop": stop, "offset": offset}, 12, "anthropic 2.14")
    assert foot(losing) == (
        "So far: text, streaming and tools work for anthropic 2.14. Stop sequences do nothing, and each request carries 27"
        " tokens that you didn't write."
    )
    assert [span.text for span in losing.foot() if span.strong] == ["anthropic 2.14", "Stop sequences do nothing"]


def test_what_breaks_is_not_among_what_works() -> None:
    assert foot(summary({"deltas": "pass", "called": "fail"})) == "Text and streaming work. Tools are not called."


def test_what_breaks_no_program_and_fails_is_not_among_what_works() -> None:
    assert foot(summary({"png": "pass", "pdf": "pass"})) == "Text and attachments work."
    assert foot(summary({"png": "pass", "pdf": "fail"})) == "Text works. “Pdf” fails."
    assert foot(summary({"png": "pass", "pdf": "differs"})) == "Text and attachments work. “Pdf” differs."
    assert foot(summary({"png": "pass", "pdf": "inconclusive"})) == "Text works."


def test_many_losses_are_counted() -> None:
    many = summary(dict.fromkeys(("deltas", "called", "stop", "offset", "shape", "png"), "fail"))
    assert foot(many) == "“Deltas” fails, tools are not called, stop sequences do nothing, “Offset” fails, and 2 more."


def test_why_it_can_not_be_told() -> None:
    gate = judged("fail", "status_403")
    refused = summary({ADMITTED: gate, COMPLETES: "skipped", "offset": "pass"})
    assert refused.unknown == ADMITTED
    assert foot(refused) == "Nothing more can be said. B does so."
    busy = summary({ADMITTED: "inconclusive", COMPLETES: "skipped", "stop": "differs"})
    assert foot(busy) == "Nothing can be said while “Admitted” is not decided. B does so. Stop sequences do nothing."


def test_what_is_lost_is_a_clause_that_fits_into_a_sentence() -> None:
    for one in CATALOGUE:
        assert not one.loss.endswith("."), one.id
        assert not one.loss[:1].isupper() or one.loss[1:2].isupper(), one.id  # "JSON schemas are not obeyed" may begin so
