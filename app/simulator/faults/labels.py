"""Faults in the labels of a Responses stream: what its items, parts and the response are known by."""

from __future__ import annotations

from app.simulator.faults.registry import RESPONSES, Stage, fault
from app.simulator.faults.shapes import TERMINAL, first_index, is_start
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event
from app.simulator.shared.validation import JsonObject

_GROUP = "order"
_ADDED = "response.output_item.added"


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def items_in_start(events: list[Event], context: RequestContext) -> list[Event]:
    """The opening event already has the items that `output_item.added` then adds."""
    added = [event.object["item"] for event in events if event.name == _ADDED]
    first = events[first_index(events, is_start)].object
    first["response"] = first["response"] | {"output": added}
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def no_item_id(events: list[Event], context: RequestContext) -> list[Event]:
    """Events inside an item do not name it: there is no `item_id`."""
    for event in events:
        event.object.pop("item_id", None)
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def no_item_type(events: list[Event], context: RequestContext) -> list[Event]:
    """`output_item.added` does not say of which type its item is."""
    for item in _added_items(events):
        item.pop("type")
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def no_response_id(events: list[Event], context: RequestContext) -> list[Event]:
    """The response has no `id`."""
    return _without_response_id(events, [event.name for event in events])


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def no_response_id_at_end(events: list[Event], context: RequestContext) -> list[Event]:
    """The response has an `id` when it is created, and none at its end."""
    return _without_response_id(events, list(TERMINAL))


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def index_of_nothing(events: list[Event], context: RequestContext) -> list[Event]:
    """Events inside an item have an `output_index` at which nothing was added."""
    for event in events:
        if "item_id" in event.object:
            event.object["output_index"] += 9
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def new_item_id_when_done(events: list[Event], context: RequestContext) -> list[Event]:
    """An item has another `id` when it is done than when it was added."""
    for event in events:
        if event.name == "response.output_item.done":
            event.object["item"]["id"] += "x"
    return events


@fault(Stage.EVENTS, "tools", (RESPONSES,))
def no_arguments_at_start(events: list[Event], context: RequestContext) -> list[Event]:
    """A call is added without the empty `arguments` to which its fragments are to be appended."""
    for item in _added_items(events):
        item.pop("arguments", None)
    return events


def _added_items(events: list[Event]) -> list[JsonObject]:
    return [event.object["item"] for event in events if event.name == _ADDED]


def _without_response_id(events: list[Event], names: list[str]) -> list[Event]:
    for event in events:
        response = event.object.get("response")
        if response and event.name in names:
            event.object["response"] = {key: value for key, value in response.items() if key != "id"}
    return events
