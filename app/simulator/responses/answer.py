"""Writes an answer as Responses does: the whole object, and the events that tell the same (PROTOCOLS 1C.3, 1C.4)."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from dataclasses import replace

from app.simulator.chat.answer import argument_fragments, logprobs
from app.simulator.model import tokens
from app.simulator.model.conversation import Answer, ParsedRequest, Stop
from app.simulator.model.ids import hex_id
from app.simulator.model.memory import Memory
from app.simulator.model.seals import seal
from app.simulator.responses.request import input_items
from app.simulator.shared.events import Event, compact
from app.simulator.shared.validation import JsonObject


def whole(parsed: ParsedRequest, said: Answer, body: JsonObject, memory: Memory) -> JsonObject:
    """The unstreamed answer; unless `store` is false it is kept, so that a later request can continue it."""
    cut = said.stop is Stop.LENGTH
    now = int(time.time())
    document: JsonObject = {
        "id": hex_id("resp"),
        "object": "response",
        "created_at": now,
        "status": "incomplete" if cut else "completed",
        "background": False,
        "completed_at": None if cut else now,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "model": parsed.model.id,
        "output": _output(parsed, said, body),
        "parallel_tool_calls": parsed.parallel,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": "medium" if parsed.thinking != "off" else None, "summary": None}
        | (body.get("reasoning") or {}),
        "service_tier": "default",
        "store": body.get("store") is not False,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}, "verbosity": "medium"},
        "tool_choice": body.get("tool_choice", "auto"),
        "tools": body.get("tools") or [],
        "top_p": body.get("top_p", 1.0),
        "truncation": body.get("truncation", "disabled"),
        "usage": _usage(parsed, said),
        "user": None,
        "metadata": body.get("metadata") or {},
    }
    _remember(document, body, memory)
    return document


def stream(document: JsonObject) -> list[Event]:
    """The events of the answer whose whole object this is, numbered."""
    blanks: JsonObject = {"status": "in_progress", "output": [], "completed_at": None, "incomplete_details": None}
    opening = copy.deepcopy(document) | blanks
    if "usage" in opening:
        opening["usage"] = None
    events = [Event(name, {"response": copy.deepcopy(opening)}) for name in ("response.created", "response.in_progress")]
    for index, item in enumerate(document["output"]):
        events.extend(_item_events(index, item))
    events.append(Event(f"response.{document['status']}", {"response": document}))
    return number(events)


def number(events: list[Event]) -> list[Event]:
    """The events with `type` and `sequence_number` in front."""
    for sequence, event in enumerate(events):
        rest = {name: value for name, value in event.object.items() if name not in ("type", "sequence_number")}
        event.data = {"type": event.name, "sequence_number": sequence, **rest}
    return events


def _output(parsed: ParsedRequest, said: Answer, body: JsonObject) -> list[JsonObject]:
    items: list[JsonObject] = []
    if said.thinking is not None:
        wants_summary = (body.get("reasoning") or {}).get("summary") is not None
        summary = [{"type": "summary_text", "text": said.thinking}] if wants_summary else []
        sealed = seal(said.thinking if wants_summary else "", replace(parsed.origin, tokens=said.thinking_tokens))
        items.append({"id": hex_id("rs"), "type": "reasoning", "summary": summary, "encrypted_content": sealed})
    if said.text or not (said.calls or said.stop is Stop.LENGTH):
        part = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": logprobs(said.likelihoods or ())}
        status = "incomplete" if said.stop is Stop.LENGTH else "completed"
        items.append({"id": hex_id("msg"), "type": "message", "role": "assistant", "status": status, "content": [part]})
    items.extend(
        {
            "id": hex_id("fc"),
            "type": "function_call",
            "call_id": call.id,
            "name": call.name,
            "arguments": compact(call.arguments),
            "status": "completed",
        }
        for call in said.calls
    )
    return items


def _usage(parsed: ParsedRequest, said: Answer) -> JsonObject:
    return {
        "input_tokens": parsed.input_tokens,
        "input_tokens_details": {"cached_tokens": parsed.cached, "cache_write_tokens": 0},
        "output_tokens": said.output_tokens,
        "output_tokens_details": {"reasoning_tokens": said.thinking_tokens},
        "total_tokens": parsed.input_tokens + said.output_tokens,
    }


def _remember(document: JsonObject, body: JsonObject, memory: Memory) -> None:
    if document["store"]:
        memory.keep(document["id"], [*input_items(body, memory), *copy.deepcopy(document["output"])])
    owner = next((item["id"] for item in document["output"] if item["type"] == "reasoning"), None)
    if owner is not None:
        memory.pair([item["id"] for item in document["output"] if item["type"] == "function_call"], owner)


def _item_events(index: int, item: JsonObject) -> Iterator[Event]:
    place = {"item_id": item["id"], "output_index": index}
    yield Event("response.output_item.added", {"output_index": index, "item": _opening_item(item)})
    match item["type"]:
        case "message":
            for content_index, part in enumerate(item["content"]):
                yield from _part_events({**place, "content_index": content_index}, part)
        case "function_call":
            yield from _call_events(place, item)
        case "reasoning":
            for summary_index, part in enumerate(item["summary"]):
                yield from _summary_events({**place, "summary_index": summary_index}, part)
    yield Event("response.output_item.done", {"output_index": index, "item": copy.deepcopy(item)})


def _opening_item(item: JsonObject) -> JsonObject:
    blanks: JsonObject = {"content": [], "arguments": "", "summary": []}
    opening = {name: blanks.get(name, value) for name, value in item.items() if name != "encrypted_content"}
    return opening | {"status": "in_progress"}


def _part_events(place: JsonObject, part: JsonObject) -> Iterator[Event]:
    told = part.get("logprobs") or []
    yield Event("response.content_part.added", {**place, "part": part | {"text": "", "logprobs": []}})
    for number, piece in enumerate(tokens.pieces(part["text"])):
        yield Event("response.output_text.delta", {**place, "delta": piece, "logprobs": _few(told[number : number + 1])}, 1)
    yield Event("response.output_text.done", {**place, "text": part["text"], "logprobs": _few(told)})
    yield Event("response.content_part.done", {**place, "part": copy.deepcopy(part)})


def _few(told: list[JsonObject]) -> list[JsonObject]:
    """Log probabilities as the events have them: without the bytes."""
    return [
        {"token": one["token"], "logprob": one["logprob"], "top_logprobs": [_few_of(top) for top in one["top_logprobs"]]}
        for one in told
    ]


def _few_of(one: JsonObject) -> JsonObject:
    return {"token": one["token"], "logprob": one["logprob"]}


def _call_events(place: JsonObject, item: JsonObject) -> Iterator[Event]:
    for piece in argument_fragments(item["arguments"]):
        yield Event("response.function_call_arguments.delta", {**place, "delta": piece}, tokens.count(str(piece)))
    done = {**place, "arguments": item["arguments"], "name": item["name"]}
    yield Event("response.function_call_arguments.done", done)


def _summary_events(place: JsonObject, part: JsonObject) -> Iterator[Event]:
    yield Event("response.reasoning_summary_part.added", {**place, "part": part | {"text": ""}})
    for piece in tokens.pieces(part["text"]):
        yield Event("response.reasoning_summary_text.delta", {**place, "delta": piece}, 1)
    yield Event("response.reasoning_summary_text.done", {**place, "text": part["text"]})
    yield Event("response.reasoning_summary_part.done", {**place, "part": copy.deepcopy(part)})
