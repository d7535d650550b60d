"""Faults in how a Messages stream names its events and fills its blocks."""

from __future__ import annotations

import copy

from app.simulator.faults.registry import MESSAGES, Stage, fault
from app.simulator.faults.shapes import first_index, is_block_start
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, Frame, Reply, json_reply
from app.simulator.shared.validation import JsonObject

_MESSAGES = (MESSAGES,)


@fault(Stage.EVENTS, "framing", _MESSAGES)
def some_names_missing(events: list[Event], context: RequestContext) -> list[Event]:
    """The deltas come without their `event:` lines, all other events with them."""
    for event in events:
        event.name = "" if event.name == "content_block_delta" else event.name
    return events


@fault(Stage.EVENTS, "framing", _MESSAGES)
def unnamed_ping(events: list[Event], context: RequestContext) -> list[Event]:
    """Pings come without their `event:` line (harmless)."""
    return [events[0], Event("", {"type": "ping"}), *events[1:]]


@fault(Stage.EVENTS, "framing", _MESSAGES)
def delta_named_error(events: list[Event], context: RequestContext) -> list[Event]:
    """The first delta's `event:` line says `error`."""
    events[first_index(events, _is_delta)].name = "error"
    return events


@fault(Stage.EVENTS, "framing", _MESSAGES)
def block_named_ping(events: list[Event], context: RequestContext) -> list[Event]:
    """The first block's opening has an `event:` line that says `ping`."""
    events[first_index(events, is_block_start)].name = "ping"
    return events


@fault(Stage.EVENTS, "framing", _MESSAGES)
def torn_unnamed(events: list[Event], context: RequestContext) -> list[Event]:
    """The first delta comes without its `event:` line and cut in half."""
    torn = events[first_index(events, _is_delta)]
    torn.name, torn.data = "", torn.text()[: len(torn.text()) // 2]
    return events


@fault(Stage.FRAMES, "framing", _MESSAGES)
def bare_error(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """`event: error` without data stands in the middle of the stream."""
    middle = len(frames) // 2
    return [*frames[:middle], Frame(b"event: error\n\n"), *frames[middle:]]


@fault(Stage.EVENTS, "terminate", _MESSAGES)
def reason_taken_back(events: list[Event], context: RequestContext) -> list[Event]:
    """A second `message_delta` has no stop reason."""
    at = first_index(events, lambda event: event.name == "message_delta")
    again = copy.deepcopy(events[at])
    again.object["delta"]["stop_reason"] = None
    return [*events[: at + 1], again, *events[at + 1 :]]


@fault(Stage.WHOLE, "terminate", _MESSAGES)
def unknown_reason(document: JsonObject, context: RequestContext) -> None:
    """The stop reason is a word that the API does not have."""
    document["stop_reason"] = "finished"


@fault(Stage.EVENTS, "order", _MESSAGES)
def content_in_start(events: list[Event], context: RequestContext) -> list[Event]:
    """`message_start` already has the whole content and the stop reason; nothing but the end follows."""
    message, whole = events[0].object["message"], _content(events)
    message.update(content=whole, stop_reason="end_turn")
    return [events[0], events[-1]]


@fault(Stage.EVENTS, "order", _MESSAGES)
def text_in_block_start(events: list[Event], context: RequestContext) -> list[Event]:
    """The first delta's text is in `content_block_start` instead."""
    at = first_index(events, _is_text)
    opening = events[first_index(events, lambda event: event.object.get("content_block", {}).get("type") == "text")]
    opening.object["content_block"]["text"] = events[at].object["delta"]["text"]
    opening.tokens = events[at].tokens
    return [*events[:at], *events[at + 1 :]]


@fault(Stage.EVENTS, "order", _MESSAGES)
def made_up_delta(events: list[Event], context: RequestContext) -> list[Event]:
    """The first text delta has the type `text`."""
    events[first_index(events, _is_text)].object["delta"]["type"] = "text"
    return events


@fault(Stage.EVENTS, "order", _MESSAGES)
def cumulative_text(events: list[Event], context: RequestContext) -> list[Event]:
    """Each text delta is all of the text up to there."""
    text = ""
    for event in filter(_is_text, events):
        text += event.object["delta"]["text"]
        event.object["delta"]["text"] = text
    return events


@fault(Stage.WHOLE, "order", _MESSAGES)
def empty_text_block(document: JsonObject, context: RequestContext) -> None:
    """A text block without text stands before the others."""
    document["content"] = [{"type": "text", "text": ""}, *document["content"]]


@fault(Stage.EVENTS, "order", _MESSAGES)
def made_up_block(events: list[Event], context: RequestContext) -> list[Event]:
    """Text blocks have the type `output_text`, as in Responses."""
    for event in events:
        block = event.object.get("content_block", {})
        block |= {"type": "output_text"} if block.get("type") == "text" else {}
    return events


@fault(Stage.EVENTS, "order", _MESSAGES)
def unknown_block(events: list[Event], context: RequestContext) -> list[Event]:
    """Text comes in blocks of a kind that the API does not have (yet)."""
    for event in events:
        block = event.object.get("content_block", {})
        block |= {"type": "spoken_text"} if block.get("type") == "text" else {}
    return events


@fault(Stage.EVENTS, "terminate", _MESSAGES)
def early_end(events: list[Event], context: RequestContext) -> list[Event]:
    """`message_stop` comes before the last block is opened."""
    last = max(number for number, event in enumerate(events) if is_block_start(event))
    return [*events[:last], events[-1], *events[last + 1 : -1]]


@fault(Stage.WHOLE, "tools", _MESSAGES)
def no_tool_name(document: JsonObject, context: RequestContext) -> None:
    """A tool call has no name."""
    for block in document["content"]:
        if block["type"] == "tool_use":
            block["name"] = ""


@fault(Stage.WHOLE, "http", _MESSAGES)
def wrapped(document: JsonObject, context: RequestContext) -> None:
    """The answer stands in the field `data` of another object (a stream: the message is one single event)."""
    if not context.streamed:
        inner = dict(document)
        document.clear()
        document.update(code=0, msg="success", data=inner)


@fault(Stage.EVENTS, "http", _MESSAGES, name="wrapped")
def wrapped_stream(events: list[Event], context: RequestContext) -> list[Event]:
    """The answer stands in the field `data` of another object (a stream: the message is one single event)."""
    message = events[0].object["message"] | {"content": _content(events), "stop_reason": "end_turn"}
    return [Event("message", message)]


@fault(Stage.EARLY, "http", _MESSAGES)
def other_json(context: RequestContext) -> Reply:
    """A JSON document that is no answer and no error comes with status 200."""
    return json_reply(200, {"status": "ok", "version": "1.0.4"}, [])


def _content(events: list[Event]) -> list[JsonObject]:
    """The text of a stream as the content of a message."""
    return [{"type": "text", "text": "".join(event.object["delta"]["text"] for event in events if _is_text(event))}]


def _is_delta(event: Event) -> bool:
    return event.name == "content_block_delta"


def _is_text(event: Event) -> bool:
    return "text" in event.object.get("delta", {})
