"""Every rule of the Chat Completions catalogue, each by the smallest answer that breaks it; and what breaks none."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.findings import Severity
from app.protocols.reading import ErrorReading
from app.stream.sse import SseParser
from tests.protocols.chat.streams import (
    AZURE_FIRST,
    AZURE_NOTE,
    CALLS,
    CHAT,
    COUNT,
    DONE,
    LINE,
    ROLE,
    STOP,
    TEXT,
    Chunk,
    F,
    answer,
    begin,
    call,
    chunk,
    ids,
    more,
    read,
    read_whole,
    usage,
    without,
)

YO = {"index": 1, "delta": {"content": "Yo"}, "finish_reason": None}
CALLING = {"index": 1, "delta": {"tool_calls": [F]}, "finish_reason": None}
DOUBLED = [piece for piece in ("{", '"x"', ":", "1}") for _ in (1, 2)]
BAD_CALL = {"delta": {"tool_calls": [begin(0, None, None, "{x}")]}, "finish_reason": "tool_calls"}
EMPTY_KEYS = ("id", "object", "created", "model", "service_tier", "system_fingerprint", "obfuscation")
STREAM_CASES: list[tuple[str, list[Chunk]]] = [
    ("C1", [ROLE, TEXT, STOP, COUNT]),
    ("C2", [ROLE, TEXT, STOP, without(COUNT, "choices"), DONE]),
    ("C3", [ROLE, TEXT, STOP, DONE]),
    ("C3", [ROLE, TEXT, STOP | {"x_groq": {"usage": usage()}}, DONE]),
    ("C3a", [ROLE, COUNT, TEXT, STOP, DONE]),
    ("C3b", [ROLE | {"usage": usage()}, TEXT | {"usage": usage()}, STOP | {"usage": usage()}, COUNT, DONE]),
    ("C3c", [ROLE, TEXT, STOP | {"usage": usage()}, DONE]),
    ("C4", [ROLE, call(F), call(begin(0, "b", "g", "{}")), CALLS, COUNT, DONE]),
    ("C4a C5a", [ROLE, call(begin(None, "", "f", "{}")), CALLS, COUNT, DONE]),
    ("C5", [ROLE, call(begin(0, "a", "f")), call(more(0, "{}", id="a")), CALLS, COUNT, DONE]),
    ("C5", [ROLE, call(begin(0, "a", "f", "{")), call(begin(0, None, "f", "}")), CALLS, COUNT, DONE]),
    ("C5a", [ROLE, call(begin(0, None, "f", "{}")), CALLS, COUNT, DONE]),
    ("C5b", [ROLE, call(F), call(begin(1, "a", "g", "{}")), CALLS, COUNT, DONE]),
    ("C6", [ROLE, call(begin(0, "a", "f", '"{\\"x\\": 1}"')), CALLS, COUNT, DONE]),
    ("C6a", [ROLE, call(begin(0, "a", "f", {"x": 1})), CALLS, COUNT, DONE]),
    ("C7", [ROLE, call(begin(0, "a", "f", '{"x"')), call(more(0, ":1}")), call(more(0, '{"x": 1}')), CALLS, COUNT, DONE]),
    ("C8a", [ROLE, TEXT]),
    ("C8a", [ROLE, TEXT, COUNT, DONE]),
    ("C3 C8a", [ROLE, TEXT, DONE]),
    ("C30 C8d", [ROLE, TEXT, STOP, chunk(choices=[YO]), COUNT, DONE]),
    ("C8b", [ROLE, TEXT, CALLS, COUNT, DONE]),
    ("C16", [ROLE, chunk({"role": "assistant", "content": "Hi"}), STOP, COUNT, DONE]),
    ("C17", [ROLE, TEXT | {"object": "chat.completion"}, STOP, COUNT, DONE]),
    ("C17a", [one | {"object": "text_completion"} for one in (ROLE, TEXT, STOP, COUNT)] + [DONE]),
    ("C19a", [without(one, "id") for one in (ROLE, TEXT, STOP, COUNT)] + [DONE]),
    ("C2a", [ROLE, TEXT, chunk(choices=[None]), STOP, COUNT, DONE]),
    ("C2b", [ROLE, chunk(choices=[{"delta": {"content": "Hi"}, "finish_reason": None}]), STOP, COUNT, DONE]),
    ("C2b", [ROLE, chunk(choices=[{"index": "0", "delta": {"content": "Hi"}, "finish_reason": None}]), STOP, COUNT, DONE]),
    ("C3", [ROLE, TEXT, chunk(choices=[{"index": 0, "delta": {}, "finish_reason": "stop", "usage": usage()}]), DONE]),
    ("C3e", [ROLE, TEXT, STOP, COUNT | {"usage": {"input_tokens": 7, "output_tokens": 3}}, DONE]),
    ("C3e", [ROLE, TEXT, STOP, COUNT | {"usage": {"total_tokens": 10}}, DONE]),
    ("C3f", [ROLE, TEXT | {"usage": usage(completion=9, total=16)}, STOP, COUNT, DONE]),
    ("C3g", [ROLE, TEXT | {"usage": usage(9, 1, 10)}, STOP, COUNT, DONE]),
    ("C3g", [ROLE, TEXT, STOP | {"usage": usage(completion=2, total=9)}, COUNT, DONE]),
    ("C37", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt_tokens_details={"cached_tokens": "5"})}, DONE]),
    ("C4b", [ROLE, call(begin(1, "a", "f", "{}")), CALLS, COUNT, DONE]),
    ("C4b", [ROLE, call(begin(0, "a", "f", "{}")), call(begin(2, "b", "g", "{}")), CALLS, COUNT, DONE]),
    ("C5c", [ROLE, call(begin(0, "a", "get_")), call(begin(0, None, "f", "{}")), CALLS, COUNT, DONE]),
    ("C6b", [ROLE, call(begin(0, "a", "f", "")), CALLS, COUNT, DONE]),
    ("C6b", [ROLE, call(begin(0, "a", "f", None)), CALLS, COUNT, DONE]),
    ("C7a", [ROLE, call(begin(0, "a", "f", '{"x"')), call(more(0, '{"x": 1}')), CALLS, COUNT, DONE]),
    ("C7b", [ROLE, call(begin(0, "a", "f", "{}")), call(more(0, '{"x": 1}')), CALLS, COUNT, DONE]),
    ("C21 C28", [ROLE, chunk({"content": "Hi"}, "null"), STOP, COUNT, DONE]),
    ("C22a", [ROLE, call(begin(0, "a", "f", "[1]")), CALLS, COUNT, DONE]),
    ("C22a", [ROLE, call(begin(0, "a", "f", "55")), CALLS, COUNT, DONE]),
    ("C27a", [chunk({"role": "model", "content": ""}), TEXT, STOP, COUNT, DONE]),
    (
        "C35a",
        [ROLE, chunk(choices=[{"index": 0, "delta": {"content": "Hi"}, "message": {"content": "Hi"}}]), STOP, COUNT, DONE],
    ),
    (
        "C35c",
        [ROLE, chunk(choices=[{"index": 0, "delta": {"content": "Hi"}, "message": None}]), STOP, COUNT, DONE],
    ),
    ("C50", [f"{json.dumps(ROLE)}\nevent: thread.message.delta", TEXT, STOP, COUNT, DONE]),
    ("C42", [ROLE, call(without(F, "type")), CALLS, COUNT, DONE]),
    ("C42a", [ROLE, call(F), call(more(0, "", type="")), CALLS, COUNT, DONE]),
    ("C42b", [ROLE, call(F), call({"index": 0}), CALLS, COUNT, DONE]),
    ("C43", [ROLE, chunk({"reasoning_content": "The answer is 4."}), STOP, COUNT, DONE]),
    ("C44", [ROLE, *(chunk({"content": LINE[:end]}) for end in range(4, 45, 8)), STOP, COUNT, DONE]),
    ("C44", [ROLE, *(chunk({"reasoning": LINE[:end]}) for end in range(4, 45, 8)), TEXT, STOP, COUNT, DONE]),
    ("C45", [ROLE, *(chunk({"content": word}) for word in LINE.split() for _ in (1, 2)), STOP, COUNT, DONE]),
    ("C46", [ROLE, *(chunk({"content": half}) for half in (LINE[:9], LINE[9:], LINE)), STOP, COUNT, DONE]),
    ("C47", [ROLE, *(chunk({"annotations": [{"type": "url_citation"}]}) for _ in (1, 2)), TEXT, STOP, COUNT, DONE]),
    ("C48", [ROLE, chunk({"content": "a\ud83d"}), STOP, COUNT, DONE]),
    ("C49", [ROLE, TEXT | {"created": 1.5}, STOP, COUNT, DONE]),
    ("C49", [ROLE, without(TEXT, "created"), STOP, COUNT, DONE]),
    ("C46", [ROLE, *(chunk({"content": half}) for half in (LINE[:9], LINE[9:]) * 2), STOP, COUNT, DONE]),
    ("C7", [ROLE, call(begin(0, "a", "f", "")), *(call(more(0, one)) for one in DOUBLED), CALLS, COUNT, DONE]),
    ("C4c", [ROLE, call(begin(0, "a", "f", "")), call(more(1, '{"x"')), call(more(2, ": 1}")), CALLS, COUNT, DONE]),
    ("C30a", [ROLE, chunk(choices=[{"index": 0, "delta": {"content": "Hi"}}] * 2), STOP, COUNT, DONE]),
    ("C30 C30a C8d", [ROLE, TEXT, chunk(choices=[CALLING]), CALLS, COUNT, DONE]),
    ("C25", [ROLE, TEXT, {"detail": "Internal Server Error"}]),
    ("C25", [ROLE, TEXT, {"code": 500, "message": "model crashed", "data": None}]),
    ("C25", [ROLE, TEXT, {"error_code": 336003, "error_msg": "odd messages"}]),
    ("C25", [ROLE, TEXT, STOP | {"base_resp": {"status_code": 1027, "status_msg": "sensitive"}}]),
    ("C18", [ROLE, TEXT, STOP, TEXT, COUNT, DONE]),
    ("C19", [ROLE, TEXT | {"id": "d"}, STOP, COUNT, DONE]),
    ("C20", [ROLE, TEXT | {"model": "n"}, STOP, COUNT, DONE]),
    ("C21", [ROLE, TEXT, chunk({}, "eos"), COUNT, DONE]),
    ("C22", [ROLE, call(begin(0, "a", "f", "{x}")), CALLS, COUNT, DONE]),
    ("C23", [DONE]),
    ("C23", [COUNT, DONE]),
    ("C24", [ROLE, TEXT, STOP, COUNT, DONE, TEXT]),
    ("C24a", [ROLE, TEXT, STOP, COUNT, DONE, DONE]),
    ("C25", [ROLE, TEXT, {"error": {"message": "overloaded"}}]),
    ("C25", [ROLE, TEXT, {"object": "error", "message": "overloaded", "code": 400}]),
    ("C25", [ROLE, TEXT, {"object": "error", "message": "overloaded"}]),
    ("C25", [ROLE, TEXT, {"type": "error", "message": "overloaded"}]),
    ("C26", [ROLE, "hello", TEXT, STOP, COUNT, DONE]),
    ("C26", [ROLE, "hello", TEXT, "hello", STOP, COUNT, DONE]),
    ("C26", [ROLE, "null", TEXT, STOP, COUNT, DONE]),
    ("C26", [ROLE, TEXT, STOP, COUNT, " [DONE]"]),  # the SDKs take one blank away, and look for the mark at the beginning
    ("C26b", [ROLE, json.dumps(TEXT | {"x": float("nan")}), STOP, COUNT, DONE]),
    ("C27", [TEXT, STOP, COUNT, DONE]),
    ("C27c", [TEXT, ROLE, STOP, COUNT, DONE]),
    ("C16 C27c", [TEXT, ROLE, ROLE, STOP, COUNT, DONE]),
    ("C28", [ROLE, TEXT, STOP, STOP, COUNT, DONE]),
    ("C29", [ROLE, chunk({"content": "Hi"}, ""), STOP, COUNT, DONE]),
    (
        "C30",
        [ROLE, TEXT, chunk(choices=[{"index": 1, "delta": {"content": "Yo"}, "finish_reason": "stop"}]), STOP, COUNT, DONE],
    ),
    ("C31", [ROLE, chunk({"content": [{"type": "text", "text": "Hi"}]}), STOP, COUNT, DONE]),
    ("C31", [chunk({"role": "assistant", "content": []}), TEXT, STOP, COUNT, DONE]),
    ("C32", [ROLE, chunk({"function_call": {"name": "f", "arguments": "{}"}}), chunk({}, "function_call"), COUNT, DONE]),
    ("C33", [ROLE, {"type": "ping"}, TEXT, STOP, COUNT, DONE]),
    ("C33", [ROLE, {}, TEXT, STOP, COUNT, DONE]),
    ("C25 C34", [ROLE, {"error": "boom"}, TEXT]),
    ("C35", [ROLE, chunk(choices=[{"index": 0, "message": {"content": "Hi"}}]), STOP, COUNT, DONE]),
    ("C36", [ROLE, TEXT, STOP, COUNT | {"usage": usage(total=11)}, DONE]),
    ("C37", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt="7")}, DONE]),
    ("C37", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion=-3)}, DONE]),
    ("C38", [ROLE, call(begin(0, "a", None, "{}")), CALLS, COUNT, DONE]),
    ("C3a", [ROLE, TEXT, STOP, COUNT, chunk(choices=[], usage=None), DONE]),
    ("C3a", [ROLE, TEXT, STOP, COUNT, {"choices": [], "usage": None, **dict.fromkeys(EMPTY_KEYS)}, DONE]),
    (
        "C39",
        [chunk(choices=[{"index": 1, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]), COUNT, DONE],
    ),
    ("C39", [chunk(choices=[YO | {"delta": {"role": "assistant"}}]), chunk(choices=[YO | BAD_CALL]), COUNT, DONE]),
    ("C40", [ROLE, chunk({"text": "Hi"}), STOP, COUNT, DONE]),
    ("C41", [ROLE, chunk({"content": {"text": "Hi"}}), STOP, COUNT, DONE]),
    ("C41", [ROLE, TEXT, chunk({"tool_calls": {"index": 0}}), STOP, COUNT, DONE]),
    ("C41a", [ROLE, chunk({"reasoning": {"content": "Hm"}}), TEXT, STOP, COUNT, DONE]),
    ("C41a", [ROLE, TEXT, chunk({"role": ""}, "stop"), COUNT, DONE]),
    ("C41a", [one | {"error": {}} for one in (ROLE, TEXT, STOP, COUNT)] + [DONE]),
    ("C41b", [ROLE, chunk(choices=[{"index": 0, "delta": {"content": "Hi"}, "logprobs": []}]), STOP, COUNT, DONE]),
    ("C41b", [ROLE, TEXT | {"moderation": ""}, STOP, COUNT, DONE]),
    ("C41c", [ROLE, TEXT | {"usage": "none"}, STOP, COUNT, DONE]),
    ("U1", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt=0, total=3)}, DONE]),
    ("U1a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion=0, total=7)}, DONE]),
    ("U2", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt_tokens_details={"cached_tokens": 8})}, DONE]),
    ("U5a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt_cache_hit_tokens=5)}, DONE]),
    ("U2a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(total=14, completion_tokens_details={"reasoning_tokens": 4})}, DONE]),
    ("U2a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion_tokens_details={"reasoning_tokens": 4})}, DONE]),
]
WHOLE_CASES: list[tuple[str, Any]] = [
    ("C3d", without(answer({"content": "Hi"}), "usage")),
    ("C8c", answer({"content": "Hi"}, "")),
    ("C6a", answer({"tool_calls": [begin(None, "a", "f", {"x": 1})]}, "tool_calls")),
    ("C23", {"success": True}),
    ("C25a", answer({"content": "Hi"}) | {"error": {"message": "boom"}}),
    ("C22a", answer({"tool_calls": [begin(None, "a", "f", "5")]}, "tool_calls")),
    ("C27b", answer({"role": "ai", "content": "Hi"})),
    ("C35b", answer({}) | {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}),
    ("C35b", answer({}) | {"choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}]}),
    ("C31", answer({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Hi"}]})),
]


@pytest.mark.parametrize(("expected", "chunks"), STREAM_CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(STREAM_CASES)])
def test_what_is_wrong_with_a_stream_is_found_and_nothing_else(expected: str, chunks: list[Chunk]) -> None:
    reading = read(*chunks)
    assert ids(reading) == expected.split()
    assert all(one.event is None or 1 <= one.event <= len(chunks) for one in reading.findings)


@pytest.mark.parametrize(("expected", "value"), WHOLE_CASES, ids=[case[0] for case in WHOLE_CASES])
def test_what_is_wrong_with_a_whole_answer_is_found_and_nothing_else(expected: str, value: Any) -> None:
    assert ids(read_whole(value)) == [expected]


@pytest.mark.parametrize(
    "body", [b'{"choices":[{"index":0', b'{"choices":[]} trailing', b'{"a":1}{"b":2}', b'{"a": NaN}', b"[1,"]
)
def test_a_document_that_is_no_json(body: bytes) -> None:
    reader = CHAT.reader(streamed=False)
    reader.read_whole(body, 200)
    assert ids(reader.finish()) == ["C26a"]


def test_a_stream_that_never_came_has_no_findings() -> None:
    assert CHAT.reader(streamed=True).finish().findings == []


def test_a_name_behind_the_first_arguments_counts() -> None:
    (one,) = read(ROLE, call(more(0, "{}")), call(begin(0, "a", "f")), CALLS, COUNT, DONE).tool_calls
    assert (one.id, one.name, one.arguments) == ("a", "f", {})


def test_the_only_choice_is_read_whatever_its_index() -> None:
    one = {"index": 1, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    reading = read(chunk(choices=[one]), COUNT, DONE)
    assert (reading.text, reading.stop_reason, reading.ended) == ("Hi", "stop", True)


TOOLS: dict[str, Any] = {"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]}
FUNCTIONS: dict[str, Any] = {"messages": [], "functions": [{"name": "f"}]}
OLD_CALL = chunk({"function_call": {"name": "f", "arguments": "{}"}})
# What only the request decides: ids above a note, the request, the chunks.
ASKED_CASES: list[tuple[str, dict[str, Any], list[Chunk]]] = [
    ("C8", TOOLS, [ROLE, call(F), STOP, COUNT, DONE]),
    ("C8", TOOLS, [ROLE, call(F), chunk({}, "function_call"), COUNT, DONE]),
    ("C8", TOOLS | {"tool_choice": "required"}, [ROLE, call(F), STOP, COUNT, DONE]),
    ("", TOOLS | {"tool_choice": {"type": "function", "function": {"name": "f"}}}, [ROLE, call(F), STOP, COUNT, DONE]),
    ("", TOOLS, [ROLE, call(F), CALLS, COUNT, DONE]),
    ("C32a", TOOLS, [ROLE, OLD_CALL, chunk({}, "function_call"), COUNT, DONE]),
    ("", FUNCTIONS, [ROLE, OLD_CALL, chunk({}, "function_call"), COUNT, DONE]),
    ("", FUNCTIONS | {"function_call": {"name": "f"}}, [ROLE, OLD_CALL, STOP, COUNT, DONE]),
    ("C8", FUNCTIONS, [ROLE, OLD_CALL, STOP, COUNT, DONE]),
]


@pytest.mark.parametrize(("expected", "request_", "chunks"), ASKED_CASES)
def test_what_the_request_decides(expected: str, request_: dict[str, Any], chunks: list[Chunk]) -> None:
    reading = read(*chunks)
    found = [*reading.findings, *findings_of_answer(CHAT, reading, json.dumps(request_).encode())]
    assert [one.id for one in found if one.severity is not Severity.NOTE] == expected.split()


def test_the_whole_answer_behind_its_deltas_is_read_once() -> None:
    """MiniMax ends a stream with a chunk that holds the whole message."""
    whole = {"index": 0, "message": {"role": "assistant", "content": "Hi there"}, "finish_reason": "stop"}
    assert read(ROLE, TEXT, chunk({"content": " there"}), chunk(choices=[whole])).text == "Hi there"


@pytest.mark.parametrize(
    "pieces",
    [
        ["ha"] * 12,
        ["a" * size for size in range(1, 9)],
        ["=", "=", "-", "-"],
        ["\n" * size + "x" for size in range(1, 9)],
        [LINE[:20], LINE[20:], LINE[:20]],
    ],
)
def test_what_a_model_repeats_is_no_repetition_of_the_endpoint(pieces: list[str]) -> None:
    assert read(ROLE, *(chunk({"content": piece}) for piece in pieces), STOP, COUNT, DONE).findings == []


@pytest.mark.parametrize(
    ("chunks", "event"),
    [
        ([ROLE, *(chunk({"content": LINE[:end]}) for end in range(4, 45, 8)), STOP], 3),
        ([ROLE, *(chunk({"content": word}) for word in LINE.split() for _ in (1, 2)), STOP], 3),
        ([ROLE, *(chunk({"content": half}) for half in (LINE[:9], LINE[9:], LINE)), STOP], 4),
    ],
)
def test_a_repetition_is_told_where_it_begins(chunks: list[Chunk], event: int) -> None:
    assert [one.event for one in read(*chunks, DONE, asked_usage=False).findings] == [event]


GOOD = [
    [ROLE, TEXT, STOP, COUNT, DONE],
    [AZURE_FIRST, ROLE, AZURE_NOTE, TEXT, STOP, AZURE_NOTE, COUNT, AZURE_NOTE, DONE],
    [ROLE, TEXT, STOP, COUNT, chunk(choices=[], moderation={}), DONE],  # OpenAI, with moderation asked for
    [ROLE, chunk({"refusal": "I can't"}), STOP, COUNT, DONE],
    [ROLE, call(begin(0, "a", "f", '{"x')), chunk({}, "length"), COUNT, DONE],  # cut at the limit
    [ROLE, call(begin(0, "a", "f", '{"x')), chunk({}, "content_filter"), COUNT, DONE],
    [ROLE, call({"index": 0, "id": "a", "type": "custom", "custom": {"name": "f", "input": "SELECT"}}), CALLS, COUNT, DONE],
    [ROLE, chunk({"content": "An error occurs when 404 pages are cached."}), STOP, COUNT, DONE],
    [ROLE, chunk({"content": "Error 404 means that a page was not found."}), STOP, COUNT, DONE],
    [ROLE, chunk({"content": "<!DOCTYPE html><html><head><title>Boats</title></head></html>"}), STOP, COUNT, DONE],
    [ROLE, chunk({"content": '{"error": null, "harbours": 3}'}), STOP, COUNT, DONE],
    [
        AZURE_FIRST,
        ROLE,
        AZURE_NOTE | {"choices": [{"index": 0, "delta": {}, "finish_reason": None, "content_filter_results": {}}]},
        TEXT,
        STOP,
        COUNT,
        DONE,
    ],
    [ROLE, TEXT, chunk({"annotations": [{"type": "url_citation"}]}), STOP, COUNT, DONE],  # gpt-4o-search-preview
    [ROLE, chunk({"audio": {"id": "a", "transcript": "Hi"}}), chunk({"audio": {"data": "AA=="}}), STOP, COUNT, DONE],
    [ROLE, TEXT | {"error": None}, STOP, COUNT, DONE],
]


@pytest.mark.parametrize("chunks", GOOD)
def test_what_official_endpoints_do_breaks_no_rule(chunks: list[Chunk]) -> None:
    reading = read(*chunks)
    assert reading.findings == []
    assert reading.ended
    assert reading.error is None


def test_whether_the_answer_has_ended_is_told_by_its_own_choice() -> None:
    assert read(ROLE, TEXT, STOP, chunk(choices=[YO])).ended
    assert read(ROLE, TEXT, chunk(choices=[YO]), STOP).ended
    assert not read(ROLE, TEXT, chunk(choices=[YO | {"delta": {}, "finish_reason": "stop"}])).ended


def test_a_call_in_another_choice_is_the_answers_where_its_reason_promises_one() -> None:
    reading = read(ROLE, TEXT, chunk(choices=[CALLING]), CALLS, COUNT, DONE)
    assert [one.name for one in reading.tool_calls] == ["f"]
    assert [one["id"] for one in cast(list[Any], reading.replay[0]["tool_calls"])] == ["a"]
    assert read(ROLE, TEXT, chunk(choices=[CALLING]), STOP, COUNT, DONE).tool_calls == []


@pytest.mark.parametrize("indexes", [(0, 0), (0, 1)])
def test_text_and_call_in_two_choices_of_a_whole_answer_are_one(indexes: tuple[int, int]) -> None:
    told = [
        {"index": indexes[0], "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "tool_calls"},
        {
            "index": indexes[1],
            "message": {"role": "assistant", "tool_calls": [without(F, "index")]},
            "finish_reason": "tool_calls",
        },
    ]
    reading = read_whole(answer({}) | {"choices": told})
    assert (reading.text, [one.name for one in reading.tool_calls], reading.stop_reason) == ("Hi", ["f"], "tool_calls")
    assert "C30a" in ids(reading)
    assert "C8b" not in ids(reading)


def test_two_texts_under_one_index_are_two_answers() -> None:
    told = answer({"content": "Hi"})["choices"] + answer({"content": "Yo"})["choices"]
    reading = read_whole(answer({}) | {"choices": told})
    assert (reading.text, ids(reading)) == ("Hi", ["C30"])


def test_fragments_that_are_numbered_one_by_one_are_one_call() -> None:
    (one,) = read(ROLE, call(begin(0, "a", "f", "")), call(more(1, '{"x"')), call(more(2, ": 1}")), CALLS).tool_calls
    assert one.arguments == {"x": 1}
    two = read(ROLE, call(begin(0, "a", "f", "{}")), call(more(1, "{}")), CALLS).tool_calls
    assert len(two) == 2


def test_an_event_called_error_is_one_whatever_its_data() -> None:
    reader = CHAT.reader(streamed=True)
    (event,) = SseParser().feed(b'event: error\ndata: {"message": "overloaded"}\n\n')
    reader.feed(event, 1)
    assert ids(reader.finish()) == ["C25"]
    assert reader.reading.error == ErrorReading("overloaded", event=1)


def test_usage_where_no_sdk_looks_counts_only_as_long_as_there_is_no_other() -> None:
    groq = TEXT | {"x_groq": {"usage": usage(prompt=1, queue_time=0.5)}}
    for chunks in ([groq, COUNT], [COUNT, groq]):
        reading = read(ROLE, STOP, *chunks, DONE)
        assert reading.usage is not None
        assert reading.usage.raw == COUNT["usage"]


def test_usage_that_was_not_asked_for_is_not_missed() -> None:
    assert ids(read(ROLE, TEXT, STOP, DONE, asked_usage=False)) == []
