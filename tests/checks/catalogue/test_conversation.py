"""Earlier turns, the system prompt over turns, an answer sent back; and JSON, by words and by schema."""

from __future__ import annotations

import json
from random import Random

import pytest

from app.checks.catalogue.context import _two_words, _word
from app.checks.catalogue.json_output import _colour
from app.checks.judgement import Judged
from app.checks.registry import by_id
from app.checks.verdict import Verdict
from tests.checks.catalogue.seen import SEED, Answers, seen
from tests.checks.catalogue.tool_answers import cut, forecasts
from tests.checks.sessions import Answer, answer, refusal

CAT, DOG = _two_words(Random(f"{SEED}/turns"))
ORDERED = answer(_word(Random(f"{SEED}/system_over_turns")))
OK, BOTH, HALF = answer("OK"), answer(f"{CAT.upper()} and {DOG}"), answer(f"Only {DOG}.")
COLOUR = _colour(Random(f"{SEED}/json_schema"))


def thrice(step: str, one: Answer) -> Answers:
    return {(step, n): one for n in (1, 2, 3)}


def judged(check: str, b: Answers, a: Answers | None = None) -> Judged:
    found = by_id()[check].judge(seen(check, b, a)).b
    assert found.words("B")
    assert found.measured_words("B") is not None
    return found


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"first": OK, "second": OK, "both": BOTH}, Verdict.PASS, "remembered"),
        ({"first": OK, "second": OK, ("both", 1): HALF, ("both", 2): BOTH}, Verdict.PASS, "remembered"),
        ({"first": OK, "second": OK, ("both", 1): HALF, ("both", 2): HALF}, Verdict.INCONCLUSIVE, "too_few"),
        ({"first": OK, "second": OK, **thrice("both", HALF)}, Verdict.FAIL, "missing"),
        ({"first": OK, "second": OK, ("both", 1): HALF, ("both", 2): cut(HALF)}, Verdict.INCONCLUSIVE, "cut"),
        ({"first": OK, "second": refusal()}, Verdict.FAIL, "refused"),
        ({"first": OK, "second": OK, "both": refusal()}, Verdict.FAIL, "refused"),
        ({"first": refusal(429)}, Verdict.INCONCLUSIVE, "status_429"),
        ({"first": OK}, Verdict.INCONCLUSIVE, "no_turn"),
        ({}, Verdict.SKIPPED, "not_asked"),
    ],
)
def test_earlier_turns(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("turns", b)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_what_is_missing_is_named() -> None:
    words = judged("turns", {"first": OK, "second": OK, **thrice("both", HALF)}).words("B")
    assert f"3 times: {CAT} is missing in “Only {DOG}.”" in words


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"first": ORDERED, "second": ORDERED}, Verdict.PASS, "kept"),
        (thrice("first", OK), Verdict.FAIL, "missing"),
        ({"first": ORDERED, **thrice("second", OK)}, Verdict.FAIL, "missing"),
        ({"first": refusal()}, Verdict.FAIL, "refused"),
    ],
)
def test_the_system_prompt_holds_in_every_turn(b: Answers, verdict: Verdict, reason: str) -> None:
    found = by_id()["system_over_turns"].judge(seen("system_over_turns", b, {"first": ORDERED, "second": ORDERED})).b
    assert (found.verdict, found.reason) == (verdict, reason)


def test_a_model_that_heeds_no_system_prompt_is_not_the_relays_fault() -> None:
    for control in (None, thrice("first", OK)):
        found = by_id()["system_over_turns"].judge(seen("system_over_turns", thrice("first", OK), control)).b
        assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, "not_heeded")
        assert "the model's own way" in found.words("B")


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"call": forecasts("t1"), "back": OK}, Verdict.PASS, "taken"),
        ({"call": forecasts("t1"), "back": refusal()}, Verdict.FAIL, "refused"),
        ({"call": OK}, Verdict.INCONCLUSIVE, "no_call"),
    ],
)
def test_an_answer_sent_back(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("message_replay", b)
    assert (found.verdict, found.reason) == (verdict, reason)


ORDER = answer(json.dumps({"item": "lamp", "quantity": 3, "express": False, "tags": ["home"]}))
MISFIT = answer(json.dumps({"item": "lamp", "quantity": "3", "express": False, "tags": []}))
FENCED = answer('```json\n{"item": "lamp"}\n```')
PROSE = answer("Three lamps.")


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"first": ORDER}, Verdict.PASS, "json"),
        ({"first": PROSE, "retry": ORDER}, Verdict.PASS, "json_when_told"),
        ({"first": PROSE, "retry": PROSE}, Verdict.FAIL, "not_json"),
        ({"first": FENCED, "retry": FENCED}, Verdict.FAIL, "fenced"),
        ({"first": MISFIT, "retry": MISFIT}, Verdict.FAIL, "not_valid"),
        ({"first": cut(PROSE)}, Verdict.INCONCLUSIVE, "cut"),
        ({"first": PROSE, "retry": cut(PROSE)}, Verdict.INCONCLUSIVE, "cut"),
        ({"first": refusal()}, Verdict.INCONCLUSIVE, "status_400"),
    ],
)
def test_json_by_words(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("json_by_words", b)
    assert (found.verdict, found.reason) == (verdict, reason)


def twice(step: str, one: Answer) -> Answers:
    return {(step, 1): one, (step, 2): one}


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"without": PROSE, "object": ORDER}, Verdict.PASS, "obeyed"),
        ({"without": ORDER, "object": ORDER}, Verdict.INCONCLUSIVE, "either_way"),
        ({"without": PROSE, **twice("object", PROSE)}, Verdict.FAIL, "ignored"),
        ({"without": PROSE, **twice("object", answer("[1]"))}, Verdict.DIFFERS, "no_object"),
        ({"without": PROSE, **twice("object", FENCED)}, Verdict.FAIL, "fenced"),
        ({"without": PROSE, "object": refusal()}, Verdict.UNSUPPORTED, "refused"),
    ],
)
def test_json_object(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("json_object", b)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("b", "verdict", "reason"),
    [
        ({"schema": answer(json.dumps({"colour": COLOUR}))}, Verdict.PASS, "obeyed"),
        (twice("schema", answer('{"colour": "green"}')), Verdict.FAIL, "hinted"),
        (twice("schema", answer("Green.")), Verdict.FAIL, "dropped"),
        (twice("schema", answer(f'```json\n{{"colour": "{COLOUR}"}}\n```')), Verdict.FAIL, "fenced"),
        (twice("schema", answer('{"answer": "green"}')), Verdict.FAIL, "dropped"),
        (twice("schema", answer(f'{{"colour": "{COLOUR}"}}\n\n— powered by a relay')), Verdict.FAIL, "beside"),
        (twice("schema", answer(f'Sure! {{"colour": "{COLOUR}"}}')), Verdict.FAIL, "beside"),
        ({"schema": answer("Green.")}, Verdict.INCONCLUSIVE, "too_few"),
        ({"schema": refusal()}, Verdict.UNSUPPORTED, "refused"),
    ],
)
def test_json_schema(b: Answers, verdict: Verdict, reason: str) -> None:
    found = judged("json_schema", b)
    assert (found.verdict, found.reason) == (verdict, reason)
