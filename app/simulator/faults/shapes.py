"""What the faults need to know of the three protocols: which event is which, and where usage, calls and text stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from app.simulator.shared.events import Event
from app.simulator.shared.validation import JsonObject

_STARTS = ("message_start", "response.created", "response.in_progress")
_BLOCK_STARTS = ("content_block_start", "response.output_item.added", "response.content_part.added")
TERMINAL = ("message_stop", "response.completed", "response.incomplete", "response.failed")


def is_start(event: Event) -> bool:
    """The event that opens an answer: `message_start`, `response.created`, Chat's chunk with the role."""
    return event.name in _STARTS or any("role" in choice["delta"] for choice in chat_choices(event))


def is_block_start(event: Event) -> bool:
    """An event that opens a block, an item or a part."""
    return event.name in _BLOCK_STARTS


def is_block_stop(event: Event) -> bool:
    """An event that closes a block, an item or a part."""
    return event.name == "content_block_stop" or (event.name.startswith("response.") and event.name.endswith(".done"))


def is_finish(event: Event) -> bool:
    """The event that says why the answer ended: `message_delta`, Chat's chunk with a finish reason."""
    return event.name == "message_delta" or any(choice.get("finish_reason") for choice in chat_choices(event))


def is_end(event: Event) -> bool:
    """The last event: `message_stop`, the terminal response event, `[DONE]`."""
    return event.name in TERMINAL or event.data == "[DONE]"


def is_usage_chunk(event: Event) -> bool:
    """Chat's chunk that carries usage and no choices."""
    return not event.name and bool(event.object.get("usage")) and not event.object.get("choices")


def chat_choices(event: Event) -> list[JsonObject]:
    """The choices of a Chat chunk; none of anything else."""
    return [] if event.name else list(event.object.get("choices") or [])


def drop(events: list[Event], unwanted: Callable[[Event], bool]) -> list[Event]:
    """The events without some."""
    return [event for event in events if not unwanted(event)]


def first_index(events: list[Event], wanted: Callable[[Event], bool]) -> int:
    """Where the first such event is; behind the last one where there is none."""
    return next((number for number, event in enumerate(events) if wanted(event)), len(events))


def middle_of_content(events: list[Event]) -> int:
    """The index of the event in the middle of the content; of the last event where there is none."""
    content = [number for number, event in enumerate(events) if event.tokens]
    return content[len(content) // 2] if content else max(0, len(events) - 1)


def usages(events: list[Event]) -> Iterator[JsonObject]:
    """Every usage object in a stream, in order."""
    for event in events:
        for holder in (event.object, event.object.get("message"), event.object.get("response")):
            if isinstance(holder, dict) and isinstance(holder.get("usage"), dict):
                yield holder["usage"]


def text_parts(document: JsonObject) -> list[tuple[JsonObject, str]]:
    """Where the visible text of a whole answer stands: (the object, its key)."""
    if "choices" in document:
        return [(choice["message"], "content") for choice in document["choices"]]
    blocks = document.get("content") or [part for item in document.get("output", []) for part in item.get("content", [])]
    return [(block, "text") for block in blocks if "text" in block]


def calls(document: JsonObject) -> list[tuple[JsonObject, str, str]]:
    """The tool calls of a whole answer: (the object that holds the arguments, that key, the key of the id beside it)."""
    if "choices" in document:
        found = [call for choice in document["choices"] for call in choice["message"].get("tool_calls", [])]
        return [(call["function"], "arguments", "id") for call in found]
    if "content" in document:
        return [(block, "input", "id") for block in document["content"] if block["type"] == "tool_use"]
    return [(item, "arguments", "call_id") for item in document["output"] if item["type"] == "function_call"]


def tool_fragments(events: list[Event]) -> Iterator[tuple[Event, JsonObject]]:
    """Chat's tool call fragments, each with its event."""
    for event in events:
        for choice in chat_choices(event):
            for fragment in choice["delta"].get("tool_calls") or []:
                yield event, fragment


def put_in_front(document: JsonObject, text: str) -> None:
    """Set text in front of a whole answer's visible text; an answer without any is left alone."""
    for holder, key in text_parts(document)[:1]:
        holder[key] = text + (holder[key] or "")


def without(value: JsonObject, *names: str) -> JsonObject:
    """An object without some of its keys."""
    return {name: item for name, item in value.items() if name not in names}


def input_key(usage: JsonObject) -> str:
    """The vendor's name for input tokens."""
    return "prompt_tokens" if "prompt_tokens" in usage else "input_tokens"


def output_key(usage: JsonObject) -> str:
    """The vendor's name for output tokens."""
    return "completion_tokens" if "completion_tokens" in usage else "output_tokens"


def add_input(usage: JsonObject, size: int) -> None:
    """Count more input, in the total as well where there is one."""
    usage[input_key(usage)] += size
    if "total_tokens" in usage:
        usage["total_tokens"] += size


def set_all(usage: JsonObject, value: Any) -> None:
    """Give every plain count of a usage object one value."""
    for name, old in usage.items():
        if isinstance(old, int):
            usage[name] = value
