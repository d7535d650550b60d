"""JSON: what is refused, how deep it may be nested, characters that are forgiven and mended."""

from __future__ import annotations

import json

import pytest

from app.text.json_text import decode_json, encode_json, mend_surrogates


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"NaN", b"[Infinity]", b"{} {}", b"{'a':1}", b"[" * 100_000, b"[" * 257 + b"]" * 257, b"1" * 5000 + b"x"],
)
def test_what_is_not_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode_json(data)


def test_how_deep_a_value_may_be_nested() -> None:
    assert decode_json("[" * 256 + "]" * 256)
    assert decode_json(b'{"a": "' + b"[" * 5000 + b'"}')
    for text in ('{"a":' * 300 + "1" + "}" * 300, "[1, " * 300 + '"\xe9\\ud83d"' + "]" * 300):
        with pytest.raises(ValueError, match="deep"):
            decode_json(text)


def test_characters_in_strings_are_forgiven() -> None:
    assert decode_json(b'{"a":"\xff"}') == {"a": "�"}
    assert decode_json(b'{"a":"\\ud83d"}') == {"a": "\ud83d"}


def test_surrogates_are_mended_and_survive_encoding() -> None:
    assert mend_surrogates("\ud83d" + "\ude00" + "\ud83d é") == "😀� é"
    assert mend_surrogates("plain é😀") == "plain é😀"
    assert encode_json({"a": "é😀"}) == '{"a":"é😀"}'.encode()
    assert json.loads(encode_json({"a": "\ud83d" + "\ude00"})) == {"a": "😀"}
