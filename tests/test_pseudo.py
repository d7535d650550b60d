"""The pseudo language itself: it keeps a message's fields, and tells what is none."""

from __future__ import annotations

import pytest

from app.text.sentences import fields_of, render
from app.text.translation import translate_with
from tests.pseudo import outside, pseudo, speak_pseudo


def test_a_sentence_is_in_brackets_and_longer_and_its_fields_are_filled_in() -> None:
    speak_pseudo()
    try:
        said = render("{n:plural token|tokens} came{host:if  from {host}}.", {"n": 2, "host": "a [b] host"})
    finally:
        translate_with(None)
    assert said == "[2 tokens came from a [b] host. ~~~~~~ ~~~~]"
    assert outside(f"Run {said}, then {said}.") == "Run , then ."


@pytest.mark.parametrize("template", [", ", "", "{a} · {b}", "12 {unit}"])
def test_what_has_no_words_stays(template: str) -> None:
    assert pseudo(template) == template


def test_white_space_around_stays_around() -> None:
    template = " and {x:select some=so {x}|none=no} more\n"
    assert pseudo(template) == f" [{template.strip()} ~~~~~~ ~~]\n"
    assert fields_of(pseudo(template)) == {"x"}
