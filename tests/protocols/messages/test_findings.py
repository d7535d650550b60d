"""What is found in Messages answers that break the rules, and that nothing is found in those that keep them."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from app.protocols.any.rules import INPUT_ZERO
from app.protocols.messages import rules, rules_content
from app.protocols.messages.protocol import AnthropicMessages
from app.stream.sse import SseParser
from tests.protocols.messages.answers import (
    ERROR,
    PING,
    PLAIN,
    STOP,
    Event,
    arguments,
    closed,
    delta,
    frame,
    frames,
    ids,
    opened,
    read,
    read_whole,
    signature,
    start,
    stopped,
    text,
    thought,
    tool,
)

TOOL = [start(), tool(), *arguments('{"city"', ': "Paris"}'), closed(), stopped("tool_use"), STOP]
THINK = [start(), opened(0, "thinking"), thought("Hm"), signature("c2ln"), closed(), opened(1), text("a", 1), closed(1)]
WHOLE_INPUT = opened(0, "tool_use", id="toolu_1", name="get_weather", input={"city": "Paris"})
END = [stopped(), STOP]
UNSAID = {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 5}}
LONG = "The quick brown fox jumps over the dog"
# fmt: off
LEGAL: dict[str, list[Event]] = {
    "plain": PLAIN,
    "tool": TOOL,
    "thinking": [*THINK, *END],
    "ping first and last": [PING, *PLAIN, PING],
    "unknown event": [start(), {"type": "weather_report"}, *PLAIN[1:]],
    "unknown event with fields of others": [start(), {"type": "progress", "message": {}, "done": False}, *PLAIN[1:]],
    "unknown delta": [start(), opened(), delta(0, "emoji_delta", emoji="x"), *PLAIN[2:]],
    "unknown block": [start(), opened(0, "hologram", frames=[1]), closed(), *END],
    "unknown fields": [start(mood="good"), opened(0, "text", tint=1), text("x") | {"nonce": 1}, closed(), stopped(), STOP],
    "server tool": [start(), opened(0, "server_tool_use", id="srvtoolu_1", name="web_search", input={}),
                    *arguments('{"q": 1}'), closed(), *END],
    "no arguments": [start(), tool(), *arguments(), closed(), stopped("tool_use"), STOP],
    "the cache's parts add up": [
        start(usage={"input_tokens": 9, "cache_creation_input_tokens": 5,
                     "cache_creation": {"ephemeral_5m_input_tokens": 2, "ephemeral_1h_input_tokens": 3}}), *PLAIN[1:]],
    "a citation": [*PLAIN[:3], delta(0, "citations_delta", citation={"type": "char_location"}), *PLAIN[3:]],
    "two message_deltas": [*PLAIN[:6], stopped(None, output_tokens=3), stopped("end_turn", output_tokens=5), STOP],
    "refusal without a word": [start(), opened(), closed(), stopped("refusal"), STOP],
    "no content at all": [start(), stopped("refusal"), STOP],
    "tool call cut at max_tokens": [start(), tool(), *arguments('{"city": "Par'), stopped("max_tokens"), STOP],
    "thinking cut at max_tokens": [start(), opened(0, "thinking"), thought("Hm"), closed(), stopped("max_tokens"), STOP],
    "thinking omitted": [start(), opened(0, "thinking"), signature("c2ln"), closed(), *END],
    "input counted in the cache": [start(usage={"input_tokens": 0, "cache_read_input_tokens": 9}), *PLAIN[1:]],
    "pause": [start(), opened(0, "server_tool_use", id="s", name="n", input={}), closed(), stopped("pause_turn"), STOP],
}
BROKEN: dict[str, tuple[list[Event], list[str]]] = {
    "content before the start": ([opened(), text("x"), closed(), start(), text("y"), *END], ["A1", "A19"]),
    "a block open before the start": ([opened(), text("x"), start(), closed(), *END], ["A1a"]),
    "its start alone before the start": ([PLAIN[1], PLAIN[0], *PLAIN[2:]], ["A1a"]),
    "second start": ([*PLAIN[:6], start(), *END], ["A2"]),
    "second start, blocks anew": ([*PLAIN[:6], start(), opened(), text("x"), closed(), *END], ["A2"]),
    "second start, an old block goes on": ([*THINK[:8], start(), opened(), text("x", 1), closed(), *END],
                                             ["A2", "A3", "A46"]),
    "second start, an open block goes on": ([*PLAIN[:5], *END[:1], start(), text("x"), *END],
                                             ["A2", "A19", "A23"]),
    "second start inside a block": ([*PLAIN[:4], start(), *PLAIN[4:]], ["A2"]),
    "no block start": ([start(), text("x"), text("y"), closed(), *END], ["A3"]),
    "index from 1": ([start(), opened(1), text("x", 1), closed(1), *END], ["A4"]),
    "all index 0": ([*THINK[:5], opened(0), text("x"), closed(), *END], ["A4a"]),
    "two calls at index 0": ([*TOOL[:-2], tool(0, "toolu_2"), *arguments('{"city"', ':1}'), closed(), *TOOL[-2:]], ["A4"]),
    "index gap": ([*PLAIN[:6], opened(2), text("x", 2), closed(2), *END], ["A4"]),
    "cut in text": (PLAIN[:5], ["A5"]),
    "cut at once": (PLAIN[:1], ["A5"]),
    "only a ping": ([PING], ["A5"]),
    "cut in thinking": (THINK[:3], ["A5"]),
    "cut in arguments": (TOOL[:4], ["A5"]),
    "no message_stop": (PLAIN[:-1], ["A5"]),
    "no start": (PLAIN[1:], ["A16"]),
    "no signature": ([*THINK[:3], *THINK[4:], *END], ["A12"]),
    "empty signature": ([*THINK[:3], signature(""), *THINK[4:], *END], ["A12"]),
    "signature in pieces": ([*THINK[:3], signature("c2"), signature("ln"), *THINK[4:], *END], ["A12"]),
    "signature inside thinking": ([*THINK[:2], thought("Hm", signature="c2ln"), *THINK[4:], *END], ["A12"]),
    "tool use ends as end_turn": ([*TOOL[:-2], stopped("end_turn"), STOP], ["A14"]),
    "tool_use without a tool": ([*PLAIN[:6], stopped("tool_use"), STOP], ["A14"]),
    "arguments in one delta": ([start(), tool(), arguments('{"city": "Paris"}')[1], closed(), *TOOL[-2:]], ["A15"]),
    "arguments in the start": ([start(), opened(0, "tool_use", id="t", name="n", input={"a": 1}), closed(), *TOOL[-2:]],
                               ["A15"]),
    "redacted thinking emptied": ([start(), opened(0, "redacted_thinking", data=""), closed(), *END], ["A17"]),
    "delta for a closed block": ([*PLAIN[:6], text("!"), *END], ["A19"]),
    "stop twice": ([*PLAIN[:6], closed(), *END], ["A19"]),
    "after the end": ([*PLAIN, opened(1), text("!", 1)], ["A20", "A20"]),
    "stop reason null": ([*PLAIN[:6], stopped(None), STOP], ["A21"]),
    "stop reason left out": ([*PLAIN[:6], UNSAID, STOP], ["A21"]),
    "no message_delta": ([*PLAIN[:6], STOP], ["A21"]),
    "output tokens missing": ([*PLAIN[:6], stopped("end_turn", input_tokens=21), STOP], ["A22"]),
    "block never closed": ([*PLAIN[:5], *END], ["A23"]),
    "blocks overlap": ([start(), opened(), opened(1), text("a"), text("b", 1), closed(), closed(1), *END], ["A24"]),
    "closed after the stop reason": ([*PLAIN[:5], stopped(), closed(), STOP], ["A24"]),
    "thinking in a text block": ([start(), opened(), thought("Hm"), text("x"), closed(), *END], ["A25"]),
    "arguments cut": ([start(), tool(), *arguments('{"city": "Par'), closed(), *TOOL[-2:]], ["A26"]),
    "arguments twice": ([start(), tool(), *arguments('{"a":1}', '{"a":1}'), closed(), *TOOL[-2:]], ["A26"]),
    "arguments as a string": ([start(), tool(), *arguments('"{', '}"'), closed(), *TOOL[-2:]], ["A26"]),
    "message_delta without usage": ([*PLAIN[:6], {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, STOP],
                                    ["A28", "A22"]),
    "start without usage": ([start(usage=None), *PLAIN[1:]], ["A28"]),
    "start without content": ([start(content=None), *PLAIN[1:]], ["A28"]),
    "no index": ([*PLAIN[:4], {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "x"}}, *PLAIN[5:]],
                 ["A28"]),
    "text null": ([*PLAIN[:4], delta(0, "text_delta", text=None), *PLAIN[5:]], ["A28"]),
    "arguments as an object": ([start(), tool(), delta(0, "input_json_delta", partial_json={}), closed(), *TOOL[-2:]],
                               ["A28"]),
    "no model": ([start(model=None), *PLAIN[1:]], ["A29"]),
    "tool without an id": ([start(), tool(0, None), *TOOL[2:]], ["A30"]),
    "tool id of odd letters": ([start(), tool(0, "call 1"), *TOOL[2:]], ["A30"]),
    "tool ids alike": ([*TOOL[:-2], tool(1), closed(1), *TOOL[-2:]], ["A30"]),
    "thinking beyond output": ([*PLAIN[:6], stopped(output_tokens=5, output_tokens_details={"thinking_tokens": 6}), STOP],
                               ["A31"]),
    "output 0": ([*PLAIN[:6], stopped(output_tokens=0), STOP], ["A31"]),
    "output negative": ([*PLAIN[:6], stopped(output_tokens=-5), STOP], ["A31"]),
    "content after the stop reason": ([*PLAIN[:6], stopped(), opened(1), text("x", 1), closed(1), STOP], ["A32"]),
    "another protocol in between": ([*PLAIN[:4], {"type": "response.output_text.delta", "delta": "x"}, *PLAIN[4:]], ["A36"]),
    "another protocol behind the end": ([*PLAIN, {"type": "response.completed"}], ["A20"]),
    "thinking behind the text": ([*PLAIN[:6], opened(1, "thinking"), thought("Hm", 1), signature("c2ln", 1), closed(1), *END],
                                 ["A35"]),
    "a stop reason of nobody's": ([*PLAIN[:6], stopped("wandered_off"), STOP], ["A34a"]),
    "a stop reason of Gemini's": ([*PLAIN[:6], stopped("MAX_TOKENS"), STOP], ["A34"]),
    "stop reason taken back": ([*PLAIN[:7], stopped(None), STOP], ["A21a"]),
    "stop reason not repeated": ([*PLAIN[:7], UNSAID, STOP], ["A21a"]),
    "content in the start": ([start(content=[{"type": "text", "text": "Hi"}], stop_reason="end_turn"), STOP], ["A37", "A22"]),
    "text in the block's start": ([start(), opened(text="Hel"), text("lo"), closed(), *END], ["A38"]),
    "text null in the block's start": ([start(), opened(text=None), text("lo"), closed(), *END], ["A28"]),
    "block without a type": ([start(), opened(kind=None), closed(), *END], ["A29"]),  # type: ignore[arg-type]
    "no index in the start": ([start(), {key: value for key, value in opened().items() if key != "index"}, *PLAIN[3:]],
                              ["A29"]),
    "input taken back": ([*PLAIN[:6], stopped(input_tokens=0, output_tokens=5), STOP], ["A31"]),
    "cached counted twice": ([start(usage={"input_tokens": 5200, "cache_read_input_tokens": 4000,
                                           "cache_creation_input_tokens": 1200}), *PLAIN[1:]], ["U4"]),
    "cached told as OpenAI does": ([start(usage={"input_tokens": 5200, "prompt_tokens_details": {"cached_tokens": 4000}}),
                                    *PLAIN[1:]], ["U4", "U5"]),
    "cached in the end alone": ([start(usage={"input_tokens": 3602, "cache_read_input_tokens": 0}), *PLAIN[1:6],
                                 stopped(cache_read_input_tokens=3604, output_tokens=5), STOP], ["U4a"]),
    "an OpenAI model with a cache": ([start(model="gpt-5.5", usage={"input_tokens": 2389, "cache_read_input_tokens": 2048}),
                                      *PLAIN[1:]], ["U4a"]),
    "a foreign name of the cache": ([start(usage={"input_tokens": 12, "cache_write_input_tokens": 24000}), *PLAIN[1:]], ["U5"]),
    "input counted anew": ([*PLAIN[:6], stopped(input_tokens=99, output_tokens=5), STOP], ["A39"]),
    "output far too low": ([start(), opened(), text("word " * 99), closed(), stopped(output_tokens=1), STOP], ["A31"]),
    "tool without a name": ([start(), opened(0, "tool_use", id="t", name="", input={}), closed(), *TOOL[-2:]], ["A40"]),
    "tool without input": ([start(), opened(0, "tool_use", id="t", name="n"), closed(), *TOOL[-2:]], ["A26"]),
    "a server tool's arguments broken": ([start(), opened(0, "server_tool_use", id="s", name="n", input={}),
                                          *arguments('{"q": oops'), closed(), *END], ["A26"]),
    "a delta of type text": ([start(), opened(), delta(0, "text", text="x"), *PLAIN[3:]], ["A41"]),
    "a delta without a type": ([start(), opened(), delta(0, "", text="x"), *PLAIN[3:]], ["A41"]),
    "reasoning in a text delta": ([start(), opened(), delta(0, "text_delta", text="", reasoning_content="Hm"), *PLAIN[3:]],
                                  ["A41"]),
    "the text so far in each piece": ([start(), opened(), *[text(LONG[:at]) for at in (6, 12, 20, 30)], closed(), *END],
                                      ["C44"]),
    "all of it again at the end": ([start(), opened(), *[text(one) for one in (LONG[:9], LONG[9:20], LONG[20:], LONG)],
                                    closed(), *END], ["C46"]),
    "a block begun again": ([start(), opened(), text("Hel"), opened(), text("lo"), closed(), *END], ["A4b"]),
    "a call begun again": ([start(), tool(), *arguments('{"a"'), tool(), *arguments(":1}"), closed(), *TOOL[-2:]], ["A4b"]),
    "an index for each delta": ([start(), opened(), text("a"), text("b", 1), text("c", 2), closed(), *END], ["A4c"]),
    "one text in two blocks": ([start(), opened(), text(LONG), closed(), opened(1), text(LONG, 1), closed(1), *END], ["G11"]),
    "an empty text block before a call": ([start(), opened(), closed(), *[one | {"index": 1} if "index" in one else one
                                           for one in TOOL[1:]]], ["A46"]),
    "a block of OpenAI's": ([start(), opened(0, "output_text", text="Hi"), closed(), *END], ["A41"]),
    "text in an unknown block": ([start(), opened(0, "spoken"), *PLAIN[3:]], ["A25a"]),
    "a block that is empty": ([start(), opened() | {"content_block": {}}, *PLAIN[5:]], ["A29"]),
    "a server tool's arguments before its block": ([start(), delta(0, "input_json_delta", partial_json="{"), closed(), *END],
                                                   ["A3", "A26"]),
    "signature null": ([*THINK[:3], delta(0, "signature_delta", signature=None), *THINK[4:], *END], ["A12"]),
    "the end before its content": ([start(), STOP, *PLAIN[3:-1]], ["A20a", "A20a", "A20", "A21"]),
    "an OpenAI stop reason": ([*PLAIN[:6], stopped("stop"), STOP], ["A34"]),
    "input 0": ([start(usage={"input_tokens": 0, "output_tokens": 1}), *PLAIN[1:]], ["U1"]),
    "input at the end": ([start(usage={"input_tokens": 0, "output_tokens": 1}), *PLAIN[1:-2],
                          stopped(input_tokens=7, output_tokens=3), STOP], ["U1b"]),
    "input 0, cut": ([start(usage={"input_tokens": 0, "output_tokens": 1}), *PLAIN[1:-2]], ["A5"]),
    "input not said": ([start(usage={}), *PLAIN[1:]], ["U1"]),
    "input no count": ([start(usage={"input_tokens": "9", "output_tokens": 1}), *PLAIN[1:]], ["A31"]),
    "output 0 in the start alone": ([start(usage={"input_tokens": 9, "output_tokens": 0}), *PLAIN[1:-2],
                                     stopped(thinking_tokens=3), STOP], ["A22"]),
    "output under OpenAI's name": ([*PLAIN[:-2], stopped(completion_tokens=3), STOP], ["U5b"]),
    "all under OpenAI's names": ([start(usage={"prompt_tokens": 9}), *PLAIN[1:-2],
                                  stopped(prompt_tokens=9, completion_tokens=3), STOP], ["U5b"]),
    "OpenAI's names beside zeros": ([start(usage={"input_tokens": 0, "output_tokens": 0}), *PLAIN[1:-2],
                                     stopped(input_tokens=0, output_tokens=0, prompt_tokens=9, completion_tokens=3), STOP],
                                    ["U5b"]),
    "both names at the end": ([*PLAIN[:-2], stopped(output_tokens=3, prompt_tokens=9, completion_tokens=3), STOP], []),
    "OpenAI's names in the start alone": ([start(usage={"prompt_tokens": 9, "completion_tokens": 1}), *PLAIN[1:-2],
                                           stopped(input_tokens=9, output_tokens=3), STOP], ["U1b"]),
    "input and an empty piece": ([start(), WHOLE_INPUT, *arguments(), closed(), *TOOL[-2:]], ["A15b"]),
    "input and other pieces": ([start(), WHOLE_INPUT, *arguments("{}"), closed(), *TOOL[-2:]], ["A15a"]),
    "input and the same pieces": ([start(), WHOLE_INPUT, *arguments('{"city": ', '"Paris"}'), closed(), *TOOL[-2:]], ["A15c"]),
    "input and a piece that is cut": ([start(), WHOLE_INPUT, *arguments('{"ci'), closed(), stopped("max_tokens"), STOP], []),
    "input no object": ([start(), opened(0, "tool_use", id="toolu_1", name="get_weather", input=None), *TOOL[2:]], ["A28a"]),
    "an index that is text": ([*PLAIN[:3], PLAIN[3] | {"index": "0"}, *PLAIN[4:]], ["A28a"]),
    "signature twice": ([*THINK[:4], THINK[3], *THINK[4:], *END], ["A12a"]),
    "signature behind an empty one": ([*THINK[:3], signature(""), *THINK[3:], *END], []),
    "stop reason beside the delta": ([*PLAIN[:6], {"type": "message_delta", "stop_reason": "end_turn", "delta": {},
                                                   "usage": {"output_tokens": 5}}, STOP], ["A21b"]),
    "two stop reasons": ([*PLAIN[:6], stopped("max_tokens"), stopped("end_turn"), STOP], ["A21c"]),
    "the same stop reason twice": ([*PLAIN[:6], stopped(), stopped(), STOP], []),
    "a user's message": ([start(role="user"), *PLAIN[1:]], ["A29a"]),
    "a chunk's message": ([start(type="chat.completion.chunk"), *PLAIN[1:]], ["A28a"]),
    "arguments of white space": ([start(), tool(), *arguments(" \n"), closed(), *TOOL[-2:]], ["A26"]),
    "input and a piece of white space": ([start(), WHOLE_INPUT, *arguments(" "), closed(), *TOOL[-2:]], ["A26"]),
    "white space before a call": ([start(), opened(), text("\n\n"), closed(), *[one | {"index": 1} if "index" in one else one
                                   for one in TOOL[1:]]], ["A46"]),
    "output null at the end": ([*PLAIN[:6], stopped(), stopped(output_tokens=None), STOP], ["A31"]),
    "the cache's parts": ([start(usage={"input_tokens": 9, "cache_creation_input_tokens": 500,
                                        "cache_creation": {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 0}}),
                           *PLAIN[1:]], ["A31a"]),
    "a citation that is none": ([*PLAIN[:3], delta(0, "citations_delta", citation=[]), *PLAIN[3:]], ["A28a"]),
    "no citation": ([*PLAIN[:3], delta(0, "citations_delta"), *PLAIN[3:]], ["A28a"]),
    "reasoning in a block of its own": ([start(), opened(0, "reasoning"), closed(), *[one | {"index": 1} if "index" in one
                                         else one for one in PLAIN[1:]]], ["A41"]),
    "output a delta": ([*PLAIN[:6], stopped(None, output_tokens=7), stopped(output_tokens=3), STOP], ["U3"]),
}
# fmt: on


@pytest.mark.parametrize("events", LEGAL.values(), ids=LEGAL.keys())
def test_nothing_is_found_in_a_legal_stream(events: list[Event]) -> None:
    reading = read(frames(*events))
    assert reading.findings == []
    assert reading.ended


@pytest.mark.parametrize(("events", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_stream_has_its_findings(events: list[Event], expected: list[str]) -> None:
    assert Counter(ids(read(frames(*events)))) == Counter(expected)


SHARED = ("C44", "C46", "G11")  # of pieces and parts, as in the other protocols


def test_every_deviation_is_provoked_here() -> None:
    provoked = {deviation_id for _, expected in BROKEN.values() for deviation_id in expected}
    framing = {
        "A9",
        "A9a",
        "A9b",
        "A11",
        "A18",
        "A18a",
        "A18b",
        "A18c",
        "A27",
        "A27a",
        "A27b",
        "A33",
        "A42",
        "A43",
        "A48",
    }  # the tests below
    assert provoked | framing == {*rules.RULES, *rules_content.RULES, INPUT_ZERO.id, *SHARED}


def test_events_without_names() -> None:
    stream = b"".join(frame(event, "") for event in PLAIN)
    reading = read(stream)
    assert ids(reading) == ["A9"]
    assert (reading.text, reading.ended) == ("Hello", True)
    assert reading.findings[0].event == 1
    assert "all of 8 events" in reading.findings[0].sentence


def test_an_error_without_a_name_is_read_and_found() -> None:
    reading = read(frames(*PLAIN[:4]) + frame(ERROR, ""))
    assert reading.error is not None
    assert (reading.error.message, reading.error.event) == ("Overloaded", 5)
    assert ids(reading) == ["A9"]
    assert "1 of 5 events" in reading.findings[0].sentence


def test_done_marks() -> None:
    assert ids(read(frames(*PLAIN) + b"data: [DONE]\n\n")) == ["A11"]
    assert ids(read(frames(*PLAIN) + b"event: done\ndata: [DONE]\n\n")) == ["A27"]


@pytest.mark.parametrize(
    ("name", "found"), [("message", "A18c"), ("ping", "A18"), ("error", "A18a"), ("content_block_stop", "A18c")]
)
def test_a_name_that_differs_from_the_type(name: str, found: str) -> None:
    reading = read(frames(*PLAIN[:3]) + frame(PLAIN[3], name) + frames(*PLAIN[4:]))
    assert ids(reading) == [found]
    assert reading.text == "Hello"
    assert reading.findings[0].event == 4


@pytest.mark.parametrize("data", [b'{"type":', b"null", b"[1]", b"hello", b": still here", b'{"a":1} x', b"[" * 5000])
def test_data_that_is_no_json_object(data: bytes) -> None:
    reading = read(frames(*PLAIN[:4]) + b"event: content_block_delta\ndata: " + data + b"\n\n" + frames(*PLAIN[4:]))
    assert ids(reading) == ["A27"]
    assert reading.text == "Hello"


@pytest.mark.parametrize(
    ("data", "found"),
    [(b"keepalive", "A9b"), (b"{}", "A9b"), (b"[1]", "A9b"), (b'{"type":"ping"}', "A9b"), (b'{"type":"content_blo', "A27a")],
)
def test_what_has_no_name_is_skipped_by_the_sdks(data: bytes, found: str) -> None:
    reading = read(frames(*PLAIN[:4]) + b"data: " + data + b"\n\n" + frames(*PLAIN[4:]))
    assert ids(reading) == [found]
    assert reading.findings[0].event == 5


@pytest.mark.parametrize(
    ("at", "found"),
    [(0, ["A9"]), (1, ["A9"]), (2, ["A9b"]), (3, ["A9a"]), (5, ["A9a"]), (6, ["A9a"]), (7, ["A9"])],
)
def test_one_event_without_a_name(at: int, found: list[str]) -> None:
    reading = read(frames(*PLAIN[:at]) + frame(PLAIN[at], "") + frames(*PLAIN[at + 1 :]))
    assert ids(reading) == found
    assert reading.findings[0].event == at + 1


def test_a_text_where_the_input_belongs_is_no_arguments() -> None:
    reading = read(frames(start(), WHOLE_INPUT | {"content_block": WHOLE_INPUT["content_block"] | {"input": "{}"}}, *TOOL[2:]))
    assert ids(reading) == ["A28a"]


def test_a_stream_without_any_name_ends_with_a_foreign_mark() -> None:
    reading = read(frame(text("x"), "") + frame(PLAIN[6], "") + b"data: [DONE]\n\n")
    assert "A9" in ids(reading)
    assert "A9a" not in ids(reading)


@pytest.mark.parametrize(("at", "found"), [(0, "A28"), (1, "A28"), (3, "A29"), (5, "A29"), (6, "A29"), (7, "A28")])
def test_one_event_without_a_type(at: int, found: str) -> None:
    bare = {key: value for key, value in PLAIN[at].items() if key != "type"}
    body = b"event: " + PLAIN[at]["type"].encode() + b"\ndata: " + json.dumps(bare).encode() + b"\n\n"
    reading = read(frames(*PLAIN[:at]) + body + frames(*PLAIN[at + 1 :]))
    assert ids(reading) == [found]
    assert reading.text == "Hello"


@pytest.mark.parametrize(("name", "found"), [("", "A9"), ("ping", "A18b")])
def test_no_piece_of_arguments_may_be_missing(name: str, found: str) -> None:
    assert ids(read(frames(*TOOL[:3]) + frame(TOOL[3], name) + frames(*TOOL[4:]))) == [found]


def test_content_of_message_start_that_is_no_block() -> None:
    assert ids(read(frames(start(content=[1]), *PLAIN[1:]))) == ["A28", "A37"]


def test_nan_is_found_and_read_on() -> None:
    data = json.dumps(text("!") | {"score": float("nan")}).encode()
    reading = read(frames(*PLAIN[:5]) + b"event: content_block_delta\ndata: " + data + b"\n\n" + frames(*PLAIN[5:]))
    assert ids(reading) == ["A27b"]
    assert reading.text == "Hello!"


def test_what_is_called_an_error_is_one() -> None:
    body = b'event: error\ndata: {"type":"overloaded_error","message":"Busy"}\n\n'
    reading = read(frames(*PLAIN[:4]) + body)
    assert reading.error is not None
    assert (reading.error.type, reading.error.message) == ("overloaded_error", "Busy")


@pytest.mark.parametrize("prefix", [b"", b"event: message\n"])
def test_an_answer_that_is_wrapped(prefix: bytes) -> None:
    assert ids(read(prefix + b"data: " + json.dumps(WHOLE).encode() + b"\n\n")) == ["A42"]
    twice = b"".join(
        b"event: " + one["type"].encode() + b"\ndata: " + json.dumps(json.dumps(one)).encode() + b"\n\n" for one in PLAIN
    )
    assert ids(read(twice)) == ["A42"]
    assert ids(read_whole(json.dumps(json.dumps(WHOLE)).encode())) == ["A42"]
    inner = frames(*PLAIN).replace(b"event: ", b"data: event: ").replace(b"\ndata: {", b"\n\ndata: data: {")
    assert ids(read(inner)) == ["A42"]
    assert ids(read_whole({"code": 0, "msg": "success", "data": WHOLE})) == ["A42"]


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'"Hi"', b'{"status":"ok","version":"1"}', b'[{"type":"message_start"}]']
)
def test_json_that_is_no_answer(body: bytes) -> None:
    reading = read_whole(body)
    assert ids(reading) == ["A43"]
    assert (reading.error, reading.ended) == (None, False)


@pytest.mark.parametrize("data", [b"", b": keepalive", b" "])
def test_framing_findings_are_left_to_those_who_frame(data: bytes) -> None:
    assert ids(read(frames(*PLAIN[:4]) + b"data: " + data + b"\n\n" + frames(*PLAIN[4:]))) == []


@pytest.mark.parametrize(
    "stream",
    [
        b'data: {"object":"chat.completion.chunk","choices":[{"delta":{"content":"x"}}]}\n\ndata: [DONE]\n\n',
        b'event: response.created\ndata: {"type":"response.created","response":{}}\n\n',
        b'data: {"candidates":[]}\n\n',
        b'event: completion\ndata: {"type":"completion","completion":" Hi","stop_reason":null}\n\n',
        b'data: {"messageStart":{"role":"assistant"}}\n\n',
        b'event: chunk\ndata: {"bytes":"eyJ0eXBlIjoi"}\n\n',
        b'data: {"model":"m","message":{"role":"assistant","content":"Hi"},"done":false}\n\n',
    ],
)
def test_another_protocol_is_named_and_nothing_else_is_blamed(stream: bytes) -> None:
    found = ids(read(stream))
    assert "A33" in found
    assert set(found) <= {"A33", "A11"}


def test_an_error_without_name_and_type_is_read() -> None:
    reading = read(frames(*PLAIN[:4]) + b'event: message\ndata: {"error":{"message":"no channel"}}\n\n')
    assert reading.error is not None
    assert reading.error.message == "no channel"


@pytest.mark.parametrize("data", [b"", b"null", b"{}", b" ", b'{"type":"error"}'])
def test_an_error_event_without_words_is_an_error(data: bytes) -> None:
    reading = read(frames(*PLAIN[:4]) + b"event: error\ndata: " + data + b"\n\n")
    assert reading.error is not None
    assert reading.error.message == "an error event without words"


@pytest.mark.parametrize("name", [b"", b"event: message\n"])
def test_a_vendors_own_envelope_of_an_error_is_one(name: bytes) -> None:
    reading = read(frames(*PLAIN[:4]) + name + b'data: {"code":500,"msg":"upstream timeout"}\n\n')
    assert reading.error is not None
    assert (reading.error.message, reading.error.code) == ("upstream timeout", "500")
    assert ids(reading) == ["A18" if name else "A9"]


def test_blocks_that_overlap_are_read_one_after_the_other() -> None:
    events = [start(), opened(), opened(1), text("a"), text("b", 1), text("A"), closed(1), closed(), *END]
    assert read(frames(*events)).text == "aAb"


def test_the_last_piece_of_a_signature_counts_as_in_the_sdks() -> None:
    reading = read(frames(*THINK[:3], signature("c2"), signature("ln"), *THINK[4:], *END))
    assert reading.replay[0]["signature"] == "ln"


def test_nothing_is_blamed_behind_an_error() -> None:
    reading = read(frames(*PLAIN[:4], ERROR, text("x"), ERROR))
    assert reading.findings == []
    assert not reading.ended


def test_a_snapshot_blames_nobody_for_the_missing_end() -> None:
    reader = AnthropicMessages().reader(streamed=True)
    for number, event in enumerate(SseParser().feed(frames(*PLAIN[:5])), 1):
        reader.feed(event, number)
    assert reader.snapshot().findings == []
    assert [(finding.id, finding.event) for finding in reader.finish().findings] == [("A5", 5)]
    assert ids(reader.finish()) == ["A5"]


def test_findings_are_told_once_a_place_and_not_without_end() -> None:
    many = [text("x", index) for index in range(100) for _ in range(3)]
    assert ids(read(frames(start(), *many)))[:-1] == ["A3"] * 20


@pytest.mark.parametrize(("ends", "found"), [((6, 12, 24), []), ((6, 12, 18, 19), []), ((6, 12, 18, 20), ["C44"])])
def test_only_long_texts_in_several_pieces_are_held_for_repeated(ends: tuple[int, ...], found: list[str]) -> None:
    pieces = [text(LONG[:end]) for end in ends]
    assert ids(read(frames(start(), opened(), *pieces, closed(), stopped(output_tokens=40), STOP))) == found


@pytest.mark.parametrize(("characters", "found"), [(300, []), (301, ["A31"]), (0, [])])
def test_how_many_characters_a_token_may_have(characters: int, found: list[str]) -> None:
    """Fifty a token, and two hundred to spare."""
    body = frames(start(), opened(), text("x" * characters), closed(), stopped(output_tokens=2), STOP)
    assert ids(read(body)) == found


@pytest.mark.parametrize("broken", [0, 1, 3, 5, 6])
def test_a_broken_event_is_told_once(broken: int) -> None:
    torn = frame(PLAIN[broken]).replace(b"}\n\n", b"\n\n")
    assert ids(read(frames(*PLAIN[:broken]) + torn + frames(*PLAIN[broken + 1 :]))) == ["A27"]


def test_half_a_character_is_found_in_the_piece_that_has_it() -> None:
    halves = frames(*PLAIN[:2], text("a[1]"), text("[2]b"), closed(), *END)
    reading = read(halves.replace(b"[1]", rb"\ud83d").replace(b"[2]", rb"\ude00"))
    assert reading.text == "a\U0001f600b"
    assert [(one.id, one.event) for one in reading.findings] == [("C48", 3)]


def test_a_block_that_is_begun_again_is_one_and_its_call_too() -> None:
    stream = frames(start(), tool(), *arguments('{"a"'), tool(), *arguments(":1}"), closed(), *TOOL[-2:])
    (call,) = read(stream).tool_calls
    assert call.arguments == {"a": 1}
    other = tool() | {"content_block": {"type": "tool_use", "id": "toolu_9", "name": "n", "input": {}}}
    assert "A4b" not in ids(read(frames(start(), tool(), *arguments('{"a":1}'), other, closed(), *TOOL[-2:])))


def test_deltas_that_are_numbered_one_by_one_are_one_call() -> None:
    pieces = [arguments(piece, index=index)[1] for index, piece in enumerate(('{"a"', ":", "1}"))]
    (call,) = read(frames(start(), tool(), *pieces, closed(), *TOOL[-2:])).tool_calls
    assert call.arguments == {"a": 1}


def test_a_block_that_others_follow_was_not_cut_though_it_was_not_closed() -> None:
    unsigned = [
        start(),
        opened(0, "thinking", thinking="", signature=""),
        thought("Hm."),
        signature(""),
        opened(1),
        text("Hi", 1),
    ]
    assert ids(read(frames(*unsigned, closed(1), *END))) == ["A23", "A12"]
    assert ids(read(frames(*unsigned)))[:-1] == []


def test_a_finding_knows_its_place() -> None:
    stream = frames(*PLAIN[:6], text("!"), *END)
    (finding,) = read(stream).findings
    assert finding.event == 7
    assert finding.offset is not None
    assert stream[finding.offset :].startswith(frame(text("!")))


# -- whole answers -----------------------------------------------------------------------------------------------------

WHOLE: Event = start(content=[{"type": "text", "text": "Hi"}], stop_reason="end_turn")["message"]
CALL: Event = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Paris"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"content": [CALL], "stop_reason": "tool_use"}, []),
        ({"content": [], "stop_reason": "refusal"}, []),
        ({"content": [CALL]}, ["A14"]),
        ({"content": [CALL | {"input": '{"city": "Paris"}'}], "stop_reason": "tool_use"}, ["A26"]),
        ({"content": [{"type": "thinking", "thinking": "Hm"}]}, ["A12"]),
        ({"content": [{"type": "redacted_thinking"}]}, ["A17"]),
        ({"stop_reason": None}, ["A21"]),
        ({"stop_reason": "length"}, ["A34"]),
        ({"usage": None}, ["A29"]),
        ({"usage": {"input_tokens": 9}}, ["A22"]),
        ({"usage": {"input_tokens": 9.0, "output_tokens": 3.0}}, []),
        ({"content": ["Hi"]}, ["A28"]),
        ({"content": "Hi"}, ["A28"]),
        ({"content": None}, ["A28"]),
        ({"content": [{"type": "text", "text": None}]}, ["A29"]),
        ({"content": [{"text": "Hi"}]}, ["A29"]),
        ({"type": None}, ["A29"]),
        ({"content": [CALL | {"name": ""}], "stop_reason": "tool_use"}, ["A40"]),
        ({"content": [CALL | {"input": None}], "stop_reason": "tool_use"}, ["A26"]),
        ({"id": None, "role": None}, ["A29"]),
        ({"usage": {"input_tokens": 0, "output_tokens": 3}}, ["U1"]),
        ({"usage": {"input_tokens": 9, "output_tokens": "3"}}, ["A31"]),
    ],
)
def test_findings_of_a_whole_answer(changes: Event, expected: list[str]) -> None:
    assert ids(read_whole(WHOLE | changes)) == expected


def test_a_whole_answer_that_is_cut_or_foreign() -> None:
    assert ids(read_whole(b'{"id":"msg_1","content":[{"type":"te')) == ["A27"]
    assert ids(read_whole({"choices": [], "object": "chat.completion"})) == ["A33"]
    assert ids(read_whole({"object": "response", "output": []})) == ["A33"]
