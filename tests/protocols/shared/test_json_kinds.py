"""A JSON value in a sentence: every kind has its variant, and long ones are cut."""

from __future__ import annotations

import pytest

from app.protocols.shared.json_kinds import kind_of


@pytest.mark.parametrize(
    ("value", "kind", "fields"),
    [
        ({"a": 1, "b": 2}, "object", {"names": "a, b"}),
        (dict.fromkeys("abcdef"), "object", {"names": "a, b, c, d, e, f"}),
        (dict.fromkeys("abcdefg"), "large_object", {"names": "a, b, c, d, e, f"}),
        ({"x" * 31: 1}, "object", {"names": "x" * 30}),
        ({}, "empty_object", {}),
        ([0], "array", {}),
        ([], "empty_array", {}),
        (None, "null", {}),
        (True, "boolean", {"value": "true"}),
        (0, "number", {"value": "0"}),
        ("Hi", "text", {"value": "Hi"}),
        ("x" * 61, "text", {"value": "x" * 60}),
    ],
)
def test_what_a_value_is(value: object, kind: str, fields: dict[str, object]) -> None:
    assert kind_of(value) == (kind, fields)
