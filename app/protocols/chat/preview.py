"""A few words on what one Chat Completions event carries, for a row of a table."""

from __future__ import annotations

import unicodedata
from typing import Any

from app.protocols.chat.usage import read_usage
from app.protocols.errors.body import read_error_value
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, mend_surrogates

MAX_CHARACTERS = 200
_PIECE_CHARACTERS = 120
# Characters that would move the row's text about, beside the control characters: line and paragraph ends, bidi controls.
_UNRULY = {0x2028, 0x2029, 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def preview_chunk(event: SseEvent) -> str:
    """At most `MAX_CHARACTERS` of plain text on one line; "" for an event that carries nothing. Never raises."""
    data = event.data.strip()
    if data.startswith(b"[DONE]"):
        return "[DONE]"
    try:
        chunk = decode_json(data)
    except ValueError:
        return _plain(data[: 2 * MAX_CHARACTERS].decode("utf-8", "replace"))
    if not isinstance(chunk, dict):
        return _plain(str(chunk)[: 2 * MAX_CHARACTERS])
    return _plain(" · ".join(words for words in _words(chunk) if words))


def _words(chunk: dict[str, Any]) -> list[str]:
    words = []
    if chunk.get("error"):
        error = read_error_value(chunk)
        words.append(f"error: {error.message if error else ''}")
    choices = chunk.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if isinstance(choice, dict):
            words += _choice(choice)
    if isinstance(chunk.get("usage"), dict) and chunk["usage"]:
        words.append(_usage(chunk["usage"]))
    if not words and "prompt_filter_results" in chunk:
        words.append("filter results of the prompt")
    if not words and "choices" not in chunk:
        words.append(str(chunk.get("type") or ", ".join(list(chunk)[:5])))
    return words


def _choice(choice: dict[str, Any]) -> list[str]:
    delta = choice.get("delta") or choice.get("message")
    delta = delta if isinstance(delta, dict) else {}
    words = [*_said(delta), *_called(delta)]
    if not words and isinstance(delta.get("role"), str):
        words = [delta["role"]]
    reason = choice.get("finish_reason")
    return [*words, str(reason)] if reason else words


def _said(delta: dict[str, Any]) -> list[str]:
    reasoning = next((text for key in ("reasoning_content", "reasoning", "thinking") if (text := delta.get(key))), None)
    said = [_quoted(reasoning, "thinking ")] if isinstance(reasoning, str) else []
    content = delta.get("content")
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict):
            kind = part.get("type")
            inner = part.get("thinking") if kind == "thinking" else part.get("text")
            texts = [piece.get("text") for piece in inner if isinstance(piece, dict)] if isinstance(inner, list) else [inner]
            text = "".join(text for text in texts if isinstance(text, str))
            said.append(_quoted(text, "thinking " if kind == "thinking" else "") if text else str(kind))
    said += [_quoted(text) for text in (content, delta.get("refusal")) if isinstance(text, str) and text]
    return said


def _called(delta: dict[str, Any]) -> list[str]:
    calls = delta.get("tool_calls")
    return [_call(call) for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []


def _call(call: dict[str, Any]) -> str:
    """A first fragment as `name(arguments`, a later one as its piece of the arguments alone."""
    body = call.get("function") or call.get("custom")
    body = body if isinstance(body, dict) else {}
    name, arguments = body.get("name"), body.get("arguments", body.get("input"))
    text = "" if arguments is None else str(arguments)[:_PIECE_CHARACTERS]
    return f"{name}({text}" if name else text


def _usage(raw: dict[str, Any]) -> str:
    usage = read_usage(raw)
    counts = (("in", usage.input_tokens), ("out", usage.output_tokens))
    return " · ".join(f"{name} {count}" for name, count in counts if count is not None)


def _quoted(text: str, before: str = "") -> str:
    return f"{before}“{text[:_PIECE_CHARACTERS]}”"


def _plain(text: str) -> str:
    """One line: control characters as their pictures, what could reorder the line as U+FFFD."""
    text = mend_surrogates(text[: 2 * MAX_CHARACTERS])
    if not text.isprintable():
        text = "".join(_shown(character) for character in text)
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def _shown(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code in _UNRULY or unicodedata.category(character) == "Cc":
        return "\ufffd"
    return character
