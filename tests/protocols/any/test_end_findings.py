"""How an answer ended, and what it did unasked, held against the request in each protocol."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any import rules_end
from app.protocols.any.answer_findings import findings_of_answer
from app.protocols.findings import Finding
from app.protocols.reading import Reading, ToolCall, Usage, tool_call
from app.protocols.registry import protocol

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"
ASKED: dict[str, dict[str, Any]] = {
    A: {"messages": [{}], "max_tokens": 1024},
    C: {"messages": [{}], "max_tokens": 1024},
    R: {"input": [{}], "max_output_tokens": 1024},
}
LIMITED: dict[str, dict[str, Any]] = {
    A: {"stop_reason": "max_tokens"},
    C: {"stop_reason": "length"},
    R: {"stop_reason": "incomplete", "stop_detail": "max_output_tokens"},
}


def found(protocol_id: str, asked: dict[str, Any], **fields: Any) -> list[Finding]:
    reading = Reading(ended=True, model="m", **fields)
    all_found = findings_of_answer(protocol(protocol_id), reading, json.dumps(asked).encode())
    return [one for one in all_found if one.rule in vars(rules_end).values()]


def sentences(protocol_id: str, asked: dict[str, Any], **fields: Any) -> list[str]:
    return [one.sentence for one in found(protocol_id, asked, **fields)]


def counted(tokens: int | None, reasoning_tokens: int | None = None) -> Usage:
    return Usage(output_tokens=tokens, reasoning_tokens=reasoning_tokens)


@pytest.mark.parametrize("protocol_id", LIMITED)
def test_a_limit_that_was_not_reached(protocol_id: str) -> None:
    reason = LIMITED[protocol_id].get("stop_detail") or LIMITED[protocol_id]["stop_reason"]
    begin = f"The answer says that the token limit was reached ({reason}), after 17 of the 1\u0020024 tokens that the "
    begin += "request allows"
    asked = ASKED[protocol_id]
    assert sentences(protocol_id, asked, usage=counted(17), **LIMITED[protocol_id]) == [f"{begin} and without any content."]
    assert sentences(protocol_id, asked, usage=counted(17), text="Hi", **LIMITED[protocol_id]) == [f"{begin}."]


@pytest.mark.parametrize("protocol_id", LIMITED)
@pytest.mark.parametrize(
    ("usage", "changed"),
    [
        (counted(1024), {}),
        (counted(600), {}),
        (counted(17, reasoning_tokens=900), {}),
        (counted(None), {}),
        (counted(0), {}),
        (None, {}),
        (counted(17), {"n": 2}),
        (counted(17), {"max_tokens": None, "max_output_tokens": None}),
    ],
)
def test_a_limit_that_may_have_been_reached(protocol_id: str, usage: Usage | None, changed: dict[str, Any]) -> None:
    assert found(protocol_id, ASKED[protocol_id] | changed, usage=usage, **LIMITED[protocol_id]) == []


def test_a_limit_without_a_request_is_none() -> None:
    assert found(A, {}, usage=counted(17), **LIMITED[A]) == []


def test_a_stop_sequence_that_nobody_asked_for() -> None:
    stopped = {"stop_reason": "stop_sequence"}
    assert sentences(A, ASKED[A], **stopped) == [
        "The answer says that it stopped at a stop sequence, though the request has none and the answer names none."
    ]
    assert sentences(A, ASKED[A], stop_sequence="\n\nHuman:", **stopped) == [
        "The answer says that it stopped at the stop sequence '\\n\\nHuman:', which the request does not have."
    ]
    asked = ASKED[A] | {"stop_sequences": ["###"]}
    assert found(A, asked, stop_sequence="###", **stopped) == found(A, asked, **stopped) == []
    assert found(A, {}, **stopped) == []
    assert found(C, ASKED[C] | {"stop": "###"}, stop_sequence="###", **stopped) == []


SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": ""}}
NO_RESULT = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}
HOSTED = [
    (A, [SEARCH, NO_RESULT], "web_search", "empty"),
    (A, [SEARCH | {"input": {"query": "tides"}}, NO_RESULT], "web_search", ""),
    (A, [{"type": "mcp_tool_use", "name": "read"}], "read", "empty"),
    (
        R,
        [{"type": "web_search_call", "action": {"type": "search", "query": "x"}}],
        "web_search",
        "",
    ),
    (
        R,
        [{"type": "code_interpreter_call", "id": "ci_1", "status": "completed", "container_id": "cntr_1", "outputs": []}],
        "code_interpreter",
        "empty",
    ),
    (R, [{"type": "code_interpreter_call", "id": "ci_1", "code": "1 + 1"}], "code_interpreter", ""),
    (R, [{"type": "image_generation_call", "id": "ig_1", "result": "iVBORw0KGgo="}], "image_generation", ""),
    (R, [{"type": "mcp_call", "id": "mcp_1", "server_label": "s", "name": "n", "arguments": "{}"}], "mcp", "empty"),
    (R, [{"type": "apply_patch_call", "call_id": "c", "operation": {"type": "delete_file", "path": "a"}}], "apply_patch", ""),
]


@pytest.mark.parametrize(("protocol_id", "replay", "name", "variant"), HOSTED)
def test_a_hosted_tool_that_nobody_offered(protocol_id: str, replay: list[dict[str, Any]], name: str, variant: str) -> None:
    ended = {"stop_reason": "end_turn", "text": "Hi", "replay": replay}
    void = ", with an empty input and no result" if variant else ""
    said = f"The answer reports a call of {name}, a hosted tool that the request did not offer{void}."
    assert sentences(protocol_id, ASKED[protocol_id], **ended) == [said]
    function = {"type": "function", "name": "f"} if protocol_id == R else {"name": "f", "input_schema": {}}
    assert len(found(protocol_id, ASKED[protocol_id] | {"tools": [function]}, **ended)) == 1
    switches: tuple[dict[str, Any], ...] = (
        {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
        {"mcp_servers": [{}]},
        {"web_search_options": {"search_context_size": "low"}},
        {"model": "gpt-4o-search-preview"},
        {"model": "perplexity/sonar"},
    )
    for switched_on in switches:
        assert found(protocol_id, ASKED[protocol_id] | switched_on, **ended) == []
    assert found(protocol_id, {}, **ended) == []


def test_calls_of_the_client_s_own_tools_are_no_hosted_ones() -> None:
    replay = [
        {"type": "function_call", "name": "f"},
        {"type": "custom_tool_call", "name": "g"},
        {"type": "tool_use", "name": "h"},
    ]
    assert found(R, ASKED[R], stop_reason="completed", replay=replay) == []


SEALS = [
    (A, {"type": "thinking", "thinking": "hm", "signature": "litellm_encrypted_reasoning:RU5D"}, "signature begins with"),
    (A, {"type": "redacted_thinking", "data": "relay|1"}, "its data begins with 'relay|1'."),
    (R, {"type": "reasoning", "encrypted_content": '[{"type":"thinking"}]'}, "encrypted_content is JSON that anybody can read"),
    (C, {"role": "assistant", "thinking_blocks": [{"type": "thinking", "signature": '{"a": 1}'}]}, "signature is JSON that"),
    (
        C,
        {"role": "assistant", "reasoning_details": [{"type": "reasoning.encrypted", "data": "v1:x"}]},
        "data begins with 'v1:x'.",
    ),
]


@pytest.mark.parametrize(("protocol_id", "part", "words"), SEALS)
def test_reasoning_that_only_this_relay_can_read(protocol_id: str, part: dict[str, Any], words: str) -> None:
    (said,) = sentences(protocol_id, {}, stop_reason="end_turn", text="Hi", replay=[part])
    assert words in said


@pytest.mark.parametrize("seal", ["EqQBCgIYAhIkMDAw+/==", "gAAAAABnx_-Zq0", "", "ErUBCkYIBRgCIkAx\n"])
def test_a_vendor_s_seal_is_base64(seal: str) -> None:
    parts = [{"type": "thinking", "signature": seal}, {"type": "reasoning", "encrypted_content": seal}]
    assert found(A, {}, stop_reason="end_turn", text="Hi", replay=parts) == []


WEATHER: dict[str, dict[str, Any]] = {
    A: {"name": "get_weather", "input_schema": {}},
    C: {"type": "function", "function": {"name": "get_weather"}},
    R: {"type": "function", "name": "get_weather"},
}
FORCES: dict[str, dict[str, Any]] = {
    A: {"tools": [WEATHER[A]], "tool_choice": {"type": "tool", "name": "get_weather"}},
    C: {"tools": [WEATHER[C]], "tool_choice": {"type": "function", "function": {"name": "get_weather"}}},
    R: {"tools": [WEATHER[R]], "tool_choice": {"type": "function", "name": "get_weather"}},
}
WORD: dict[str, Any] = {A: {"type": "any"}, C: "required", R: "required"}
SAID_ENDS = {A: {"stop_reason": "end_turn"}, C: {"stop_reason": "stop"}, R: {"stop_reason": "completed"}}


@pytest.mark.parametrize("protocol_id", FORCES)
def test_a_call_that_is_required_and_not_made(protocol_id: str) -> None:
    forces, end = FORCES[protocol_id], SAID_ENDS[protocol_id]
    told = "The request requires a call (`tool_choice`: {}), and the answer, which ended by itself, has none."
    word = WORD[protocol_id]
    assert sentences(protocol_id, forces, text="Hi", **end) == [told.format("get_weather")]
    assert sentences(protocol_id, forces | {"tool_choice": word}, **end) == [told.format("any" if protocol_id == A else word)]


@pytest.mark.parametrize("protocol_id", FORCES)
def test_where_a_model_may_choose_words_are_an_answer(protocol_id: str) -> None:
    forces, end, call = FORCES[protocol_id], SAID_ENDS[protocol_id], ToolCall("1", "get_weather", "{}", {}, True)
    hosted = {"tools": [*forces["tools"], {"type": "web_search"}], "tool_choice": WORD[protocol_id]}
    free = [forces | {"tool_choice": one} for one in ("auto", {"type": "auto"}, "none", {"type": "none"}, None)]
    for asked in (*free, {"tools": forces["tools"]}, hosted, forces | {"tools": []}, {"tool_choice": forces["tool_choice"]}):
        assert found(protocol_id, asked, text="Hi", **end) == []
    assert found(protocol_id, forces, tool_calls=[call], **end) == []
    assert found(protocol_id, forces, text="Hi", **LIMITED[protocol_id]) == []  # cut, before it could call
    assert found(A, FORCES[A], text="No.", stop_reason="refusal") == []


PORTS = {"type": "object", "properties": {"port": {}, "day": {}}, "required": ["port", "day"]}


def offering(protocol_id: str, schema: dict[str, Any] = PORTS, **more: object) -> dict[str, Any]:
    """A request that offers get_tide, which wants a port and a day."""
    tool = {
        A: {"name": "get_tide", "input_schema": schema, **more},
        C: {"type": "function", "function": {"name": "get_tide", "parameters": schema, **more}},
        R: {"type": "function", "name": "get_tide", "parameters": schema, **more},
    }
    return ASKED[protocol_id] | {"tools": [tool[protocol_id]]}


@pytest.mark.parametrize("protocol_id", SAID_ENDS)
def test_a_call_without_what_its_schema_requires(protocol_id: str) -> None:
    def ids(asked: dict[str, Any], *texts: str) -> list[str]:
        calls = [tool_call(f"c{index}", "get_tide", text) for index, text in enumerate(texts)]
        return [one.id for one in found(protocol_id, asked, tool_calls=calls, **SAID_ENDS[protocol_id])]

    asked, strict = offering(protocol_id), offering(protocol_id, strict=True)
    assert ids(asked, '{"port": "Brest"}') == ids(asked, "") == ids(asked, "{}", "{}") == ["G25"]
    assert ids(strict, '{"port": "Brest"}') == ["G25a"]
    assert ids(strict, "{}", '{"port": 1, "day": 2}') == ["G25"]  # a strict schema is promised for single calls
    assert ids(strict, '{"port": null, "day": 1, "more": 2}') == ids(asked, "[1]") == ids(asked, '{"po') == []
    assert ids(ASKED[protocol_id], "{}") == []
    many = offering(protocol_id, {"type": "object", "required": [*"abcdef"]})
    (first,) = sentences(protocol_id, many, tool_calls=[tool_call("c", "get_tide", "{}")], **SAID_ENDS[protocol_id])
    assert "`d`, `e`" in first
    assert "`f`" not in first
    cut = LIMITED[protocol_id] | {"usage": counted(1024), "tool_calls": [tool_call("c", "get_tide", '{"port": "Br')]}
    assert found(protocol_id, asked, **cut) == []


def test_a_hosted_tools_call_or_result_that_is_missing() -> None:
    call = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": "x"}}
    result = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}
    asked = ASKED[A] | {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}

    def told(*replay: dict[str, Any], request: dict[str, Any] = asked, stop: str = "end_turn") -> list[str]:
        return sentences(A, request, text="Hi", stop_reason=stop, replay=list(replay))

    torn = "The answer has a call of web_search (srvtoolu_1), which ran at the service's side, and no result of it."
    assert told(call) == told(call, request={}) == [torn]
    lone = "The answer has the result of a call of web_search (srvtoolu_1), and the call itself is missing."
    assert told(result) == [lone]
    assert told(call, result | {"tool_use_id": "srvtoolu_2"}) == [torn, lone.replace("_1", "_2")]
    earlier = asked | {"messages": [{"role": "assistant", "content": [call]}]}
    assert told(call, result) == told(result, request=earlier) == told(result, request={}) == []
    assert told(call, stop="pause_turn") == told(call, stop="tool_use") == told(call, stop="max_tokens") == []


PORT = {"type": "object", "properties": {"port": {"type": "string"}}, "required": ["port"]}


def wanting(protocol_id: str, **strict: bool) -> dict[str, Any]:
    """A request for an answer by a schema; Messages has no schema that is not strict."""
    form: dict[str, dict[str, Any]] = {
        A: {"output_config": {"format": {"type": "json_schema", "schema": PORT}}},
        C: {"response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": PORT, **strict}}},
        R: {"text": {"format": {"type": "json_schema", "name": "p", "schema": PORT, **strict}}},
    }
    return ASKED[protocol_id] | form[protocol_id]


@pytest.mark.parametrize("protocol_id", SAID_ENDS)
def test_an_answer_that_is_not_the_json_that_was_asked_for(protocol_id: str) -> None:
    def told(asked: dict[str, Any], text: str, **more: Any) -> list[tuple[str, str]]:
        return [(one.id, one.variant) for one in found(protocol_id, asked, text=text, **SAID_ENDS[protocol_id] | more)]

    strict = wanting(protocol_id, strict=True)
    assert told(strict, "It is Brest.") == told(strict, '{"port": "Brest"} So.') == [("G26", "")]
    assert told(strict, '```json\n{"port": "Brest"}\n```\n') == [("G26", "fenced")]
    assert told(strict, '{"harbour": 1}') == [("G26b", "")]
    assert told(strict, '["Brest"]') == [("G26b", "no_object")]
    assert told(strict, ' {"port": null, "day": 1}\n') == told(ASKED[protocol_id], "It is Brest.") == []
    kept = [{"type": "text", "text": "I searched."}, {"type": "text", "text": '{"port": "Brest"}'}]
    assert told(strict, 'I searched.{"port": "Brest"}', replay=kept) == []  # what comes last is the answer
    messages = [{"type": "message", "content": [{"type": "output_text", "text": one["text"]}]} for one in kept]
    assert told(strict, 'I searched.{"port": "Brest"}', replay=messages) == []
    cut = LIMITED[protocol_id] | {"usage": counted(1024), "text": '{"port": "Br'}
    assert found(protocol_id, strict, **cut) == []
    call = tool_call("c", "get_weather", "{}")
    assert told(strict, "I call.", tool_calls=[call]) == []
    if protocol_id != A:
        assert told(wanting(protocol_id), '{"harbour": 1}') == [("G26a", "")]
        assert told(wanting(protocol_id), "1") == [("G26a", "no_object")]
    assert told(ASKED[protocol_id] | {"response_format": {"type": "json_object"}}, "Brest") == [("G26", "")]
    assert told(ASKED[protocol_id] | {"response_format": {"type": "json_object"}}, "[1]") == []


@pytest.mark.parametrize("protocol_id", SAID_ENDS)
def test_reasoning_without_an_answer(protocol_id: str) -> None:
    end = SAID_ENDS[protocol_id]
    told_by_reader = protocol_id == C  # C43
    assert [one.id for one in found(protocol_id, {}, reasoning="Hm.", **end)] == ([] if told_by_reader else ["G3a"])
    assert [one.id for one in found(protocol_id, {}, reasoning="Hm.", text=" \n", **end)] == ["G3a"]
    assert [one.id for one in found(protocol_id, {}, hidden_reasoning=True, text=" \n", **end)] == ["G3a"]
    assert found(protocol_id, {}, reasoning="Hm.", text="Yes.", **end) == []
    assert found(protocol_id, {}, reasoning="Hm.", replay=[{"type": "image_generation_call"}], **end) == []


# The smallest answer with each: protocol, request, reading.
EXAMPLES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "G3a": (A, {}, {"reasoning": "Hm.", "stop_reason": "end_turn"}),
    "G26": (C, wanting(C), {"text": "Brest", "stop_reason": "stop"}),
    "G26a": (R, wanting(R), {"text": "{}", "stop_reason": "completed"}),
    "G26b": (A, wanting(A), {"text": "{}", "stop_reason": "end_turn"}),
    "G20": (A, ASKED[A] | {"tools": [{"name": "get_weather", "input_schema": {}}]}, {"text": "Hi", "stop_reason": "end_turn"}),
    "G20a": (A, ASKED[A] | FORCES[A], {"text": "Hi", "stop_reason": "end_turn"}),
    "G21": (A, ASKED[A], {"text": "Hi", "stop_reason": "stop_sequence"}),
    "G22": (C, ASKED[C], {"text": "Hi", "stop_reason": "length", "usage": counted(17)}),
    "G22a": (C, ASKED[C], {"stop_reason": "length", "usage": counted(17)}),
    "G23": (A, ASKED[A], {"text": "Hi", "stop_reason": "end_turn", "replay": [SEARCH]}),
    "G25": (C, offering(C), {"stop_reason": "tool_calls", "tool_calls": [tool_call("c", "get_tide", '{"port": "Brest"}')]}),
    "G25a": (R, offering(R, strict=True), {"stop_reason": "completed", "tool_calls": [tool_call("c", "get_tide", "{}")]}),
    "G23a": (A, {}, {"text": "Hi", "stop_reason": "end_turn", "replay": [{"type": "server_tool_use", "id": "s", "name": "n"}]}),
    "G24": (A, {}, {"text": "Hi", "stop_reason": "end_turn", "replay": [{"type": "thinking", "signature": "relay:1"}]}),
}


@pytest.mark.parametrize("rule_id", EXAMPLES)
def test_each_rule_has_its_smallest_answer(rule_id: str) -> None:
    protocol_id, asked, fields = EXAMPLES[rule_id]
    reading = Reading(ended=True, model="m", **fields)
    told = findings_of_answer(protocol(protocol_id), reading, json.dumps(asked).encode(), wants_call=True)
    assert [one.id for one in told if one.rule in vars(rules_end).values()] == [rule_id]


def test_of_a_seal_of_others_the_beginning_is_shown() -> None:
    (one,) = found(A, {}, text="Hi", stop_reason="end_turn", replay=[{"type": "thinking", "signature": "relay|" + "x" * 99}])
    assert one.fields["start"] == "'relay|" + "x" * 34 + "'"
