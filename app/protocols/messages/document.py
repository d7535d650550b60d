"""What one JSON value is that came where a Messages answer, or an event of it, was due."""

from __future__ import annotations

from typing import Any

from app.protocols.errors.body import read_error_value
from app.protocols.messages.blocks import Json
from app.protocols.reading import ErrorReading
from app.text.sentences import Phrase, message

# Who else writes objects that have all the names of one of these sets.
_OTHER_SHAPES: tuple[tuple[str, tuple[frozenset[str], ...]], ...] = (
    (Phrase(message("Anthropic's old text completions (completion)")), (frozenset({"completion", "stop_reason"}),)),
    (
        "Amazon Bedrock Converse (stopReason)",
        (frozenset({"contentBlockIndex", "delta"}), frozenset({"messageStart"}), frozenset({"output", "stopReason"})),
    ),
    (Phrase(message("Amazon Bedrock's own stream (bytes)")), (frozenset({"bytes"}),)),
    (Phrase(message("Ollama's own protocol (done)")), (frozenset({"message", "done"}), frozenset({"response", "done"}))),
)


def is_message(value: object) -> bool:
    """Whether it is a whole message, by what a client would need of it."""
    return isinstance(value, dict) and isinstance(value.get("content"), list) and value.get("type", "message") == "message"


def is_bent_message(value: Json) -> bool:
    """Whether it calls itself a message, whatever its content is."""
    return value.get("type") == "message" and "role" in value and not value.get("error")


def wrapped_in(value: Json) -> str:
    """The field that holds the whole message, "" for none."""
    names = [name for name, inner in value.items() if is_message(inner) and isinstance(inner, dict) and "stop_reason" in inner]
    return str(names[0])[:60] if names else ""


def foreign_protocol(kind: str, value: Json) -> str:
    """Which other protocol an object belongs to, with words of ours as a `Phrase`; "" for none that is known."""
    stated: Any = value.get("object")
    if isinstance(value.get("choices"), list) or (isinstance(stated, str) and stated.startswith("chat.completion")):
        return "OpenAI Chat Completions (choices)"
    if kind.startswith("response.") or stated == "response":
        return "OpenAI Responses (response)"
    if isinstance(value.get("candidates"), list):
        return "Google Gemini (candidates)"
    if isinstance(value.get("type"), str) and kind != "completion":
        return ""  # an event of the Messages API, newer than this program
    return next((name for name, shapes in _OTHER_SHAPES if any(names <= value.keys() for names in shapes)), "")


def said_error(value: object) -> ErrorReading | None:
    """The error that a document with a good status holds: one that says so, or that has words. A code alone is none."""
    error = read_error_value(value)
    if error is None or not isinstance(value, dict) or value.get("error") or value.get("type") == "error":
        return error if isinstance(value, dict) else None
    return error if error.message not in (error.code, error.type) else None
