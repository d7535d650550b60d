"""A whole body of Chat Completions, seen by itself: its error, the message in its choice, or why there is no answer."""

from __future__ import annotations

from typing import Any

from app.protocols.chat import rules
from app.protocols.chat.values import found_at, shown
from app.protocols.errors.body import read_error_body, read_unlabelled_error
from app.protocols.findings import Finding, FindingLog
from app.protocols.reading import ErrorReading
from app.text.json_text import decode_json

_KEYS_CHARACTERS = 180


def decode_document(body: bytes) -> dict[str, Any] | None:
    """The JSON object; an empty one where it is another value, None where it is no JSON."""
    try:
        value = decode_json(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else {}


def error_in_document(value: dict[str, Any], body: bytes, status: int, *, answered: bool) -> ErrorReading | None:
    """The error, None where there is none. `answered`: there are choices in it."""
    if status >= 400 or value.get("error") or (not answered and value.get("object") == "error"):
        return read_error_body(body, status)
    return read_unlabelled_error(value, answered=answered)


def is_whole(entries: list[dict[str, Any]]) -> bool:
    """Whether there is an answer in the choices: words or a call, and a reason why it ended."""
    messages = [one["message"] for one in entries if isinstance(one.get("message"), dict) and one.get("finish_reason")]
    return any(one.get("content") or one.get("tool_calls") for one in messages)


def no_answer(value: dict[str, Any] | None, body: bytes) -> Finding:
    """What a body is that has neither choices nor an error."""
    if value is None and body.lstrip()[:1] in (b"{", b"["):
        return Finding.of(rules.DOCUMENT_NOT_JSON, end=repr(body[-40:].decode("utf-8", "replace")))
    if not value:
        return Finding.of(rules.NO_CHOICES, variant="no_object")
    return Finding.of(rules.NO_CHOICES, variant="keys", keys=", ".join(list(value)[:5])[:_KEYS_CHARACTERS])


def message_of(choice: dict[str, Any], log: FindingLog) -> dict[str, Any]:
    """The message in a choice; where it has none, the delta that stands there, or an empty one."""
    message, delta = choice.get("message"), choice.get("delta")
    if isinstance(message, dict):
        if message.get("role") != "assistant":
            log.note(rules.ROLE_WRONG_WHOLE, **found_at(message, "role"))
        return message
    field = next((key for key in ("delta", "text") if choice.get(key)), "")
    log.note(rules.NO_MESSAGE, variant="elsewhere" if field else "", field=field, found=shown(message))
    return delta if isinstance(delta, dict) else {}
