"""What one chunk of a Chat Completions stream is, seen by itself: its kind, whether it brings anything, its error."""

from __future__ import annotations

from typing import Any

from app.protocols.chat.grammar import Came
from app.protocols.errors.body import read_error_value, read_unlabelled_error
from app.protocols.reading import ErrorReading

CHUNK = "chat.completion.chunk"
_EMPTY_CHUNK_KEYS = {
    *("id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "obfuscation"),
}


def classify(chunk: dict[str, Any], choices: list[dict[str, Any]], usage: Any) -> Came:
    """What a chunk is to the grammar. `choices` are those that are objects."""
    if isinstance(chunk.get("type"), str) and not {"choices", "object"} & chunk.keys():
        return Came.NOISE  # an event of another protocol, whose usage is none of ours
    counted = isinstance(usage, dict) and bool(usage)
    if choices and not all(is_filter_note(choice) for choice in choices):
        return Came.COUNTED_CHUNK if counted else Came.CHUNK
    if counted:
        return Came.USAGE
    looks_like_chunk = isinstance(chunk.get("choices"), list) or chunk.get("object") == CHUNK
    return Came.BARE if looks_like_chunk else Came.NOISE


def says_no_usage(chunk: dict[str, Any]) -> bool:
    """A chunk of `usage: null` alone, which the Python helper takes for the usage. OpenAI's moderation chunk has more."""
    return chunk.get("usage", 0) is None and not chunk.keys() - _EMPTY_CHUNK_KEYS


def is_filter_note(choice: dict[str, Any]) -> bool:
    """Azure's asynchronous filter sends its results in choices without a delta, before and after the content."""
    notes = any(key.startswith("content_filter") for key in choice)
    return notes and "delta" not in choice and "message" not in choice and not choice.get("finish_reason")


def brings(choice: Any) -> bool:
    """Is there anything in a choice that would be lost with it?"""
    return isinstance(choice, dict) and any(choice.get(key) for key in ("delta", "message", "text", "finish_reason"))


def error_of(chunk: dict[str, Any], event_type: str, choices: list[dict[str, Any]]) -> ErrorReading | None:
    """The error in a chunk: under `error`, or the chunk itself where its event, its `object` (vLLM) or its form says so."""
    if chunk.get("error") or event_type == "error" or chunk.get("object") == "error" or chunk.get("type") == "error":
        return read_error_value(chunk) or ErrorReading("an error without words", ours=True)
    return read_unlabelled_error(chunk, answered=bool(choices) or bool(chunk.get("usage")))
