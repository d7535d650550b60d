"""Faults in the order of a stream's events."""

from __future__ import annotations

import copy
from collections.abc import Callable

from app.simulator.faults.registry import ALL, CHAT, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.shapes import chat_choices, drop, first_index, is_block_start, is_block_stop, is_start
from app.simulator.responses.answer import number
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event

_GROUP = "order"
_BLOCKED = (MESSAGES, RESPONSES)


@fault(Stage.EVENTS, _GROUP)
def dup_start(events: list[Event], context: RequestContext) -> list[Event]:
    """The opening event comes twice."""
    at = first_index(events, is_start)
    return _renumbered([*events[: at + 1], copy.deepcopy(events[at]), *events[at + 1 :]], context)


@fault(Stage.EVENTS, _GROUP)
def no_start(events: list[Event], context: RequestContext) -> list[Event]:
    """The opening event is missing."""
    return _renumbered(drop(events, is_start), context)


@fault(Stage.EVENTS, _GROUP)
def content_first(events: list[Event], context: RequestContext) -> list[Event]:
    """The first piece of content comes before the opening event."""
    at = first_index(events, lambda event: event.tokens > 0)
    return _renumbered([*events[at : at + 1], *events[:at], *events[at + 1 :]], context)


@fault(Stage.EVENTS, _GROUP, _BLOCKED)
def no_block_start(events: list[Event], context: RequestContext) -> list[Event]:
    """Blocks, items and parts are never opened."""
    return _renumbered(drop(events, is_block_start), context)


@fault(Stage.EVENTS, _GROUP, _BLOCKED)
def no_block_stop(events: list[Event], context: RequestContext) -> list[Event]:
    """Blocks, items and parts are never closed."""
    return _renumbered(drop(events, is_block_stop), context)


@fault(Stage.EVENTS, _GROUP, ALL, default=1)
def index_base(events: list[Event], context: RequestContext) -> list[Event]:
    """Block, item or choice indexes begin at 1 (or the number given) instead of 0."""
    base = context.value("index_base")
    for event in events:
        for holder in (event.object, *chat_choices(event)):
            for key in ("index", "output_index"):
                if key in holder:
                    holder[key] += base
    return events


@fault(Stage.EVENTS, _GROUP, _BLOCKED)
def index_gap(events: list[Event], context: RequestContext) -> list[Event]:
    """Block or item indexes rise by two."""
    return _reindexed(events, lambda index: index * 2)


@fault(Stage.EVENTS, _GROUP, _BLOCKED)
def block_index_zero(events: list[Event], context: RequestContext) -> list[Event]:
    """Every block or item has index 0."""
    return _reindexed(events, lambda index: 0)


@fault(Stage.EVENTS, _GROUP, (MESSAGES,))
def interleave(events: list[Event], context: RequestContext) -> list[Event]:
    """The text comes as two blocks that are open at once, their deltas by turns."""
    texts = [event for event in events if event.object.get("delta", {}).get("type") == "text_delta"]
    if not texts:
        return events
    index = texts[0].object["index"]
    own = [number for number, event in enumerate(events) if event.object.get("index") == index]
    first, last = own[0], own[-1]
    for turn, event in enumerate(texts):
        event.object["index"] = index + turn % 2
    doubled = [copy.deepcopy(events[first]), copy.deepcopy(events[last])]
    for event in (*doubled, *(event for event in events[last + 1 :] if "index" in event.object)):
        event.object["index"] += 1
    head, body, tail = events[: first + 1], events[first + 1 : last + 1], events[last + 1 :]
    return [*head, doubled[0], *body, doubled[1], *tail]


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def item_added_full(events: list[Event], context: RequestContext) -> list[Event]:
    """`output_item.added` already has the whole text, which the deltas then repeat."""
    whole = {event.object["output_index"]: event.object["item"] for event in events if event.name.endswith("item.done")}
    for event in events:
        if event.name == "response.output_item.added":
            event.object["item"] = copy.deepcopy(whole[event.object["output_index"]])
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def wrong_item_id(events: list[Event], context: RequestContext) -> list[Event]:
    """Deltas name an item that was never added."""
    for event in events:
        if "item_id" in event.object:
            event.object["item_id"] += "x"
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def no_sequence(events: list[Event], context: RequestContext) -> list[Event]:
    """There is no `sequence_number`."""
    for event in events:
        event.object.pop("sequence_number", None)
    return events


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def sequence_gap(events: list[Event], context: RequestContext) -> list[Event]:
    """Sequence numbers skip one in the middle."""
    for event in events[len(events) // 2 :]:
        event.object["sequence_number"] += 1
    return events


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def empty_choices_first(events: list[Event], context: RequestContext) -> list[Event]:
    """A first chunk with no choices, as Azure sends it (legal there)."""
    first = copy.deepcopy(events[0])
    first.object.update(choices=[], prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {}}])
    return [first, *events]


@fault(Stage.EVENTS, _GROUP)
def unknown_event(events: list[Event], context: RequestContext) -> list[Event]:
    """An event of an unknown kind in the middle, which clients must ignore."""
    name = "" if context.protocol == CHAT else "x_future.progress"
    data = {"object": "x_future.progress", "choices": []} if context.protocol == CHAT else {"type": name, "percent": 50}
    middle = len(events) // 2
    return _renumbered([*events[:middle], Event(name, data), *events[middle:]], context)


def _renumbered(events: list[Event], context: RequestContext) -> list[Event]:
    return number(events) if context.protocol == RESPONSES else events


def _reindexed(events: list[Event], change: Callable[[int], int]) -> list[Event]:
    for event in events:
        for key in ("index", "output_index"):
            if key in event.object:
                event.object[key] = change(event.object[key])
    return events
