"""The words are explained once: the README's table is the same, and every figure's label leads to one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.terminal.commands import command_names
from app.text.glossary import WORDS, fitting, word_of
from app.text.languages import use_language
from app.text.sentences import tr
from app.text.translation import translate_with

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"(?m)^    (?:.*; )?diptych ([a-z]+)")


@pytest.fixture
def english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("file", "language", "head"),
    [("README.md", "en", "| word | meaning |"), ("README.zh-CN.md", "zh_CN", "| 词 | 含义 |")],
)
@pytest.mark.usefixtures("english_again")
def test_the_readmes_table_says_the_same(file: str, language: str, head: str) -> None:
    _, _, rest = (ROOT / file).read_text(encoding="utf-8").partition(f"{head}\n| --- | --- |\n")
    rows = [line for line in rest.split("\n\n", 1)[0].split("\n") if line]
    assert use_language(language)
    assert rows == [f"| {tr(one.name)} | {tr(one.meaning)} |" for one in WORDS]


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_a_readme_shows_each_command(file: str) -> None:
    shown = COMMAND.findall((ROOT / file).read_text(encoding="utf-8"))
    assert set(shown) == set(command_names())


def test_a_label_leads_to_its_word_and_to_no_other() -> None:
    labels = [text.casefold() for one in WORDS for text in {one.name, *one.labels}]
    assert len(labels) == len(set(labels))
    assert all(word_of(text.upper()) is one for one in WORDS for text in (one.name, *one.labels))
    assert word_of("nothing of ours") is None


@pytest.mark.english
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
