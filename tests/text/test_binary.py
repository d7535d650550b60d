"""Bytes that are no text, and the words of those that are; how far is looked."""

from __future__ import annotations

import pytest

from app.text.binary import kind_of_bytes, words_of
from app.text.pretty_json import pretty


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", ""),
        (b"plain words\r\n\tand tabs", ""),
        ("从里面看".encode(), ""),
        ("从里面看，一条流".encode("gb18030"), ""),
        ("words".encode("utf-16"), ""),
        (b"\x1f\x8b\x08", "gzip data"),
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\0\0\0\x10:event-type", "AWS event-stream frames"),
        (b"\0\0\0\x10:other-type", "binary data"),
        (bytes(range(128, 256)), "binary data"),
    ],
)
def test_what_bytes_are(data: bytes, kind: str) -> None:
    assert kind_of_bytes(data) == kind


@pytest.mark.parametrize(("before", "kind"), [(1_023, "binary data"), (1_024, "")])
def test_only_the_beginning_counts(before: int, kind: str) -> None:
    assert kind_of_bytes(b"x" * before + b"\0") == kind


def test_a_sample_that_ends_inside_a_character_is_text() -> None:
    assert kind_of_bytes(b"x" * 1_022 + "海".encode() * 9) == ""


@pytest.mark.parametrize(("odd", "kind"), [(10, ""), (11, "binary data")])
def test_a_tenth_of_odd_characters_is_text_still(odd: int, kind: str) -> None:
    assert kind_of_bytes(b"\x01" * odd + b"x" * (100 - odd)) == kind


def test_words_in_two_charsets() -> None:
    assert words_of("从里面".encode()) == words_of("从里面".encode("gb18030")) == "从里面"
    assert words_of("café".encode("latin-1")).startswith("caf")
    assert words_of("从里面".encode()[:-1]) == "从里"


@pytest.mark.parametrize(("length", "is_json"), [(131_072, True), (131_073, False)])
def test_json_is_indented_up_to_a_length(length: int, is_json: bool) -> None:
    text, was_json = pretty(b"[1," + b" " * (length - 5) + b"2]")
    assert was_json is is_json
    assert len(text) <= 131_072


def test_what_is_no_json_stays_as_it_is() -> None:
    assert pretty(b'{"a":1.50e3}') == ('{\n  "a": 1.50e3\n}', True)
    assert pretty(b'{"a":1.50e3}', 12)[0].count("\n") == 0
    assert pretty(b'{"a":1.50e3}', 11)[0].count("\n") == 2
    assert pretty(b"{\x07") == ("{␇", False)
    assert pretty(b"[" * 9_000)[1] is False
