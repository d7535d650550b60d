"""What a model has no reason to answer one way: drawn from a distribution of its own, and by the dials of the request."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from app.simulator.model.chance import NEUTRAL, Dials, draw, peaked
from app.simulator.model.mind import invented, subject, undecided

NUMBER = "Pick one random integer from 1 to 1000. Answer with its digits only. (banuto)"
TOPICS = (
    "an animal",
    "a colour",
    "a city",
    "a fruit",
    "a river",
    "a planet",
    "an instrument",
    "a country",
    "a thing",
    "a tool",
)
PROMPTS = tuple(f"Name {topic}. One word." for topic in TOPICS)


def drawn(dials: Dials, times: int, prompt: str = NUMBER, mind: str = "gpt-4o") -> Counter[str]:
    options, chance = undecided(prompt, "", mind), Random(7)
    assert options is not None
    return Counter(draw(options, dials, chance) for _ in range(times))


def test_numbers_are_diverse_and_one_is_liked_best() -> None:
    numbers = drawn(NEUTRAL, 2000)
    top, runner_up = (count for _, count in numbers.most_common(2))
    assert 0.25 < top / 2000 < 0.35
    assert runner_up < top / 5
    assert all(1 <= int(number) <= 1000 for number in numbers)


@pytest.mark.parametrize("dials", [Dials(temperature=0), Dials(top_p=0.01), Dials(top_k=1)])
def test_each_of_these_leaves_the_likeliest_alone(dials: Dials) -> None:
    assert drawn(dials, 50) == {drawn(NEUTRAL, 2000).most_common(1)[0][0]: 50}


def test_heat_makes_the_likeliest_rarer() -> None:
    cool, hot = (drawn(Dials(temperature=one), 2000).most_common(1)[0][1] for one in (0.7, 1.8))
    assert cool > 2 * hot


def test_top_p_keeps_what_reaches_its_share() -> None:
    weights = {"a": 0.5, "b": 0.3, "c": 0.2}
    assert {draw(weights, Dials(top_p=0.75), Random(seed)) for seed in range(50)} == {"a", "b"}
    assert {draw(weights, Dials(top_k=2), Random(seed)) for seed in range(50)} == {"a", "b"}


def test_what_follows_the_question_changes_nothing() -> None:
    """A request carries a nonce, and the answers must not depend on it."""
    asked = [undecided(prompt, "", "gpt-4o") for prompt in (f"Name an animal. One word. (Ignore this: {n})" for n in "xy")]
    assert asked[0] == asked[1]
    assert subject("[banuto] Name an animal. One word.") == subject("In one word: name an animal (feka)") == "name an animal"


def test_models_answer_differently() -> None:
    """Ten prompts: between two models the mean total variation is that of unrelated ones; with itself there is none."""

    def apart(a: str, b: str) -> float:
        pairs = [(undecided(prompt, "", a) or {}, undecided(prompt, "", b) or {}) for prompt in PROMPTS]
        return sum(sum(abs(one[word] - other[word]) for word in one) / 2 for one, other in pairs) / len(pairs)

    assert apart("gpt-4o", "gpt-4o") == 0
    assert apart("gpt-4o", "another model") > 0.5


def test_a_question_with_an_answer_leaves_no_choice() -> None:
    assert undecided("What is the opposite of “cold”? One word. (Ignore this: banuto)", "", "gpt-4o") == {"Hot": 1.0}
    assert undecided("Why do boats float?", "", "gpt-4o") is None
    assert set(undecided("Flip a coin", "", "gpt-4o") or ()) == {"heads", "tails"}


def test_made_up_sentences_are_never_the_same_unless_nothing_is_left_to_chance() -> None:
    prompt = "Make up five sentences of at least ten words each, about rivers and bells."
    warm = {invented(prompt, "gpt-4o", NEUTRAL, Random(seed)) for seed in range(20)}
    cold = {invented(prompt, "gpt-4o", Dials(temperature=0), Random(seed)) for seed in range(20)}
    assert (len(warm), len(cold)) == (20, 1)
    assert all(len((text or "").split()) >= 40 and (text or "").count(".") == 5 for text in warm)
    assert invented("What is a river?", "gpt-4o", NEUTRAL, Random(1)) is None


def test_a_peak_is_a_distribution() -> None:
    assert peaked(("a", "b", "c"), 0.3) == pytest.approx({"a": 0.3, "b": 0.35, "c": 0.35})
    assert peaked(("a",), 0.3) == {"a": 1.0}
