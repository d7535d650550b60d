"""Made requests, as they were sent and as they arrived: for each pair of protocols what is quiet, and what is loud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mirror.difference import differences
from app.mirror.meanings import MEANINGS
from app.mirror.probes import probes
from app.mirror.readers import read_request
from app.mirror.request import Json
from app.mirror.row import Difference, Kind
from app.mirror.translations import MEMBERS, NEEDED, PARTS, SETTINGS, pairs
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

SCHEMA: Json = {"type": "object", "properties": {"city": {"type": "string"}}}
IMAGE = "data:image/png;base64,aGk="
M_IMAGE: Json = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
M_TOOL: Json = {"name": "look", "description": "Look.", "input_schema": SCHEMA}
C_TOOL: Json = {"type": "function", "function": {"name": "look", "description": "Look.", "parameters": SCHEMA}}
R_TOOL: Json = {"type": "function", "name": "look", "description": "Look.", "parameters": SCHEMA}
M_CALL: Json = {"type": "tool_use", "id": "t1", "name": "look", "input": {"city": "Oslo"}}
C_CALL: Json = {"id": "t1", "type": "function", "function": {"name": "look", "arguments": '{"city": "Oslo"}'}}
R_CALL: Json = {"type": "function_call", "call_id": "t1", "name": "look", "arguments": '{"city":"Oslo"}'}

# One conversation with tools, in each protocol: what a faithful relay makes of any by any other.
SAME: dict[str, Json] = {
    MESSAGES: {
        "model": "m",
        "max_tokens": 99,
        "system": "Be brief.",
        "temperature": 0.5,
        "stream": True,
        "tools": [M_TOOL],
        "tool_choice": {"type": "any", "disable_parallel_tool_use": True},
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}},
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Where am I?"}, M_IMAGE]},
            {"role": "assistant", "content": [{"type": "text", "text": "I look."}, M_CALL]},
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "rain"}, {"type": "text", "text": "Well?"}],
            },
        ],
    },
    CHAT: {
        "model": "m",
        "max_completion_tokens": 99,
        "temperature": 0.5,
        "stream": True,
        "stream_options": {"include_usage": True},
        "tools": [C_TOOL],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "reasoning_effort": "low",
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {
                "role": "user",
                "content": [{"type": "text", "text": "Where am I?"}, {"type": "image_url", "image_url": {"url": IMAGE}}],
            },
            {"role": "assistant", "content": "I look.", "tool_calls": [C_CALL]},
            {"role": "tool", "tool_call_id": "t1", "content": "rain"},
            {"role": "user", "content": "Well?"},
        ],
    },
    RESPONSES: {
        "model": "m",
        "max_output_tokens": 99,
        "instructions": "Be brief.",
        "temperature": 0.5,
        "stream": True,
        "tools": [R_TOOL],
        "tool_choice": "required",
        "parallel_tool_calls": False,
        "reasoning": {"effort": "low"},
        "text": {"format": {"type": "json_schema", "name": "answer", "schema": SCHEMA}},
        "input": [
            {
                "role": "user",
                "content": [{"type": "input_text", "text": "Where am I?"}, {"type": "input_image", "image_url": IMAGE}],
            },
            {"role": "assistant", "content": [{"type": "output_text", "text": "I look."}]},
            R_CALL,
            {"type": "function_call_output", "call_id": "t1", "output": "rain"},
            {"role": "user", "content": "Well?"},
        ],
    },
}
EVERY_PAIR = [(one, other) for one in SAME for other in SAME]


def compared(source: str, sent: Json, target: str, arrived: Json) -> list[Difference]:
    rows = differences(read_request(source, sent), read_request(target, arrived))
    assert [row.label for row in rows] == [row.what for row in rows]  # in English, what people read and what programs do
    return rows


def loud(rows: list[Difference]) -> set[tuple[str, str]]:
    return {(row.what, row.reason) for row in rows if row.loud}


def with_user(protocol: str, content: object, **more: object) -> Json:
    field = "input" if protocol == RESPONSES else "messages"
    return {"model": "m", field: [{"role": "user", "content": content}], **more}


@pytest.mark.parametrize(("source", "target"), EVERY_PAIR)
def test_a_faithful_translation_is_quiet(source: str, target: str) -> None:
    rows = compared(source, SAME[source], target, SAME[target])
    assert not loud(rows)
    assert not [row.what for row in rows if row.kind is Kind.DROPPED and row.what not in ("usage in stream", "format name")]


@pytest.mark.parametrize(("source", "target"), EVERY_PAIR)
def test_each_part_that_is_left_out_is_loud(source: str, target: str) -> None:
    whole = SAME[target]
    field = "input" if target == RESPONSES else "messages"
    for name in whole:
        if name in ("model", "stream_options", "max_tokens"):
            continue
        said = compared(source, SAME[source], target, {key: value for key, value in whole.items() if key != name})
        assert loud(said), name
    turns = whole[field]
    assert isinstance(turns, list)
    for number in range(len(turns)):
        left = turns[:number] + turns[number + 1 :]
        assert loud(compared(source, SAME[source], target, whole | {field: left})), number


@pytest.mark.parametrize(("source", "target"), EVERY_PAIR)
@pytest.mark.parametrize(
    ("field", "value", "what"), [("temperature", 0.25, "temperature"), ("model", "other", None), ("stream", False, "stream")]
)
def test_another_value(source: str, target: str, field: str, value: object, what: str | None) -> None:
    rows = compared(source, SAME[source], target, SAME[target] | {field: value})
    assert {row.what for row in rows if row.loud} == ({what} if what else set())
    assert [row.kind for row in rows if row.what == field] == [Kind.CHANGED]


# What relays were seen to do (the rows of "Request (what arrives upstream)"): (sent in, arrived in, sent, arrived, loud).
Case = tuple[str, str, Json, Json, set[tuple[str, str]]]
DOCUMENT: Json = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Boats are old."}}
M_LOOP: Json = {
    "model": "m",
    "tools": [M_TOOL],
    "messages": [
        {"role": "user", "content": "Where?"},
        {"role": "assistant", "content": [M_CALL]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "rain"}]},
    ],
}


def m_result(*content: Json, **more: object) -> Json:
    turns = M_LOOP["messages"]
    assert isinstance(turns, list)
    block = {"type": "tool_result", "tool_use_id": "t1", "content": [*content], **more}
    return M_LOOP | {"messages": [*turns[:2], {"role": "user", "content": [block]}]}


def chat_loop(*last: Json, answer: Json | None = None) -> Json:
    said: Json = answer or {"role": "assistant", "content": None, "tool_calls": [C_CALL]}
    result: Json = {"role": "tool", "tool_call_id": "t1", "content": "rain"}
    return {"model": "m", "tools": [C_TOOL], "messages": [{"role": "user", "content": "Where?"}, said, *(last or (result,))]}


CASES: dict[str, Case] = {
    "system blocks are joined": (
        MESSAGES,
        CHAT,
        with_user(
            MESSAGES,
            "Hi",
            system=[{"type": "text", "text": "One.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Two."}],
        ),
        {"model": "m", "messages": [{"role": "system", "content": "One.\n\nTwo."}, {"role": "user", "content": "Hi"}]},
        set(),
    ),
    "cache_control is left out on the way to its own kind": (
        MESSAGES,
        MESSAGES,
        with_user(MESSAGES, [{"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}}]),
        with_user(MESSAGES, [{"type": "text", "text": "Hi"}]),
        {("cache_control of the text", "field_dropped")},
    ),
    "strict is lost on the way to a protocol that has it": (
        MESSAGES,
        CHAT,
        M_LOOP | {"tools": [M_TOOL | {"strict": True}]},
        chat_loop(),
        {("strict of tool “look”", "setting_dropped")},
    ),
    "strict is lost on the way to its own kind": (
        MESSAGES,
        MESSAGES,
        M_LOOP | {"tools": [M_TOOL | {"strict": True}]},
        M_LOOP,
        {("strict of tool “look”", "field_dropped")},
    ),
    "a picture is dropped": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, [M_IMAGE, {"type": "text", "text": "Hi"}]),
        with_user(CHAT, "Hi"),
        {("user image", "image_dropped")},
    ),
    "a picture is emptied": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, [{"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}]),
        with_user(CHAT, [{"type": "image_url", "image_url": {"url": "data:image/jpeg;base64,"}}]),
        {("user image", "emptied")},
    ),
    "a document's text stands among the words": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, [DOCUMENT, {"type": "text", "text": "Hi"}]),
        with_user(CHAT, "Boats are old.\n\nHi"),
        set(),
    ),
    "a document is dropped": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, [DOCUMENT, {"type": "text", "text": "Hi"}]),
        with_user(CHAT, "Hi"),
        {("user document", "document_dropped")},
    ),
    "a result's picture becomes the user's, with words of the relay's": (
        MESSAGES,
        CHAT,
        m_result({"type": "text", "text": "rain"}, M_IMAGE),
        chat_loop(
            {"role": "tool", "tool_call_id": "t1", "content": "rain"},
            {
                "role": "user",
                "content": [{"type": "text", "text": "Look:"}, {"type": "image_url", "image_url": {"url": IMAGE}}],
            },
        ),
        {("user text", "words_invented")},
    ),
    "a result's picture as base64 among its words": (
        MESSAGES,
        CHAT,
        m_result({"type": "text", "text": "rain"}, M_IMAGE),
        chat_loop({"role": "tool", "tool_call_id": "t1", "content": '[{"text":"rain"},{"data":"aGk="}]'}),
        {("tool image", "as_words")},
    ),
    "is_error has no place in Chat": (
        MESSAGES,
        CHAT,
        m_result({"type": "text", "text": "rain"}, is_error=True),
        chat_loop(),
        set(),
    ),
    "is_error is lost on the way to its own kind": (
        MESSAGES,
        MESSAGES,
        m_result({"type": "text", "text": "rain"}, is_error=True),
        m_result({"type": "text", "text": "rain"}),
        {("is_error of the tool result", "field_dropped")},
    ),
    "the user's words before the result": (
        MESSAGES,
        CHAT,
        SAME[MESSAGES],
        SAME[CHAT] | {"messages": [*(list(SAME[CHAT]["messages"])[i] for i in (0, 1, 2, 4, 3))]},  # type: ignore[call-overload]
        {("tool result", "moved")},
    ),
    "a call and its result as words": (
        MESSAGES,
        CHAT,
        M_LOOP,
        {
            "model": "m",
            "tools": [C_TOOL],
            "messages": [
                {"role": "user", "content": "Where?"},
                {"role": "assistant", "content": 'Tool call t1: look {"city":"Oslo"}'},
                {"role": "user", "content": "Tool result t1: rain"},
            ],
        },
        {("assistant tool call", "as_words"), ("tool result", "as_words")},
    ),
    "a result that names another call": (
        MESSAGES,
        CHAT,
        M_LOOP,
        chat_loop({"role": "tool", "tool_call_id": "t2", "content": "rain"}),
        {("tool result", "call_unanswered")},
    ),
    "another vendor's signature": (
        MESSAGES,
        RESPONSES,
        with_user(MESSAGES, "Hi")
        | {
            "messages": [
                {"role": "user", "content": "Hi"},
                {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}]},
            ]
        },
        with_user(RESPONSES, "Hi")
        | {
            "input": [
                {"role": "user", "content": "Hi"},
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}], "encrypted_content": "c2ln"},
            ]
        },
        {("encrypted_content of the thinking", "foreign_signature")},
    ),
    "reasoning as the user's words": (
        RESPONSES,
        CHAT,
        {
            "model": "m",
            "input": [{"role": "user", "content": "Hi"}, {"type": "reasoning", "summary": [], "encrypted_content": "c2ln"}],
        },
        {"model": "m", "messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": '{"type":"reasoning"}'}]},
        {("user text", "words_invented")},
    ),
    "the developer takes the place of the instructions": (
        RESPONSES,
        CHAT,
        {"model": "m", "instructions": "Be brief.", "input": [{"role": "developer", "content": "Like boats."}]},
        {"model": "m", "messages": [{"role": "system", "content": "Like boats."}]},
        {("system text", "text_dropped")},
    ),
    "the developer becomes a user": (
        RESPONSES,
        MESSAGES,
        {"model": "m", "instructions": "Be brief.", "input": [{"role": "developer", "content": "Like boats."}]},
        {"model": "m", "max_tokens": 4096, "system": "Be brief.", "messages": [{"role": "user", "content": "Like boats."}]},
        {("system text", "other_role")},
    ),
    "the vendor's search becomes a function": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, "Hi", tools=[{"type": "web_search_20250305", "name": "web_search"}]),
        with_user(CHAT, "Hi", tools=[{"type": "function", "function": {"name": "web_search", "parameters": {}}}]),
        {("tool “web_search”", "server_tool_as_function")},
    ),
    "the relay runs the search itself": (  # as agentic-api 0.9.0 asks again
        RESPONSES,
        RESPONSES,
        with_user(RESPONSES, "Hi", tools=[{"type": "web_search"}]),
        {
            "model": "m",
            "input": [
                {"role": "user", "content": "Hi"},
                {"type": "function_call", "call_id": "call_1", "name": "web_search", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "call_1", "output": "nothing"},
            ],
            "tools": [{"type": "function", "name": "web_search", "parameters": {}}],
        },
        {
            ("tool “web_search”", "server_tool_run_by_relay"),
            ("assistant tool call", "part_invented"),
            ("tool result", "part_invented"),
        },
    ),
    "the vendor's search by its other name": (
        MESSAGES,
        RESPONSES,
        with_user(MESSAGES, "Hi", tools=[{"type": "web_search_20250305", "name": "web_search"}]),
        with_user(RESPONSES, "Hi", tools=[{"type": "web_search_preview"}]),
        set(),
    ),
    "a budget becomes an effort": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, "Hi", thinking={"type": "enabled", "budget_tokens": 1024}),
        with_user(CHAT, "Hi", reasoning_effort="low"),
        set(),
    ),
    "thinking is dropped": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, "Hi", thinking={"type": "enabled", "budget_tokens": 1024}),
        with_user(CHAT, "Hi"),
        {("thinking", "setting_dropped"), ("thinking budget", "setting_dropped")},
    ),
    "a limit out of the air": (
        CHAT,
        MESSAGES,
        with_user(CHAT, "Hi"),
        with_user(MESSAGES, "Hi", max_tokens=128000),
        set(),
    ),
    "a temperature where none came": (
        RESPONSES,
        CHAT,
        with_user(RESPONSES, "Hi"),
        with_user(CHAT, "Hi", temperature=0.0),
        {("temperature", "invented")},
    ),
    "the default is nothing new": (
        RESPONSES,
        CHAT,
        with_user(RESPONSES, "Hi"),
        with_user(CHAT, "Hi", temperature=1.0, n=1),
        set(),
    ),
    "stop sequences are dropped": (
        MESSAGES,
        CHAT,
        with_user(MESSAGES, "Hi", stop_sequences=["END"]),
        with_user(CHAT, "Hi"),
        {("stop", "setting_dropped")},
    ),
    "Responses has no stop sequences": (
        MESSAGES,
        RESPONSES,
        with_user(MESSAGES, "Hi", stop_sequences=["END"]),
        with_user(RESPONSES, "Hi"),
        set(),
    ),
    "a field of OpenAI's passed raw to Anthropic": (
        CHAT,
        MESSAGES,
        with_user(CHAT, "Hi", seed=7),
        with_user(MESSAGES, "Hi", seed=7, max_tokens=9),
        {("seed", "passed_raw")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_relays_do(name: str) -> None:
    source, target, sent, arrived, expected = CASES[name]
    rows = compared(source, sent, target, arrived)
    assert loud(rows) == expected
    assert all(row.meaning for row in rows)


def test_the_limit_that_the_relay_chose_is_told() -> None:
    rows = compared(CHAT, with_user(CHAT, "Hi"), MESSAGES, with_user(MESSAGES, "Hi", max_tokens=128000))
    [row] = [row for row in rows if row.kind is Kind.INVENTED]
    assert (row.reason, row.arrived, row.arrived_path) == ("needed_limit", 128000, "max_tokens")


def test_every_pair_has_its_table() -> None:
    assert set(pairs()) == {pair for pair in EVERY_PAIR if pair[0] != pair[1]} == set(NEEDED) == set(PARTS) == set(MEMBERS)
    reasons = {way.why for ways in SETTINGS.values() for way in ways.values()}
    for table in (NEEDED, PARTS, MEMBERS):
        reasons |= {code for pair in pairs() for code in table[pair].values()}
    assert reasons <= set(MEANINGS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["type", "role", "content", "text", "messages", "input", "tools", "function", "tool_calls", "name", "arguments", "x"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["messages", "input", "system", "tools", "text", "reasoning", "metadata", "x"]), JSON))
def test_whatever_arrives(body: Json) -> None:
    for source, target in EVERY_PAIR:
        for row in compared(source, probes(source)[0].body, target, body):
            assert row.meaning
        compared(source, body, target, body)
