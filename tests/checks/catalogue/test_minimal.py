"""One tiny answer, looked at from all sides, and the door before it."""

from __future__ import annotations

import pytest

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from tests.checks.catalogue.judged import Answers, found, judgement
from tests.checks.made import MODELS, Answer, refused, said

PROTOCOLS = (MESSAGES, CHAT, RESPONSES)
Found = tuple[str, str]


def plain(answer: Answer) -> Answers:
    return {"plain": [answer]}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_whole_answer_passes_all(protocol: str) -> None:
    for check in ("completes", "model_named", "stop_reason", "usage", "shape"):
        assert found(check, plain(said(protocol)), plain(said(protocol)), protocol)[0] == "pass", check


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((200, {"hello": 1}), ("fail", "no_answer")),
        ((200, {"type": "error", "error": {"type": "api_error", "message": "no"}}), ("fail", "no_answer")),
        (refused(MESSAGES, "no"), ("fail", "refused")),
        (refused(MESSAGES, "no", 404), ("fail", "refused")),
        (refused(MESSAGES, "no", 401), ("inconclusive", "status_401")),
        (refused(MESSAGES, "no", 529), ("inconclusive", "status_529")),
    ],
)
def test_completes(answer: Answer, expected: Found) -> None:
    assert found("completes", plain(answer)) == expected


@pytest.mark.parametrize(
    ("named", "control", "expected"),
    [
        (MODELS[CHAT], MODELS[CHAT], ("pass", "named")),
        (f"{MODELS[CHAT]}-2026-03-05", MODELS[CHAT], ("pass", "named")),
        ("gpt-4o-mini", MODELS[CHAT], ("differs", "other_model")),
        ("gpt-4o-mini", None, ("differs", "other_model")),
        ("gpt-9", "gpt-9", ("pass", "named")),  # what the control calls it, by whatever alias it was asked
        ("", None, ("differs", "unnamed")),
    ],
)
def test_models(named: str, control: str | None, expected: Found) -> None:
    a = plain(said(CHAT, model=control)) if control else None
    assert found("model_named", plain(said(CHAT, model=named)), a, CHAT) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("end_turn", ("pass", "ended")),
        ("finished", ("differs", "odd_end")),
        ("max_tokens", ("inconclusive", "cut")),
        ("refusal", ("inconclusive", "cut")),
    ],
)
def test_stop_reasons(word: str, expected: Found) -> None:
    assert found("stop_reason", plain(said(MESSAGES, stop_reason=word))) == expected


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}, ("pass", "counted")),
        ({"prompt_tokens": 9, "total_tokens": 11}, ("fail", "uncounted")),
        ({}, ("fail", "uncounted")),
        (None, ("fail", "uncounted")),
    ],
)
def test_usage(usage: object, expected: Found) -> None:
    assert found("usage", plain(said(CHAT, usage=usage)), protocol=CHAT) == expected


def test_what_another_check_says_is_not_said_twice() -> None:
    without = plain(said(CHAT, usage=None))
    assert found("usage", without, protocol=CHAT) == ("fail", "uncounted")
    assert found("shape", without, protocol=CHAT) == ("pass", "fits")


def test_what_breaks_the_client_fails_and_what_loses_differs() -> None:
    odd = said(CHAT, id="")
    one = judgement("shape", plain(odd), protocol=CHAT).b
    assert (one.verdict, str(one.harm)) == ("differs", "loses")
    assert found("shape", plain(odd), plain(odd), CHAT) == ("pass", "fits")  # the control does so too


@pytest.mark.parametrize(
    ("check", "step", "answers", "expected"),
    [
        ("admitted", "hello", [said(MESSAGES)], ("pass", "admitted")),
        ("admitted", "hello", [(200, {"hello": 1})], ("pass", "admitted")),  # whether it is an answer is another question
        ("admitted", "hello", [refused(MESSAGES, "only for Claude Code")], ("fail", "status_400")),
        ("admitted", "hello", [refused(MESSAGES, "Not found", 404)], ("fail", "address")),
        ("admitted", "hello", [refused(MESSAGES, "model: claude-none", 404)], ("fail", "model")),
        ("admitted", "hello", [refused(MESSAGES, "busy", 529)], ("inconclusive", "status_529")),
        ("trivial_words", "hi", [said(MESSAGES)], ("pass", "answers")),
        ("trivial_words", "hi", [refused(MESSAGES, "no", 403), said(MESSAGES)], ("pass", "answers")),
        ("trivial_words", "hi", [refused(MESSAGES, "no", 403), refused(MESSAGES, "no", 403)], ("differs", "blocked")),
        ("trivial_words", "hi", [refused(MESSAGES, "no", 403)], ("inconclusive", "status_403")),
        ("trivial_words", "hi", [refused(MESSAGES, "busy", 529)], ("inconclusive", "status_529")),
    ],
)
def test_the_gate(check: str, step: str, answers: list[Answer], expected: Found) -> None:
    assert found(check, {step: answers}) == expected


@pytest.mark.parametrize(
    ("answer", "brief", "harm"),
    [
        (refused(MESSAGES, "Not found", 404), "the API is not at this address", "breaks"),
        (refused(MESSAGES, "model: claude-none", 404), "the model can't be had there", "breaks"),
        (
            refused(MESSAGES, "litellm.NotFoundError: AnthropicException - Invalid URL (POST /v1/v1/messages)", 404),
            "its upstream is asked at a wrong address",
            "breaks",
        ),
        (
            refused(MESSAGES, "This credential is only authorized for use with Claude Code."),
            "only certain clients are let in",
            "None",
        ),
        (refused(MESSAGES, "no"), "", "None"),
    ],
)
def test_what_is_refused_for_its_address_or_model_breaks_and_is_no_gate(answer: Answer, brief: str, harm: str) -> None:
    one = judgement("admitted", {"hello": [answer]}).b
    assert (one.brief_words("B"), str(one.harm)) == (brief, harm)


def reasoning(tokens: int | None) -> Answers:
    details = {"completion_tokens_details": {"reasoning_tokens": tokens}} if tokens is not None else {}
    usage = {"prompt_tokens": 9, "completion_tokens": 100, "total_tokens": 109, **details}
    return {"unasked": [said(CHAT, usage=usage)] * 4}


def test_reasoning_that_comes_by_chance() -> None:
    yes, no = [*reasoning(64)["unasked"]], [*reasoning(0)["unasked"]]
    for ours, theirs in (([*yes[:2], no[0]], no), (yes, no[:1]), (yes, [*no[:3], yes[0]])):
        assert found("forced_reasoning", {"unasked": ours}, {"unasked": theirs}, CHAT) == ("inconclusive", "sometimes")


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (64, 0, "forced"),
        (64, 64, "unforced"),
        (64, None, "unforced"),  # the control does not say: nothing is concluded
        (0, 0, "unforced"),
        (None, 0, "unforced"),
    ],
)
def test_reasoning_that_nobody_asked_for(b: int | None, a: int | None, expected: str) -> None:
    assert found("forced_reasoning", reasoning(b), reasoning(a), CHAT)[1] == expected
