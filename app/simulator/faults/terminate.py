"""Faults in how a stream ends, or fails in its middle."""

from __future__ import annotations

import copy

from app.simulator.faults.registry import ALL, CHAT, MESSAGES, RESPONSES, Stage, fault
from app.simulator.faults.shapes import drop, is_end, is_finish, middle_of_content, put_in_front
from app.simulator.responses.answer import number
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Event, Frame
from app.simulator.shared.refusals import RefusalError, openai_type
from app.simulator.shared.validation import JsonObject

_GROUP = "terminate"
_OVERLOADED = RefusalError(529, "Overloaded")


@fault(Stage.EVENTS, _GROUP, (MESSAGES, RESPONSES))
def no_stop(events: list[Event], context: RequestContext) -> list[Event]:
    """The last event is missing: no `message_stop`, no `response.completed`."""
    return drop(events, is_end)


@fault(Stage.EVENTS, _GROUP, (CHAT,))
def no_done(events: list[Event], context: RequestContext) -> list[Event]:
    """There is no `[DONE]`."""
    return drop(events, is_end)


@fault(Stage.EVENTS, _GROUP, (MESSAGES, CHAT))
def no_finish(events: list[Event], context: RequestContext) -> list[Event]:
    """No event says why the answer ended: no `message_delta`, no chunk with a finish reason."""
    return drop(events, is_finish)


@fault(Stage.EVENTS, _GROUP, ALL, default=5)
def cut_after_n(events: list[Event], context: RequestContext) -> list[Event]:
    """The stream ends after that many events, HTTP as if all were well."""
    return events[: context.value("cut_after_n")]


@fault(Stage.EVENTS, _GROUP)
def clean_end_after_cut(events: list[Event], context: RequestContext) -> list[Event]:
    """The upstream was cut in mid-text and the relay ends the stream as if it were whole, with no stop reason."""
    middle = middle_of_content(events)
    if context.protocol == RESPONSES:
        return number([*events[:middle], _partial_end(events, middle)])
    return [*events[:middle], *[event for event in events if is_end(event)]]


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def empty_output(events: list[Event], context: RequestContext) -> list[Event]:
    """`response.completed` comes with an empty `output`."""
    for event in events:
        if is_end(event):
            event.object["response"] = event.object["response"] | {"output": []}
    return events


@fault(Stage.EVENTS, _GROUP, (MESSAGES, RESPONSES))
def stray_done(events: list[Event], context: RequestContext) -> list[Event]:
    """A `[DONE]` follows, which belongs to Chat Completions."""
    return [*events, Event("", "[DONE]")]


@fault(Stage.EVENTS, _GROUP)
def done_event(events: list[Event], context: RequestContext) -> list[Event]:
    """The stream ends with `event: done` and `[DONE]`."""
    return [*[event for event in events if event.data != "[DONE]"], Event("done", "[DONE]")]


@fault(Stage.EVENTS, _GROUP)
def after_end(events: list[Event], context: RequestContext) -> list[Event]:
    """A piece of content comes again behind the last event."""
    return [*events, copy.deepcopy(events[middle_of_content(events)])]


@fault(Stage.EVENTS, _GROUP)
def mid_error(events: list[Event], context: RequestContext) -> list[Event]:
    """An error event in the vendor's shape instead of the second half."""
    name = "" if context.protocol == CHAT else "error"
    return _cut_by(events, Event(name, _error(context, flat=context.protocol == RESPONSES)), context)


@fault(Stage.EVENTS, _GROUP, (MESSAGES, RESPONSES))
def mid_error_no_name(events: list[Event], context: RequestContext) -> list[Event]:
    """An error in mid-stream without an `event:` line."""
    return _cut_by(events, Event("", _error(context, flat=context.protocol == RESPONSES)), context)


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def mid_error_nested(events: list[Event], context: RequestContext) -> list[Event]:
    """An error in mid-stream whose fields stand in an `error` object instead of flat."""
    return _cut_by(events, Event("error", _error(context, flat=False)), context)


@fault(Stage.EVENTS, _GROUP, (RESPONSES,))
def failed(events: list[Event], context: RequestContext) -> list[Event]:
    """The answer ends with `response.failed`."""
    end = copy.deepcopy(events[-1])
    end.name = "response.failed"
    error = {"code": "server_error", "message": "The server had an error while processing your request."}
    end.object["response"].update(status="failed", error=error, output=[], usage=None)
    return number([*events[: middle_of_content(events)], end])


@fault(Stage.WHOLE, _GROUP)
def error_as_text(document: JsonObject, context: RequestContext) -> None:
    """The upstream's error comes as ordinary text of the answer."""
    put_in_front(document, "Error: upstream returned 502 Bad Gateway (request id: 20261120153012). ")


@fault(Stage.FRAMES, _GROUP)
def half_frame(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The last event is cut in half."""
    frames[-1].data = frames[-1].data[: len(frames[-1].data) // 2]
    return frames


@fault(Stage.FRAMES, _GROUP)
def no_blank_line(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The last event lacks its blank line."""
    frames[-1].data = frames[-1].data.rstrip(b"\r\n") + b"\n"
    return frames


@fault(Stage.FRAMES, _GROUP)
def cut_utf8(frames: list[Frame], context: RequestContext) -> list[Frame]:
    """The stream ends inside a character of several bytes."""
    middle = frames[: max(1, len(frames) // 2)]
    return [*middle, Frame(b'data: {"text":"' + "…".encode()[:2])]


def _error(context: RequestContext, *, flat: bool) -> JsonObject:
    if context.protocol == MESSAGES:
        return context.error(_OVERLOADED)
    error = {"message": "The server is overloaded.", "type": openai_type(500), "param": None, "code": "server_is_overloaded"}
    if flat:
        return {"type": "error", "code": error["code"], "message": error["message"], "param": None}
    return {"type": "error", "error": error} if context.protocol == RESPONSES else {"error": error}


def _cut_by(events: list[Event], error: Event, context: RequestContext) -> list[Event]:
    kept = [*events[: middle_of_content(events)], error]
    return number_named(kept) if context.protocol == RESPONSES else kept


def number_named(events: list[Event]) -> list[Event]:
    """Sequence numbers for all events, also those without a name; `type` stays as it is."""
    for sequence, event in enumerate(events):
        event.object["sequence_number"] = sequence
    return events


def _partial_end(events: list[Event], middle: int) -> Event:
    end = copy.deepcopy(next(event for event in events if is_end(event)))
    text = "".join(event.object.get("delta", "") for event in events[:middle] if event.name.endswith("text.delta"))
    for item in end.object["response"]["output"]:
        for part in item.get("content", []):
            part["text"] = text
    return end
