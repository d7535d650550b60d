"""Faults in tool calls."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.simulator.faults.registry import CHAT, MESSAGES, OPENAI, RESPONSES, Stage, fault
from app.simulator.faults.shapes import calls, tool_fragments
from app.simulator.responses.answer import number
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, compact
from app.simulator.shared.validation import JsonObject

_GROUP = "tools"


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def index_zero(events: list[Event], context: RequestContext) -> list[Event]:
    """Every fragment of every call has index 0."""
    for _, fragment in tool_fragments(events):
        fragment["index"] = 0
    return events


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def no_index(events: list[Event], context: RequestContext) -> list[Event]:
    """Fragments have no index."""
    for _, fragment in tool_fragments(events):
        fragment.pop("index", None)
    return events


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def repeat_id(events: list[Event], context: RequestContext) -> list[Event]:
    """The id, type and name of a call stand in each of its fragments."""
    first: dict[int, JsonObject] = {}
    for _, fragment in tool_fragments(events):
        known = first.setdefault(fragment["index"], fragment)
        fragment.update(id=known["id"], type="function")
        fragment["function"]["name"] = known["function"]["name"]
    return events


@fault(Stage.WHOLE, _GROUP, (CHAT,))
def null_id(document: JsonObject, context: RequestContext) -> None:
    """Calls have an empty id."""
    for choice in document["choices"]:
        for call in choice["message"].get("tool_calls", []):
            call["id"] = None


@fault(Stage.WHOLE, _GROUP)
def dup_id(document: JsonObject, context: RequestContext) -> None:
    """All calls of an answer have one id."""
    if "choices" in document:
        holders = [call for choice in document["choices"] for call in choice["message"].get("tool_calls", [])]
    else:
        holders = [holder for holder, _, _ in calls(document)]
    key = "call_id" if context.protocol == RESPONSES else "id"
    for holder in holders:
        holder[key] = holders[0][key]


@fault(Stage.WHOLE, _GROUP)
def double_encode(document: JsonObject, context: RequestContext) -> None:
    """Arguments are a JSON string that holds JSON."""
    for holder, key, _ in calls(document):
        holder[key] = compact(holder[key])


@fault(Stage.WHOLE, _GROUP, OPENAI)
def object_args(document: JsonObject, context: RequestContext) -> None:
    """Arguments are an object instead of a string."""
    for holder, key, _ in calls(document):
        holder[key] = json.loads(holder[key])


@fault(Stage.WHOLE, _GROUP, OPENAI)
def doubled_args(document: JsonObject, context: RequestContext) -> None:
    """Arguments come twice in a row."""
    for holder, key, _ in calls(document):
        holder[key] *= 2


@fault(Stage.EVENTS, _GROUP, (MESSAGES,), name="doubled_args")
def doubled_args_in_messages(events: list[Event], context: RequestContext) -> list[Event]:
    """Arguments come twice in a row."""
    for fragments in _fragments(events).values():
        fragments[-1].text += _joined(fragments)
    return events


@fault(Stage.EVENTS, _GROUP)
def whole_args(events: list[Event], context: RequestContext) -> list[Event]:
    """Arguments come whole in one fragment (legal)."""
    surplus: list[Event] = []
    for fragments in _fragments(events).values():
        fragments[0].text = _joined(fragments)
        fragments[0].event.tokens = sum(fragment.event.tokens for fragment in fragments)
        surplus += [fragment.event for fragment in fragments[1:]]
    kept = [event for event in events if not any(event is other for other in surplus)]
    return number(kept) if context.protocol == RESPONSES else kept


@fault(Stage.EVENTS, _GROUP, (MESSAGES, CHAT))
def args_in_start(events: list[Event], context: RequestContext) -> list[Event]:
    """Arguments come whole where the call is opened, with no fragments."""
    found = _fragments(events)
    for event in events:
        block = event.object.get("content_block", {})
        if block.get("type") == "tool_use":
            block["input"] = json.loads(_joined(found.get((event.object["index"],), [])) or "{}")
    for event, opening in list(tool_fragments(events)):
        if "id" in opening:
            opening["function"]["arguments"] = _joined(found.get((opening["index"],), []))
            event.tokens = 1
    surplus = [fragment.event for fragments in found.values() for fragment in fragments]
    return [event for event in events if not any(event is other for other in surplus)]


@fault(Stage.WHOLE, _GROUP, OPENAI)
def invalid_json(document: JsonObject, context: RequestContext) -> None:
    """The last brace of the arguments is missing."""
    for holder, key, _ in calls(document):
        holder[key] = holder[key][:-1]


@fault(Stage.EVENTS, _GROUP, (MESSAGES,), name="invalid_json")
def invalid_json_in_messages(events: list[Event], context: RequestContext) -> list[Event]:
    """The last brace of the arguments is missing."""
    for fragments in _fragments(events).values():
        fragments[-1].text = fragments[-1].text[:-1]
    return events


@fault(Stage.WHOLE, _GROUP, OPENAI)
def args_garbage(document: JsonObject, context: RequestContext) -> None:
    """Garbage follows the arguments' object."""
    for holder, key, _ in calls(document):
        holder[key] += "}x"


@fault(Stage.EVENTS, _GROUP, (MESSAGES,), name="args_garbage")
def args_garbage_in_messages(events: list[Event], context: RequestContext) -> list[Event]:
    """Garbage follows the arguments' object."""
    for fragments in _fragments(events).values():
        fragments[-1].text += "}x"
    return events


@fault(Stage.WHOLE, _GROUP, (MESSAGES, CHAT))
def wrong_stop_reason(document: JsonObject, context: RequestContext) -> None:
    """The stop reason says `end_turn` or `stop` although there are calls."""
    if "choices" not in document:
        document["stop_reason"] = "end_turn"
    for choice in document.get("choices", []):
        choice["finish_reason"] = "stop"


@fault(Stage.WHOLE, _GROUP, (MESSAGES, CHAT))
def null_stop_reason(document: JsonObject, context: RequestContext) -> None:
    """The stop reason is null."""
    if "choices" not in document:
        document["stop_reason"] = None
    for choice in document.get("choices", []):
        choice["finish_reason"] = None


@dataclass
class _Fragment:
    """A piece of a call's arguments in a stream: its event, and where the text stands in it."""

    event: Event
    holder: JsonObject
    key: str

    @property
    def text(self) -> str:
        return str(self.holder[self.key])

    @text.setter
    def text(self, value: str) -> None:
        self.holder[self.key] = value


def _fragments(events: list[Event]) -> dict[tuple[Any, ...], list[_Fragment]]:
    """The fragments of each call, by what tells the calls apart."""
    found: dict[tuple[Any, ...], list[_Fragment]] = {}
    for event in events:
        data = event.object
        if event.name == "content_block_delta" and data["delta"]["type"] == "input_json_delta":
            found.setdefault((data["index"],), []).append(_Fragment(event, data["delta"], "partial_json"))
        elif event.name == "response.function_call_arguments.delta":
            found.setdefault((data["item_id"],), []).append(_Fragment(event, data, "delta"))
    for event, fragment in tool_fragments(events):
        if "id" not in fragment:
            found.setdefault((fragment.get("index"),), []).append(_Fragment(event, fragment["function"], "arguments"))
    return found


def _joined(fragments: list[_Fragment]) -> str:
    return "".join(fragment.text for fragment in fragments)
