"""The part of JSON Schema that the checks' own schemas use."""

from __future__ import annotations

import pytest

from app.checks.json_schema import Mismatch, mismatch

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "any"},
        "days": {"type": "integer", "minimum": 1, "maximum": 9},
        "unit": {"enum": ["c", "f", 1]},
        "tags": {"type": "array", "items": {"type": ["string", "null"]}, "minItems": 1, "maxItems": 2},
        "kind": {"const": "x"},
        "open": {"type": "boolean"},
        "share": {"type": "number"},
        "none": {"type": "null"},
    },
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "value",
    [
        {"city": "Oslo"},
        {"city": "Oslo", "days": 9, "unit": "c", "tags": ["a", None], "kind": "x", "open": True, "share": 0.5, "none": None},
        {"city": "Oslo", "days": 3.0, "unit": 1.0, "share": 4},
        {"city": "Oslo", "share": 10**400},
    ],
)
def test_a_value_that_fits(value: object) -> None:
    assert mismatch(value, SCHEMA) is None


@pytest.mark.parametrize(
    ("value", "path", "keyword"),
    [
        ([], "", "type"),
        ({}, "city", "required"),
        ({"city": None}, "city", "type"),
        ({"city": "Oslo", "days": "3"}, "days", "type"),
        ({"city": "Oslo", "days": True}, "days", "type"),
        ({"city": "Oslo", "days": 2.5}, "days", "type"),
        ({"city": "Oslo", "days": float("inf")}, "days", "type"),
        ({"city": "Oslo", "days": 0}, "days", "minimum"),
        ({"city": "Oslo", "days": 10}, "days", "maximum"),
        ({"city": "Oslo", "unit": "C"}, "unit", "enum"),
        ({"city": "Oslo", "unit": True}, "unit", "enum"),
        ({"city": "Oslo", "kind": "y"}, "kind", "const"),
        ({"city": "Oslo", "tags": []}, "tags", "minItems"),
        ({"city": "Oslo", "tags": ["a", "b", "c"]}, "tags", "maxItems"),
        ({"city": "Oslo", "tags": ["a", 4]}, "tags[1]", "type"),
        ({"city": "Oslo", "more": 1}, "more", "additionalProperties"),
        ({"city": "Oslo", "open": 1}, "open", "type"),
        ({"city": "Oslo", "share": "0.5"}, "share", "type"),
        ({"city": "Oslo", "none": 0}, "none", "type"),
    ],
)
def test_one_that_does_not_says_where_and_why(value: object, path: str, keyword: str) -> None:
    found = mismatch(value, SCHEMA)
    assert found is not None
    assert (found.path, found.keyword) == (path, keyword)


def test_what_is_wanted_and_what_is_there_are_quoted() -> None:
    assert mismatch({"city": "Oslo", "unit": "C"}, SCHEMA) == Mismatch("unit", "enum", '["c","f",1]', '"C"')
    assert mismatch({}, SCHEMA) == Mismatch("city", "required", '"city"')


def test_a_keyword_that_is_not_known_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        mismatch("a", {"pattern": "a+"})
