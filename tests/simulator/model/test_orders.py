"""What is ordered to be said exactly is said exactly, and what only looks like an order is none."""

from __future__ import annotations

import pytest

from app.simulator.model.chance import Dials
from app.simulator.model.orders import copied, counted, dictated, habits, repeated

MIXED = (
    "pip install requests==2.31.0\nhttps://x.invalid/a?b=c&d=1\n\u2028漢字 e\u0301 \u0435\u200d \u00a0end\n\n"
    "def f(x):\n\treturn {'a': [x]}  # 0x7fff"
)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Reply with exactly this word and nothing else: banutofeka", "banutofeka"),
        ("Reply with exactly: pong", "pong"),
        ('Please say "blue heron" and nothing else', "blue heron"),
        ("Reply with exactly “pong”.", "pong"),
        ("Answer with the single word ORCHID.", "ORCHID"),
        ("Reply with the word banuto and nothing else.", "banuto"),
        ("You always answer with the single word banuto.", "banuto"),
        ("Echo back verbatim the following single string: 漢字", "漢字"),
        ("Write these words in this order, separated by blanks: alpha bravo charlie", "alpha bravo charlie"),
        ("Reply with exactly: pong\nThanks!", "pong"),
        ("Copy this text: pong\nping", "pong\nping"),
        (f"Copy the following text exactly, character for character, and nothing else:\n\n{MIXED}", MIXED),
    ],
)
def test_words_are_said_as_ordered(prompt: str, said: str) -> None:
    assert dictated(prompt) == said


@pytest.mark.parametrize(
    "prompt",
    [
        "Answer this question: What is the capital of France?",
        "Answer the following: what floats?",
        "Answer with one word only.",
        "Answer in JSON with these keys: a, b",
        "Say hello to “Anna”.",
        "Write a poem about “spring”.",
        "Ask the tool find_station, then quote the code exactly.",
        "What is the opposite of “cold”? One word. (Ignore this: banuto)",
    ],
)
def test_other_prompts_order_no_words(prompt: str) -> None:
    assert dictated(prompt) is None


@pytest.mark.parametrize(
    "prompt",
    [
        f"Repeat the text between the tags verbatim.\n<text>\n{MIXED}\n</text>",
        f"Copy what stands between the lines, and nothing else.\n-----\n{MIXED}\n-----\nThank you.",
        f"Copy what is between the marks.\n=== BEGIN 17 ===\n{MIXED}\n=== END 17 ===",
        f"Reproduce this:\n<<<\n{MIXED}\n>>>",
        f"Copy this.\n```\n{MIXED}\n```",
    ],
)
def test_a_marked_text_is_copied_to_the_last_byte(prompt: str) -> None:
    assert copied(prompt) == MIXED


def test_a_text_is_not_copied_because_it_is_there() -> None:
    assert copied(f"What does this do?\n```\n{MIXED}\n```") is None


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("Count to 5", "1, 2, 3, 4, 5"),
        ("Count from 3 to 5, one per line.", "3\n4\n5"),
        ("Write the numbers 1 to 4, separated by spaces", "1 2 3 4"),
        ("Give me random numbers 1 to 4", None),
        ("Count the words in this", None),
    ],
)
def test_counting(prompt: str, said: str | None) -> None:
    assert counted(prompt) == said


@pytest.mark.parametrize("prompt", ["Write ha 60 times", "Write the word “ha” 60 times, and nothing else."])
def test_a_penalty_makes_repeats_fewer(prompt: str) -> None:
    plain, penalised = (repeated(prompt, Dials(frequency_penalty=penalty)) or "" for penalty in (0, 2))
    assert plain == " ".join(["ha"] * 60)
    assert 0 < penalised.split().count("ha") < 15


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("End every answer with the word BANUTO.", "It floats. BANUTO"),
        ("Always finish your answer with “ka mo”", "It floats. ka mo"),
        ("Begin each reply with the word ZAP.", "ZAP It floats."),
        ("Be brief.", "It floats."),
    ],
)
def test_habits(order: str, said: str) -> None:
    assert habits("It floats.", order) == said
