"""What is wrong with a Responses answer: each row of the catalogue is met, told where it is, and true by the official SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from app.protocols.findings import Rule
from app.protocols.grammar import Table
from app.protocols.reading import Reading
from app.protocols.responses import rules as of_stream
from app.protocols.responses import rules_answer as of_answer
from app.protocols.responses.grammar import (
    EVENTS,
    ITEM,
    ITEM_TYPES,
    PARTS,
    RESPONSE,
    ItemInput,
    Kind,
    PartInput,
    ResponseInput,
)
from tests.protocols.responses.streams import (
    USAGE,
    Event,
    Replay,
    call,
    framed,
    message,
    read,
    read_whole,
    renumbered,
    replaying,
    response,
    stream,
    thought,
)
from tests.sdks import openai

Events = list[Event]
CATALOGUE = [row for one in (of_stream, of_answer) for row in vars(one).values() if isinstance(row, Rule)]
TEXT = "response.output_text"
ARGUMENTS = "response.function_call_arguments"


def _hello() -> Events:
    return stream(message("Hello there"))


def _rising(events: Events, kind: str, part: str) -> Events:
    """An index of its own for each delta and the whole that follows them; the parts of that name are left out."""
    kept = [one for one in events if not (part and f".{part}." in one["type"] and one.get("output_index") == 0)]
    of_kind = [one for one in kept if one["type"].startswith(f"response.{kind}.")]
    for number, one in enumerate(of_kind):
        one["content_index"] = number
    return renumbered(kept)


def _pieces(whole: str, piece_of: Callable[[int, str], str]) -> Events:
    """A text whose fragments are changed, by their number, and whose wholes say what they add up to."""
    events = stream(message(whole))
    deltas = [one for one in events if one["type"].endswith("output_text.delta")]
    for number, one in enumerate(deltas):
        one["delta"] = piece_of(number, one["delta"])
    said = json.dumps("".join(one["delta"] for one in deltas))
    done = [one for one in events if one not in deltas]
    told = json.loads(json.dumps(done).replace(json.dumps(whole), said))
    return renumbered(sorted([*deltas, *told], key=lambda one: one["sequence_number"]))


def _at(events: Events, event_type: str, nth: int = 0) -> Event:
    return [event for event in events if event["type"] == event_type][nth]


def _where(events: Events, event_type: str) -> int:
    return next(at for at, event in enumerate(events) if event["type"] == event_type)


def _without(*types: str) -> Events:
    return renumbered([event for event in _hello() if event["type"] not in types])


def _with(event_type: str, **fields: Any) -> Events:
    events = _hello()
    _at(events, event_type).update(fields)
    return events


def _lacking(event_type: str, field: str) -> Events:
    events = _hello()
    del _at(events, event_type)[field]
    return events


def _ending(**fields: Any) -> Events:
    return stream(message("Hello there"), **fields)


def _after(event_type: str, *more: Event, events: Events | None = None) -> Events:
    events = events or _hello()
    at = _where(events, event_type) + 1
    return renumbered([*events[:at], *more, *events[at:]])


def _twice(event_type: str) -> Events:
    return _after(event_type, _at(_hello(), event_type))


def _item_changed(**fields: Any) -> Events:
    events = _hello()
    _at(events, "response.output_item.done")["item"].update(fields)
    return events


def _final_changed(events: Events, index: int = 0, **fields: Any) -> Events:
    events[-1]["response"]["output"][index].update(fields)
    return events


def _all_at_index_0() -> Events:
    return [event | ({"output_index": 0} if "output_index" in event else {}) for event in stream(call(), call("{}", 2))]


def _calls_without(field: str) -> Events:
    events = stream(call(), call("{}", 2))
    items = [event["item"] for event in events if "item" in event] + events[-1]["response"]["output"]
    for item in items:
        item.pop(field)
    return events


def _object_arguments() -> Events:
    events = stream(call("{}"))
    value: dict[str, Any] = {}
    _at(events, f"{ARGUMENTS}.done")["arguments"] = value
    _at(events, "response.output_item.done")["item"]["arguments"] = value
    return _final_changed(events, arguments=value)


def _ahead(event_type: str, holder: str) -> Events:
    events = _hello()
    part = {"type": "output_text", "text": "Hello there", "annotations": []}
    _at(events, event_type)[holder] = message("Hello there") if holder == "item" else part
    return events


def _half_closed() -> Events:
    return _without(f"{TEXT}.done", "response.content_part.done")


def _added_with(**fields: Any) -> Events:
    events = _hello()
    _at(events, "response.output_item.added")["item"].update(fields)
    return events


def _call_added_with(**fields: Any) -> Events:
    events = stream(call())
    _at(events, "response.output_item.added")["item"].update(fields)
    return events


def _no_arguments() -> Events:
    events = stream(call())
    del _at(events, "response.output_item.added")["item"]["arguments"]
    return events


def _without_done(**fields: Any) -> Events:
    return renumbered([event for event in _ending(**fields) if event["type"] != "response.output_item.done"])


def _first_with(**fields: Any) -> Events:
    events = _hello()
    events[0]["response"].update(fields)
    return events


def _everywhere(**fields: Any) -> Events:
    return [event | ({"response": event["response"] | fields} if "response" in event else {}) for event in _hello()]


def _in_created() -> Events:
    return _first_with(output=[_at(_hello(), "response.output_item.added")["item"]])


def _interrupted(*more: Event) -> Events:
    return [*_hello()[:5], *more]


def _bare_counts(**changes: Any) -> Event:
    return {"usage": USAGE | changes}


FAILED = {"status": "failed", "error": {"code": "server_error", "message": "boom"}}
ERROR = {"type": "error", "code": "server_error", "message": "boom", "param": None, "sequence_number": 5}
CHAT = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "Hi"}}]}

# What came, the ids to be found (in order), whether openai for Python's stream helper raises, and the text that is read.
CASES: dict[str, tuple[Callable[[], Events], list[str], bool, str]] = {
    "cut in the text": (lambda: _hello()[:6], ["R2"], True, "Hello "),
    "no terminal event": (lambda: _hello()[:-1], ["R2"], True, "Hello there"),
    "nothing of this protocol": (lambda: [{"type": "ping"}], ["R30", "R2"], True, ""),
    "empty final output": (lambda: _ending(output=[]), ["R2a"], False, "Hello there"),
    "no final output": (lambda: _ending(output=None), ["R2c"], False, "Hello there"),
    "no usage details": (
        lambda: _ending(usage={"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}),
        ["R2b"],
        False,
        "Hello there",
    ),
    "item not added": (lambda: _without("response.output_item.added"), ["R3"], True, "Hello there"),
    "part not added": (lambda: _without("response.content_part.added"), ["R3a"], True, "Hello there"),
    "wrong item_id": (lambda: _with(f"{TEXT}.delta", item_id="msg_x"), ["R3b"], False, "Hello there"),
    "no numbers": (lambda: [e | {"sequence_number": None} for e in _hello()], ["R3c"], False, "Hello there"),
    "only output_item.done": (
        lambda: renumbered([e for e in _hello() if e["type"].count(".") == 1 or e["type"].endswith("item.done")]),
        ["R3d"],
        False,
        "Hello there",
    ),
    "closing skipped": (_half_closed, ["R3e"], False, "Hello there"),
    "item never done": (lambda: _without("response.output_item.done"), ["R3f"], False, "Hello there"),
    "item never done nor repeated": (
        lambda: _without_done(output=[]),
        ["R3g", "R2a"],
        True,
        "Hello there",
    ),
    "item never done, another id at the end": (
        lambda: _without_done(output=[message("Hello there", item_id="msg_2")]),
        ["R3g", "R9b"],
        True,
        "Hello there",
    ),
    "no item_id": (lambda: _lacking(f"{TEXT}.delta", "item_id"), ["R3h"], False, "Hello there"),
    "no id at the item": (lambda: _added_with(id=None), ["R3h", "R9a"], True, "Hello there"),
    "reasoning without its part": (
        lambda: renumbered([e for e in stream(thought("Hm."), message("Hi")) if "summary_part.added" not in e["type"]]),
        ["R3i"],
        False,
        "Hi",
    ),
    "reasoning with an index for each delta": (
        lambda: _rising(stream(thought(raw="They say hello."), message("Hi")), "reasoning_text", "content_part"),
        ["R3i", "R3k"],
        False,
        "Hi",
    ),
    "text with an index for each delta": (
        lambda: _rising(_hello(), "output_text", ""),
        ["R3j"],
        True,
        "Hello there",
    ),
    "an unknown event": (lambda: _after("response.created", {"type": "response.something.new"}), ["R30"], False, "Hello there"),
    "the item done behind the end": (
        lambda: renumbered([*_hello()[:-2], _hello()[-1], _hello()[-2]]),
        ["R8"],
        False,
        "Hello there",
    ),
    "an unknown event first": (lambda: [{"type": "codex.rate_limits"}, *_hello()], ["R30", "R7b"], True, "Hello there"),
    "a sign of life first": (lambda: [{"type": "keepalive"}, *_hello()], ["R7b"], True, "Hello there"),
    "a sign of life, then no start": (lambda: [{"type": "keepalive"}, *_hello()[1:]], ["R13a", "R7"], True, "Hello there"),
    "the item in response.created": (_in_created, ["R20"], True, "Hello there"),
    "no item type": (lambda: _added_with(type=None), ["R17"], True, "Hello there"),
    "no content at the item": (lambda: _added_with(content=None), ["R28"], True, "Hello there"),
    "no arguments at the item": (_no_arguments, ["R17"], True, ""),
    "no text at the part": (
        lambda: _with("response.content_part.added", part={"type": "output_text"}),
        ["R17"],
        True,
        "Hello there",
    ),
    "no response id": (lambda: _everywhere(id=None), ["R9c"], False, "Hello there"),
    "no response id at first": (lambda: _first_with(id=None), ["R9c", "R9"], True, "Hello there"),
    "one id twice": (lambda: stream(message("Hello "), message("there")), ["R9d"], True, "Hello there"),
    "parts from 1": (
        lambda: [e | ({"content_index": 1} if "content_index" in e else {}) for e in _hello()],
        ["R20f"],
        True,
        "Hello there",
    ),
    "a part of Chat's": (
        lambda: _with("response.content_part.added", part={"type": "text", "text": ""}),
        ["R17"],
        True,
        "Hello there",
    ),
    "a part of Chat's at the end": (
        lambda: _final_changed(_hello(), content=[{"type": "text", "text": "Hello there"}]),
        ["R28b"],
        False,
        "Hello there",
    ),
    "a chunk of Chat's in between": (lambda: renumbered([*_hello()[:5], CHAT, *_hello()[5:]]), ["R6a"], False, "Hello there"),
    "words by another name": (
        lambda: [e | ({"type": "response.text.delta"} if e["type"] == f"{TEXT}.delta" else {}) for e in _hello()],
        ["R30a"] * 3,
        False,
        "Hello there",
    ),
    "a second response": (
        lambda: renumbered([*_hello(), *_hello()]),
        ["R8a", "R8", "R8", "R8", "R8b"],
        True,
        "Hello there",
    ),
    "no text in .done": (lambda: _lacking(f"{TEXT}.done", "text"), ["R17b"], False, "Hello there"),
    "an index of no item": (lambda: _with(f"{TEXT}.delta", output_index=4), ["R20e"], True, "Hello there"),
    "an error at the top of an event": (
        lambda: [*_hello()[:5], _hello()[5] | {"error": {"message": "boom"}}],
        ["R25"],
        True,
        "Hel",
    ),
    "the final call lacks its call_id": (lambda: _final_changed(stream(call()), call_id=None), ["R12"], False, ""),
    "nested error": (
        lambda: _interrupted({"type": "error", "error": {"type": "server_error", "message": "boom"}}),
        ["R5", "R25"],
        True,
        "Hel",
    ),
    "flat error": (lambda: _interrupted(ERROR), ["R25"], True, "Hel"),
    "error without type": (lambda: _interrupted({"error": {"message": "boom"}}), ["R25"], True, "Hel"),
    "chat chunks": (lambda: [CHAT], ["R6"], True, ""),
    "first event missing": (lambda: renumbered(_hello()[1:]), ["R7"], True, "Hello there"),
    "created twice": (lambda: _twice("response.created"), ["R7a"], False, "Hello there"),
    "after the end": (lambda: renumbered([*_hello(), _at(_hello(), f"{TEXT}.delta")]), ["R8"], False, "Hello there"),
    "response id changed": (lambda: _ending(id="resp_2"), ["R9"], True, "Hello there"),
    "item id changed": (lambda: _item_changed(id="msg_2"), ["R9a", "R9b"], True, "Hello there"),
    "call id appeared late": (lambda: _call_added_with(id=""), ["R9a"], True, ""),
    "item type changed": (lambda: _item_changed(type="reasoning"), ["R9a", "R11"], True, "Hello there"),
    "final call id changed": (lambda: _final_changed(stream(call()), id="fc_2"), ["R9a"], True, ""),
    "final item id changed": (lambda: _final_changed(_hello(), id="msg_2"), ["R9b"], False, "Hello there"),
    "done differs": (lambda: _with(f"{TEXT}.done", text="Bye"), ["R10", "R10"], False, "Hello there"),
    "item differs": (lambda: _item_changed(content=message("Bye")["content"]), ["R11", "R12"], False, "Hello there"),
    "item lacks its words": (lambda: _item_changed(content=[]), ["R11"], False, "Hello there"),
    "final differs": (lambda: _final_changed(_hello(), content=message("Bye")["content"]), ["R12"], False, "Bye"),
    "final call_id differs": (lambda: _final_changed(stream(call()), call_id="call_2"), ["R12"], False, ""),
    "final lacks an item": (
        lambda: stream(message("Hello there"), call(), output=[message("Hello there")]),
        ["R12a"],
        False,
        "Hello there",
    ),
    "final has an item more": (
        lambda: stream(message("Hello there"), output=[message("Hello there"), call()]),
        ["R12b"],
        False,
        "Hello there",
    ),
    "the end again": (lambda: [*_hello(), _hello()[-1]], ["R8b"], False, "Hello there"),
    "a gap": (
        lambda: [e | {"sequence_number": e["sequence_number"] + (n > 3)} for n, e in enumerate(_hello())],
        ["R13c"],
        False,
        "Hello there",
    ),
    "an event lost": (
        lambda: [e for n, e in enumerate(_hello()) if n != _where(_hello(), f"{TEXT}.delta")],
        ["R13", "R10"],
        False,
        "Hello there",
    ),
    "a number again": (
        lambda: [e | {"sequence_number": e["sequence_number"] - (n > 3)} for n, e in enumerate(_hello())],
        ["R13b"],
        False,
        "Hello there",
    ),
    "a few numbers, not in a row": (
        lambda: [e | {"sequence_number": 9 - n if n in (3, 5) else None} for n, e in enumerate(_hello())],
        ["R3c"],
        False,
        "Hello there",
    ),
    "numbers from 1": (
        lambda: [e | {"sequence_number": e["sequence_number"] + 1} for e in _hello()],
        ["R13a"],
        False,
        "Hello there",
    ),
    "no type": (lambda: _lacking(f"{TEXT}.delta", "type"), ["R15", "R10"], False, "Hello there"),
    "no delta": (lambda: _lacking(f"{TEXT}.delta", "delta"), ["R17", "R10"], True, "Hello there"),
    "no output_index": (lambda: _lacking(f"{TEXT}.delta", "output_index"), ["R17"], True, "Hello there"),
    "no content_index": (lambda: _lacking(f"{TEXT}.delta", "content_index"), ["R17"], True, "Hello there"),
    "item is no object": (lambda: _with("response.output_item.added", item="x"), ["R17", "R3"], True, "Hello there"),
    "no response": (lambda: _lacking("response.completed", "response"), ["R17"], True, "Hello there"),
    "output of numbers": (lambda: _ending(output=[message("Hello there"), 5]), ["R17"], True, "Hello there"),
    "text for a call": (
        lambda: _with("response.output_item.added", item=call("", 1) | {"id": "msg_1"}),
        ["R17a"] * 3 + ["R9a"],
        True,
        "Hello there",
    ),
    "no call_id": (lambda: _calls_without("call_id"), ["R9d", "R18", "R18"], True, ""),
    "no name": (lambda: _calls_without("name"), ["R18b", "R18b"], False, ""),
    "one call_id twice": (lambda: stream(call(), call("{}") | {"id": "fc_2"}), ["R18a"], True, ""),
    "cut arguments": (lambda: stream(call('{"city":"B')), ["R19"], False, ""),
    "arguments twice": (lambda: stream(call('{"a":1}{"a":1}')), ["R19"], False, ""),
    "double encoded": (lambda: stream(call('"{}"')), ["R19a"], False, ""),
    "arguments that are a list": (lambda: stream(call("[1]")), ["R19d"], False, ""),
    "arguments that are a text": (lambda: stream(call('"Bern"')), ["R19d"], False, ""),
    "one id for two calls": (lambda: stream(call(), call("{}", 2) | {"id": "fc_1"}), ["R9e"], False, ""),
    "one item twice at the end": (
        lambda: stream(message("Hello"), output=[message("Hello"), message("Hello")]),
        ["R12b"],
        False,
        "HelloHello",
    ),
    "completed, and cut": (
        lambda: stream(message("Hello there"), incomplete_details={"reason": "max_output_tokens"}),
        ["R23"],
        False,
        "Hello there",
    ),
    "a time that is text": (
        lambda: [e | ({"response": e["response"] | {"created_at": "1"}} if "response" in e else {}) for e in _hello()],
        ["R17c"],
        False,
        "Hello there",
    ),
    "empty arguments": (lambda: stream(call("")), ["R19c"], False, ""),
    "text without fragments": (lambda: _without(f"{TEXT}.delta"), ["R21a"], False, "Hello there"),
    "text in item.done alone": (
        lambda: _without(f"{TEXT}.delta", f"{TEXT}.done", "response.content_part.done"),
        ["R3e", "R21a"],
        False,
        "Hello there",
    ),
    "arguments as an object": (_object_arguments, ["R19b"] * 3, False, ""),
    "all at index 0": (_all_at_index_0, ["R20"], True, ""),
    "part twice": (lambda: _twice("response.content_part.added"), ["R20a"], False, "Hello there"),
    "words after done": (
        lambda: _after("response.content_part.done", _at(_hello(), f"{TEXT}.delta", 1)),
        ["R20b"],
        False,
        "Hello there",
    ),
    "part done behind its item": (  # as ds4codex 0.1.6 sends it
        lambda: _after(
            "response.output_item.done",
            _at(_hello(), "response.content_part.done"),
            events=_without("response.content_part.done"),
        ),
        ["R3e", "R20g"],
        False,
        "Hello there",
    ),
    "item done twice": (lambda: _twice("response.output_item.done"), ["R20c"], False, "Hello there"),
    "whole in item.added": (lambda: _ahead("response.output_item.added", "item"), ["R21"], False, "Hello there"),
    "whole in part.added": (lambda: _ahead("response.content_part.added", "part"), ["R21"], False, "Hello there"),
    "wrong status": (lambda: _ending(status="in_progress"), ["R23"], False, "Hello there"),
    "incomplete": (
        lambda: stream(message("Hello there"), end="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        ["R24"],
        True,
        "Hello there",
    ),
    "incomplete without a reason": (lambda: stream(call('{"ci'), end="incomplete"), ["R24"], True, ""),
    "failed": (lambda: stream(message("Hello there"), end="failed", **FAILED), ["R25"], True, "Hello there"),
    "error, then failed": (
        lambda: renumbered([*_hello()[:5], ERROR, *stream(message("Hel"), end="failed", **FAILED)[-1:]]),
        ["R25"],
        True,
        "Hel",
    ),
    "no usage": (lambda: _ending(usage=None), ["R27"], False, "Hello there"),
    "count of text": (lambda: _ending(**_bare_counts(output_tokens="9")), ["R27a"], False, "Hello there"),
    "negative detail": (
        lambda: _ending(**_bare_counts(input_tokens_details={"cached_tokens": -1})),
        ["R27a"],
        False,
        "Hello there",
    ),
    "wrong sum": (lambda: _ending(**_bare_counts(total_tokens=30)), ["R27b"], False, "Hello there"),
    "content as text": (lambda: _item_changed(content="Hello there"), ["R28a"], False, "Hello there"),
    "final content as text": (
        lambda: _final_changed(_hello(), content="Hello there"),
        ["R28"],
        True,
        "Hello there",
    ),
    "a part that is no object": (
        lambda: _final_changed(_hello(), content=["Hello there"]),
        ["R17", "R12"],
        True,
        "Hello there",
    ),
    "Chat's names of counts": (
        lambda: _ending(usage={"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}),
        ["R27c", "R2b"],
        False,
        "Hello there",
    ),
    "input zero": (lambda: _ending(**_bare_counts(input_tokens=0, total_tokens=9)), ["U1"], False, "Hello there"),
    "output zero": (
        lambda: _ending(**_bare_counts(output_tokens=0, total_tokens=20, output_tokens_details={"reasoning_tokens": 0})),
        ["U1a"],
        False,
        "Hello there",
    ),
    "index from 1": (
        lambda: [e | ({"output_index": 1} if "output_index" in e else {}) for e in _hello()],
        ["R20d"],
        False,
        "Hello there",
    ),
    "cache outside": (lambda: _ending(**_bare_counts(input_tokens=4, total_tokens=13)), ["U2"], False, "Hello there"),
    "reasoning beside": (lambda: _ending(**_bare_counts(output_tokens=2, total_tokens=25)), ["U2a"], False, "Hello there"),
    "reasoning outside": (lambda: _ending(**_bare_counts(output_tokens=2, total_tokens=22)), ["U2a"], False, "Hello there"),
}
# The same for what is not an event with a type, as (bytes, ids, the helper raises, text).
RAW: dict[str, tuple[Callable[[], bytes], list[str], bool, str]] = {
    "no event lines": (lambda: framed([*_hello()], names=False), ["R1"], False, "Hello there"),
    "other names": (
        lambda: framed([*_hello()]).replace(b"event: response.created", b"event: x"),
        ["R14"],
        False,
        "Hello there",
    ),
    "names of the Assistants API": (
        lambda: framed([*_hello()]).replace(b"event: response", b"event: thread.response"),
        ["R14a"],
        True,
        "Hello there",
    ),
    "no JSON": (lambda: framed([*_hello()[:4], "oops", *_hello()[4:]]), ["R16"], True, "Hello there"),
    "no object": (lambda: framed([*_hello()[:4], "5", *_hello()[4:]]), ["R16"], True, "Hello there"),
    "NaN": (
        lambda: framed([*_hello()[:4], json.dumps(_hello()[4] | {"x": float("-inf")}), *_hello()[5:]], names=False),
        ["R1", "R16b"],
        False,
        "Hello there",
    ),
    "[DONE]": (lambda: framed([*_hello(), "[DONE]"]), ["R26"], False, "Hello there"),
    "[DONE] behind a blank": (lambda: framed([*_hello(), " [DONE]"]), ["R16"], True, "Hello there"),
    "[DONE] too early": (lambda: framed([*_hello()[:-1], "[DONE]", _hello()[-1]]), ["R26", "R8"], True, "Hello there"),
    "a keep-alive as data": (lambda: framed([": keepalive", *_hello()]), [], True, "Hello there"),
}
# Unstreamed answers: the body, and the ids to be found.
WHOLE: dict[str, tuple[Any, list[str]]] = {
    "no annotations": (response(message() | {"content": [{"type": "output_text", "text": "Hello"}]}, usage=USAGE), ["R17c"]),
    "completed with an error": (response(message("Hello"), usage=USAGE, error={"code": "x", "message": "boom"}), ["R25b"]),
    "a Chat Completions answer": ({"object": "chat.completion", "choices": []}, ["R6"]),
    "a Messages answer": ({"type": "message", "content": []}, ["R6"]),
    "output_text without output": (response(output=None, output_text="Hello there"), ["R22"]),
    "no output": ({"id": "x", "status": "completed"}, ["R22a"]),
    "completed, and cut": (
        response(message("Hello"), usage=USAGE, incomplete_details={"reason": "max_output_tokens"}),
        ["R23"],
    ),
    "an id that is a number": (response(message("Hello") | {"id": 7}, usage=USAGE), ["R17c"]),
    "a type that is a number": (response(message("Hello"), message("Hi", item_id="m") | {"type": 7}, usage=USAGE), ["R17b"]),
    "choices beside the output": (response(message("Hello"), usage=USAGE, choices=[]), []),
    "no status": (response(status=None, usage=USAGE), ["R23"]),
    "an empty status": (response(status="", usage=USAGE), ["R23b"]),
    "a status that is not there": (
        {name: value for name, value in response(usage=USAGE).items() if name != "status"},
        ["R23b"],
    ),
    "an empty status, and cut": (
        response(status="", usage=USAGE, incomplete_details={"reason": "max_output_tokens"}),
        ["R23", "R24"],
    ),
    "a status of its own": (response(message("Hello"), status="done", usage=USAGE), ["R23"]),
    "still running": (response(status="in_progress"), ["R23"]),
    "failed": (response(**FAILED), ["R25a"]),
    "worked on in the background": (response(status="queued", background=True, usage=None), ["R23a"]),
    "content as text": (response(message() | {"content": "Hello there"}), ["R28"]),
    "cut by the limit": (
        response(call('{"ci'), status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
        ["R24"],
    ),
    "no usage": (response(message("Hello there"), usage=None), ["R27"]),
    "arguments cut": (response(call('{"ci')), ["R19"]),
}


def _ids(reading: Reading) -> list[str]:
    return [finding.id for finding in reading.findings]


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def client(replay: Replay) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=replay.base_url, api_key="sk-test", max_retries=0) as sdk:
        yield sdk


def _helper_raises(client: openai.OpenAI, replay: Replay, body: bytes) -> bool:
    replay.answer = (200, "text/event-stream", body)
    try:
        with client.responses.stream(model="m", input="x") as events:
            events.get_final_response()
    except (openai.APIError, RuntimeError, LookupError, TypeError, AttributeError, AssertionError, ValueError):
        return True
    return False


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")
@pytest.mark.parametrize("name", [*CASES, *RAW])
def test_a_deviation_is_found_and_the_sdk_does_what_it_says(client: openai.OpenAI, replay: Replay, name: str) -> None:
    if name in CASES:
        make, ids, raises, text = CASES[name]
        body = framed([*make()])
    else:
        make_bytes, ids, raises, text = RAW[name]
        body = make_bytes()
    reading, _ = read(body)
    assert _ids(reading) == ids
    assert reading.text == text
    assert _helper_raises(client, replay, body) is raises


@pytest.mark.parametrize("name", WHOLE)
def test_a_deviation_of_a_whole_answer_is_found(name: str) -> None:
    body, ids = WHOLE[name]
    assert _ids(read_whole(json.dumps(body).encode())) == ids


def test_two_parts_that_say_the_same_are_two() -> None:
    assert read_whole(json.dumps(response(message("Hi", "Hi"), usage=USAGE)).encode()).text == "HiHi"


@pytest.mark.parametrize("body", [b'{"object":"response","out', b'{"object":"response"} trailing', b"{}{}", b'{"a": NaN}'])
def test_a_document_that_is_no_json(body: bytes) -> None:
    reading = read_whole(body)
    assert _ids(reading) == ["R29"]
    assert reading.error is None


def test_every_row_of_the_catalogue_is_met() -> None:
    expected = [ids for _, ids, _, _ in (*CASES.values(), *RAW.values())] + [ids for _, ids in WHOLE.values()]
    counts = {"U1", "U1a", "U2", "U2a"}  # of the catalogue for any protocol
    assert {row.id for row in CATALOGUE} | counts == {one for ids in expected for one in ids} | {"R29"}


BROKEN_TYPES = [
    "response.created",
    "response.output_item.added",
    "response.output_item.done",
    "response.content_part.added",
    "response.content_part.done",
    "response.output_text.delta",
    "response.output_text.done",
]


@pytest.mark.parametrize("event_type", BROKEN_TYPES)
@pytest.mark.parametrize("names", [True, False])
def test_a_broken_event_is_told_once(event_type: str, names: bool) -> None:
    """That its number and what it announced are missing then is no news."""
    events: list[Event | str] = [*_hello()]
    at = _where(_hello(), event_type)
    broken = json.dumps(events[at])[:-9]
    body = framed([*events[:at]], names=names)
    body += (
        f"event: {event_type}\n".encode() * names + f"data: {broken}\n\n".encode() + framed([*events[at + 1 :]], names=names)
    )
    assert set(_ids(read(body)[0])) - {"R1"} == {"R16"}


def test_a_gap_is_a_loss_where_the_final_response_does_not_show_that_nothing_is_missing() -> None:
    def gap(events: Iterable[Event]) -> list[Event | str]:
        return [e | {"sequence_number": e["sequence_number"] + (n > 3)} for n, e in enumerate(events)]

    assert _ids(read(framed(gap(_ending(output=[]))))[0]) == ["R13", "R2a"]
    assert _ids(read(framed(gap(_hello())[:-1]))[0]) == ["R13", "R2"]


def test_a_gap_behind_a_broken_event_is_told_as_far_as_it_is_longer() -> None:
    events: list[Event | str] = [*_hello()]
    events[3:5] = ["{"]
    assert "R13" in _ids(read(framed(events))[0])


TIDE = "So the tide rises at six."


def test_fragments_that_are_the_text_so_far() -> None:
    reading, _ = read(framed([*_pieces(TIDE, lambda at, _: TIDE[: (at + 1) * 3])]))
    assert _ids(reading) == ["C44"]
    assert reading.findings[0].event == 6


def test_two_items_with_one_text() -> None:
    reading, _ = read(framed([*stream(message("Hello there"), message("Hello there", item_id="msg_2"))]))
    assert "G11" in _ids(reading)
    apart, _ = read(framed([*stream(message("Hello there"), call(), message("Hello there", item_id="msg_2"))]))
    assert "G11" not in _ids(apart)


def test_the_rows_have_ids_of_their_own_and_say_everything() -> None:
    assert len({row.id for row in CATALOGUE}) == len(CATALOGUE)
    for row in CATALOGUE:
        assert all((row.title, row.sentence, row.plain, row.hurts, row.remedy)), row.id


def test_a_finding_names_its_event_and_its_place() -> None:
    body = framed([*_hello()[:4], "oops", *_hello()[4:]])
    (finding,) = read(body)[0].findings
    assert finding.event == 5
    assert finding.offset == body.index(b"data: oops")
    assert finding.sentence == "The data of an event is not a JSON object: 'oops'"


def test_a_fault_in_every_event_is_not_noted_for_ever() -> None:
    reading, _ = read(framed(["oops"] * 50))
    assert len(reading.findings) == 3


@pytest.mark.parametrize("name", ["cut in the text", "flat error", "failed", "nothing of this protocol"])
def test_what_has_no_legal_end_is_not_ended(name: str) -> None:
    assert not read(framed([*CASES[name][0]()]))[0].ended


@pytest.mark.parametrize(
    ("body", "message_read", "kind"),
    [
        (framed([*_interrupted(ERROR)]), "boom", ""),
        (
            framed([*_interrupted({"type": "error", "error": {"type": "server_error", "message": "boom"}})]),
            "boom",
            "server_error",
        ),
        (framed([*stream(end="failed", **FAILED)]), "boom", ""),
        (framed([*stream(end="failed", status="failed")]), "the response failed, and no reason was given", ""),
        (framed([*stream(end="cancelled")]), "the response was cancelled", ""),
        (framed([{"type": "error"}]), "an error event without words", ""),
        (framed([*_interrupted()]) + b"event: error\ndata: timed out\n\n", "timed out", ""),
        (framed([*_interrupted()]) + b"event: error\ndata: \n\n", "an error event without words", ""),
    ],
)
def test_errors_of_a_stream(body: bytes, message_read: str, kind: str) -> None:
    error = read(body)[0].error
    assert error is not None
    assert (error.message, error.type) == (message_read, kind)
    assert error.event == body.count(b"data: ")


def test_an_error_of_a_whole_answer() -> None:
    failed = read_whole(json.dumps(response(**FAILED)).encode())
    assert failed.error is not None
    assert (failed.error.message, failed.error.code, failed.stop_reason, failed.ended) == (
        "boom",
        "server_error",
        "failed",
        False,
    )
    assert _ids(failed) == ["R25a"]
    cancelled = read_whole(json.dumps(response(status="cancelled")).encode())
    assert cancelled.error is not None
    assert (cancelled.error.message, _ids(cancelled)) == ("the response was cancelled", ["R25a"])
    with_200 = read_whole(b'{"error": {"message": "no credit", "code": 402}}')
    assert with_200.error is not None
    assert with_200.error.message == "no credit"


def test_items_and_events_of_other_kinds_are_legal_and_kept() -> None:
    search = {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "x"}}
    events = stream(search, message("Found."))
    progress = {"type": "response.web_search_call.searching", "item_id": "ws_1", "output_index": 0}
    unheard = {"type": "response.something.new", "weight": 3}
    reading, _ = read(framed([*_after("response.output_item.added", progress, unheard, events=events)]))
    assert _ids(reading) == ["R30"]
    assert reading.replay == [search, message("Found.")]


def test_items_at_one_index_are_kept_apart() -> None:
    reading, _ = read(framed([*_all_at_index_0()]))
    assert [(c.id, c.arguments) for c in reading.tool_calls] == [("call_1", {"city": "Bern"}), ("call_2", {})]


def test_reasoning_needs_no_part_to_be_opened() -> None:
    events = [e for e in stream(thought("Hm."), message("Hi")) if "reasoning_summary_part" not in e["type"]]
    reading, _ = read(framed([*renumbered(events)]))
    assert (reading.reasoning, _ids(reading)) == ("Hm.", ["R3i"])


def test_the_tables_know_every_step() -> None:
    """An event that an event type stands for can come in every state that is not the stream's end."""
    given: dict[type, set[object]] = {}
    for about in EVENTS.values():
        given.setdefault(type(about.input), set()).add(about.input)
    expected: list[tuple[Table[Any, Any], set[object]]] = [
        (RESPONSE, given[ResponseInput] | {ResponseInput.BODY}),
        (ITEM, given[ItemInput] | {ItemInput.BODY}),
        *((table, _of_kind(kind)) for kind, table in PARTS.items()),
    ]
    for table, inputs in expected:
        states = {row.state for row in table.rows}
        assert {(state, one) for state in states for one in inputs} <= {(row.state, row.input) for row in table.rows}


def _of_kind(kind: Kind) -> set[object]:
    """What the events are to the words of a kind; those of content parts name none and are of a message or of reasoning."""
    kinds = {kind, None} if ITEM_TYPES[kind] in ("message", "reasoning") else {kind}
    return {about.input for about in EVENTS.values() if isinstance(about.input, PartInput) and about.kind in kinds}
