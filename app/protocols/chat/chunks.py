"""What one chunk of a Chat Completions stream is, seen by itself: its kind, whether it brings anything, its error."""

from __future__ import annotations

from typing import Any

from app.protocols.chat.grammar import StreamInput
from app.protocols.errors.body import read_error_value, read_unlabelled_error
from app.protocols.reading import ErrorReading
from app.text.sentences import Phrase, message

CHUNK = "chat.completion.chunk"
_EMPTY_CHUNK_KEYS = {
    *("id", "object", "created", "model", "choices", "usage", "service_tier", "system_fingerprint", "obfuscation"),
}


def classify(chunk: dict[str, Any], entries: list[dict[str, Any]]) -> StreamInput:
    """What a chunk without an error is to the grammar. `entries`: its choices, as far as they are objects."""
    if isinstance(chunk.get("type"), str) and not {"choices", "object"} & chunk.keys():
        return StreamInput.NOISE  # an event of another protocol, whose usage is none of ours
    usage = chunk.get("usage")
    counted = isinstance(usage, dict) and bool(usage)
    if entries and not all(is_filter_note(entry) for entry in entries):
        return StreamInput.COUNTED_CHUNK if counted else StreamInput.CHUNK
    if counted:
        return StreamInput.USAGE
    if not isinstance(chunk.get("choices"), list) and chunk.get("object") != CHUNK:
        return StreamInput.NOISE
    return StreamInput.USAGE_NULL if _says_no_usage(chunk) else StreamInput.BARE


def _says_no_usage(chunk: dict[str, Any]) -> bool:
    """A chunk of `usage: null` alone. OpenAI's moderation chunk has more."""
    return chunk.get("usage", 0) is None and not chunk.keys() - _EMPTY_CHUNK_KEYS


def is_filter_note(choice: dict[str, Any]) -> bool:
    """Azure's asynchronous filter sends its results in choices without a delta, before and after the content."""
    if "delta" in choice or "message" in choice or choice.get("finish_reason"):
        return False
    return any(key.startswith("content_filter") for key in choice)


def brings(choice: Any) -> bool:
    """Is there anything in a choice that would be lost with it?"""
    return isinstance(choice, dict) and any(choice.get(key) for key in ("delta", "message", "text", "finish_reason"))


def completes(first: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether an entry of the same index as another holds what that lacks. Where both have text, they are two answers."""
    messages = [one.get("message") for one in (first, other)]
    return not all(isinstance(message, dict) and message.get("content") for message in messages)


def error_of(chunk: dict[str, Any], event_type: str, entries: list[dict[str, Any]]) -> ErrorReading | None:
    """The error in a chunk: under `error`, or the chunk itself where its event, its `object` (vLLM) or its form says so."""
    if chunk.get("error") or event_type == "error" or chunk.get("object") == "error" or chunk.get("type") == "error":
        return read_error_value(chunk) or ErrorReading(Phrase(message("an error without words")), ours=True)
    return read_unlabelled_error(chunk, answered=bool(entries) or bool(chunk.get("usage")))


def error_in_choice(choice: dict[str, Any]) -> ErrorReading | None:
    """The error that OpenRouter puts into a choice."""
    error = choice.get("error")
    return (read_error_value(error) or ErrorReading(str(error)[:200])) if error else None
