"""Templates with named fields become sentences: numbers in their units, plurals, lists, strong parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.text.sentences import Span, fields_of, render, spans, translate_with


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    translate_with(None)


@pytest.mark.parametrize(
    ("template", "fields", "said"),
    [
        ("B is {late:seconds} later.", {"late": 1234.0}, "B is 1.23 s later."),
        ("{late:milliseconds}", {"late": 1234.0}, "1\u0020234 ms"),
        ("{n:plural token|tokens}", {"n": 1}, "1 token"),
        ("{n:plural token|tokens}", {"n": 2048}, "2\u0020048 tokens"),
        ("{names:list} {n:word is|are} empty", {"names": ["A"], "n": 1}, "A is empty"),
        ("{names:list} {n:word is|are} empty", {"names": ["A", "B"], "n": 2}, "A and B are empty"),
        ("{n:once Once|times} it came.", {"n": 1}, "Once it came."),
        ("{n:once Once|times} it came.", {"n": 3}, "3 times it came."),
        ("{names:list}", {"names": ["a", "b", "c"]}, "a, b and c"),
        ("{names:list}", {"names": []}, ""),
        ("{size:bytes}, {cost:usd}", {"size": 1400, "cost": 0.5}, "1.4 kB, $0.5000"),
        ("{text} {{kept}}", {"text": "{not a field}"}, "{not a field} {kept}"),
        ("{text}", {"text": "\ud83d\ude00"}, "\U0001f600"),
    ],
)
def test_a_template_with_its_fields_is_a_sentence(template: str, fields: dict[str, object], said: str) -> None:
    assert render(template, fields) == said


def test_strong_parts_come_from_the_template_alone() -> None:
    assert spans("**A** is {how}, {much}**{late:seconds}**.", {"how": "**slow**", "much": "", "late": 2000.0}) == (
        Span("A", strong=True),
        Span(" is **slow**, "),
        Span("2.00 s", strong=True),
        Span("."),
    )


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        render("{host}", {})


def test_a_language_has_templates_of_its_own() -> None:
    translate_with({"{n:plural token|tokens}": "{n:grouped} 个 token"}.__getitem__)
    assert render("{n:plural token|tokens}", {"n": 2}) == "2 个 token"


def test_the_fields_of_a_template_are_known() -> None:
    assert fields_of("{a} {b:seconds} {{c}}") == {"a", "b"}
