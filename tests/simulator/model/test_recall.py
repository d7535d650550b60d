"""What was told is found again: facts of a conversation, needles in a text, words of pictures and pages; and JSON by words."""

from __future__ import annotations

import json

import pytest

from app.simulator.model.json_answers import json_about, json_asked_for
from app.simulator.model.recall import needles, nothing_attached, recalled, seen

EARLIER = ["My boat is called Petrel. Name one thing.", "Remember the word: heron7", "The secret word is plover-3."]
SYSTEM = "The codeword is zebra9."


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("What is the codeword? Answer with only the word.", "zebra9"),
        ("What is the secret word I told you? Only the word.", "plover-3"),
        ("And what is my boat called?", "It is Petrel."),
        ("Which word did I ask you to remember earlier?", " ".join(f"“{text}”" for text in EARLIER)),
        ("Why do boats float?", ""),
    ],
)
def test_facts_of_a_conversation(prompt: str, said: str) -> None:
    answer = recalled(prompt, EARLIER, SYSTEM) or ""
    assert answer == said or (said.startswith("“") and said in answer)


def test_needles_are_told_by_id_in_their_order() -> None:
    text = (
        f"{'word ' * 500}The code for id 17 is ABCDEFGH. {'word ' * 500}Needle 4a: QWERTYUI\n{'word ' * 500}key K9 = ZXCVBNML"
    )
    assert needles("List every code as id: value.", [text]) == "17: ABCDEFGH\n4a: QWERTYUI\nK9: ZXCVBNML"
    assert needles("List every code as id: value.", ["word " * 500]) is None
    assert needles("What is this about?", [text]) is None


@pytest.mark.parametrize(
    ("prompt", "sights", "said"),
    [
        ("Which word is in the picture? Only the word.", ["HERON7"], "HERON7"),
        ("Which word is in the picture?", ["HERON7"], "It says “HERON7”."),
        ("What is the magic word in the document? Only the word.", ["Page one. The magic word is HERON7."], "HERON7"),
        ("What do you see?", [""], "I can see it, but there are no words in it that I could read."),
        ("Which word is in the picture?", [], None),
        ("Count to 5", ["HERON7"], None),
    ],
)
def test_what_is_attached_is_read(prompt: str, sights: list[str], said: str | None) -> None:
    assert seen(prompt, sights) == said


def test_an_attachment_that_is_missing_is_told() -> None:
    assert "don't see any" in (nothing_attached("Which word is drawn in the picture?") or "")
    assert nothing_attached("Why do boats float?") is None


@pytest.mark.parametrize(
    ("prompt", "value"),
    [
        ('Return a JSON object with the keys "city" (string) and "days" (integer): Oslo, 3 days.', {"city": "Oslo", "days": 3}),
        ('Answer with JSON only: {"word": "banuto", "n": 3}', {"word": "banuto", "n": 3}),
        ("Reply only with JSON with the key `name` whose value is “Anna”", {"name": "Anna"}),
        ('Give me JSON like {"city": "..."} for Oslo', {"city": "Oslo"}),
        ("Write a sentence about JSON.", None),
        ("What colour is grass? Reply in plain text, not JSON.", None),
        ("Say in plain text what valid JSON is.", None),
    ],
)
def test_json_by_words(prompt: str, value: object) -> None:
    answer = json_asked_for(prompt)
    assert (None if answer is None else json.loads(answer)) == value


def test_json_about_anything() -> None:
    assert json.loads(json_about("Why do boats float?")) == {"answer": "Why do boats float?"}


def test_corrected_json_is_that_of_the_prompt_before() -> None:
    asked = 'Answer with JSON: {"word": "banuto"}'
    again = "A program could not read that. Answer with the corrected JSON object alone."
    assert json.loads(json_asked_for(again, ["Hello", asked]) or "") == {"word": "banuto"}
    assert json.loads(json_asked_for("Answer with JSON: a city", [asked]) or "") != {"word": "banuto"}
