"""The words are explained once: the README's table is the same, and every figure's label leads to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.text.glossary import WORDS, fitting, word_of
from app.text.translation import translate_with

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readmes_table_says_the_same() -> None:
    _, _, rest = README.read_text(encoding="utf-8").partition("| word | meaning |\n| --- | --- |\n")
    rows = [line for line in rest.split("\n\n", 1)[0].split("\n") if line]
    assert rows == [f"| {one.name} | {one.meaning} |" for one in WORDS]


def test_a_label_leads_to_its_word_and_to_no_other() -> None:
    labels = [text.casefold() for one in WORDS for text in {one.name, *one.labels}]
    assert len(labels) == len(set(labels))
    assert all(word_of(text.upper()) is one for one in WORDS for text in (one.name, *one.labels))
    assert word_of("nothing of ours") is None


@pytest.mark.parametrize(
    ("typed", "first"), [("token first", "first token (TTFT)"), ("burst", "burst"), ("role ping", "first token (TTFT)")]
)
def test_words_are_found_in_any_order_those_in_the_name_first(typed: str, first: str) -> None:
    assert fitting(typed.split())[0].name == first


def test_a_meaning_is_shown_without_marks() -> None:
    assert all("*" not in one.plain and "`" not in one.plain and one.plain.endswith(".") for one in WORDS)


def test_a_word_is_found_by_what_it_is_called_in_the_language_of_now() -> None:
    said = {"first token (TTFT)": "首 token 延迟", "first token": "首 token", "{sentence}.": "{sentence}。"}
    translate_with(lambda template: said.get(template, template))
    try:
        first = word_of("首 token")
        assert first is word_of("first token") is fitting(["延迟"])[0]
        assert first is not None
        assert (first.title, first.plain[-1]) == ("首 token 延迟", "。")
    finally:
        translate_with(None)
