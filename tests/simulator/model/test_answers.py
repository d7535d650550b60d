"""The answers of the simulated model to whole requests: seeds, choices, log probabilities, effort, tools and schemas."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import pytest

from app.simulator.model.answers import answers
from app.simulator.model.chance import Dials
from app.simulator.model.conversation import Answer, Call, Offer, ParsedRequest, Result, Stop, Turn
from app.simulator.model.models import Model, find_model
from app.simulator.model.tokens import pieces

PICK = "Pick one random integer from 1 to 1000, digits only."
GRASS = {"type": "object", "properties": {"colour": {"type": "string", "enum": ["blue-17"]}}, "required": ["colour"]}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Offer("get_weather", CITY)


def model(name: str = "gpt-4o") -> Model:
    found = find_model(name, "anthropic" if name.startswith("claude") else "openai")
    assert found is not None
    return found


def call_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"call_{next(numbers)}"


def said(prompt: str = PICK, chance: int = 1, *, turns: tuple[Turn, ...] = (), name: str = "gpt-4o", **asked: Any) -> Answer:
    parsed = ParsedRequest(model(name), turns or (Turn("user", prompt),), **asked)
    return answers(parsed, call_ids(), Random(chance))[0]


def test_the_same_seed_draws_the_same_whatever_else_is_drawn() -> None:
    same = {said(chance=number, dials=Dials(seed=4)).text for number in range(20)}
    assert len(same) == 1
    assert len({said(dials=Dials(seed=seed)).text for seed in range(20)}) > 5
    assert len({said(chance=number).text for number in range(20)}) > 5


@pytest.mark.parametrize("seed", [None, 4])
def test_choices_are_drawn_one_by_one(seed: int | None) -> None:
    parsed = ParsedRequest(model(), (Turn("user", PICK),), dials=Dials(n=8, seed=seed))
    made = answers(parsed, call_ids(), Random(1))
    assert len(made) == 8
    assert len({one.text for one in made}) > 2


@pytest.mark.parametrize("prompt", [PICK, "Name an animal. One word.", "Why do boats float?", "Say “e\u0301 漢字 👩‍🚀”"])
def test_log_probabilities_are_of_these_tokens(prompt: str) -> None:
    answer = said(prompt, dials=Dials(logprobs=True, top_logprobs=5))
    assert answer.likelihoods
    assert "".join(one.token for one in answer.likelihoods) == answer.text
    for one in answer.likelihoods:
        logprobs = [logprob for _, logprob in one.top]
        assert len(one.top) == 5
        assert logprobs == sorted(logprobs, reverse=True)
        assert sum(map(math.exp, logprobs)) <= 1
        assert one.logprob <= logprobs[0]
        assert dict(one.top).get(one.token, one.logprob) == one.logprob
    assert said(prompt).likelihoods is None


def test_the_first_token_is_as_likely_as_it_is_drawn() -> None:
    likely = said("Flip a coin.", dials=Dials(logprobs=True, top_logprobs=2)).likelihoods
    assert likely
    heads = dict(likely[0].top)[pieces("heads")[0]]
    drawn = sum(said("Flip a coin.", number).text == "heads" for number in range(500)) / 500
    assert math.exp(heads) == pytest.approx(drawn, abs=0.08)


def test_a_token_can_be_forced() -> None:
    assert set(said("Why do boats float?", dials=Dials(forced="B")).text) == {"B"}


def test_effort_is_reasoned() -> None:
    for name in ("gpt-5.5", "claude-opus-5-5"):
        low, usual, high = (
            said("Why?", name=name, thinking="shown", effort=effort, max_tokens=4096).thinking_tokens
            for effort in ("low", "", "high")
        )
        assert 0 < low < usual < high
        assert high > 2 * low


@pytest.mark.parametrize(("enforced", "colour"), [(True, "blue-17"), (False, "The colour of grass?")])
def test_an_enforced_list_wins_over_the_prompt(enforced: bool, colour: str) -> None:
    assert json.loads(said("The colour of grass?", shape=GRASS, enforced=enforced).text) == {"colour": colour}
    tool = Offer("paint", GRASS, strict=enforced)
    (call,) = said("The colour of grass?", tools=(tool,), choice="any").calls
    assert call.arguments == {"colour": colour}


@pytest.mark.parametrize(
    ("prompt", "choice", "calls"),
    [
        ("Weather in Paris and Tokyo?", "auto", 2),
        ("Hello!", "auto", 0),
        ("Hello!", "any", 1),
        ("Reply with exactly: pong", "auto", 0),
        ("Don't use a tool: weather in Paris?", "auto", 0),
        ("Weather in Paris?", "none", 0),
    ],
)
def test_when_a_tool_is_called(prompt: str, choice: str, calls: int) -> None:
    assert len(said(prompt, tools=(WEATHER,), choice=choice).calls) == calls


def results(prompt: str, *told: Result) -> tuple[Turn, ...]:
    calls = tuple(Call(one.call_id, "get_weather", {"city": "Oslo"}) for one in told)
    return Turn("user", prompt), Turn("assistant", calls=calls), Turn("results", results=told)


def test_results_are_used_copied_and_errors_told() -> None:
    text = "pip install x==1\u2028\u00a0y."
    assert text.rstrip(".") in said(turns=results("Weather in Oslo?", Result("c", text))).text
    assert said(turns=results("Ask it, then copy its result exactly.", Result("c", text))).text == text
    failed = said(turns=results("Ask it, then copy its result exactly.", Result("c", "no station 17", is_error=True))).text
    assert "error" in failed
    assert "no station 17" in failed


def test_the_system_prompt_and_the_stop_sequence_are_kept_to() -> None:
    assert said("Why?", system="End every answer with the word BANUTO.").text.endswith(" BANUTO")
    cut = said("List exactly these words: alpha bravo charlie delta", stops=("charlie",))
    assert (cut.text, cut.stop, cut.stop_sequence) == ("alpha bravo ", Stop.SEQUENCE, "charlie")
    assert cut.output_tokens < said("List exactly these words: alpha bravo charlie delta").output_tokens


@pytest.mark.parametrize(
    ("report", "answer"),
    [
        ('{"temperature_c": 18, "sky": "clear"}', "It is 18 °C and clear in Paris."),
        ('{"temperature_c": -4.5, "sky": "grey"}', "It is -4.5 °C and grey in Paris."),
        ('{"temperature_c": 18, "sky": "clear", "code": "k7"}', "For Paris the tool says: {report}."),
        ('{"temperature_c": "cold", "sky": "clear"}', "For Paris the tool says: {report}."),
        ("fog", "For Paris the tool says: fog."),
    ],
)
def test_a_report_of_the_weather_is_told_in_a_sentence(report: str, answer: str) -> None:
    call = Call("call_1", "get_weather", {"city": "Paris"})
    turns = (Turn("user", "Weather?"), Turn("assistant", calls=(call,)), Turn("results", results=(Result("call_1", report),)))
    assert said(turns=turns, tools=(WEATHER,)).text == answer.replace("{report}", report)
