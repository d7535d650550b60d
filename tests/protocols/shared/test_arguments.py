"""How a call's arguments that are no JSON repeat themselves."""

from __future__ import annotations

import pytest

from app.protocols.shared.arguments import is_json, repeat_in
from tests.builders import ODD_ARGUMENTS

WHOLE = '{"city": "Oslo"}'


@pytest.mark.parametrize(
    ("text", "pieces", "repeat"),
    [
        (WHOLE + WHOLE, (), "doubled"),
        (f"{WHOLE}\n{WHOLE}", (), "doubled"),
        ("{}" + WHOLE, (), "behind_empty"),
        ("", ("{", '{"city": ', WHOLE), "cumulative"),
        ("", ("{", "{", '"a": 1}', '"a": 1}'), "paired"),
        ("", (WHOLE, WHOLE), "cumulative"),
        ("", ('{"a"', '{"a"'), ""),
        ("", ("{}", "{}", "x"), ""),
        ("", ("{", "{", '"a": 1', '"a": 1'), ""),
        (WHOLE + '{"city": "Rom"}', (), ""),
        (WHOLE[:-1], (), ""),
        ("", (), ""),
    ],
)
def test_what_repeats(text: str, pieces: tuple[str, ...], repeat: str) -> None:
    assert repeat_in(text, pieces) == repeat


def test_two_pairs_are_the_least() -> None:
    """A single pair of pieces may well be one piece that came twice."""
    assert repeat_in("", ("{}", "{}")) == "cumulative"
    assert repeat_in("", ("[1]x", "[1]x")) == ""
    assert repeat_in("", ("[", "[", "1]", "1]")) == "paired"


@pytest.mark.parametrize("arguments", ODD_ARGUMENTS)
def test_odd_arguments_raise_nothing(arguments: str) -> None:
    assert is_json(arguments) is ("too deep" not in arguments)
    assert repeat_in(arguments + arguments) in ("doubled", "")
    assert repeat_in("", (arguments[:5], arguments[:5], arguments[5:], arguments[5:])) in ("paired", "")
