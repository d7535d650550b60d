"""The words are explained once: the README's table is the same, and every figure's label leads to one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.text.glossary import WORDS, fitting, word_of

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
