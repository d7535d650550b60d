"""A few words on what one event of a Messages stream carries, for a row of a table."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.protocols.errors.body import read_error_body, read_error_value
from app.protocols.messages.blocks import DELTA_FIELDS, Json
from app.protocols.shared.preview import MAX_CHARACTERS, preview, quoted
from app.stream.sse import SseEvent
from app.text.json_text import encode_json
from app.text.sentences import tr, worded

_PIECE_CHARACTERS = MAX_CHARACTERS - 20
_INPUT_FIELDS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


def preview_event(event: SseEvent) -> str:
    """At most 200 characters of plain text on one line; "" for an event that says nothing. Never raises."""
    return preview(event, partial(_words, event.type))


def _words(name: str, value: Json) -> str | None:
    kind = value.get("type")
    of_kind = _BY_KIND.get(kind if isinstance(kind, str) else name)
    if of_kind is not None:
        return of_kind(value)
    error = read_error_value(value) if value.get("error") else None
    return worded(error.message) if error else None


def _start(value: Json) -> str:
    message = _object(value.get("message"))
    usage = _object(message.get("usage"))
    said = [usage[name] for name in _INPUT_FIELDS if isinstance(usage.get(name), int)]
    model = str(message.get("model", ""))
    return f"{model} · {tr('in {tokens}', tokens=sum(said))}" if said else model


def _block(value: Json) -> str:
    block = _object(value.get("content_block"))
    words = [str(block.get("type", "")), block.get("name"), block.get("text") or block.get("thinking")]
    if isinstance(data := block.get("data"), str):
        words.append(tr("{n} characters", n=len(data)))
    if block.get("input"):
        words.append(encode_json(block["input"]).decode())
    return " ".join(str(word) for word in words if word)


def _delta(value: Json) -> str:
    delta = _object(value.get("delta"))
    kind = delta.get("type")
    piece = delta.get(DELTA_FIELDS.get(kind, "")) if isinstance(kind, str) else None
    if kind in ("text_delta", "thinking_delta"):
        return quoted(str(piece), _PIECE_CHARACTERS)
    if kind == "signature_delta":
        return tr("signature, {n} characters", n=len(str(piece)))
    if kind == "citations_delta":
        return tr("citation {text}", text=quoted(str(_object(piece).get("cited_text", "")), _PIECE_CHARACTERS))
    return str(piece) if piece is not None else str(kind or "")


def _message_delta(value: Json) -> str:
    reason = _object(value.get("delta")).get("stop_reason")
    output = _object(value.get("usage")).get("output_tokens")
    return " · ".join(
        part for part in (str(reason or ""), tr("out {tokens}", tokens=output) if output is not None else "") if part
    )


def _error(value: Json) -> str:
    error = read_error_value(value) or read_error_body(b"", 200)
    return f"{error.type}: {worded(error.message)}" if error.type else worded(error.message)


def _nothing(_value: Json) -> str:
    return ""


_BY_KIND = {
    "message_start": _start,
    "content_block_start": _block,
    "content_block_delta": _delta,
    "content_block_stop": _nothing,
    "message_delta": _message_delta,
    "message_stop": _nothing,
    "ping": _nothing,
    "error": _error,
}


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
