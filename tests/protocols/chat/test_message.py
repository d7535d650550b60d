"""What a Chat Completions answer is put together to: its calls, what goes back to the endpoint, meanings, errors, previews."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.reading import Meaning
from app.stream.sse import SseParser
from tests.protocols.chat.streams import (
    AZURE_FIRST,
    CALLS,
    CHAT,
    COUNT,
    DONE,
    ROLE,
    STOP,
    TEXT,
    Chunk,
    F,
    answer,
    begin,
    call,
    chunk,
    more,
    read,
    read_whole,
    usage,
)

# -- tool calls from fragments that break the rules -------------------------------------------------------------------


def test_two_calls_under_one_index_stay_two() -> None:
    reading = read(
        ROLE, call(begin(0, "a", "f")), call(more(0, '{"x":1}')), call(begin(0, "b", "f")), call(more(0, "{}")), CALLS
    )
    assert [(one.id, one.name, one.arguments) for one in reading.tool_calls] == [("a", "f", {"x": 1}), ("b", "f", {})]


def test_two_calls_without_ids_are_told_apart_by_what_they_bring() -> None:
    other_name = read(ROLE, call(begin(0, "", "f", "{}")), call(begin(0, "", "g", "{}")), CALLS)
    same_name = read(ROLE, call(begin(0, "", "f", '{"x":1}')), call(begin(0, "", "f", '{"x":2}')), CALLS)
    assert [one.name for one in other_name.tool_calls] == ["f", "g"]
    assert [one.arguments for one in same_name.tool_calls] == [{"x": 1}, {"x": 2}]


@pytest.mark.parametrize(("pieces", "calls"), [(2, 2), (256, 2), (257, 1)])
def test_a_call_of_the_same_name_behind_a_whole_object_is_another_where_that_is_cheap_to_see(pieces: int, calls: int) -> None:
    first = [call(begin(0, "", "f", '{"x": "')), *(call(more(0, "y")) for _ in range(pieces - 2)), call(more(0, '"}'))]
    assert len(read(ROLE, *first, call(begin(0, "", "f", '{"x": 2}')), CALLS).tool_calls) == calls


def test_fragments_without_index_go_to_the_call_of_their_id_or_the_last() -> None:
    first, second = begin(None, "a", "f", '{"x"'), begin(None, "b", "g", '{"y"')
    tail = {"id": "a", "function": {"arguments": ": 1}"}}
    reading = read(ROLE, call(first), call(second), call(tail), call({"function": {"arguments": ": 2}"}}), CALLS)
    assert [(one.name, one.arguments_text) for one in reading.tool_calls] == [("f", '{"x": 1}'), ("g", '{"y": 2}')]


def test_an_id_repeated_in_every_fragment_is_one_id() -> None:
    reading = read(ROLE, *(call(begin(0, "a", "f", piece)) for piece in ('{"ci', 'ty": "Pa', 'ris"}')), CALLS)
    assert [(one.id, one.name, one.arguments) for one in reading.tool_calls] == [("a", "f", {"city": "Paris"})]


def test_a_custom_call_keeps_its_text_and_a_legacy_call_has_no_id() -> None:
    custom = read(ROLE, call({"index": 0, "id": "a", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}), CALLS)
    assert custom.tool_calls[0].arguments == "SELECT 1"
    assert custom.tool_calls[0].parsed
    assert custom.replay[0]["tool_calls"] == [{"id": "a", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}]
    legacy = read(
        ROLE, chunk({"function_call": {"name": "f", "arguments": ""}}), chunk({"function_call": {"arguments": '{"x":1}'}}), STOP
    )
    assert [(one.id, one.name, one.arguments) for one in legacy.tool_calls] == [("", "f", {"x": 1})]
    assert legacy.replay[0]["function_call"] == {"name": "f", "arguments": '{"x":1}'}


def test_a_call_that_comes_in_both_forms_is_one_call() -> None:
    def both(fragment: dict[str, Any]) -> dict[str, Any]:
        return chunk({"tool_calls": [fragment], "function_call": fragment["function"]})

    streamed = read(ROLE, both(begin(0, "a", "f", '{"x"')), both(more(0, ":1}")), CALLS, COUNT, DONE)
    assert [(one.name, one.arguments) for one in streamed.tool_calls] == [("f", {"x": 1})]
    assert streamed.findings == []
    assert "function_call" not in streamed.replay[0]


# -- what is sent back ------------------------------------------------------------------------------------------------


def test_signatures_and_reasoning_go_back_as_they_came() -> None:
    signature = {"google": {"thought_signature": "s1g"}}
    details = [{"type": "reasoning.text", "text": "hm", "index": 0, "signature": "x"}]
    message = {
        "content": None,
        "refusal": None,
        "annotations": [],
        "reasoning": "hm",
        "reasoning_content": "hm",
        "reasoning_details": details,
        "tool_calls": [{**begin(0, "a", "f", '{"x":1}'), "extra_content": signature}],
    }
    assert read_whole(answer(message, "tool_calls")).replay == [
        {
            "role": "assistant",
            "content": None,
            "reasoning": "hm",
            "reasoning_content": "hm",
            "reasoning_details": details,
            "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"x":1}'}, "extra_content": signature}
            ],
        }
    ]


def test_a_stream_goes_back_as_the_whole_answer_would() -> None:
    halves = [{"type": "reasoning.text", "text": text, "index": 0} for text in ("h", "m")]
    streamed = read(
        ROLE,
        chunk({"reasoning_details": [halves[0]], "content": ""}),
        chunk({"reasoning_details": [halves[1], {"type": "reasoning.encrypted", "data": "zz", "index": 1}]}),
        call({**begin(0, "a", "f", '{"x"'), "extra_content": {"s": 1}}),
        call(more(0, ":1}")),
        CALLS,
    )
    details = [{"type": "reasoning.text", "text": "hm", "index": 0}, {"type": "reasoning.encrypted", "data": "zz", "index": 1}]
    fragment = {**begin(None, "a", "f", '{"x":1}'), "extra_content": {"s": 1}}
    whole = read_whole(answer({"reasoning_details": details, "tool_calls": [fragment]}, "tool_calls"))
    assert streamed.replay == whole.replay
    assert streamed.reasoning == whole.reasoning == "hm"
    assert streamed.hidden_reasoning


def test_thinking_blocks_in_fragments_go_back_as_blocks() -> None:
    """LiteLLM's: without an index, the signature alone in the last fragment of a block."""
    fragments = [
        *({"type": "thinking", "thinking": text} for text in ("h", "m")),
        {"type": "thinking", "thinking": "", "signature": "s1"},
        {"type": "thinking", "thinking": "so", "signature": "s2"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "redacted_thinking", "data": "y"},
    ]
    pieces = [chunk({"thinking_blocks": [one], "reasoning_content": one.get("thinking", "")}) for one in fragments]
    streamed = read(ROLE, *pieces, chunk({"content": "Hi"}), STOP)
    assert streamed.replay == [
        {
            "role": "assistant",
            "content": "Hi",
            "thinking_blocks": [
                {"type": "thinking", "thinking": "hm", "signature": "s1"},
                {"type": "thinking", "thinking": "so", "signature": "s2"},
                *fragments[4:],
            ],
        }
    ]
    assert streamed.reasoning == "hmso"
    assert streamed.hidden_reasoning


def test_thinking_parts_go_back_as_parts() -> None:
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": text}]} for text in ("Let ", "me see")]
    reading = read(
        ROLE, *(chunk({"content": [part]}) for part in thinking), chunk({"content": "4"}), chunk({"content": "2"}), STOP
    )
    assert (reading.text, reading.reasoning) == ("42", "Let me see")
    assert reading.replay[0]["content"] == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Let me see"}]},
        {"type": "text", "text": "42"},
    ]


def test_reasoning_content_goes_back_only_within_a_tool_loop() -> None:
    plain = read_whole(answer({"content": "4", "reasoning_content": "2+2"}))
    assert plain.reasoning == "2+2"
    assert plain.replay == [{"role": "assistant", "content": "4"}]


# -- meanings, errors, previews ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "meaning"),
    [
        (ROLE, Meaning.NOTHING),
        (TEXT, Meaning.TEXT),
        (chunk({"refusal": "No"}), Meaning.TEXT),
        (chunk({"reasoning_content": "hm", "content": ""}), Meaning.REASONING),
        (chunk({"reasoning_content": "hm", "content": "4"}), Meaning.TEXT),
        (chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]}), Meaning.REASONING),
        (call(begin(0, "a", "f")), Meaning.NOTHING),
        (call(F), Meaning.TOOL_ARGUMENTS),
        (STOP, Meaning.NOTHING),
        (COUNT, Meaning.NOTHING),
        (DONE, Meaning.NOTHING),
    ],
)
def test_what_an_event_means_for_the_clock(one: Chunk, meaning: Meaning) -> None:
    line = one if isinstance(one, str) else json.dumps(one)
    (event,) = SseParser().feed(f"data: {line}\n\n".encode())
    assert CHAT.reader(streamed=True).feed(event, 1) is meaning


def test_an_error_inside_a_choice_is_an_error() -> None:
    broken = {
        "index": 0,
        "delta": {"content": ""},
        "finish_reason": "error",
        "error": {"code": 502, "message": "Upstream broke"},
    }
    reading = read(ROLE, TEXT, chunk(choices=[broken]), DONE)
    assert reading.error is not None
    assert (reading.error.message, reading.error.code, reading.error.event) == ("Upstream broke", "502", 3)
    assert reading.text == "Hi"
    assert not reading.ended


def test_a_surrogate_pair_split_over_two_chunks_is_one_character() -> None:
    halves = [json.dumps(chunk({"content": half})) for half in ("\ud83d", "\ude00")]
    assert read(ROLE, *halves, STOP).text == "😀"


@pytest.mark.parametrize(
    ("one", "shown"),
    [
        (ROLE, "assistant"),
        (TEXT, "“Hi”"),
        (chunk({"content": "a\nb\x1b[31m\u202e"}), "“a␊b␛[31m\\u202e”"),
        (chunk({"role": "assistant", "reasoning": "hm"}), "thinking “hm”"),
        (call(begin(0, "a", "get_weather", '{"ci')), 'get_weather({"ci'),
        (call(more(0, 'ty": "P')), 'ty": "P'),
        (STOP, "stop"),
        (chunk({"content": "Hi"}, "stop", usage=usage()), "“Hi” · stop · in 7 · out 3"),
        (COUNT, "in 7 · out 3"),
        (AZURE_FIRST, "filter results of the prompt"),
        ({"error": {"message": "overloaded"}}, "error: overloaded"),
        (DONE, "[DONE]"),
        ("not json", "not json"),
        (chunk({"content": "x" * 200}), f"“{'x' * 119}…”"),
    ],
)
def test_a_preview_says_what_an_event_carries(one: Chunk, shown: str) -> None:
    line = one if isinstance(one, str) else json.dumps(one)
    (event,) = SseParser().feed(f"data: {line}\n\n".encode())
    assert CHAT.preview(event) == shown
