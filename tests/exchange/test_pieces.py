"""A key that a stream brings in pieces is found in the body's bytes, in every protocol and however it is cut."""

from __future__ import annotations

import json

import pytest

from app.exchange.exchange import Exchange
from app.exchange.pieces import PieceSearch, star_places
from app.secrets.masking import Masker
from tests.builders import recording

KEY = "sk-relay-0123456789abcdefghij"


def stream(name: str, pieces: list[str], **indexes: int) -> bytes:
    return b"".join(b"data: " + json.dumps({**indexes, "delta": {name: one}}).encode() + b"\n\n" for one in pieces)


def starred(body: bytes) -> bytes:
    one = Exchange(recording([(600.0, body)])).finish()
    search = PieceSearch(Masker([KEY]), one.decoded, one.events)
    for _ in search.run():
        pass
    star_places(one.decoded, search.found)
    return bytes(one.decoded.data)


@pytest.mark.parametrize("name", ["text", "content", "arguments", "partial_json", "delta", "thinking", "reasoning_content"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
def test_in_any_field_and_of_any_size(name: str, size: int) -> None:
    text = f"the key {KEY}, and the key {KEY}!"
    body = stream(name, [text[at : at + size] for at in range(0, len(text), size)])
    left = starred(body)
    assert len(left) == len(body)
    values = [json.loads(line.removeprefix(b"data: "))["delta"][name] for line in left.split(b"\n\n") if line]
    masked = KEY[:4] + "*" * (len(KEY) - 6) + KEY[-2:]
    assert "".join(values) == f"the key {masked}, and the key {masked}!"


def test_two_streams_in_turns_are_told_apart_by_their_indexes() -> None:
    pieces = [KEY[at : at + 4] for at in range(0, len(KEY), 4)]
    body = b"".join(stream("text", [one], index=0) + stream("text", ["other words"], index=1) for one in pieces)
    assert starred(body).count(b"*") == len(KEY) - 6


def test_what_is_no_key_stays() -> None:
    body = stream("text", ["sk-", "relay-", "01234", "5"]) + stream("text", [KEY[-15:], KEY[:9]], index=1)
    assert starred(body) == body


def test_a_key_that_was_cut_off_is_one_in_pieces_too() -> None:
    assert starred(stream("text", ["sk-", "relay-", "0123456789", "abcdef..."])).count(b"*") == 21


def test_nothing_moves_whatever_the_characters_are() -> None:
    """In the bytes as in the text: two bytes for \\", six for an escape, four for what is beyond the first plane."""
    key = 'sk-"/\\\u00e9\u4e2d\U0001f511=0123456789abcdef'
    for ascii_only in (True, False):
        halves = [json.dumps(half, ensure_ascii=ascii_only) for half in (f"my {key[:7]}", f"{key[7:]}, yes")]
        body = "".join(f'data: {{"text": {half}}}\n\n' for half in halves).encode()
        one = Exchange(recording([(600.0, body)])).finish()
        search = PieceSearch(Masker([key]), one.decoded, one.events)
        assert list(search.run()) is not None
        star_places(one.decoded, search.found)
        left = bytes(one.decoded.data)
        texts = [json.loads(line.removeprefix(b"data: "))["text"] for line in left.split(b"\n\n") if line]
        assert len(left) == len(body)
        assert [len(text) for text in texts] == [len(json.loads(half)) for half in halves]
        assert texts[0].startswith('my sk-"')
        assert texts[1].endswith("*" * 10 + "ef, yes")
        assert "\u4e2d" not in "".join(texts)
