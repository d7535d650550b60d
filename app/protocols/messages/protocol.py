"""The Messages API of Anthropic and of those who speak it: requests out, previews of events; the reader stands beside."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from app import __version__
from app.protocols.base import Ask, AssistantTurn, Target, ToolResult, ToolResultsTurn, Turn, join_url, merge_headers
from app.protocols.errors.body import read_error_body, read_error_value
from app.protocols.messages.blocks import DELTA_FIELDS, Json
from app.protocols.messages.reader import MessagesReader
from app.recording.records import Headers, Request
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, encode_json, mend_surrogates

MAX_PREVIEW_CHARACTERS = 200
_JOINERS = "\u200c\u200d"  # they hold emoji and some scripts together
_AUTH_HEADERS = ("authorization", "x-api-key")
_INPUT_FIELDS = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


class AnthropicMessages:
    """`POST {base}/v1/messages`; see `app.protocols.base.Protocol`."""

    id = "anthropic-messages"
    title = "Anthropic Messages"
    default_auth = "x-api-key"

    def build(self, ask: Ask, target: Target) -> Request:
        """The HTTP request: minimal, nothing that `ask` does not name."""
        return self.build_raw(encode_json(_body(ask)), target)

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""
        headers = (("content-type", "application/json"), *_headers(target))
        return Request("POST", _url(target, "v1/messages"), merge_headers(headers, _extra(target)), body)

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list, a thousand a page; `after` is the last id of the page before."""
        query = "?limit=1000" + (f"&after_id={quote(after, safe='')}" if after else "")
        return Request("GET", _url(target, "v1/models") + query, merge_headers(_headers(target), _extra(target)))

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> MessagesReader:
        """A fresh reader. It reads events or a whole body, whatever was asked for; that the two differ is C13's matter."""
        return MessagesReader()

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries, at most 200 characters of plain text. Never raises."""
        try:
            value = decode_json(event.data)
        except ValueError:
            return _plain(event.text)
        if not isinstance(value, dict):
            return _plain(event.text)
        kind = value.get("type")
        preview = _PREVIEWS.get(kind if isinstance(kind, str) else event.type)
        if preview is None:
            error = read_error_value(value) if value.get("error") else None
            return _plain(error.message if error else event.text)
        return _plain(preview(value))


# -- requests ----------------------------------------------------------------------------------------------------------


def _body(ask: Ask) -> Json:
    body: Json = {"model": ask.model}
    if ask.max_tokens is not None:
        body["max_tokens"] = ask.max_tokens
    if ask.system is not None:
        body["system"] = ask.system
    if ask.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters} for tool in ask.tools
        ]
    body["messages"] = _messages(ask.turns)
    if ask.stream:
        body["stream"] = True
    return body


def _messages(turns: tuple[Turn, ...]) -> list[Json]:
    """The turns as messages. All results go into one user message, before any words of the user."""
    messages: list[Json] = []
    results: list[Json] | None = None  # the content of the user message that is being filled
    for turn in turns:
        if isinstance(turn, AssistantTurn):
            messages.append({"role": "assistant", "content": turn.replay})
            results = None
        elif isinstance(turn, ToolResultsTurn):
            if results is None:
                results = []
                messages.append({"role": "user", "content": results})
            results.extend(_result(result) for result in turn.results)
        elif results is not None:
            results.append({"type": "text", "text": turn.text})
        else:
            messages.append({"role": "user", "content": turn.text})
    return messages


def _result(result: ToolResult) -> Json:
    block: Json = {"type": "tool_result", "tool_use_id": result.call_id, "content": result.content}
    return block | {"is_error": True} if result.is_error else block


def _url(target: Target, path: str) -> str:
    return join_url("".join(target.base_url.split()), path)


def _headers(target: Target) -> Headers:
    headers = [("accept", "application/json"), ("user-agent", f"Diptych/{__version__}")]
    if version := "".join(target.anthropic_version.split()):
        headers.append(("anthropic-version", version))
    if beta := _one_line(target.anthropic_beta):
        headers.append(("anthropic-beta", beta))
    key = "".join(target.key.split())
    names_own_key = any(name.strip().lower() in _AUTH_HEADERS for name, _ in target.headers)
    if key and not names_own_key:  # first party answers 401 to two credentials
        headers.append(("x-api-key", key) if target.auth == "x-api-key" else ("authorization", f"Bearer {key}"))
    return tuple(headers)


def _extra(target: Target) -> Headers:
    return tuple((name.strip(), _one_line(value)) for name, value in target.headers if name.strip())


def _one_line(value: str) -> str:
    return " ".join(value.split())


# -- previews ----------------------------------------------------------------------------------------------------------


def _preview_start(value: Json) -> str:
    message = _object(value.get("message"))
    usage = _object(message.get("usage"))
    said = [usage[name] for name in _INPUT_FIELDS if isinstance(usage.get(name), int)]
    return f"{message.get('model', '')} · in {sum(said)}" if said else f"{message.get('model', '')}"


def _preview_block(value: Json) -> str:
    block = _object(value.get("content_block"))
    words = [str(block.get("type", "")), block.get("name"), block.get("text") or block.get("thinking")]
    if isinstance(data := block.get("data"), str):
        words.append(f"{len(data)} characters")
    if block.get("input"):
        words.append(encode_json(block["input"]).decode())
    return " ".join(str(word) for word in words if word)


def _preview_delta(value: Json) -> str:
    delta = _object(value.get("delta"))
    kind = delta.get("type")
    piece = delta.get(DELTA_FIELDS.get(kind, "")) if isinstance(kind, str) else None
    if kind in ("text_delta", "thinking_delta"):
        return f"“{_cut(str(piece))}”"
    if kind == "signature_delta":
        return f"signature, {len(str(piece))} characters"
    if kind == "citations_delta":
        return f"citation “{_cut(str(_object(piece).get('cited_text', '')))}”"
    return str(piece) if piece is not None else str(kind or "")


def _preview_message_delta(value: Json) -> str:
    reason = _object(value.get("delta")).get("stop_reason")
    output = _object(value.get("usage")).get("output_tokens")
    return " · ".join(part for part in (str(reason or ""), f"out {output}" if output is not None else "") if part)


def _preview_error(value: Json) -> str:
    error = read_error_value(value) or read_error_body(b"", 200)
    return f"{error.type}: {error.message}" if error.type else error.message


def _preview_nothing(value: Json) -> str:
    return ""


_PREVIEWS = {
    "message_start": _preview_start,
    "content_block_start": _preview_block,
    "content_block_delta": _preview_delta,
    "content_block_stop": _preview_nothing,
    "message_delta": _preview_message_delta,
    "message_stop": _preview_nothing,
    "ping": _preview_nothing,
    "error": _preview_error,
}


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _cut(text: str) -> str:
    return text if len(text) <= MAX_PREVIEW_CHARACTERS - 20 else text[: MAX_PREVIEW_CHARACTERS - 21] + "…"


def _plain(text: str) -> str:
    """One line that can be shown as it is: no control or format characters, none that turn the writing direction."""
    cut = mend_surrogates(text[: 2 * MAX_PREVIEW_CHARACTERS])
    shown = "".join(_visible(character) for character in cut)
    return shown if len(shown) <= MAX_PREVIEW_CHARACTERS else shown[: MAX_PREVIEW_CHARACTERS - 1] + "…"


def _visible(character: str) -> str:
    if character == "\n":
        return "⏎"
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else "·"
