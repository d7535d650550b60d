"""Every deviation of the Chat Completions catalogue, each by the smallest answer that has it; and what is not one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.chat import rules, rules_calls, rules_usage
from app.protocols.chat.grammar import AT_END, CHOICE, STREAM, Came, Part, Stream
from app.protocols.chat.grammar import Choice as ChoiceState
from app.protocols.chat.protocol import OpenAIChat
from app.protocols.findings import Rule, Severity
from app.protocols.reading import Meaning, Reading
from app.stream.sse import SseParser

CHAT = OpenAIChat()
CATALOGUES = (rules, rules_calls, rules_usage)
ROWS = [row for catalogue in CATALOGUES for row in vars(catalogue).values() if isinstance(row, Rule)]
Chunk = dict[str, Any] | str


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **other: Any) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return {**head, "choices": [choice], **other}


def call(*fragments: dict[str, Any]) -> dict[str, Any]:
    return chunk({"tool_calls": list(fragments)})


def begin(index: int | None, call_id: str | None, name: str | None, arguments: Any = "") -> dict[str, Any]:
    fragment = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return fragment if index is None else {"index": index, **fragment}


def more(index: int, arguments: str, **other: Any) -> dict[str, Any]:
    return {"index": index, "function": {"arguments": arguments}, **other}


def usage(prompt: Any = 7, completion: Any = 3, total: Any = 10, **other: Any) -> dict[str, Any]:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total, **other}


ROLE = chunk({"role": "assistant", "content": ""})
TEXT = chunk({"content": "Hi"})
STOP = chunk({}, "stop")
CALLS = chunk({}, "tool_calls")
COUNT = chunk(choices=[], usage=usage())
DONE = "[DONE]"
F = begin(0, "a", "f", "{}")
LINE = "The river runs past the old mill and goes on to the sea."
AZURE_FIRST = {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []}
AZURE_NOTE = {
    "choices": [{"index": 0, "finish_reason": None, "content_filter_results": {}, "content_filter_offsets": {}}],
    "created": 0,
    "id": "",
    "model": "",
    "object": "",
}


def without(source: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name != key}


def read(*chunks: Chunk, asked_usage: bool = True) -> Reading:
    lines = (one if isinstance(one, str) else json.dumps(one) for one in chunks)
    reader = CHAT.reader(streamed=True, asked_usage=asked_usage)
    for number, event in enumerate(SseParser().feed("".join(f"data: {line}\n\n" for line in lines).encode()), 1):
        reader.feed(event, number)
    return reader.finish()


def read_whole(value: Any, status: int = 200) -> Reading:
    reader = CHAT.reader(streamed=False)
    reader.read_whole(json.dumps(value).encode(), status)
    return reader.finish()


def answer(message: dict[str, Any], finish: str | None = "stop", **other: Any) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion", "model": "m", "choices": [choice], "usage": usage(), **other}


def ids(reading: Reading) -> list[str]:
    return sorted(finding.id for finding in reading.findings)


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
    ("C27a", [chunk({"role": "model", "content": ""}), TEXT, STOP, COUNT, DONE]),
    (
        "C35a",
        [ROLE, chunk(choices=[{"index": 0, "delta": {"content": "Hi"}, "message": {"content": "Hi"}}]), STOP, COUNT, DONE],
    ),
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
    ("C50", [ROLE, chunk({"content": "caf\ufffd"}), chunk({"content": "\ufffd!"}), STOP, COUNT, DONE]),
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
    ("C26", [ROLE, "hello", TEXT, STOP, COUNT, DONE]),
    ("C26", [ROLE, "null", TEXT, STOP, COUNT, DONE]),
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
    ("C32", [ROLE, chunk({"function_call": {"name": "f", "arguments": "{}"}}), chunk({}, "function_call"), COUNT, DONE]),
    ("C33", [ROLE, {"type": "ping"}, TEXT, STOP, COUNT, DONE]),
    ("C25 C34", [ROLE, {"error": "boom"}, TEXT]),
    ("C35", [ROLE, chunk(choices=[{"index": 0, "message": {"content": "Hi"}}]), STOP, COUNT, DONE]),
    ("C36", [ROLE, TEXT, STOP, COUNT | {"usage": usage(total=11)}, DONE]),
    ("C37", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt="7")}, DONE]),
    ("C37", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion=-3)}, DONE]),
    ("C38", [ROLE, call(begin(0, "a", None, "{}")), CALLS, COUNT, DONE]),
    ("C3a", [ROLE, TEXT, STOP, COUNT, chunk(choices=[], usage=None), DONE]),
    (
        "C39",
        [chunk(choices=[{"index": 1, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}]), COUNT, DONE],
    ),
    ("C40", [ROLE, chunk({"text": "Hi"}), STOP, COUNT, DONE]),
    ("C41", [ROLE, chunk({"content": {"text": "Hi"}}), STOP, COUNT, DONE]),
    ("C41", [ROLE, TEXT, chunk({"tool_calls": {"index": 0}}), STOP, COUNT, DONE]),
    ("U1", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt=0, total=3)}, DONE]),
    ("U1a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion=0, total=7)}, DONE]),
    ("U2", [ROLE, TEXT, STOP, COUNT | {"usage": usage(prompt_tokens_details={"cached_tokens": 8})}, DONE]),
    ("U2a", [ROLE, TEXT, STOP, COUNT | {"usage": usage(completion_tokens_details={"reasoning_tokens": 4})}, DONE]),
]
WHOLE_CASES: list[tuple[str, Any]] = [
    ("C3d", without(answer({"content": "Hi"}), "usage")),
    ("C8c", answer({"content": "Hi"}, "")),
    ("C6a", answer({"tool_calls": [begin(None, "a", "f", {"x": 1})]}, "tool_calls")),
    ("C23", {"success": True}),
    ("C22a", answer({"tool_calls": [begin(None, "a", "f", "5")]}, "tool_calls")),
    ("C27b", answer({"role": "ai", "content": "Hi"})),
    ("C35b", answer({}) | {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}),
    ("C35b", answer({}) | {"choices": [{"index": 0, "text": "Hi", "finish_reason": "stop"}]}),
    ("C31", answer({"content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "Hi"}]})),
]


@pytest.mark.parametrize(("expected", "chunks"), STREAM_CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(STREAM_CASES)])
def test_a_deviation_of_a_stream_is_found_and_nothing_else(expected: str, chunks: list[Chunk]) -> None:
    reading = read(*chunks)
    assert ids(reading) == expected.split()
    for finding in reading.findings:
        assert finding.event is None or 1 <= finding.event <= len(chunks)
        assert "{detail}" not in finding.sentence + finding.plain


@pytest.mark.parametrize(("expected", "value"), WHOLE_CASES, ids=[case[0] for case in WHOLE_CASES])
def test_a_deviation_of_a_whole_answer_is_found_and_nothing_else(expected: str, value: Any) -> None:
    assert ids(read_whole(value)) == [expected]


@pytest.mark.parametrize("body", [b'{"choices":[{"index":0', b'{"choices":[]} trailing', b'{"a":1}{"b":2}', b'{"a": NaN}'])
def test_a_document_that_is_no_json(body: bytes) -> None:
    reader = CHAT.reader(streamed=False)
    reader.read_whole(body, 200)
    assert ids(reader.finish()) == ["C26a"]


def test_a_stream_that_never_came_is_not_blamed() -> None:
    assert CHAT.reader(streamed=True).finish().findings == []


def test_a_name_behind_the_first_arguments_counts() -> None:
    (one,) = read(ROLE, call(more(0, "{}")), call(begin(0, "a", "f")), CALLS, COUNT, DONE).tool_calls
    assert (one.id, one.name, one.arguments) == ("a", "f", {})


def test_the_only_choice_is_read_whatever_its_index() -> None:
    one = {"index": 1, "delta": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}
    reading = read(chunk(choices=[one]), COUNT, DONE)
    assert (reading.text, reading.stop_reason, reading.ended) == ("Hi", "stop", True)


def test_every_row_of_the_catalogue_has_a_case() -> None:
    cases = {found for expected, _ in [*STREAM_CASES, *WHOLE_CASES] for found in expected.split()} | {"C26a"}
    cases |= {found for expected, *_ in ASKED_CASES for found in expected.split()}
    assert cases == {row.id for row in ROWS}
    assert len({row.id for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert all((row.title, row.sentence, row.plain, row.hurts, row.remedy))
        assert "{" not in row.title
        row.sentence.format(detail="x")
        row.plain.format(detail="x")


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
    [ROLE, call(begin(0, "a", "f", '{"x')), chunk({}, "length"), COUNT, DONE],  # cut at the limit: no fault
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
def test_what_official_endpoints_do_is_no_deviation(chunks: list[Chunk]) -> None:
    reading = read(*chunks)
    assert reading.findings == []
    assert reading.ended
    assert reading.error is None


def test_usage_that_was_not_asked_for_is_not_missed() -> None:
    assert ids(read(ROLE, TEXT, STOP, DONE, asked_usage=False)) == []


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
        (chunk({"content": "a\nb\x1b[31m\u202e"}), "“a␊b␛[31m\ufffd”"),
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
    ],
)
def test_a_preview_says_what_an_event_carries(one: Chunk, shown: str) -> None:
    line = one if isinstance(one, str) else json.dumps(one)
    (event,) = SseParser().feed(f"data: {line}\n\n".encode())
    assert CHAT.preview(event) == shown


def test_the_grammar_has_an_answer_for_everything() -> None:
    assert set(STREAM) == set(AT_END) == set(Stream)
    assert set(CHOICE) == set(ChoiceState)
    assert all(set(row) == set(Came) for row in STREAM.values())
    assert all(set(row) == set(Part) for row in CHOICE.values())
