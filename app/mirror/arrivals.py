"""What arrived behind the relay and what was answered there, without any key; and which of it belongs to a request."""

from __future__ import annotations

import msgspec

from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, Headers, ProfileNote, Request
from app.secrets.masking import Masker
from app.secrets.names import body_secrets, header_secrets
from app.text.json_text import decode_json

_CREDENTIALS = ("authorization", "x-api-key", "api-key")


class Arrived(msgspec.Struct, frozen=True):
    """A request as it arrived, keys masked.

    Attributes:
        path: below the token. protocol: which it asks in, "" for none of the three (a model list).
        opened_ns, whole_ns: when its head and its last byte were there.
        key: "passed" where it brings the key that the relay was sent, "own" for another, "none" without any.
        refusal: what the official endpoint would say against it, "" where it takes it.
    """

    number: int
    method: str
    path: str
    headers: Headers
    body: bytes
    opened_ns: int
    whole_ns: int
    protocol: str
    counting: bool = False
    key: str = "none"
    refusal: str = ""

    @property
    def document(self) -> dict[str, object] | None:
        """The JSON object of its body; None where it is none."""
        try:
            value = decode_json(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @property
    def streamed(self) -> bool:
        """Whether it asks for a stream."""
        return (self.document or {}).get("stream") is True


class Given(msgspec.Struct, frozen=True):
    """What was answered to an arrival: `pieces` are (nanoseconds, bytes) as they were handed to the network."""

    status: int
    headers: Headers
    body: bytes
    pieces: tuple[tuple[int, int], ...]
    streamed: bool
    whole: bool


def masked(one: Arrived, key: str, secrets: tuple[str, ...] = ()) -> Arrived:
    """The arrival with all keys masked: those that it brings, by their names, and `secrets` wherever they stand.

    `key` is the one that the relay was sent.
    """
    brought = header_secrets(one.headers)
    said = any(name.lower() in _CREDENTIALS and value.strip() not in ("", "Bearer") for name, value in one.headers)
    whose = "passed" if key and key in brought else "own" if said else "none"
    masker = Masker((*secrets, *brought, *body_secrets(one.body), *([key] if key else [])))
    return msgspec.structs.replace(
        one,
        path=masker.mask_url(one.path),
        headers=masker.mask_headers(one.headers),
        body=masker.mask(one.body)[0],
        key=whose,
        refusal=masker.mask_text(one.refusal),
    )


def holds(one: Arrived, word: str) -> bool:
    """Whether a request belongs to the one that was sent with this word."""
    return word.encode() in one.body


def read_answer(arrived: Arrived, given: Given) -> Exchange:
    """What was answered, read as any answer is."""
    request = Request(arrived.method, f"http://upstream{arrived.path}", arrived.headers, arrived.body)
    envelope = Envelope(arrived.protocol, ProfileNote("upstream", "", arrived.protocol), streamed=arrived.streamed)
    recording = Recording(envelope, request)
    recording.apply(Headed(given.status, "", "1.1", given.headers))
    pieces, at = [], 0
    for ns, size in given.pieces:
        pieces.append((ns, given.body[at : at + size]))
        at += size
    recording.apply(pack_chunks(pieces))
    recording.apply(Ended(EndKind.WHOLE if given.whole else EndKind.CANCELLED))
    return Exchange(recording).finish()
