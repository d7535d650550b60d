"""Words found in a text and in bytes."""

from __future__ import annotations

import pytest

from app.text.find import InText, in_text


@pytest.mark.parametrize(("spaces", "is_found"), [(1, True), (1_000, True), (1_001, False)])
def test_white_space_between_words_has_an_end(spaces: int, is_found: bool) -> None:
    text = "one" + "\n" * spaces + "TWO"
    assert (in_text("one two").search(text) is not None) is is_found
    assert list(InText("one two").places(text, 0, len(text))) == [0] * is_found


def test_words_that_reach_over_the_end_of_a_slice_are_found_once() -> None:
    text = "-" * 5 + "one" + " " * 1_000 + "two"
    assert [place for start in range(0, len(text), 6) for place in InText("one two").places(text, start, start + 6)] == [5]
