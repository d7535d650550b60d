"""Long prompts: cut before the model, lost in the middle, refused; and what says nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.checks.catalogue.context_size import CHECKS, SIZES
from app.checks.seen import Seen, Steps
from app.protocols.ids import CHAT
from app.recording.records import SideName
from tests.checks.made import Answer, refused, said, steps

WORDS = [letter * 8 for letter in "bcdfghklmn"]
PROMPT = {"prompt": " ".join(f"Code N{number} is {word}." for number, word in enumerate(WORDS, 1))}
ALL = range(10)


def side(
    name: SideName,
    sizes: dict[int, Answer | int],
    found: Sequence[int] = ALL,
    *,
    base: int = 900,
    rate: float = 1.0,
) -> Steps:
    """`sizes`: the tokens counted of each, or the answer."""
    text = "\n".join(f"N{place + 1}: {WORDS[place]}" for place in found)
    answers = {"base": [said(CHAT, text, tokens=(base, 9))], "base-2": [said(CHAT, text, tokens=(base + int(1600 * rate), 9))]}
    for size, one in sizes.items():
        answers[f"size-{size}"] = [said(CHAT, text, tokens=(one, 9)) if isinstance(one, int) else one]
    return steps(CHAT, answers, name, asked=PROMPT)


def honest(base: int = 900, rate: float = 1.0) -> dict[int, Answer | int]:
    return {size: base + int((size - 800) * rate) for size in SIZES}


A = side("a", honest())


def told(b: Steps, a: Steps | None = A) -> tuple[str, str]:
    found = CHECKS[0].judge(Seen(b, a)).b
    assert "{" not in found.words("B")
    found.measured_words("B")
    return str(found.verdict), found.reason


def test_whole() -> None:
    assert told(side("b", honest())) == ("pass", "whole")
    assert told(side("b", honest()), None) == ("pass", "whole")


@pytest.mark.parametrize(("base", "rate"), [(5000, 1.0), (900, 1.4), (900, 0.7)])
def test_a_hidden_prompt_or_another_tokenizer_is_no_cut(base: int, rate: float) -> None:
    assert told(side("b", honest(base, rate), base=base, rate=rate)) == ("pass", "whole")


def test_cut_before_the_model() -> None:
    cut = side("b", {**honest(), 100_000: 64_000})
    assert told(cut) == ("fail", "cut")
    assert told(cut, None) == ("fail", "cut")


@pytest.mark.parametrize(
    ("found", "where"), [((3, 4, 5, 6, 7, 8, 9), "start"), ((0, 1, 2, 7, 8, 9), "middle"), (range(7), "end")]
)
def test_lost_though_counted(found: Sequence[int], where: str) -> None:
    assert told(side("b", honest(), found)) == ("fail", f"lost_{where}")
    assert told(side("b", honest(), found), side("a", honest(), found))[0] != "fail", "the model's own forgetting"


def test_some_lost_here_and_there_are_the_models_own() -> None:
    assert told(side("b", honest(), (0, 2, 3, 5, 6, 7, 8, 9))) == ("pass", "whole")
    assert told(side("b", honest(), ())) == ("fail", "lost_start")
    assert told(side("b", honest(), ()), None) == ("inconclusive", "unseen")


def test_a_limit() -> None:
    refusal = refused(CHAT, "This model's maximum context length is 32768 tokens.")
    short = side("b", {8_000: 8_100, 32_000: refusal})
    assert told(short) == ("differs", "limit")
    assert told(short, side("a", {8_000: 8_100, 32_000: refusal})) == ("unsupported", "limit")
    assert told(side("b", {8_000: 8_100, 32_000: refused(CHAT, "later", 429)})) == ("inconclusive", "status_429")
