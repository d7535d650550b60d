"""Input tokens for the same bytes: each way in which B's counts can be other is told from the others."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from app.checks.asker import Step
from app.checks.catalogue import token_offset
from app.checks.judgement import Judgement
from app.recording.records import Request, SideName
from app.simulator.model import tokens
from tests.checks.sessions import Answer, Sender, answer, known, refusal, session

Count = Callable[[str, str, Step], int]  # (system, the user's words, which request)


def honest(system: str, words: str, _step: Step) -> int:
    return 9 + tokens.count(words) + (4 + tokens.count(system) if system else 0)


def _said(count: int) -> Answer:
    status, headers, body = answer("OK")
    return status, headers, {**body, "usage": {"input_tokens": count, "output_tokens": 1}}


async def judged(b: Count, a: Count | None = honest, model: str = "m") -> Judgement:
    def answers(side: SideName, step: Step, request: Request) -> Answer:
        body = json.loads(request.body)
        count = (a if side == "a" else b) or honest
        return _said(count(body.get("system") or "", body["messages"][0]["content"], step))

    with known(*token_offset.CHECKS):
        one = session(token_offset.CHECKS, Sender(answers), sides=("a", "b") if a else ("b",))
        if model != "m":
            one.plan.models["b"] = model
        await one.run()
        return one.judgements["token_offset"]


def _other_tokenizer(system: str, words: str, step: Step) -> int:
    return honest(system, words, step) + len(words.encode()) // 5


def _cjk_swapped(system: str, words: str, step: Step) -> int:
    return honest(system, words.replace("今天的天气很好，", "it is fine weather today, really fine weather"), step)


def _default_system(system: str, words: str, step: Step) -> int:
    return honest(system, words, step) + (0 if system else 212)


LIES: dict[str, Count] = {
    "offset": lambda system, words, step: honest(system, words, step) + 412,
    "fewer": lambda system, words, step: honest(system, words, step) - 5,
    "multiplier": lambda system, words, step: round(honest(system, words, step) * 1.31),
    "other_tokenizer": _other_tokenizer,
    "one_unit": _cjk_swapped,
    "rounded": lambda system, words, step: -(-honest(system, words, step) // 10) * 10,
    "one_for_all": lambda _system, _words, _step: 17,
    "with_tools": lambda system, words, step: honest(system, words, step) + 72 * (step.name == "tool"),
    "fewer_with_tools": lambda system, words, step: honest(system, words, step) - 5 * (step.name == "tool"),
    "unsteady": lambda system, words, step: honest(system, words, step) + 40 * (step.n == 2),
    "default_system": _default_system,
    "system_lost": lambda _system, words, step: honest("", words, step),
}


async def test_the_same_counts_pass() -> None:
    found = await judged(honest)
    assert (found.b.verdict, found.b.reason) == ("pass", "same")
    assert found.a is not None
    assert (found.a.verdict, found.a.reason) == ("pass", "steady")
    assert found.b.measured_words() == "+0 tokens"


async def test_a_template_may_add_three() -> None:
    found = await judged(lambda system, words, step: honest(system, words, step) + 3)
    assert found.b.reason == "same"
    assert "but for 3 of formatting" in found.b.words("B")


@pytest.mark.parametrize("reason", LIES)
async def test_each_lie_is_told(reason: str) -> None:
    found = await judged(LIES[reason])
    assert found.b.reason == reason
    assert found.b.verdict == ("fail" if reason == "system_lost" else "differs")
    assert found.b.words("B")
    assert found.b.evidence


async def test_the_hidden_prompt_is_measured() -> None:
    found = await judged(LIES["offset"])
    assert "carries 412 more input tokens than the official one" in found.b.words("B")
    assert next(one.value for one in found.b.measured if one.name == "offset") == 412


async def test_alone_only_steadiness_is_judged() -> None:
    assert (await judged(LIES["offset"], None)).b.reason == "no_control"
    assert (await judged(LIES["unsteady"], None)).b.reason == "unsteady"
    assert (await judged(LIES["one_for_all"], None)).b.reason == "one_for_all"


async def test_another_models_counts_say_nothing() -> None:
    found = (await judged(LIES["other_tokenizer"], model="other")).b
    assert (found.verdict, found.reason) == ("inconclusive", "other_model")


async def test_a_control_that_is_unsteady_itself_decides_nothing() -> None:
    assert (await judged(LIES["offset"], LIES["unsteady"])).b.reason == "control_unsteady"
    both = (await judged(LIES["unsteady"], LIES["unsteady"])).b
    assert (both.reason, both.shared) == ("unsteady", True)


@pytest.mark.parametrize("said", [refusal(429), refusal(400), refusal(500)])
async def test_a_refusal_is_no_count(said: Answer) -> None:
    def answers(side: SideName, step: Step, _request: Request) -> Answer:
        return said if side == "b" and step.name == "json-40" else _said(50)

    with known(*token_offset.CHECKS):
        one = session(token_offset.CHECKS, Sender(answers))
        await one.run()
    assert one.judgements["token_offset"].b.verdict == "inconclusive"
