"""What an answer is held against: its own words, and the request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any.answer_findings import find_lost, findings_of_answer
from app.protocols.any.rules import REASONING_REPEATED
from app.protocols.findings import Place
from app.protocols.reading import ErrorReading, Reading, ToolCall, Usage
from app.protocols.registry import protocol

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"


def ids(protocol_id: str, stop: str, tokens: int | None, asked: dict[str, Any], **fields: Any) -> list[str]:
    usage = Usage(output_tokens=tokens)
    reading = Reading(ended=True, text="Hi", model="m", stop_reason=stop, usage=usage, **fields)
    return [one.id for one in findings_of_answer(protocol(protocol_id), reading, json.dumps(asked).encode())]


@pytest.mark.parametrize(
    ("protocol_id", "stop", "asked"),
    [
        (A, "end_turn", {"max_tokens": 40}),
        (C, "stop", {"max_tokens": 40}),
        (C, "stop", {"max_completion_tokens": 40, "max_tokens": 90, "n": 1}),
        (R, "completed", {"max_output_tokens": 40}),
    ],
)
def test_a_limit_reached_to_the_token_and_not_told(protocol_id: str, stop: str, asked: dict[str, Any]) -> None:
    assert ids(protocol_id, stop, 40, asked) == ["G8"]


@pytest.mark.parametrize(
    ("protocol_id", "stop", "tokens", "asked"),
    [
        (A, "max_tokens", 40, {"max_tokens": 40}),
        (C, "length", 40, {"max_tokens": 40}),
        (R, "incomplete", 40, {"max_output_tokens": 40}),
        (C, "stop", 39, {"max_tokens": 40}),
        (C, "stop", 40, {"max_tokens": 40, "n": 2}),
        (C, "stop", None, {"max_tokens": 40}),
        (C, "stop", 40, {}),
    ],
)
def test_no_limit_is_missed(protocol_id: str, stop: str, tokens: int | None, asked: dict[str, Any]) -> None:
    assert ids(protocol_id, stop, tokens, asked) == []


def told(protocol_id: str, stop: str, tokens: int, asked: dict[str, Any], **fields: Any) -> list[str]:
    reading = Reading(ended=True, text="Hi", model="m", stop_reason=stop, usage=Usage(output_tokens=tokens), **fields)
    return [one.sentence for one in findings_of_answer(protocol(protocol_id), reading, json.dumps(asked).encode())]


def test_a_tiny_limit_is_often_reached_by_chance_and_told_in_other_words() -> None:
    assert told(R, "completed", 5, {"max_output_tokens": 5}) == [
        "The answer has as many tokens as were allowed (5, 'completed'): it may have been cut, though it says that it ended by"
        " itself."
    ]
    assert told(C, "stop", 16, {"max_tokens": 16})[0].endswith("it was probably cut.")
    assert ids(C, "stop", 15, {"max_tokens": 16}) == []


def test_a_call_that_is_cut_off_at_the_limit() -> None:
    torn = ToolCall("c1", "f", '{"city": "Par')
    asked = {"max_tokens": 64}
    assert (
        "break off there; yet the reason is 'tool_calls', as if it were whole."
        in told(C, "tool_calls", 64, asked, tool_calls=[torn])[0]
    )
    assert "G8" in ids(A, "tool_use", 64, asked, tool_calls=[torn])
    assert "G8" in ids(R, "completed", 64, {"max_output_tokens": 64}, tool_calls=[torn])
    assert "G8" not in ids(C, "tool_calls", 63, asked, tool_calls=[torn])
    assert "G8" not in ids(C, "length", 64, asked, tool_calls=[torn])
    custom = ToolCall("c1", "patch", "*** Begin Patch")
    assert "G8" not in ids(R, "completed", 64, {"max_output_tokens": 64}, tool_calls=[custom])


def test_a_tool_call_is_a_reason_of_its_own() -> None:
    call = ToolCall("c1", "f", "{}", {}, parsed=True)
    assert "G8" not in ids(R, "completed", 40, {"max_output_tokens": 40}, tool_calls=[call])


@pytest.mark.parametrize(
    ("protocol_id", "stop"), [(A, "tool_use"), (A, "end_turn"), (C, "tool_calls"), (C, "stop"), (R, "completed")]
)
def test_a_call_that_breaks_off_at_the_limit_was_cut_there(protocol_id: str, stop: str) -> None:
    cut = ToolCall("c1", "f", '{"path": "a')
    asked = {"max_output_tokens" if protocol_id == R else "max_tokens": 64}
    assert "G8" in ids(protocol_id, stop, 64, asked, tool_calls=[cut])
    assert "G8" not in ids(protocol_id, stop, 63, asked, tool_calls=[cut])
    assert "G8" not in ids(protocol_id, "length", 64, asked, tool_calls=[cut])


# -- characters that were lost ---------------------------------------------------------------------------------------


def lost(text: str = "Hi", stop: str = "stop", request: bytes = b"{}", **fields: Any) -> list[tuple[str, int | None]]:
    reading = Reading(ended=True, text=text, model="m", stop_reason=stop, **fields)
    found = findings_of_answer(protocol(C), reading, request, Place(4, 80))
    return [(one.sentence, one.event) for one in found if one.id == "G9"]


def test_characters_that_were_lost_are_told_with_place_and_count() -> None:
    behind = "was destroyed before it came here."
    told = "2 replacement characters (U+FFFD) in the text, the first in “A caf��, s'il vou”: what stood there " + behind
    assert lost("A caf��, s'il vous plait") == [(told, 4)]
    ((sentence, event),) = lost(reasoning="平� Hm")
    assert (sentence, event) == (
        f"1 replacement character (U+FFFD) in the reasoning, the first in “平� Hm”: what stood there {behind}",
        4,
    )
    call = ToolCall("c1", "f", '{"a": "�"}')
    ((sentence, event),) = lost(tool_calls=[call])
    assert sentence.startswith('1 replacement character (U+FFFD) in the arguments of \'f\', the first in “{"a": "�"}”')


@pytest.mark.parametrize(
    ("text", "stop", "request_"),
    [
        ("Your file holds � twice.", "stop", '{"messages": ["what is � here?"]}'.encode()),
        ("Your file holds � twice.", "stop", b'{"messages": ["what is \\ufffd here?"]}'),
        ("� is U+FFFD, the replacement character.", "stop", b""),
        ("Cut in a character: 平�", "length", b""),
        ("In Python `b'\\xff'.decode('utf-8', 'replace')` gives `'�'`.", "stop", b""),
        ("Then “�” stands there.", "stop", b""),
    ],
)
def test_an_answer_may_well_hold_that_character(text: str, stop: str, request_: bytes) -> None:
    assert lost(text, stop, request_) == []


def test_what_is_not_on_the_wire_was_not_lost_there() -> None:
    reading = Reading(ended=True, text="caf�", model="m", stop_reason="stop")
    assert list(findings_of_answer(protocol(C), reading, b"")) == []


@pytest.mark.parametrize(("data", "at"), [(b"ab\xef\xbf\xbd", 2), (b'{"a": "\\uFffd"}', 7), (b"\xff\xfd", -1)])
def test_where_the_first_of_them_stands_on_the_wire(data: bytes, at: int) -> None:
    assert find_lost(data) == at


# -- of a text alone -------------------------------------------------------------------------------------------------

OFFERED = b'{"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]}'


def ids_of_text(text: str) -> list[str]:
    reading = Reading(text=text, ended=True, model="m", stop_reason="stop")
    return [one.id for one in findings_of_answer(protocol("openai-chat"), reading, OFFERED)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hm.\n</think>\n\nHi", ["G1"]),
        ("Hm.\n</thinking> \nHi", ["G1"]),
        ("Hm <think>.\n</think>\n\nHi", []),
        ("Put </think> behind it.", []),
        ("upstream error: 502", ["C12"]),
        ('\n```json\n{"name": "f", "arguments": {}}\n```\n', ["G5"]),
        ('{"name": "g", "arguments": {}}', []),
    ],
)
def test_what_a_text_shows(text: str, found: list[str]) -> None:
    assert ids_of_text(text) == found


def test_text_that_was_encoded_twice_is_looked_for_up_to_a_length() -> None:
    garbled = "Ã©" * 100_000
    assert ids_of_text(garbled) == ["G7"]
    assert ids_of_text(garbled + "Ã©") == []


@pytest.mark.parametrize("text", ["\n" * 2_000_000 + "x\n</think", "{}" + " " * 19_000 + "x", "\n</think " * 200_000])
def test_an_endless_text_is_read_in_time(text: str) -> None:
    """Patterns that look at each place anew would take minutes for it."""
    assert ids_of_text(text) == []


THOUGHT = "They ask for the tide at Brest, so I look it up first."


@pytest.mark.parametrize(
    ("reasoning", "text", "found"),
    [
        (THOUGHT, f"{THOUGHT}\n\nHigh.", ["G14"]),
        (f"{THOUGHT}\n", THOUGHT, ["G14"]),
        (THOUGHT, "High.", []),
        ("Hm.", "Hm. High.", []),
    ],
)
def test_reasoning_that_stands_in_the_text_as_well(reasoning: str, text: str, found: list[str]) -> None:
    reading = said(text, reasoning=reasoning)
    told = list(findings_of_answer(protocol(C), reading, b""))
    assert [one.id for one in told] == found
    assert all(one.sentence == f"The text begins with the whole reasoning once more: “{THOUGHT}”" for one in told)


@pytest.mark.parametrize("protocol_id", [A, C, R])
def test_an_error_as_text_is_one_whatever_the_end_and_the_protocol(protocol_id: str) -> None:
    cut = Reading(text="upstream error: 502")
    (found,) = findings_of_answer(protocol(protocol_id), cut, b"")
    assert found.sentence == "The answer's text looks like an error message: upstream error: 502"
    cut.error = ErrorReading("upstream error: 502")
    assert list(findings_of_answer(protocol(protocol_id), cut, b"")) == []


def sentences(reading: Reading, request: dict[str, Any], protocol_id: str = C) -> list[str]:
    return [one.sentence for one in findings_of_answer(protocol(protocol_id), reading, json.dumps(request).encode())]


def said(text: str, reason: str | None = "stop", **fields: Any) -> Reading:
    return Reading(**{"text": text, "ended": True, "model": "m", "stop_reason": reason, **fields})


CALL = ToolCall("c1", "g", "{}", {}, parsed=True)
TOOL = {"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]}


@pytest.mark.parametrize(
    ("reading", "request_", "sentence"),
    [
        (said("<think>Hm</think>Hi"), {}, "The answer's text begins with reasoning, marked by a <think> tag."),
        (
            said("Hm\n</think>\nHi"),
            {},
            "The answer's text begins with reasoning, marked by a </think> tag that nothing opened.",
        ),
        (said("", "tool_calls", tool_calls=[CALL]), TOOL, "The answer calls 'g', but only f was offered."),
        (said("", "tool_calls", tool_calls=[CALL]), {"messages": []}, "The answer calls 'g', but no tool was offered."),
        (said(""), {}, "The answer ended as if it were whole (stop: stop), with no text, no reasoning and no tool call."),
        (
            said("", None),
            {},
            "The answer ended as if it were whole (stop: not said), with no text, no reasoning and no tool call.",
        ),
        (said("Hi", model=None), {}, "The answer does not say which model gave it."),
        (
            said("[TOOL_CALLS]"),
            TOOL,
            "Tools were offered, and the answer's text holds what looks like a call: [TOOL_CALLS]. No tool call was read.",
        ),
        (said("Hi</s>"), {}, "The answer's text holds a mark that belongs to the model's template: </s>"),
        (
            said("CafÃ©!"),
            {},
            "The answer's text is UTF-8 that was taken for Latin-1 and encoded once more: “CafÃ©!” for “Café!”",
        ),
        (
            said("Hi", usage=Usage(output_tokens=40)),
            {"max_tokens": 40},
            "The answer has exactly as many tokens as were allowed (40, 'stop'), yet says that it ended by itself: "
            "it was probably cut.",
        ),
        (
            said("", "tool_calls", usage=Usage(output_tokens=40), tool_calls=[ToolCall("c1", "f", "{")]),
            TOOL | {"max_tokens": 40},
            "The answer has exactly as many tokens as were allowed (40), and the arguments of a call break off there; yet "
            "the reason "
            "is 'tool_calls', as if it were whole.",
        ),
    ],
)
def test_each_is_said_in_a_whole_sentence(reading: Reading, request_: dict[str, Any], sentence: str) -> None:
    assert sentences(reading, request_) == [sentence]


@pytest.mark.parametrize(("length", "found"), [(39, False), (40, True)])
def test_reasoning_in_the_text_once_more(length: int, found: bool) -> None:
    thought = ("I think so, " * 9)[:length]
    reading = Reading(ended=True, text=f"{thought}. Yes.", reasoning=thought, model="m", stop_reason="end_turn")
    rules = [one.rule for one in findings_of_answer(protocol(A), reading, b"")]
    assert (REASONING_REPEATED in rules) is found


@pytest.mark.parametrize(("protocol_id", "stop"), [(A, "end_turn"), (C, "stop"), (R, "completed")])
def test_a_text_of_white_space_is_an_empty_answer(protocol_id: str, stop: str) -> None:
    reading = Reading(ended=True, text=" \n\n", model="m", stop_reason=stop)
    (one,) = findings_of_answer(protocol(protocol_id), reading, b"{}")
    assert one.sentence == f"The answer ended as if it were whole (stop: {stop}), and its text is nothing but white space."
    cut = Reading(ended=True, text="\n", model="m", stop_reason="max_tokens")
    assert list(findings_of_answer(protocol(protocol_id), cut, b"{}")) == []
