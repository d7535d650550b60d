"""Exchanges as a cassette of vcrpy, which plays them back to a client in a test: answers unpacked, in one piece, without times.

Secrets are masked by the names of their headers and parameters once more, as a recording may be another program's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from app.exchange.exchange import Exchange
from app.formats.calls import without
from app.formats.cassettes import NOTE
from app.formats.har_export import address_of
from app.formats.own_note import own_note
from app.recording.records import Headers
from app.secrets.masking import Masker

_UNPLAYED_HEADERS = ("content-encoding", "transfer-encoding", "content-length")


def as_cassette(exchanges: Iterable[Exchange], *, as_json: bool = False) -> Iterator[bytes]:
    """The file in pieces, as one of vcrpy's two serialisers reads it. Exchanges without an answer's head are left out: there is
    nothing to play.

    JSON holds no bytes that are no UTF-8: there they become U+FFFD.
    """
    text = _as_text if as_json else _text
    played = (_interaction(one, text) for one in exchanges if one.recording.head is not None)
    if as_json:
        yield b'{"version": 1, "interactions": ['
        for number, one in enumerate(played):
            yield (b",\n" if number else b"\n") + msgspec.json.encode(one)
        yield b"\n]}\n"
        return
    import yaml  # only where one is written

    yield b"interactions:\n"
    for one in played:
        yield yaml.safe_dump([one], allow_unicode=True, encoding="utf-8", sort_keys=False, width=120)
    yield b"version: 1\n"


def has_head(one: Exchange) -> bool:
    """Whether it can stand in a cassette."""
    return one.recording.head is not None


def _interaction(one: Exchange, text: Callable[[bytes], str | bytes]) -> dict[str, object]:
    recording, masker = one.recording, Masker(())
    head = recording.head
    assert head is not None
    answered = without(masker.mask_answer_headers(head.headers), *_UNPLAYED_HEADERS)
    is_plain = one.framed and not recording.content_encoding  # frames are the body itself, and no encoding of it
    string = text(bytes(recording.body.data if is_plain else one.decoded.data))
    return {
        "request": {
            "body": text(recording.request.body),
            "headers": _lists(masker.mask_headers(recording.request.headers)),
            "method": recording.request.method,
            "uri": masker.mask_url(address_of(recording)),
        },
        "response": {
            "body": {"string": string},
            "headers": _lists(answered),
            "status": {"code": head.status, "message": head.reason},
        },
        NOTE: own_note(one, string.encode() if isinstance(string, str) else string, _UNPLAYED_HEADERS),
    }


def _text(data: bytes) -> str | bytes:
    """Text where it is UTF-8; else bytes, which YAML writes as `!!binary`."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _as_text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _lists(headers: Headers) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found
