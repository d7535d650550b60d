"""OpenAI Chat Completions: the request, and what it takes to read the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.protocols.base import (
    Ask,
    AssistantTurn,
    Target,
    Tool,
    ToolResult,
    ToolResultsTurn,
    Turn,
    UserTurn,
    join_url,
)
from app.protocols.chat.info import INFO
from app.protocols.chat.options import option_fields, user_parts
from app.protocols.chat.preview import preview_chunk
from app.protocols.chat.reader import ChatReader
from app.protocols.chat.request_checks import checks_against_request
from app.protocols.chat.words import label_of_chunk, words_of_chunk
from app.protocols.findings import Finding
from app.protocols.reading import Reading
from app.protocols.shared.headers import request_headers
from app.recording.records import Request
from app.stream.sse import SseEvent
from app.text.json_text import encode_json

# OpenAI's reasoning models and everything from GPT-5 on refuse `max_tokens`; `gpt-35-turbo` is Azure's name of an old one.
_WANTS_COMPLETION_TOKENS = re.compile(r"(?:^|[/:])(?:o[1-9]|gpt-(?:[5-9]|1\d))(?!\d)")


class OpenAIChat:
    """`POST {base}/chat/completions`. See `app.protocols.base.Protocol`.

    The limit goes out as `max_completion_tokens` for OpenAI's newer models (o1, o3, o4-mini, gpt-5 and later, with or without a
    vendor's prefix), which refuse `max_tokens`; for every other model as `max_tokens`, the only name that many relays know.

    `Reading.replay` is the assistant's message as it came: `content` null beside tool calls, `arguments` as text, thought
    signatures (`extra_content`, `thought_signature`, `provider_specific_fields`), `reasoning`, `reasoning_details` and content
    parts as sent. Left out are nulls, empty refusals, `index`, `annotations` and logs of server-side tools; of `audio` the id
    stays. `reasoning_content` goes back only beside tool calls: DeepSeek asks for it within a tool loop, and its older
    models refuse it elsewhere.
    """

    id = INFO.id

    def build(self, ask: Ask, target: Target) -> Request:
        """The request: model, messages, and only what `ask` names; usage is asked for in streams."""
        body: dict[str, Any] = {"model": ask.model, "messages": _messages(ask)}
        if ask.max_tokens is not None:
            body[limit_field(ask.model)] = ask.max_tokens
        if ask.tools:
            body["tools"] = [_tool(tool) for tool in ask.tools]
        if ask.stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return self.build_raw(encode_json(body | option_fields(ask.options) | ask.extra), target)

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""
        return Request("POST", join_url(target.base_url, "chat/completions"), request_headers(target, body=True), body)

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list. It comes whole: `after` is not used."""
        return Request("GET", join_url(target.base_url, "models"), request_headers(target, body=False))

    def count_request(self, ask: Ask, target: Target) -> None:
        """Chat Completions has none."""

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> ChatReader:
        """A fresh reader; `asked_usage` decides whether a stream without usage has a finding."""
        return ChatReader(streamed=streamed, asked_usage=asked_usage)

    def preview(self, event: SseEvent) -> str:
        """A few words on what a chunk carries."""
        return preview_chunk(event)

    def label(self, event: SseEvent) -> str:
        """What a chunk is."""
        return label_of_chunk(event)

    def words(self, event: SseEvent) -> str:
        """The words of the answer that an event brings."""
        return words_of_chunk(event)

    def checks_against_request(self, reading: Reading, request: dict[str, Any]) -> Iterator[Finding]:
        """What a call's form and the finish_reason say, held against what was asked for."""
        return checks_against_request(reading, request)


def limit_field(model: str) -> str:
    """The name under which a model takes its token limit (see `OpenAIChat`)."""
    return "max_completion_tokens" if _WANTS_COMPLETION_TOKENS.search(model.lower()) else "max_tokens"


def _messages(ask: Ask) -> list[dict[str, Any]]:
    system = [{"role": "system", "content": ask.system}] if ask.system else []
    return system + [message for turn in ask.turns for message in _turn(turn)]


def _turn(turn: Turn) -> list[dict[str, Any]]:
    match turn:
        case UserTurn(text, attachments):
            return [{"role": "user", "content": user_parts(turn) if attachments else text}]
        case AssistantTurn(replay):
            return list(replay)
        case ToolResultsTurn(results):
            return [_result(result) for result in results]


def _result(result: ToolResult) -> dict[str, Any]:
    """One `tool` message; the protocol has no flag for a failed call, so the text says it."""
    content = f"Error: {result.content}" if result.is_error else result.content
    return {"role": "tool", "tool_call_id": result.call_id, "content": content}


def _tool(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function | {"strict": True} if tool.strict else function}
