"""JSON for reading: indented; text that is not JSON, or is too long, stays as it is."""

from __future__ import annotations

import msgspec

from app.text.visible import visible

MAX_PRETTY_BYTES = 128 * 1024
SHORT_BYTES = 260


def pretty(data: bytes, short_bytes: int = 0) -> tuple[str, bool]:
    """The text to show and whether it is JSON. Numbers and escapes stay as they were written.

    JSON of at most `short_bytes` stays on one line.
    """
    if len(data) > MAX_PRETTY_BYTES:
        return data[:MAX_PRETTY_BYTES].decode("utf-8", "replace"), False
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return visible(data.decode("utf-8", "replace")), False
    try:
        return visible(msgspec.json.format(data, indent=0 if len(data) <= short_bytes else 2).decode("utf-8", "replace")), True
    except (msgspec.DecodeError, RecursionError):
        return visible(data.decode("utf-8", "replace")), False
