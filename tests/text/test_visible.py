"""Outside text on one line: nothing hides in it, and it has an end."""

from __future__ import annotations

import pytest

from app.text.visible import one_line, visible


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
