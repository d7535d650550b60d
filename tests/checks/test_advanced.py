"""What goes beyond plain answers: fields that nobody knows, counting, answers handed out again, beta headers."""

from __future__ import annotations

import pytest

from app.checks.asker import nonce_of
from app.checks.catalogue import betas, counting, fields, reply_cache
from app.checks.check import Check
from app.checks.judgement import Judgement
from app.checks.seen import Seen
from app.protocols.ids import MESSAGES, RESPONSES
from tests.checks.made import Answer, refused, said, steps

Answers = dict[str, list[Answer]]
CHECKS = {one.id: one for topic in (betas, counting, fields, reply_cache) for one in topic.CHECKS}


def judged(check: str, b: Answers, a: Answers | None = None, protocol: str = MESSAGES, **more: object) -> Judgement:
    known: Check = CHECKS[check]
    ours = steps(protocol, a, "a") if a is not None else None
    return known.judge(Seen(steps(protocol, b, **more), ours))  # type: ignore[arg-type]


def told(found: Judgement) -> tuple[str, str]:
    assert found.b.words("B")
    assert "{" not in found.b.words("B")
    assert found.b.measured_words("B")
    assert found.b.evidence
    return str(found.b.verdict), found.b.reason


YES, NO = said(MESSAGES), refused(MESSAGES, "zz_probe: Extra inputs are not permitted")


def test_a_field_that_nobody_knows() -> None:
    takes, refuses = {"without": [YES], "with": [YES]}, {"without": [YES], "with": [NO]}
    assert told(judged("unknown_field", takes, takes)) == ("pass", "taken")
    assert told(judged("unknown_field", refuses, refuses)) == ("pass", "refused")
    assert told(judged("unknown_field", takes, refuses)) == ("differs", "taken")
    assert told(judged("unknown_field", refuses, takes)) == ("differs", "refused")
    assert told(judged("unknown_field", takes)) == ("pass", "taken")
    assert judged("unknown_field", {"without": [NO], "with": [NO]}, takes).b.verdict == "inconclusive"


SENT = {
    "instructions": "Answer in one short line. (Ignore this: nonce)",
    "max_output_tokens": 321,
    "metadata": {"probe": "nonce"},
}


@pytest.mark.parametrize(
    ("echo", "reason"),
    [
        (SENT, "same"),
        ({}, "none"),
        ({**SENT, "instructions": None}, "same"),
        ({**SENT, "instructions": f"You are Kim. {SENT['instructions']}"}, "other_instructions"),
        ({**SENT, "max_output_tokens": 128_000}, "other_max_output_tokens"),
    ],
)
def test_fields_that_are_given_back(echo: dict[str, object], reason: str) -> None:
    found = judged("echo", {"echo": [said(RESPONSES, **echo)]}, protocol=RESPONSES, asked=SENT)  # type: ignore[arg-type]
    assert told(found)[1] == reason
    both = judged("echo", {"echo": [said(RESPONSES, **echo)]}, {"echo": [said(RESPONSES, **SENT)]}, RESPONSES, asked=SENT)  # type: ignore[arg-type]
    assert both.b.reason == reason


def counted(count: object, billed: int = 60) -> Answers:
    answer = count if isinstance(count, tuple) else (200, {"input_tokens": count})
    return {
        f"{kind}{body}": [one]
        for body in ("short", "tools")
        for kind, one in (("count-", answer), ("", said(MESSAGES, tokens=(billed, 2))))
    }


COUNTS: list[tuple[Answers, Answers | None, tuple[str, str]]] = [
    (counted(60), counted(60), ("pass", "same")),
    (counted(62), counted(60), ("pass", "same")),
    (counted(48), counted(60), ("differs", "other")),
    (counted(87, billed=87), counted(60), ("differs", "as_billed")),
    (counted(87, billed=60), counted(60), ("differs", "other")),
    (counted(87, billed=500), counted(60), ("differs", "other")),
    (counted(60, billed=728), counted(60), ("differs", "not_billed")),
    (counted(refused(MESSAGES, "no such path", 404)), counted(60), ("fail", "absent")),
    (counted(refused(MESSAGES, "no such path", 404)), counted(refused(MESSAGES, "", 404)), ("unsupported", "absent")),
    (counted(refused(MESSAGES, "no such path", 404)), None, ("unsupported", "absent")),
    (counted(said(MESSAGES, "OK")), counted(60), ("fail", "generated")),
    (counted("many"), counted(60), ("fail", "no_count")),
    (counted(True), None, ("fail", "no_count")),
    (counted(60), None, ("pass", "near")),
    (counted(48, billed=728), None, ("differs", "not_billed")),
    (counted(refused(MESSAGES, "", 429)), counted(60), ("inconclusive", "status_429")),
]


@pytest.mark.parametrize(("b", "a", "expected"), COUNTS)
def test_counting(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    assert told(judged("count_tokens", b, a)) == expected


@pytest.mark.parametrize(("b", "reason"), [(counted(48, billed=48), "near"), (counted(48, billed=131), "not_billed")])
def test_the_count_of_another_model_is_held_against_what_it_bills(b: Answers, reason: str) -> None:
    assert told(judged("count_tokens", b, counted(60), model="gpt-5.4-mini"))[1] == reason


def test_another_models_count_that_nothing_is_billed_for_tells_nothing() -> None:
    unbilled = {name: one for name, one in counted(48).items() if name.startswith("count-")}
    assert judged("count_tokens", unbilled, counted(60), model="gpt-5.4-mini").b.reason == "other_model"


LONG = "Words that nobody says twice, however often they are asked to make some up for a check of nothing in particular. " * 3


def replies(*texts: str, ids: tuple[str, ...] = ("1", "2", "3"), words: tuple[str, str] = ("", "")) -> Answers:
    same = [said(MESSAGES, text, id=one) for text, one in zip(texts, ids, strict=True)]
    return {"same": same, "word": [said(MESSAGES, word) for word in words]}


FRESH = replies(f"{LONG} a", f"{LONG} b", f"{LONG} c")
REPLIES: list[tuple[Answers, Answers | None, tuple[str, str]]] = [
    (FRESH, FRESH, ("pass", "fresh")),
    (replies(LONG, LONG, "x", ids=("1", "1", "2")), FRESH, ("fail", "same_id")),
    (replies(LONG, LONG, "x", ids=("1", "1", "2")), None, ("fail", "same_id")),
    (replies("a", "b", "c", ids=("1", "1", "1")), FRESH, ("pass", "fresh")),  # a made-up id is no cache
    (replies(LONG, LONG, LONG, ids=("msg_1",) * 3), None, ("inconclusive", "alike")),  # that of all answers, and no cache
    (replies(LONG, LONG, f"{LONG} c"), FRESH, ("differs", "same_text")),
    (replies(LONG, LONG, LONG), replies(LONG, LONG, LONG), ("inconclusive", "alike")),
    (replies(LONG, LONG, LONG), None, ("inconclusive", "alike")),
    (replies("Yes.", "Yes.", "No."), FRESH, ("inconclusive", "short")),
]


@pytest.mark.parametrize(("b", "a", "expected"), REPLIES)
def test_answers_handed_out_again(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    assert told(judged("reply_cache", b, a)) == expected


@pytest.mark.parametrize(
    ("words", "reason"), [(("nonce", "nonce"), "other_word"), (("nonce", "x"), "fresh"), (("Sure!", "Sure!"), "fresh")]
)
def test_another_prompts_answer(words: tuple[str, str], reason: str) -> None:
    answers = {**FRESH, "word": [said(MESSAGES, word) for word in words]}
    prompts = [
        {"prompt": f"Echo back verbatim the following single string: {word}"} for word in ("nonce", nonce_of(0, "nonce"))
    ]
    assert judged("reply_cache", answers, by_step={"word": prompts}).b.reason == reason


MANAGED = said(MESSAGES, context_management={"applied_edits": []})
NO_FIELD = refused(MESSAGES, "context_management: Extra inputs are not permitted")
NO_HEADER = refused(MESSAGES, "Unexpected value(s) `context-management-2025-06-27` for the `anthropic-beta` header.")
NO_MODEL = refused(MESSAGES, "not today")


def asked(both: Answer) -> Answers:
    return {"without": [YES], "both": [both], "field": [NO_FIELD]}


BETAS: list[tuple[Answer, Answer | None, tuple[str, str]]] = [
    (MANAGED, MANAGED, ("pass", "works")),
    (MANAGED, None, ("pass", "works")),
    (YES, MANAGED, ("fail", "lost")),
    (NO_FIELD, MANAGED, ("fail", "header_dropped")),
    (NO_HEADER, MANAGED, ("fail", "header_refused")),
    (NO_MODEL, MANAGED, ("fail", "refused")),
    (NO_HEADER, YES, ("fail", "header_refused")),
    (YES, YES, ("inconclusive", "silent")),
    (YES, None, ("inconclusive", "silent")),
    (YES, NO_FIELD, ("inconclusive", "control_refuses")),
    (NO_FIELD, NO_FIELD, ("unsupported", "refused")),
    (NO_HEADER, None, ("unsupported", "refused")),
]


@pytest.mark.parametrize(("b", "a", "expected"), BETAS)
def test_beta_headers(b: Answer, a: Answer | None, expected: tuple[str, str]) -> None:
    assert told(judged("beta_field", asked(b), asked(a) if a else None)) == expected


def test_the_address_of_beta_methods() -> None:
    assert told(judged("beta_query", {"without": [YES], "query": [YES]})) == ("pass", "answers")
    assert told(judged("beta_query", {"without": [YES], "query": [refused(MESSAGES, "Not found", 404)]})) == (
        "fail",
        "no_query",
    )
    assert told(judged("beta_query", {"without": [YES], "query": [refused(MESSAGES, "", 503)]})) == (
        "inconclusive",
        "status_503",
    )
