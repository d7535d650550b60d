"""The Messages protocol: requests, readings, previews, and bytes of any kind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import __version__
from app.protocols.base import GET_WEATHER, Ask, AssistantTurn, Target, ToolResult, ToolResultsTurn, UserTurn
from app.protocols.messages.protocol import AnthropicMessages
from app.protocols.reading import Meaning, Reading
from app.protocols.shared.preview import MAX_CHARACTERS
from app.recording.records import Request
from app.stream.sse import SseEvent, SseParser
from tests.protocols.messages.answers import (
    ERROR,
    PLAIN,
    STOP,
    arguments,
    closed,
    delta,
    frame,
    frames,
    opened,
    read,
    read_whole,
    read_with_meanings,
    signature,
    start,
    stopped,
    text,
    thought,
    tool,
)

PROTOCOL = AnthropicMessages()
ID = PROTOCOL.id
TARGET = Target("https://relay.example", auth="x-api-key", key="sk-1")
HELLO = Ask("claude-x", (UserTurn("Hi"),))


def body_of(request: Request) -> dict[str, Any]:
    found = json.loads(request.body)
    assert isinstance(found, dict)
    return found


# -- requests ----------------------------------------------------------------------------------------------------------


def test_a_request_holds_nothing_that_was_not_asked_for() -> None:
    request = PROTOCOL.build(HELLO, TARGET)
    assert (request.method, request.url) == ("POST", "https://relay.example/v1/messages")
    assert body_of(request) == {
        "model": "claude-x",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": "Hi"}],
    }
    assert dict(request.headers) == {
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": f"Diptych/{__version__}",
        "anthropic-version": "2023-06-01",
        "x-api-key": "sk-1",
    }


def test_all_that_can_be_asked_for() -> None:
    ask = Ask("m", (UserTurn("é😀"),), max_tokens=None, system="Be brief.", tools=(GET_WEATHER,), stream=True)
    request = PROTOCOL.build(ask, TARGET)
    assert body_of(request) == {
        "model": "m",
        "system": "Be brief.",
        "tools": [
            {
                "name": "get_weather",
                "description": GET_WEATHER.description,
                "input_schema": GET_WEATHER.parameters,
            }
        ],
        "messages": [{"role": "user", "content": "é😀"}],
        "stream": True,
    }
    assert "é😀".encode() in request.body


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target("https://h", "x-api-key", "k"), {"x-api-key": "k"}),
        (Target("https://h", "bearer", "k"), {"authorization": "Bearer k"}),
        (Target("https://h", "x-api-key", " k\n"), {"x-api-key": "k"}),
        (Target("https://h", "bearer", ""), {}),
        (Target("https://h", "x-api-key", "k", (("Authorization", "Bearer x"),)), {"Authorization": "Bearer x"}),
        (Target("https://h", "x-api-key", "k", (("X-Api-Key", "x\n"),)), {"X-Api-Key": "x"}),
    ],
)
def test_one_credential_or_none(target: Target, expected: dict[str, str]) -> None:
    headers = PROTOCOL.build(HELLO, target).headers
    assert {name: value for name, value in headers if name.lower() in ("x-api-key", "authorization")} == expected


def test_headers_of_the_profile_win() -> None:
    target = Target("https://h", key="k", headers=(("User-Agent", "mine"), ("x-more", "1\n2")), anthropic_beta="a,b")
    request = PROTOCOL.build(HELLO, target)
    assert [value for name, value in request.headers if name.lower() == "user-agent"] == ["mine"]
    assert (request.header("anthropic-beta"), request.header("x-more")) == ("a,b", "1 2")


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://h", "https://h/v1/messages"),
        ("https://h/", "https://h/v1/messages"),
        (" https://h/anthropic\n", "https://h/anthropic/v1/messages"),
        ("https://h/v1", "https://h/v1/v1/messages"),
        ("https://h/\nv2", "https://h/v2/v1/messages"),
    ],
)
def test_urls_are_joined_as_the_sdk_does(base: str, url: str) -> None:
    assert PROTOCOL.build(HELLO, Target(base)).url == url


def test_a_body_edited_by_hand_goes_out_byte_for_byte() -> None:
    request = PROTOCOL.build_raw(b'{"model":  1}\n', TARGET)
    assert request.body == b'{"model":  1}\n'
    assert request.headers == PROTOCOL.build(HELLO, TARGET).headers


def test_the_model_list() -> None:
    request = PROTOCOL.models_request(TARGET)
    assert (request.method, request.url) == ("GET", "https://relay.example/v1/models?limit=1000")
    assert request.header("content-type") is None
    assert request.header("x-api-key") == "sk-1"
    assert PROTOCOL.models_request(TARGET, "a b&c").url.endswith("/v1/models?limit=1000&after_id=a%20b%26c")


def test_results_go_back_in_one_message_before_any_words() -> None:
    turns = (
        UserTurn("Weather?"),
        AssistantTurn([{"type": "tool_use", "id": "t1", "name": "n", "input": {}}]),
        ToolResultsTurn([ToolResult("t1", "18 °C"), ToolResult("t2", "no such city", is_error=True)]),
        UserTurn("And now?"),
    )
    assert body_of(PROTOCOL.build(Ask("m", turns), TARGET))["messages"][2:] == [
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "18 °C"},
                {"type": "tool_result", "tool_use_id": "t2", "content": "no such city", "is_error": True},
                {"type": "text", "text": "And now?"},
            ],
        }
    ]


def test_an_answer_is_replayed_block_by_block() -> None:
    seal = "EooCCkYI+/==" * 40
    stream = frames(
        start(),
        opened(0, "thinking"),
        thought("Hm\u2028é"),
        thought(" "),
        signature(seal),
        closed(),
        opened(1, "redacted_thinking", data="c2VjcmV0"),
        closed(1),
        opened(2, "thinking"),
        signature("ZW1wdHk=", 2),
        closed(2),
        opened(3, "text", citations=[]),
        text("Hi", 3),
        delta(3, "citations_delta", citation={"type": "char_location", "cited_text": "x"}),
        closed(3),
        opened(4, "hologram", rays=[1, {"a": None}]),
        closed(4),
        opened(5, "tool_use", id="toolu_1", name="get_weather", input={}, caller={"type": "direct"}),
        *arguments('{"ci', 'ty":"Paris","n":[1,2.5]}', index=5),
        closed(5),
        stopped("tool_use"),
        STOP,
    )
    expected = [
        {"type": "thinking", "thinking": "Hm\u2028é ", "signature": seal},
        {"type": "redacted_thinking", "data": "c2VjcmV0"},
        {"type": "thinking", "thinking": "", "signature": "ZW1wdHk="},
        {"type": "text", "text": "Hi", "citations": [{"type": "char_location", "cited_text": "x"}]},
        {"type": "hologram", "rays": [1, {"a": None}]},
        {
            "type": "tool_use",
            "id": "toolu_1",
            "name": "get_weather",
            "input": {"city": "Paris", "n": [1, 2.5]},
            "caller": {"type": "direct"},
        },
    ]
    reading = read(stream)
    assert reading.replay == expected
    assert reading.hidden_reasoning
    request = PROTOCOL.build(Ask("m", (UserTurn("x"), AssistantTurn(reading.replay))), TARGET)
    assert body_of(request)["messages"][1] == {"role": "assistant", "content": expected}
    assert seal.encode() in request.body


def test_a_surrogate_pair_split_over_two_deltas_is_one_character() -> None:
    stream = frames(*PLAIN[:3]) + (
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
        b'"delta":{"type":"text_delta","text":"\\ud83d"}}\n\n'
        b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
        b'"delta":{"type":"text_delta","text":"\\ude00 \\ud83d"}}\n\n'
    )
    reading = read(stream + frames(*PLAIN[5:]))
    assert reading.text == "😀 �"
    assert json.loads(PROTOCOL.build(Ask("m", (AssistantTurn(reading.replay),)), TARGET).body)


# -- reading -----------------------------------------------------------------------------------------------------------


def test_usage_is_overwritten_and_never_added() -> None:
    begin = {"input_tokens": 40, "cache_read_input_tokens": 7, "output_tokens": 1, "service_tier": "standard"}
    end: dict[str, Any] = {"input_tokens": None, "cache_creation_input_tokens": 3, "output_tokens": 9}
    usage = read(frames(start(usage=begin), *PLAIN[1:6], stopped(**end), STOP)).usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == (40, 9)
    assert (usage.cache_read_tokens, usage.cache_write_tokens, usage.reasoning_tokens) == (7, 3, None)
    assert usage.raw == begin | {"cache_creation_input_tokens": 3, "output_tokens": 9}


def test_what_is_not_said_is_none() -> None:
    reading = read(frames(*PLAIN[1:2]))
    assert (reading.usage, reading.model, reading.stop_reason, reading.response_id) == (None, None, None, None)


def test_meanings_stop_the_right_clocks() -> None:
    events = [
        start(),
        opened(0, "thinking"),
        thought(""),
        thought("Hm"),
        signature("c2ln"),
        closed(),
        opened(1),
        text("", 1),
        text("Hi", 1),
        closed(1),
        tool(2),
        *arguments('{"city": "Paris"}', index=2),
        closed(2),
        opened(3, "tool_use", id="t", name="n", input={"a": 1}),
        closed(3),
        opened(4, "text") | {"content_block": {"type": "text", "text": "whole"}},
        stopped("tool_use"),
        STOP,
    ]
    meanings = read_with_meanings(frames(*events))[1]
    carrying = {at: meaning for at, meaning in enumerate(meanings) if meaning is not Meaning.NOTHING}
    assert carrying == {
        3: Meaning.REASONING,
        8: Meaning.TEXT,
        12: Meaning.TOOL_ARGUMENTS,
        14: Meaning.TOOL_ARGUMENTS,
        16: Meaning.TEXT,
    }


def test_a_snapshot_shows_what_came_so_far() -> None:
    reader = PROTOCOL.reader(streamed=True)
    shown = []
    events = SseParser().feed(frames(start(), opened(), text("Hel"), text("lo"), closed(), tool(1), *arguments("{", index=1)))
    for number, event in enumerate(events, 1):
        reader.feed(event, number)
        shown.append(reader.snapshot().text)
    assert shown == ["", "", "Hel", "Hello", "Hello", "Hello", "Hello", "Hello"]
    (call,) = reader.snapshot().tool_calls
    assert (call.name, call.arguments_text, call.parsed) == ("get_weather", "{", False)


def test_an_error_in_the_middle_keeps_what_came() -> None:
    reading = read(frames(*PLAIN[:4], ERROR))
    assert reading.text == "Hel"
    assert reading.error is not None
    assert (reading.error.message, reading.error.type, reading.error.event) == ("Overloaded", "overloaded_error", 5)
    assert not reading.ended


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"error":{"message":"no channel","type":"new_api_error"}}', "no channel"),
        (b'{"type":"error","message":"flat"}', "flat"),
        (b'{"type":"error"}', "an error event without words"),
        (b"upstream gone", "upstream gone"),
    ],
)
def test_error_events_of_other_shapes(data: bytes, message: str) -> None:
    error = read(frames(*PLAIN[:4]) + b"event: error\ndata: " + data + b"\n\n").error
    assert error is not None
    assert error.message == message


# -- previews ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "preview"),
    [
        (start(), "claude-x · in 21"),
        (start(usage={"input_tokens": 4, "cache_read_input_tokens": 6}), "claude-x · in 10"),
        (opened(), "text"),
        (tool(), "tool_use get_weather"),
        (text("Hel"), "“Hel”"),
        (text("a\nb\x00\u202ec"), "“a␊b␀\\u202ec”"),
        (thought("Hm"), "“Hm”"),
        (arguments('{"ci')[1], '{"ci'),
        (signature("x" * 344), "signature, 344 characters"),
        (closed(), ""),
        (stopped(output_tokens=98), "end_turn · out 98"),
        (stopped(None, output_tokens=98), "out 98"),
        (STOP, ""),
        ({"type": "ping"}, ""),
        (ERROR, "overloaded_error: Overloaded"),
        ({"type": "weather", "sun": 1}, '{"type": "weather", "sun": 1}'),
        ({"type": "message_start", "message": None}, ""),
    ],
)
def test_previews(event: dict[str, Any], preview: str) -> None:
    (parsed,) = SseParser().feed(frame(event))
    assert PROTOCOL.preview(parsed) == preview


def test_a_long_preview_is_cut() -> None:
    for event, preview in (
        (text("x" * 181), "“" + "x" * 179 + "…”"),
        (text("x" * 180), "“" + "x" * 180 + "”"),
        (arguments("y" * 5000)[1], "y" * 199 + "…"),
        (ERROR | {"error": {"message": "z" * 5000}}, "z" * 199 + "…"),
    ):
        (parsed,) = SseParser().feed(frame(event))
        assert PROTOCOL.preview(parsed) == preview
    assert PROTOCOL.preview(SseEvent("", b"[DONE]", 0, 0)) == "[DONE]"


# -- bytes of any kind -------------------------------------------------------------------------------------------------

MIXED = frames(
    start(),
    opened(0, "thinking"),
    thought("Hm"),
    signature("c2ln"),
    closed(),
    opened(1),
    text("é😀", 1),
    closed(1),
    tool(2),
    *arguments('{"city": "Par', 'is"}', index=2),
    closed(2),
    stopped("tool_use"),
    STOP,
)


@pytest.mark.parametrize("piece_bytes", [1, 2, 7, 64, 1000])
def test_a_stream_reads_the_same_in_any_pieces(piece_bytes: int) -> None:
    whole = read(MIXED)
    assert whole.findings == []
    assert read(MIXED, piece_bytes) == whole


@given(st.lists(st.sampled_from(SseParser().feed(MIXED + frames(ERROR, *PLAIN))), max_size=25))
@settings(deadline=None)
def test_events_in_any_order_never_raise(events: list[SseEvent]) -> None:
    reader = PROTOCOL.reader(streamed=True)
    for number, event in enumerate(events, 1):
        reader.feed(event, number)
        reader.snapshot()
    reading = reader.finish()
    assert all(finding.sentence for finding in reading.findings)


@given(st.data())
@settings(deadline=None)
def test_mutated_bytes_never_raise(data: st.DataObject) -> None:
    stream = bytearray(MIXED)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(stream) - 1))
        stream[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    for reading in (read(bytes(stream)), read_whole(bytes(stream))):
        assert isinstance(reading, Reading)
    for event in SseParser().feed(bytes(stream)):
        assert len(PROTOCOL.preview(event)) <= MAX_CHARACTERS


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["index", "delta", "message", "content_block", "usage", "error", "content", "stop_reason", "text", "id", "type"]
KINDS = st.sampled_from([event["type"] for event in (*PLAIN, ERROR)])


@given(st.lists(st.tuples(KINDS, st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4)), max_size=6))
@settings(deadline=None)
def test_fields_of_any_type_never_raise(events: list[tuple[str, dict[str, Any]]]) -> None:
    inner = [{"type": kind} | fields for kind, fields in events]
    nested = [
        {"type": kind, "index": 0, "message": fields, "delta": fields, "content_block": fields, "usage": fields}
        for kind, fields in events
    ]
    for chosen in (inner, nested):
        stream = b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in chosen)
        assert all(finding.sentence for finding in read(stream).findings)
        for event in SseParser().feed(stream):
            PROTOCOL.preview(event)
    for value in inner:
        read_whole(json.dumps(value).encode())


def test_the_text_of_very_many_pieces_is_whole() -> None:
    """Pieces are joined by the thousand on the way; none may be lost or doubled at the seams, whenever one looks."""
    pieces = [f"{number} " for number in range(3_000)]
    reader = AnthropicMessages().reader(streamed=True)
    block = b'{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}'
    reader.feed(SseEvent("content_block_start", block, 0, 0), 1)
    for number, piece in enumerate(pieces):
        delta = b'{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"%s"}}' % piece.encode()
        reader.feed(SseEvent("content_block_delta", delta, 0, 0), number + 2)
        if number in (1_022, 1_023, 1_024, 2_047, 2_048):
            assert reader.snapshot().text == "".join(pieces[: number + 1])
    assert reader.finish().text == "".join(pieces)
