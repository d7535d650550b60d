"""Calls that stand in the text, come twice, or are of another kind than their tool."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.findings import Finding
from app.protocols.reading import Reading, ToolCall, tool_call
from app.protocols.registry import protocol

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"
OFFERED: dict[str, Any] = {
    A: {"messages": [], "tools": [{"name": "get_tide", "input_schema": {}}]},
    C: {"messages": [], "tools": [{"type": "function", "function": {"name": "get_tide"}}]},
    R: {"input": "Hi", "tools": [{"type": "function", "name": "get_tide"}]},
}
STOPS = {A: ("end_turn", "tool_use"), C: ("stop", "tool_calls"), R: ("completed", "completed")}
CALL = tool_call("c1", "get_tide", '{"port": "Brest"}')
JSON = '{"name": "get_tide", "arguments": {"port": "Brest"}}'


def findings(
    text: str, asked: dict[str, Any] | None = None, *calls: ToolCall, protocol_id: str = C, reasoning: str = ""
) -> list[Finding]:
    stop = STOPS[protocol_id][bool(calls)]
    reading = Reading(text=text, reasoning=reasoning, tool_calls=[*calls], ended=True, model="m", stop_reason=stop)
    body = b"" if asked is None else json.dumps(asked).encode()
    return [one for one in findings_of_answer(protocol(protocol_id), reading, body) if one.id in ("G5", "G10", "G12", "G13")]


MARKS = [
    f"<tool_call>\n{JSON}\n</tool_call>",
    "<tool_call>get_tide\n<arg_key>port</arg_key>\n<arg_value>Brest</arg_value>\n</tool_call>",
    "<function=get_tide>\n<parameter=port>Brest</parameter>\n</function>",
    '<function_calls>\n<invoke name="get_tide"></invoke>\n</function_calls>',
    '<｜DSML｜function_calls>\n<｜DSML｜invoke name="get_tide">',
    "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_tide",
    "<|tool▁calls▁begin|><|tool▁call▁begin|>get_tide",
    "<|tool_calls_section_begin|><|tool_call_begin|>functions.get_tide:0",
    "<|channel|>commentary to=functions.get_tide <|constrain|>json<|message|>{}",
    '[TOOL_CALLS]get_tide{"port": "Brest"}',
    f"[TOOL_CALLS] [{JSON}]",
    f"<|python_tag|>{JSON}",
    f"functools[{JSON}]",
    f"<TOOLCALL>[{JSON}]</TOOLCALL>",
    f"<minimax:tool_call>\n{JSON}",
    "```tool_code\nget_tide(port='Brest')\n```",
    f"```json\n{JSON}\n```",
    JSON,
    f"[{JSON}]",
    '{"type": "function", "function": {"name": "get_tide", "parameters": {}}}',
]


@pytest.mark.parametrize("protocol_id", [A, C, R])
@pytest.mark.parametrize("mark", MARKS)
def test_a_call_in_the_text_is_found_alone_and_beside_a_real_one(mark: str, protocol_id: str) -> None:
    asked = OFFERED[protocol_id]
    for text in (mark, f"I will look it up.\n\n{mark}"):
        if text != mark and mark.startswith(("{", "[{")):
            continue  # behind prose, bare JSON may be an example
        assert [one.id for one in findings(text, asked, protocol_id=protocol_id)] == ["G5"], text
        assert [one.id for one in findings(text, asked, CALL, protocol_id=protocol_id)] == ["G10"], text
        assert [one.id for one in findings(text, None, CALL, protocol_id=protocol_id)] == ["G10"], text


@pytest.mark.parametrize(
    "text",
    [
        "Hermes writes its calls between <tool_call> and </tool_call>.",
        "`<tool_call>` comes first, then get_tide as JSON.",
        f"A call of get_tide looks like this:\n\n```xml\n<tool_call>{JSON}</tool_call>\n```\n\nThat is all.",
        f"For example `<tool_call>{JSON}</tool_call>`.",
        f"I could send\n```json\n{JSON}\n```\nbut it is not needed.",
        "The get_tide function takes a port.",
        '{"name": "get_tide"}',
        '{"name": "Brest", "arguments": {}}',
        "[TOOL_CALLS] is a mark of Mistral's.",
        "<tool_call> is a mark. " * 100,
    ],
)
def test_an_answer_that_talks_about_calls_has_none(text: str) -> None:
    assert findings(text, OFFERED[C]) == []
    assert findings(text, None, CALL) == []
    assert findings(text) == []


def test_where_nothing_was_offered_a_mark_is_no_lost_call() -> None:
    assert findings(MARKS[0], {"messages": []}) == []


def test_where_no_request_is_known_only_a_text_that_is_all_call_counts() -> None:
    (one,) = findings(MARKS[0])
    sample = '<tool_call>␊{"name": "get_tide", "arguments": {"port": "Bres'
    assert one.sentence == f"The answer's text is nothing but what looks like a call: {sample}. No tool call was read."
    assert findings(f"Look: {MARKS[0]}") == []
    assert findings("<tool_call>{}</tool_call>") == []


def test_a_call_that_is_all_that_came_as_reasoning() -> None:
    (one,) = findings("", OFFERED[C], reasoning=f"I need the tide. {MARKS[0]}")
    assert one.sentence.startswith(
        "Tools were offered, and the reasoning, all that came, ends with what looks like a call: <tool"
    )
    assert findings("High.", OFFERED[C], reasoning=f"I need the tide. {MARKS[0]}") == []


def test_a_call_beside_the_text_is_said_in_a_whole_sentence() -> None:
    (same,) = findings(JSON, OFFERED[C], CALL)
    assert same.sentence == f"The answer calls 'get_tide', and the same call is written in its text: {JSON}"
    two = {"messages": [], "tools": [*OFFERED[C]["tools"], {"type": "function", "function": {"name": "get_moon"}}]}
    (other,) = findings(JSON, two, tool_call("c1", "get_moon", "{}"))
    assert other.sentence == f"The answer calls 'get_moon', and its text holds what looks like another call: {JSON}"


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([("c1", '{"a": 1}'), ("c2", '{"a":1}')], ["G12"]),
        ([("c1", '{"a": 1}'), ("c2", '{"a": 2}')], []),
        ([("c1", "{}"), ("c1", "{}")], []),  # the readers tell that the id is used twice
        ([("c1", "{"), ("c2", "{")], []),
    ],
)
def test_the_same_call_twice_is_a_note(calls: list[tuple[str, str]], expected: list[str]) -> None:
    found = findings("", OFFERED[C], *(tool_call(call_id, "get_tide", text) for call_id, text in calls))
    assert [one.id for one in found] == expected
    assert all(one.severity == "note" for one in found)
    assert all(one.sentence.startswith("The answer calls 'get_tide' 2 times with the same arguments") for one in found)


CUSTOM = ToolCall("c1", "patch", "*** Begin", "*** Begin", parsed=True, kind="custom")
FUNCTION = tool_call("c1", "patch", "{}")
AS_CUSTOM: dict[str, Any] = {
    C: {"messages": [], "tools": [{"type": "custom", "custom": {"name": "patch"}}]},
    R: {"input": "Hi", "tools": [{"type": "custom", "name": "patch"}]},
}
AS_FUNCTION: dict[str, Any] = {
    A: {
        "messages": [],
        "tools": [{"type": "custom", "name": "patch", "input_schema": {}}],
    },  # Messages' own word for a function
    C: {"messages": [], "tools": [{"type": "function", "function": {"name": "patch"}}]},
    R: {"input": "Hi", "tools": [{"type": "function", "name": "patch"}, {"type": "web_search"}]},
}


@pytest.mark.parametrize("protocol_id", [C, R])
def test_a_tool_that_is_called_as_another_kind(protocol_id: str) -> None:
    (one,) = findings("", AS_CUSTOM[protocol_id], FUNCTION, protocol_id=protocol_id)
    assert one.sentence == "The tool 'patch' was offered as a custom tool, which takes free text, and is called as a function."
    (one,) = findings("", AS_FUNCTION[protocol_id], CUSTOM, protocol_id=protocol_id)
    assert one.sentence == "The tool 'patch' was offered as a function, which takes JSON, and is called as a custom tool."


@pytest.mark.parametrize("protocol_id", [A, C, R])
def test_a_tool_that_is_called_as_it_was_offered(protocol_id: str) -> None:
    assert findings("", AS_FUNCTION[protocol_id], FUNCTION, protocol_id=protocol_id) == []
    if protocol_id in AS_CUSTOM:
        assert findings("", AS_CUSTOM[protocol_id], CUSTOM, protocol_id=protocol_id) == []
        both = AS_CUSTOM[protocol_id] | {"tools": AS_CUSTOM[protocol_id]["tools"] + AS_FUNCTION[protocol_id]["tools"][:1]}
        assert findings("", both, CUSTOM, FUNCTION, protocol_id=protocol_id) == []


@pytest.mark.parametrize(("marks", "found"), [(49, ["G5"]), (50, [])])
def test_so_many_marks_are_looked_behind(marks: int, found: list[str]) -> None:
    text = "<tool_call> is a mark. " * marks + "y" * 250 + f"\n{MARKS[0]}"
    assert [one.id for one in findings(text, OFFERED[C])] == found


@pytest.mark.parametrize(("between", "found"), [(190, ["G5"]), (191, [])])
def test_a_tools_name_counts_close_behind_a_mark(between: int, found: list[str]) -> None:
    text = f"See <tool_call> {'y' * between} get_tide"
    assert [one.id for one in findings(text, OFFERED[C])] == found


@pytest.mark.parametrize(("length", "found"), [(20_000, ["G5"]), (20_001, [])])
def test_json_is_looked_for_in_a_text_of_some_length(length: int, found: list[str]) -> None:
    block = f"\n```json\n{JSON}\n```"
    text = "y" * (length - len(block)) + block
    assert [one.id for one in findings(text, OFFERED[C])] == found
