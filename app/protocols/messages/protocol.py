"""The Messages API of Anthropic and of those who speak it: the requests, and what it takes to read the answer."""

from __future__ import annotations

from urllib.parse import quote

from app.protocols.base import Ask, AssistantTurn, Target, Tool, ToolResult, ToolResultsTurn, Turn, join_url
from app.protocols.findings import Finding
from app.protocols.messages.blocks import Json
from app.protocols.messages.info import INFO
from app.protocols.messages.options import ONLY_FOR_ANSWERS, option_fields, user_blocks
from app.protocols.messages.preview import preview_event
from app.protocols.messages.reader import MessagesReader
from app.protocols.messages.words import words_of_event
from app.protocols.reading import Reading
from app.protocols.shared.headers import request_headers
from app.recording.records import Headers, Request
from app.stream.sse import SseEvent
from app.text.json_text import encode_json


class AnthropicMessages:
    """`POST {base}/v1/messages`; see `app.protocols.base.Protocol`."""

    id = INFO.id

    def build(self, ask: Ask, target: Target) -> Request:
        """The HTTP request: minimal, nothing that `ask` does not name."""
        return self.build_raw(encode_json(_body(ask)), target)

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""
        return Request("POST", _url(target, "v1/messages"), _headers(target, body=True), body)

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list, a thousand a page; `after` is the last id of the page before."""
        query = "?limit=1000" + (f"&after_id={quote(after, safe='')}" if after else "")
        return Request("GET", _url(target, "v1/models") + query, _headers(target))

    def count_request(self, ask: Ask, target: Target) -> Request:
        """POST to `count_tokens`, which refuses what only matters for an answer (PROTOCOLS 3.2)."""
        body = {name: value for name, value in _body(ask).items() if name not in ONLY_FOR_ANSWERS}
        return Request("POST", _url(target, "v1/messages/count_tokens"), _headers(target, body=True), encode_json(body))

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> MessagesReader:
        """A fresh reader. It reads events or a whole body, whatever was asked for; that the two differ is C13's matter."""
        return MessagesReader()

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries, at most 200 characters of plain text. Never raises."""
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
    if ask.max_tokens is not None:
        body["max_tokens"] = ask.max_tokens
    if ask.system is not None:
        body["system"] = ask.system
    if ask.tools:
        body["tools"] = [_tool(tool) for tool in ask.tools]
    body["messages"] = _messages(ask.turns)
    if ask.stream:
        body["stream"] = True
    return body | option_fields(ask.options) | ask.extra


def _tool(tool: Tool) -> Json:
    body: Json = {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
    return body | {"strict": True} if tool.strict else body


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
            results += user_blocks(turn)
        else:
            messages.append({"role": "user", "content": user_blocks(turn) if turn.attachments else turn.text})
    return messages


def _result(result: ToolResult) -> Json:
    block: Json = {"type": "tool_result", "tool_use_id": result.call_id, "content": result.content}
    return block | {"is_error": True} if result.is_error else block


def _url(target: Target, path: str) -> str:
    return join_url("".join(target.base_url.split()), path)


def _headers(target: Target, *, body: bool = False) -> Headers:
    vendor = (("anthropic-version", "".join(target.anthropic_version.split())), ("anthropic-beta", target.anthropic_beta))
    return request_headers(target, body=body, vendor=vendor, one_credential=True)  # first party answers 401 to two
