"""Faults in which something comes twice, in pieces of the wrong number, or destroyed."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from app.simulator.faults.registry import CHAT, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.shapes import (
    calls,
    chat_choices,
    first_index,
    is_block_start,
    put_in_front,
    text_parts,
    tool_fragments,
)
from app.simulator.model.ids import hex_id
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, compact
from app.simulator.shared.validation import JsonObject

_BEHAVIOUR = "behaviour"
_THOUGHT = "They ask for the weather in two cities, so I look up both of them. "


@fault(Stage.WHOLE, "framing")
def lost_characters(document: JsonObject, context: RequestContext) -> None:
    """A character at the start of the text was decoded in halves: U+FFFD twice."""
    put_in_front(document, "Caf\ufffd\ufffd. ")


@fault(Stage.WHOLE, "tools")
def call_beside_text(document: JsonObject, context: RequestContext) -> None:
    """Tool calls stand in the text as well."""
    named = [{"name": holder["name"], "arguments": holder[key]} for holder, key, _ in calls(document)]
    written = "".join(f"<tool_call>\n{compact(one)}\n</tool_call>\n" for one in named)
    if "output" in document and not text_parts(document):
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        message = {"id": hex_id("msg"), "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        document["output"].insert(0, message)
    put_in_front(document, written)


@fault(Stage.WHOLE, "tools")
def call_repeated(document: JsonObject, context: RequestContext) -> None:
    """The first tool call comes once more, under another id."""
    for made, key in _lists_of_calls(document):
        for first in [one for one in made if key in one][:1]:
            again = copy.deepcopy(first)
            made.append(again | {name: hex_id("call") for name in ("id", "call_id") if name in again})


def _lists_of_calls(document: JsonObject) -> Iterator[tuple[list[JsonObject], str]]:
    """The lists in which calls stand, with a key that calls alone have there."""
    if "choices" in document:
        made = [choice["message"]["tool_calls"] for choice in document["choices"] if choice["message"].get("tool_calls")]
        yield from ((one, "function") for one in made)
    else:
        yield (document["content"], "input") if "content" in document else (document["output"], "arguments")


@fault(Stage.WHOLE, _BEHAVIOUR, (MESSAGES, RESPONSES))
def part_twice(document: JsonObject, context: RequestContext) -> None:
    """The text stands there as two blocks, or two items, with the same words."""
    parts = document.get("content") or document["output"]
    for at, part in enumerate(parts):
        if part["type"] in ("text", "message"):
            again = copy.deepcopy(part)
            again |= {"id": hex_id("msg")} if "id" in again else {}
            parts.insert(at, again)
            break


@fault(Stage.WHOLE, "thinking", (MESSAGES, CHAT))
def reasoning_in_text(document: JsonObject, context: RequestContext) -> None:
    """The reasoning stands in front of the text as well."""
    blocks = document.get("content", [])
    thought = next((block["thinking"] for block in blocks if block["type"] == "thinking"), _THOUGHT)
    put_in_front(document, thought)
    for choice in document.get("choices", []):
        choice["message"]["reasoning_content"] = thought


@fault(Stage.EVENTS, "tools", (CHAT, RESPONSES))
def call_as_custom(events: list[Event], context: RequestContext) -> list[Event]:
    """Functions are called as custom tools."""
    for _, fragment in tool_fragments(events):
        fragment["custom"] = {{"arguments": "input"}.get(key, key): value for key, value in fragment.pop("function").items()}
        if "type" in fragment:
            fragment["type"] = "custom"
    for event in events:
        event.name = event.name.replace("function_call_arguments", "custom_tool_call_input")
        if event.name.startswith("response."):
            event.object["type"] = event.name
        response = event.object.get("response", {})
        for item in (event.object.get("item"), *response.get("output", [])):
            if item and item["type"] == "function_call":
                item["type"] = "custom_tool_call"
                item["input"] = item.pop("arguments")
        if event.name == "response.custom_tool_call_input.done":
            event.object["input"] = event.object.pop("arguments")
    return events


@fault(Stage.EVENTS, "order")
def index_per_delta(events: list[Event], context: RequestContext) -> list[Event]:
    """Each delta of the first block, part or call has an index of its own."""
    number = 0
    for event in events:
        data = event.object
        deltas = event.name == "content_block_delta" and data["index"] == 0 and data["delta"]["type"] != "signature_delta"
        if deltas or event.name in ("response.output_text.delta", "response.output_text.done"):
            data["index" if deltas else "content_index"] = number
            number += 1
    fragments = [fragment for _, fragment in tool_fragments(events) if fragment["index"] == 0]
    for number, fragment in enumerate(fragments):
        fragment["index"] = number
    return events


@fault(Stage.EVENTS, "order", (MESSAGES,))
def block_begun_again(events: list[Event], context: RequestContext) -> list[Event]:
    """`content_block_start` of the first block comes once more in the middle of it."""
    at = first_index(events, is_block_start)
    deltas = [
        number for number, event in enumerate(events) if event.name == "content_block_delta" and event.object["index"] == 0
    ]
    middle = deltas[len(deltas) // 2]
    return [*events[:middle], copy.deepcopy(events[at]), *events[middle:]]


@fault(Stage.EVENTS, "tools", (CHAT,))
def call_in_other_choice(events: list[Event], context: RequestContext) -> list[Event]:
    """The tool calls stand in choice 1, the text and the reason in choice 0."""
    for event in events:
        for choice in chat_choices(event):
            choice["index"] = int(bool(choice["delta"].get("tool_calls")))
    return events


@fault(Stage.EVENTS, "terminate", (CHAT,))
def other_choice_unfinished(events: list[Event], context: RequestContext) -> list[Event]:
    """A second choice comes, without a `finish_reason`."""
    at = first_index(events, lambda event: any(choice["delta"].get("content") for choice in chat_choices(event)))
    others = copy.deepcopy(events[at : at + 1])  # none where the answer is a call alone
    for other in others:
        for choice in chat_choices(other):
            choice["index"] = 1
    return [*events[: at + 1], *others, *events[at + 1 :]]
