"""A few words on what one Chat Completions event carries, for a row of a table."""

from __future__ import annotations

from typing import Any

from app.protocols.chat.usage import read_usage
from app.protocols.errors.body import read_error_value
from app.protocols.shared.preview import preview, quoted
from app.stream.sse import SseEvent
from app.text.sentences import message, tr

_PIECE_CHARACTERS = 120


def preview_chunk(event: SseEvent) -> str:
    """At most 200 characters of plain text on one line; "" for an event that carries nothing. Never raises."""
    return preview(event, lambda chunk: " · ".join(words for words in _words(chunk) if words))


def _words(chunk: dict[str, Any]) -> list[str]:
    words = []
    if chunk.get("error"):
        error = read_error_value(chunk)
        words.append(tr("error: {words}", words=error.message if error else ""))
    choices = chunk.get("choices")
    for choice in choices if isinstance(choices, list) else []:
        if isinstance(choice, dict):
            words += _choice(choice)
    if isinstance(chunk.get("usage"), dict) and chunk["usage"]:
        words.append(_usage(chunk["usage"]))
    if not words and "prompt_filter_results" in chunk:
        words.append(tr("filter results of the prompt"))
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
    said = [_thought(reasoning)] if isinstance(reasoning, str) else []
    content = delta.get("content")
    for part in content if isinstance(content, list) else []:
        if isinstance(part, dict):
            kind = part.get("type")
            inner = part.get("thinking") if kind == "thinking" else part.get("text")
            texts = [piece.get("text") for piece in inner if isinstance(piece, dict)] if isinstance(inner, list) else [inner]
            text = "".join(text for text in texts if isinstance(text, str))
            said.append((_thought(text) if kind == "thinking" else _quoted(text)) if text else str(kind))
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
    counts = ((message("in {tokens}"), usage.input_tokens), (message("out {tokens}"), usage.output_tokens))
    return " · ".join(tr(words, tokens=count) for words, count in counts if count is not None)


def _thought(text: str) -> str:
    return tr("thinking {text}", text=_quoted(text))


def _quoted(text: str) -> str:
    return quoted(text, _PIECE_CHARACTERS)
