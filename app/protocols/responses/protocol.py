"""OpenAI Responses: the requests (PROTOCOLS 1C.2, 2C), and what it takes to read the answer."""

from __future__ import annotations

from app.protocols.base import Ask, AssistantTurn, Reader, Target, Tool, ToolResultsTurn, join_url
from app.protocols.base import ToolResult as Result
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.protocols.responses.info import INFO
from app.protocols.responses.items import Json
from app.protocols.responses.options import ONLY_FOR_ANSWERS, option_fields, user_parts
from app.protocols.responses.preview import preview_event
from app.protocols.responses.reader import ResponsesReader
from app.protocols.responses.words import words_of_event
from app.protocols.shared.headers import request_headers
from app.recording.records import Request
from app.stream.sse import SseEvent
from app.text.json_text import encode_json


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
        return self.build_raw(encode_json(_body(ask)), target)

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""
        return Request("POST", join_url(target.base_url, "responses"), request_headers(target, body=True), body)

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list, which has one page here: `after` is not used."""
        return Request("GET", join_url(target.base_url, "models"), request_headers(target, body=False))

    def count_request(self, ask: Ask, target: Target) -> Request:
        """POST to `input_tokens`, with what counts of the same body (PROTOCOLS 3.2)."""
        body = {name: value for name, value in _body(ask).items() if name not in ONLY_FOR_ANSWERS}
        url = join_url(target.base_url, "responses/input_tokens")
        return Request("POST", url, request_headers(target, body=True), encode_json(body))

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> Reader:
        """A fresh reader. It reads either form whatever was asked for: endpoints do not always keep to it."""
        return ResponsesReader()

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries."""
        return preview_event(event)

    def label(self, event: SseEvent) -> str:
        """Its events have names."""
        return ""

    def words(self, event: SseEvent) -> str:
        """The words of the answer that an event brings."""
        return words_of_event(event)

    def checks_against_request(self, reading: Reading, request: Json) -> tuple[Finding, ...]:
        """There are none."""
        return ()


def _body(ask: Ask) -> Json:
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
    return body | option_fields(ask.options) | ask.extra


def _input_items(ask: Ask) -> list[Json]:
    items: list[Json] = []
    for turn in ask.turns:
        if isinstance(turn, AssistantTurn):
            items += turn.replay
        elif isinstance(turn, ToolResultsTurn):
            items += [_result_item(result, items) for result in turn.results]
        else:
            items.append({"role": "user", "content": user_parts(turn) if turn.attachments else turn.text})
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
    flat: Json = {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return flat | {"strict": True} if tool.strict else flat
