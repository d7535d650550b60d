"""Words found in a text and in bytes."""

from __future__ import annotations

import pytest

from app.text.find import InBytes, InText, in_text


@pytest.mark.parametrize(("spaces", "is_found"), [(1, True), (1_000, True), (1_001, False)])
def test_white_space_between_words_has_an_end(spaces: int, is_found: bool) -> None:
    text = "one" + "\n" * spaces + "TWO"
    assert (in_text("one two").search(text) is not None) is is_found
    assert list(InText("one two").places(text, 0, len(text))) == [0] * is_found


def test_words_that_reach_over_the_end_of_a_slice_are_found_once() -> None:
    text = "-" * 5 + "one" + " " * 1_000 + "two"
    assert [place for start in range(0, len(text), 6) for place in InText("one two").places(text, start, start + 6)] == [5]


def in_bytes(words: str, text: str) -> int:
    finder = InBytes(words)
    return finder.place(finder.prepared(bytearray(text.encode())), 0)


@pytest.mark.parametrize(
    ("words", "text", "place"),
    [
        ("Needle", "a nEEDLE", 2),
        ("从里面", "é 从里面", 3),
        ("A从b", "从 a从B", 4),
        ("été 12", "x ÉtÉ 12", 2),
        ("é", "e", -1),
        ("straße", "STRASSE", 0),  # one letter that is two in capitals
        ("i\u0307", "İ", -1),
        ("İ", "xi\u0307", 1),
        ("k", "\N{KELVIN SIGN}", -1),
        ("[1]", "{1} [1]", 4),
        ('"a\\n"', '{"A\\n"}', 1),  # the bytes are searched: an escape as it is written
    ],
)
def test_words_in_bytes_in_any_case(words: str, text: str, place: int) -> None:
    assert in_bytes(words, text) == place


@pytest.mark.parametrize(
    ("words", "copied"), [("one", True), ("12:34", False), ("从里面", False), ("从 a", True), ("é", False)]
)
def test_bytes_are_copied_only_for_words_that_have_two_cases(words: str, copied: bool) -> None:
    data = bytearray(b"One 12:34")
    assert (InBytes(words).prepared(data) is not data) is copied


@pytest.mark.parametrize(
    ("words", "before", "narrower"),
    [
        ("nowhere", "NOW", True),
        ("NOW", "nowhere", False),
        ("a 12", "12", True),
        ("从里", "从", True),
        ("now", "", False),
        ("été", "t", False),
        ("été", "é", False),
    ],
)
def test_more_letters_narrow_what_was_found(words: str, before: str, narrower: bool) -> None:
    assert InBytes(words).narrows(InBytes(before)) is narrower
