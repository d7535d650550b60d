"""What the previews of all protocols share: how long one is, and what is shown of data that is no JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.stream.sse import SseEvent
from app.text.json_text import decode_json, mend_surrogates
from app.text.visible import one_line

MAX_CHARACTERS = 200
_MAX_DECODED_BYTES = 1 << 16  # beyond this an event is not decoded for one row of a table


def preview(event: SseEvent, words: Callable[[dict[str, Any]], str | None]) -> str:
    """One row of plain text on what an event carries, at most `MAX_CHARACTERS`. Never raises.

    `words` gets the JSON object and gives its words; None where it knows no better than the data itself.
    """
    value = _object(event.data) if len(event.data) <= _MAX_DECODED_BYTES else None
    told = None if value is None else words(value)
    return row(_beginning(event.data) if told is None else told)


def decoded(event: SseEvent) -> dict[str, Any] | None:
    """An event's JSON object; None where it has none. Never raises."""
    return _object(event.data)


def row(text: str) -> str:
    """Outside text as one row; what is cut ends with an ellipsis."""
    return one_line(mend_surrogates(text[: 2 * MAX_CHARACTERS]), MAX_CHARACTERS)


def quoted(text: str, limit: int) -> str:
    """A piece of the answer in quotation marks, cut to so many characters."""
    return f"“{text if len(text) <= limit else text[: limit - 1] + '…'}”"


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        value = decode_json(data)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _beginning(data: bytes) -> str:
    return data[: 4 * MAX_CHARACTERS].strip().decode("utf-8", "replace")
