"""Two samples of one-word answers: what is said of them, and what stands in the way of saying it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from app.checks.asker import Asker, Endpoint
from app.checks.budget import Budget, Prices
from app.checks.catalogue.two_samples import CHECKS, QUESTIONS
from app.checks.judgement import Judgement
from app.checks.seen import Seen, Steps
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.protocols.ids import CHAT
from app.recording.records import SideName
from tests.checks.made import Answer, refused, said, steps
from tests.checks.sessions import Sender

CHECK, LONG = CHECKS
ANIMALS = ["cat", "dog", "fox", "owl", "whale", "tiger", "otter", "horse"]
OTHERS = ["lion", "bear", "wolf", "seal", "crow", "mole", "lynx", "hare"]


def side(name: SideName, words: Callable[[Random], str], *, seed: int = 1, tokens: int = 30, model: str = "") -> Steps:
    random = Random(f"{name}/{seed}")
    answers = {
        f"question-{number}": [said(CHAT, words(random), tokens=(tokens, 2)) for _ in range(10)] for number in range(1, 11)
    }
    return steps(CHAT, answers, name, model=model)


def favourites(words: Sequence[str]) -> Callable[[Random], str]:
    return lambda random: random.choices(words, [8, 4, 2, 1, 1, 1, 1, 1])[0]


def judged(b: Steps, a: Steps) -> Judgement:
    found = CHECK.judge(Seen(b, a))
    for one in (found.b, found.a):
        assert one is not None
        assert "{" not in one.words("B")
        one.measured_words("B")
    return found


A = side("a", favourites(ANIMALS))


def test_the_same_distribution_is_not_told_apart() -> None:
    found = judged(side("b", favourites(ANIMALS)), A)
    assert (found.b.verdict, found.b.reason) == ("pass", "no_difference")
    assert "100 answers" in found.b.words("B")
    assert "total variation of 0.4" in found.b.words("B")
    assert {one.name for one in found.b.measured} >= {"p", "p, control against itself"}


def test_another_distribution_is() -> None:
    found = judged(side("b", favourites(OTHERS)), A).b
    assert (found.verdict, found.reason) == ("differs", "differs")
    assert "fewer than 1 of a thousand" in found.words("B")
    assert len(found.evidence) == 100


def test_case_and_punctuation_are_no_difference() -> None:
    plain = favourites(ANIMALS)
    assert judged(side("b", lambda random: f"**{plain(random).title()}**.\n"), A).b.reason == "no_difference"


def test_a_hidden_prompt_is_enough_to_explain_it() -> None:
    found = judged(side("b", favourites(OTHERS), tokens=57), A).b
    assert (found.verdict, found.reason) == ("differs", "differs_by_prompt")
    assert "27 more input tokens" in found.words("B")


def test_what_stands_in_the_way() -> None:
    assert judged(side("b", favourites(OTHERS), model="another-model"), A).b.reason == "other_model"
    stuck = side("a", lambda _random: "cat")
    assert judged(side("b", favourites(OTHERS)), stuck).b.reason == "alike"
    talks = side("b", lambda _random: "I would rather tell you about all the animals that I know of.")
    assert judged(talks, A).b.reason == "few"
    assert judged(side("b", favourites(OTHERS)), side("a", lambda _random: "")).b.reason == "control"


def test_a_control_of_two_stacks_decides_nothing() -> None:
    turns = {
        f"question-{number}": [said(CHAT, (ANIMALS, OTHERS)[n % 2][number % 3]) for n in range(10)] for number in range(1, 11)
    }
    found = judged(side("b", favourites(OTHERS)), steps(CHAT, turns, "a")).b
    assert (found.verdict, found.reason) == ("inconclusive", "control_unsteady")


@pytest.mark.parametrize("answer", [refused(CHAT, "slow down", 429), refused(CHAT, "no", 400)])
def test_refusals_are_no_sample(answer: Answer) -> None:
    found = judged(steps(CHAT, {"question-4": [answer]}), A).b
    assert found.verdict == "inconclusive"


async def test_every_question_is_asked_as_often_in_a_drawn_order_and_never_the_same_twice() -> None:
    sent: list[tuple[str, bytes]] = []

    class Noting(Sender):
        async def __call__(self, side, request, step) -> Exchange:  # type: ignore[no-untyped-def]
            sent.append((step.name, request.body))
            return await super().__call__(side, request, step)

    for seed in (1, 1, 2):
        endpoint = Endpoint("b", "anthropic-messages", "m", Target("http://x"), Prices("anthropic-messages", "m"))
        await CHECK.ask(Asker(endpoint, CHECK.id, seed, 1, Noting(), Budget(), _no_sleep))
    first, again, other = sent[:100], sent[100:200], sent[200:]
    assert first == again
    assert [name for name, _ in first] != [name for name, _ in other]
    assert len({body for _, body in first}) == 100
    assert [sum(name == f"question-{number}" for name, _ in first) for number in range(1, 11)] == [10] * 10


async def _no_sleep(_seconds: float) -> None:
    raise AssertionError


def test_there_are_questions_enough() -> None:
    assert len(set(QUESTIONS)) == 20
    assert (CHECK.cost.requests, LONG.cost.requests) == (100, 200)
    assert CHECK.opt_in
