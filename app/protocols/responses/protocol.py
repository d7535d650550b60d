"""OpenAI Responses: building requests (PROTOCOLS 1C.2, 2C), the readers of its answers, and previews of its events."""

from __future__ import annotations

import re

from app import __version__
from app.protocols.base import Ask, AssistantTurn, Reader, Target, Tool, ToolResultsTurn, join_url, merge_headers
from app.protocols.base import ToolResult as Result
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.protocols.responses.info import INFO
from app.protocols.responses.items import Json
from app.protocols.responses.reader import ResponsesReader
from app.recording.records import Headers, Request
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, encode_json, mend_surrogates

PREVIEW_CHARACTERS = 200
_PREVIEW_BYTES = 65536  # beyond this an event is not decoded for one line of a table
# Control characters, and those that turn the direction of the text around them.
_UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class OpenAIResponses:
    """The Responses protocol (see `app.protocols.base.Protocol`).

    `input` is always a list of messages: the plain string that the API also takes is refused by relays in front of
    Codex accounts (400 "Input must be a list": router-for-me/CLIProxyAPI#1403, Wei-Shaw/sub2api#919,
    zyycn/codex-proxy-rs#178), and no endpoint is known that refuses the list.

    History goes back in full, every output item unchanged, never by `previous_response_id`, which converters do not keep.
    `store` and `include` are left out even then. `encrypted_content` is in reasoning items by default (openai for Python
    3.57.0, `ResponseReasoningItem`); `include: ["reasoning.encrypted_content"]` is refused for models that do not
    reason; and with `store: false` an item whose id comes back without encrypted content is refused
    (langchain-ai/langchain#38372), where the default lets the endpoint look it up.
    """

    id = INFO.id

    def build(self, ask: Ask, target: Target) -> Request:
        """The HTTP request. `max_output_tokens` is sent as asked; official endpoints refuse fewer than 16."""
        body: Json = {"model": ask.model}
        if ask.system is not None:
            body["instructions"] = ask.system
        body["input"] = _input_items(ask)
        if ask.max_tokens is not None:
            body["max_output_tokens"] = ask.max_tokens
        if ask.tools:
            body["tools"] = [_flat(tool) for tool in ask.tools]
        if ask.stream:
            body["stream"] = True
        return self.build_raw(encode_json(body), target)

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""
        ours: Headers = (("content-type", "application/json"), *_common_headers(target))
        return Request("POST", join_url(target.base_url, "responses"), merge_headers(ours, target.headers), body)

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list, which has one page here: `after` is not used."""
        url = join_url(target.base_url, "models")
        return Request("GET", url, merge_headers(_common_headers(target), target.headers))

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> Reader:
        """A fresh reader. It reads either form whatever was asked for: endpoints do not always keep to it."""
        return ResponsesReader()

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries."""
        text = _preview(event)[: 4 * PREVIEW_CHARACTERS]
        flat = _UNSHOWABLE.sub(" ", mend_surrogates(text)).strip()
        return flat if len(flat) <= PREVIEW_CHARACTERS else flat[: PREVIEW_CHARACTERS - 1] + "…"

    def checks_against_request(self, reading: Reading, request: Json) -> tuple[Finding, ...]:
        """There are none."""
        return ()


def _common_headers(target: Target) -> Headers:
    headers: Headers = (("accept", "application/json"), ("user-agent", f"Diptych/{__version__}"))
    key = "".join(target.key.split())  # a key is often copied with a line break
    if not key:
        return headers
    return (*headers, ("x-api-key", key) if target.auth == "x-api-key" else ("authorization", f"Bearer {key}"))


def _input_items(ask: Ask) -> list[Json]:
    items: list[Json] = []
    for turn in ask.turns:
        if isinstance(turn, AssistantTurn):
            items += turn.replay
        elif isinstance(turn, ToolResultsTurn):
            items += [_result_item(result, items) for result in turn.results]
        else:
            items.append({"role": "user", "content": turn.text})
    return items


def _result_item(result: Result, before: list[Json]) -> Json:
    """A call's result, in the form that belongs to the call. There is no error flag: the text has to say it."""
    custom = any(item.get("type") == "custom_tool_call" and item.get("call_id") == result.call_id for item in before)
    return {
        "type": "custom_tool_call_output" if custom else "function_call_output",
        "call_id": result.call_id,
        "output": f"Error: {result.content}" if result.is_error else result.content,
    }


def _flat(tool: Tool) -> Json:
    return {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters}


def _preview(event: SseEvent) -> str:
    if len(event.data) > _PREVIEW_BYTES:
        return event.data[: 4 * PREVIEW_CHARACTERS].decode("utf-8", "replace")
    try:
        value = decode_json(event.data)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        return event.data[: 4 * PREVIEW_CHARACTERS].decode("utf-8", "replace")
    return _preview_value(value)


def _preview_value(value: Json) -> str:
    match value:
        case {"error": dict() as error}:
            return _words(error, "type", "code", "message")
        case {"type": "error"}:
            return _words(value, "code", "message")
        case {"delta": str() as text} | {"text": str() as text} | {"refusal": str() as text}:
            return text
        case {"arguments": str() as text} | {"input": str() as text} | {"code": str() as text}:
            return text
        case {"part": dict() as part}:
            return _words(part, "type", "text", "refusal")
        case {"item": dict() as item}:
            return _words(item, "type", "name", "call_id", "status", "arguments")
        case {"response": dict() as response}:
            return _preview_response(response)
    return _words({key: item for key, item in value.items() if key != "type"}, *list(value)[:8])


def _preview_response(response: Json) -> str:
    usage, error = response.get("usage"), response.get("error")
    counts = f"in {usage.get('input_tokens')} out {usage.get('output_tokens')}" if isinstance(usage, dict) else ""
    fault = _words(error, "code", "message") if isinstance(error, dict) else ""
    return " ".join(filter(None, (_words(response, "status", "model", "id"), counts, fault)))


def _words(value: Json, *names: str) -> str:
    """Those of the fields that are text or numbers, in a row."""
    shown = (value.get(name) for name in names)
    return " ".join(str(item) for item in shown if isinstance(item, str | int) and not isinstance(item, bool) and item != "")
