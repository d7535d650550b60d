"""Writes an answer as Chat Completions does: the whole document, and the chunks that tell the same (PROTOCOLS 1B.3, 1B.4)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from app.simulator.messages.answer import ARGUMENT_FRAGMENT_CHARACTERS
from app.simulator.model import tokens
from app.simulator.model.conversation import Answer, ParsedRequest, Stop
from app.simulator.model.ids import chat_id
from app.simulator.model.likelihood import TokenLikelihood
from app.simulator.shared.events import Event, compact
from app.simulator.shared.validation import JsonObject

_FINISH_REASONS = {Stop.END: "stop", Stop.LENGTH: "length", Stop.SEQUENCE: "stop", Stop.TOOLS: "tool_calls"}


def whole(parsed: ParsedRequest, said: Sequence[Answer]) -> JsonObject:
    """The unstreamed answer, with a choice for each of the answers."""
    return {
        "id": chat_id(),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": parsed.model.id,
        "choices": [_choice(index, one) for index, one in enumerate(said)],
        "usage": _usage(parsed, said),
        "service_tier": "default",
        "system_fingerprint": None,
    }


def stream(document: JsonObject, *, with_usage: bool) -> list[Event]:
    """The chunks of the answer whose whole document this is, and `[DONE]`."""
    kept = ("id", "object", "created", "model", "service_tier", "system_fingerprint")
    base = {name: document[name] for name in kept if name in document} | {"object": "chat.completion.chunk"}
    usage: JsonObject = {"usage": None} if with_usage else {}
    events = [
        Event("", {**base, "choices": [part], **usage}, size) for choice in document["choices"] for part, size in _parts(choice)
    ]
    if with_usage and "usage" in document:
        events.append(Event("", {**base, "choices": [], "usage": document["usage"]}))
    return [*events, Event("", "[DONE]")]


def _choice(index: int, said: Answer) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": said.text or (None if said.calls else ""), "refusal": None}
    if said.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": compact(call.arguments)}}
            for call in said.calls
        ]
    message["annotations"] = []
    told = None if said.likelihoods is None else {"content": logprobs(said.likelihoods), "refusal": None}
    return {"index": index, "message": message, "logprobs": told, "finish_reason": _FINISH_REASONS[said.stop]}


def logprobs(likelihoods: Sequence[TokenLikelihood]) -> list[JsonObject]:
    """The log probabilities of tokens, in the shape that Chat and Responses share."""
    return [
        _logprob(one.token, one.logprob) | {"top_logprobs": [_logprob(token, logprob) for token, logprob in one.top]}
        for one in likelihoods
    ]


def _logprob(token: str, logprob: float) -> JsonObject:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode("utf-8", "replace"))}


def _usage(parsed: ParsedRequest, said: Sequence[Answer]) -> JsonObject:
    output_tokens = sum(one.output_tokens for one in said)
    return {
        "prompt_tokens": parsed.input_tokens,
        "completion_tokens": output_tokens,
        "total_tokens": parsed.input_tokens + output_tokens,
        "prompt_tokens_details": {"cached_tokens": parsed.cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": sum(one.thinking_tokens for one in said),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _parts(choice: JsonObject) -> Iterator[tuple[JsonObject, int]]:
    """One choice as chunk choices, each with the tokens it carries."""
    message, index = choice["message"], choice["index"]
    opening = "" if message.get("content") is not None else None

    def part(delta: JsonObject, finish: str | None = None, logprobs: Any = None) -> JsonObject:
        return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}

    yield part({"role": "assistant", "content": opening, "refusal": None}), 0
    for piece in tokens.pieces(message.get("reasoning_content") or ""):
        yield part({"reasoning_content": piece}), 1
    told = (choice.get("logprobs") or {}).get("content") or []
    for number, piece in enumerate(tokens.pieces(message.get("content") or "")):
        likely = {"content": told[number : number + 1], "refusal": None} if number < len(told) else None
        yield part({"content": piece}, logprobs=likely), 1
    for number, call in enumerate(message.get("tool_calls") or []):
        for fragment, size in _call_fragments(number, call):
            yield part({"tool_calls": [fragment]}), size
    yield part({}, choice["finish_reason"]), 0


def _call_fragments(number: int, call: JsonObject) -> Iterator[tuple[JsonObject, int]]:
    function = call["function"]
    yield {"index": number, "id": call["id"], "type": "function", "function": {"name": function["name"], "arguments": ""}}, 0
    for piece in argument_fragments(function["arguments"]):
        yield {"index": number, "function": {"arguments": piece}}, tokens.count(str(piece))


def argument_fragments(arguments: Any) -> Iterator[Any]:
    """Arguments in fragments; what is not a string (a fault) goes whole."""
    if not isinstance(arguments, str):
        yield arguments
        return
    for start in range(0, len(arguments), ARGUMENT_FRAGMENT_CHARACTERS):
        yield arguments[start : start + ARGUMENT_FRAGMENT_CHARACTERS]
