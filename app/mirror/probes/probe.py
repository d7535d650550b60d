"""One request to send, as data; and the pictures and documents that such requests hold."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.mirror.request import Json

NONCE = "%NONCE%"  # replaced by a word that no other request has
MODEL = "%MODEL%"  # replaced by the name that the relay's profile has

# A red dot, and a page without words: the smallest that readers take.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)  # fmt: skip
PDF = (
    "JVBERi0xLjEKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv"
    "dW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgMTAwIDEwMF0+PmVuZG9iagp0cmFpbGVyPDwv"
    "Um9vdCAxIDAgUj4+Cg=="
)  # fmt: skip
PICTURE_URL = "https://example.com/red-dot.png"
CITY_SCHEMA: Json = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "A city's name"}, "days": {"type": "integer"}},
    "required": ["city"],
}
STRICT_SCHEMA: Json = {
    "type": "object",
    "properties": {"colour": {"type": "string", "enum": ["red", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
QUESTION = f"Say one sentence about boats. {NONCE}"


class Probe(msgspec.Struct, frozen=True, kw_only=True):
    """One request that is sent through the relay and directly.

    Attributes:
        name: for `--probe`; the same in each protocol where it asks the same.
        title: what it looks at, in a few words.
        body: the JSON, with `NONCE` and `MODEL` in its texts.
        headers: sent besides the usual ones; a name of theirs in its place.
        about: which part of it all is looked at: the request, its headers, or the answer on its way back.
        faults: what the upstream does with it, by the simulator's names; () for an ordinary answer.
    """

    name: str
    title: str
    body: Json
    headers: tuple[tuple[str, str], ...] = ()
    about: Literal["request", "headers", "answer"] = "request"
    faults: tuple[str, ...] = ()
