"""What one chunk is called in a table, and the words of the answer that it brings."""

from __future__ import annotations

from typing import Any

from app.protocols.shared.preview import decoded
from app.stream.sse import SseEvent
from app.text.json_text import objects_in

_SAID = ("content", "refusal", "tool_calls", "function_call", "reasoning_content", "reasoning", "reasoning_text", "thinking")
_SAID_TOO = ("reasoning_details", "thinking_blocks", "audio")


def label_of_chunk(event: SseEvent) -> str:
    """`role`, `delta`, `finish`, `usage`, `error`, `[DONE]`; "" for a chunk that is none of these. Never raises.

    One that is several of these goes by the first of: error, delta, finish, usage, role.
    """
    if event.data.strip().startswith(b"[DONE]"):
        return "[DONE]"
    chunk = decoded(event)
    if chunk is None:
        return ""
    choices = objects_in(chunk.get("choices"))
    deltas = [_delta(one) for one in choices]
    if chunk.get("error"):
        return "error"
    if any(delta.get(name) for delta in deltas for name in (*_SAID, *_SAID_TOO)):
        return "delta"
    if any(one.get("finish_reason") for one in choices):
        return "finish"
    if chunk.get("usage") and not any(deltas):
        return "usage"
    return "role" if any(delta.get("role") for delta in deltas) else "delta" if choices else ""


def words_of_chunk(event: SseEvent) -> str:
    """The words of the answer, that is of the choice 0, or of the only one. Never raises."""
    chunk = decoded(event) or {}
    choices = objects_in(chunk.get("choices"))
    mine = [one for one in choices if one.get("index") == 0] or (choices if len(choices) == 1 else [])
    return "".join(_words(_delta(one)) for one in mine)


def _words(delta: dict[str, Any]) -> str:
    content, refusal = delta.get("content"), delta.get("refusal")
    parts = [content] if isinstance(content, str) else [
        part["text"] for part in objects_in(content)
        if part.get("type") in ("text", "output_text") and isinstance(part.get("text"), str)
    ]  # fmt: skip
    return "".join(parts) + (refusal if isinstance(refusal, str) else "")


def _delta(choice: dict[str, Any]) -> dict[str, Any]:
    delta = choice.get("delta") or choice.get("message")
    return delta if isinstance(delta, dict) else {}
