"""What all previews have in common: one row, of bounded length, in which nothing hides."""

from __future__ import annotations

from typing import Any

from app.protocols.shared.preview import preview, quoted, row
from app.stream.sse import SseEvent


def shown(data: bytes, words: str | None = "words") -> str:
    def told(_value: dict[str, Any]) -> str | None:
        return words

    return preview(SseEvent("", data, 0, 0), told)


def test_an_object_is_told_in_the_words_of_its_protocol_or_shown() -> None:
    assert shown(b'{"a": 1}') == "words"
    assert shown(b'{"a": 1}', None) == '{"a": 1}'


def test_data_that_is_no_object_is_shown() -> None:
    assert shown(b"[DONE]") == "[DONE]"
    assert shown(b" [1, 2]\n") == "[1, 2]"
    assert shown(b"\xff\x00oops") == "\ufffd␀oops"
    assert shown(b"") == ""


def test_an_event_too_large_to_be_decoded_for_a_row_is_shown() -> None:
    within, beyond = (b'{"a": "' + b"x" * (size - 9) + b'"}' for size in (65_536, 65_537))
    assert shown(within) == "words"
    assert shown(beyond).startswith('{"a": "xxx')
    assert len(shown(beyond)) == 200


def test_a_row_is_one_line_without_hidden_characters() -> None:
    assert row("a\nb\x00\u202ec\u2028d") == "a␊b␀\\u202ec d"
    assert row("\ud83d\ude00 \ud83d") == "\U0001f600 \ufffd"
    assert row("👩‍🚀") == "👩‍🚀"


def test_a_row_is_cut_with_an_ellipsis() -> None:
    assert row("x" * 200) == "x" * 200
    assert row("x" * 201) == "x" * 199 + "…"
    assert len(row("\u202e" * 1000)) == 200


def test_a_quotation_is_cut_inside_its_marks() -> None:
    assert quoted("four", 4) == "“four”"
    assert quoted("fours", 4) == "“fou…”"
