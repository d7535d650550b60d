"""A JSON value in a sentence: every kind has its words, and long ones are cut."""

from __future__ import annotations

import pytest

from app.protocols.shared.json_kinds import by_kind, kind_of
from app.text.sentences import render


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": 1, "b": 2}, "It is an object with a, b."),
        (dict.fromkeys("abcdef"), "It is an object with a, b, c, d, e, f."),
        (dict.fromkeys("abcdefg"), "It is an object with a, b, c, d, e, f …."),
        ({"x" * 31: 1}, f"It is an object with {'x' * 30}."),
        ({}, "It is an empty object."),
        ([0], "It is an array."),
        ([], "It is an empty array."),
        (None, "It is null."),
        (True, "It is true."),
        (0, "It is the number 0."),
        ("Hi", "It is the text Hi."),
        ("x" * 61, f"It is the text {'x' * 60}."),
    ],
)
def test_what_a_value_is(value: object, said: str) -> None:
    kind, fields = kind_of(value)
    assert render(by_kind("It is {value}.")[kind], fields) == said


def test_where_an_array_was_due_it_is_no_kind() -> None:
    assert set(by_kind("{value}")) - set(by_kind("{value}", arrays=False)) == {"array", "empty_array"}
