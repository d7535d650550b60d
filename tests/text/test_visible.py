"""Outside text on one line: nothing hides in it, and it has an end."""

from __future__ import annotations

import sys

import pytest

from app.text.visible import escaped, one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\tc\x00", "a␊b␉c␀"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2028b\u00a0c", "a b c"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_what_would_not_be_seen_is_shown(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_line_that_is_cut_says_so() -> None:
    assert one_line("x" * 8, 8) == "x" * 8
    assert one_line("x" * 9, 8) == "x" * 7 + "…"
    assert len(one_line("\u202e" * 9, 8)) == 8


def test_line_ends_stay_where_there_are_lines() -> None:
    assert visible("a\n\tb\x1b") == "a\n\tb␛"


def test_every_character_that_would_not_be_seen_is_replaced() -> None:
    chars = [chr(code) for code in (*range(0x32000), *range(0xE0000, 0xE1000), 0x10FFFF) if chr(code) != "\n"]
    shown = dict(zip(chars, visible("\n".join(chars)).split("\n"), strict=True))
    assert {char for char, out in shown.items() if out == char and not char.isprintable()} == {"\t", "\u200c", "\u200d"}
    assert all(out == char for char, out in shown.items() if char.isprintable())


def test_fifty_megabytes_are_looked_at_by_the_run_not_by_the_character() -> None:
    """A regular expression passes over most text; `str.translate` calls nothing for what it has seen before."""
    calls = 0

    def profile(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    text = ("Grüße aus 世界, Привет\n\t" * 400 + "\x1b\u202e\u3000" * 400 + "नमस्ते ") * 5
    escaped(text), visible(text)  # each character once
    sys.setprofile(profile)
    try:
        escaped(text), visible(text)
    finally:
        sys.setprofile(None)
    assert len(text) > 50_000
    assert calls < len(text) / 4
