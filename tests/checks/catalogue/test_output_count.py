"""Output tokens against bytes, and against the control's for the very same text."""

from __future__ import annotations

import pytest

from app.checks.registry import by_id
from app.checks.seen import Seen
from app.checks.verdict import Verdict
from app.protocols.ids import CHAT, MESSAGES
from app.recording.records import SideName
from tests.checks.catalogue.judged import Answers, found, judgement, one_side
from tests.checks.made import Answer, said

SIDES: tuple[tuple[SideName, int], ...] = (("b", 100), ("a", 50))

TEXT = "the quiet harbour keeps its lanterns burning " * 5


def answer(tokens: int, text: str = TEXT) -> Answer:
    return said(MESSAGES, text, tokens=(20, tokens))


def reasoned(tokens: int, reasoning: int | None) -> Answer:
    details = {"completion_tokens_details": {"reasoning_tokens": reasoning}} if reasoning is not None else {}
    usage = {"prompt_tokens": 20, "completion_tokens": tokens, "total_tokens": 20 + tokens, **details}
    return said(CHAT, "yes", usage=usage)


def thought(tokens: int) -> Answer:
    blocks = [{"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}, {"type": "text", "text": "yes"}]
    return said(MESSAGES, tokens=(20, tokens), content=blocks)


@pytest.mark.parametrize(
    ("b", "protocol", "expected"),
    [
        (answer(50), MESSAGES, ("pass", "bounded")),
        (answer(len(TEXT) + 16), MESSAGES, ("pass", "bounded")),
        (answer(len(TEXT) + 17), MESSAGES, ("inconclusive", "may_reason")),
        (thought(900), MESSAGES, ("inconclusive", "uncounted")),  # how much of it was thinking is not said
        (reasoned(900, 890), CHAT, ("pass", "bounded")),
        (reasoned(900, 0), CHAT, ("fail", "too_many")),
        (reasoned(900, None), CHAT, ("inconclusive", "uncounted")),
    ],
)
def test_a_token_is_at_least_a_byte(b: Answer, protocol: str, expected: tuple[str, str]) -> None:
    assert found("output_bound", {"plain": [b]}, protocol=protocol) == expected


def test_the_control_tells_that_nothing_was_reasoned_in_secret() -> None:
    many: Answers = {"plain": [answer(len(TEXT) + 17)]}
    assert found("output_bound", many, {"plain": [answer(50)]}) == ("fail", "too_many")
    assert found("output_bound", many, many) == ("inconclusive", "may_reason")


def test_the_worst_of_all_answers_counts() -> None:
    both: Answers = {"plain": [answer(50)], "copied": [answer(50), answer(5000)]}
    one = judgement("output_bound", both, {"plain": [answer(50)], "copied": [answer(50), answer(50)]}).b
    assert one.reason == "too_many"
    assert [(each.step, each.n) for each in one.evidence] == [("copied", 2)]


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        ([answer(50), answer(150)], [answer(50), answer(150)], ("pass", "alike")),
        ([answer(53)], [answer(50)], ("pass", "alike")),
        ([answer(54)], [answer(50)], ("differs", "other_count")),
        ([answer(46)], [answer(50)], ("differs", "other_count")),
        ([answer(75), answer(225)], [answer(50), answer(150)], ("differs", "other_count")),
        ([answer(70), answer(171)], [answer(50), answer(150)], ("differs", "constant")),
        ([answer(30), answer(130)], [answer(50), answer(150)], ("differs", "constant")),
        ([answer(50), answer(154)], [answer(50), answer(150)], ("differs", "other_count")),
        ([answer(100)], [answer(50, TEXT + "x")], ("inconclusive", "other_text")),
        ([answer(100, "")], [answer(50, "")], ("inconclusive", "other_text")),
        ([thought(100)], [thought(50)], ("inconclusive", "uncounted")),
    ],
)
def test_the_same_text_costs_the_same(b: list[Answer], a: list[Answer], expected: tuple[str, str]) -> None:
    assert found("output_count", {"copied": b}, {"copied": a}) == expected


def test_another_model_may_count_otherwise() -> None:
    sides = [one_side("output_count", {"copied": [answer(tokens)]}, side=side) for side, tokens in SIDES]
    sides[0].model = "gpt-5.4-mini"
    one = by_id()["output_count"].judge(Seen(*sides)).b
    assert (one.verdict, one.reason) == (Verdict.INCONCLUSIVE, "other_model")
    assert "(100, not 50)" in one.words("B")


def test_the_ratio_is_named() -> None:
    words = judgement("output_count", {"copied": [answer(75)]}, {"copied": [answer(50)]}).b.words("B")
    assert "75 output tokens where the control counts 50" in words
    assert "1.50 times" in words


def test_the_slope_is_that_of_what_the_longer_text_has_more() -> None:
    one = judgement("output_count", {"copied": [answer(75), answer(205)]}, {"copied": [answer(50), answer(150)]}).b
    assert "1.37 times as many; 1.30 times for what the longer text has more" in one.words("B")
    assert [each.value for each in one.measured if each.name == "slope"] == [1.3]
    extra = judgement("output_count", {"copied": [answer(70), answer(171)]}, {"copied": [answer(50), answer(150)]}).b
    assert extra.words("B").startswith("B counts 21 output tokens more than the control for the very same text")
