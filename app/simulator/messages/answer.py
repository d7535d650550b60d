"""Writes an answer as Anthropic Messages does: the whole document, and the stream of it (PROTOCOLS 1A.4, 1A.5)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.simulator.model import tokens
from app.simulator.model.conversation import Answer, ParsedRequest, Stop
from app.simulator.model.host import FINE_GRAINED_TOOLS
from app.simulator.model.ids import anthropic_id
from app.simulator.model.seals import seal
from app.simulator.shared.events import Event, compact
from app.simulator.shared.validation import JsonObject

_STOP_REASONS = {Stop.END: "end_turn", Stop.LENGTH: "max_tokens", Stop.SEQUENCE: "stop_sequence", Stop.TOOLS: "tool_use"}
ARGUMENT_FRAGMENT_CHARACTERS, EAGER_FRAGMENT_CHARACTERS = 12, 4


def whole(parsed: ParsedRequest, said: Answer) -> JsonObject:
    """The unstreamed answer."""
    told: JsonObject = {} if parsed.transformations is None else {"input_transformations": list(parsed.transformations)}
    if parsed.context_managed:
        told["context_management"] = {"applied_edits": []}
    return {
        "id": anthropic_id("msg"),
        "type": "message",
        "role": "assistant",
        "model": parsed.model.id,
        "content": _content(parsed, said),
        "stop_reason": _STOP_REASONS[said.stop],
        "stop_sequence": said.stop_sequence,
        "stop_details": None,
        "usage": _usage(parsed, said),
        **told,
    }


def eager_tools(body: JsonObject, betas: frozenset[str]) -> frozenset[str]:
    """The tools whose arguments are streamed as they are written: by their own field, else by the beta."""
    by_beta = FINE_GRAINED_TOOLS in betas
    tools = [one for one in body.get("tools") or [] if isinstance(one, dict)]
    own = ((str(one.get("name")), one.get("eager_input_streaming")) for one in tools)
    return frozenset(name for name, asked in own if (by_beta if asked is None else asked))


def stream(document: JsonObject, eager: frozenset[str] = frozenset()) -> list[Event]:
    """The events of the answer whose whole document this is; arguments of the tools in `eager` come in smaller pieces."""
    return [
        Event("message_start", {"type": "message_start", "message": _opening(document)}),
        *_blocks(document["content"], eager),
        _ending(document),
        Event("message_stop", {"type": "message_stop"}),
    ]


def _content(parsed: ParsedRequest, said: Answer) -> list[JsonObject]:
    content: list[JsonObject] = []
    if said.thinking is not None:
        signature = seal(said.thinking, replace(parsed.origin, tokens=said.thinking_tokens))
        content.append({"type": "thinking", "thinking": said.thinking, "signature": signature})
    if said.text:
        content.append({"type": "text", "text": said.text})
    content.extend(
        {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments, "caller": {"type": "direct"}}
        for call in said.calls
    )
    return content


def _usage(parsed: ParsedRequest, said: Answer) -> JsonObject:
    usage: JsonObject = {
        "input_tokens": parsed.input_tokens - parsed.cached - parsed.written,
        "cache_creation_input_tokens": parsed.written,
        "cache_read_input_tokens": parsed.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": parsed.written - parsed.written_1h,
            "ephemeral_1h_input_tokens": parsed.written_1h,
        },
        "output_tokens": said.output_tokens,
        "service_tier": "standard",
    }
    if said.thinking_tokens:
        usage["output_tokens_details"] = {"thinking_tokens": said.thinking_tokens}
    return usage


def _opening(document: JsonObject) -> JsonObject:
    message = copy.deepcopy(document) | {"content": [], "stop_reason": None, "stop_sequence": None}
    message["usage"] = {name: value for name, value in message["usage"].items() if name != "output_tokens_details"}
    if message["usage"].get("output_tokens"):
        message["usage"]["output_tokens"] = 1
    return message


def _ending(document: JsonObject) -> Event:
    kept = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens", "output_tokens_details")
    usage = {name: copy.deepcopy(value) for name, value in document["usage"].items() if name in kept}
    delta = {name: document.get(name) for name in ("stop_reason", "stop_sequence", "stop_details")}
    return Event("message_delta", {"type": "message_delta", "delta": delta, "usage": usage})


def _blocks(content: list[JsonObject], eager: frozenset[str]) -> Iterator[Event]:
    for index, block in enumerate(content):
        yield Event("content_block_start", {"type": "content_block_start", "index": index, "content_block": _empty(block)})
        if index == 0:
            yield Event("ping", {"type": "ping"})
        for delta, size in _deltas(block, eager):
            yield Event("content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}, size)
        yield Event("content_block_stop", {"type": "content_block_stop", "index": index})


def _empty(block: JsonObject) -> JsonObject:
    blanks: JsonObject = {"text": "", "thinking": "", "signature": "", "input": {}}
    return {name: blanks.get(name, value) if name != "type" else value for name, value in block.items()}


def _deltas(block: JsonObject, eager: frozenset[str]) -> Iterator[tuple[JsonObject, int]]:
    match block["type"]:
        case "text":
            for piece in tokens.pieces(block["text"]):
                yield {"type": "text_delta", "text": piece}, 1
        case "thinking":
            for piece in tokens.pieces(block["thinking"]):
                yield {"type": "thinking_delta", "thinking": piece}, 1
            if block.get("signature"):
                yield {"type": "signature_delta", "signature": block["signature"]}, 0
        case "tool_use":
            yield {"type": "input_json_delta", "partial_json": ""}, 0
            size = EAGER_FRAGMENT_CHARACTERS if block.get("name") in eager else ARGUMENT_FRAGMENT_CHARACTERS
            for piece in fragments(block["input"], size):
                yield {"type": "input_json_delta", "partial_json": piece}, tokens.count(piece)


def fragments(arguments: Any, size: int = ARGUMENT_FRAGMENT_CHARACTERS) -> Iterator[str]:
    """A call's arguments as JSON text, in fragments that break anywhere; none for `{}`."""
    text = compact(arguments) if arguments != {} else ""
    for start in range(0, len(text), size):
        yield text[start : start + size]
