"""The demo's endpoints: what they say, what they refuse and in which words, and at what pace."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from app.protocols.base import Ask, Attachment, Target, UserTurn
from app.protocols.findings import Severity
from app.protocols.registry import protocol as protocol_of
from app.simulator.server.urls import base_url
from app.stream.sse import SseParser
from app.text.bitmap_font import draw_word
from tests.simulator.raw import CHAT, MESSAGES, PATHS, RESPONSES, SCHEMA, Raw, ask, request

FAST = "fault/no_rate_headers"
PROTOCOLS = (MESSAGES, CHAT, RESPONSES)


def said(root: str, body: dict[str, Any], endpoint: str = FAST, protocol: str = MESSAGES, **headers: str) -> Raw:
    return ask(root, endpoint, PATHS[protocol], body, headers=headers)


def message_text(answer: Raw) -> str:
    return "".join(block.get("text", "") for block in answer.json["content"])


def conversation(*texts: str) -> list[dict[str, str]]:
    return [{"role": "assistant" if number % 2 else "user", "content": text} for number, text in enumerate(texts)]


# -- what they say -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("tools", [False, True])
@pytest.mark.parametrize("stream", [False, True])
def test_nothing_is_found_on_the_official_endpoint(root: str, protocol: str, tools: bool, stream: bool) -> None:
    """Our own readers, which know every deviation, find nothing, and read a legal end."""
    answer = said(root, request(protocol, tools=tools, stream=stream), "fault/retry_after", protocol)
    reader = protocol_of(protocol).reader(streamed=stream)
    if stream:
        for number, event in enumerate(SseParser().feed(answer.body), 1):
            reader.feed(event, number)
    else:
        reader.read_whole(answer.body, answer.status)
    reading = reader.finish()
    assert [finding.sentence for finding in reading.findings if finding.severity is not Severity.NOTE] == []
    assert reading.ended
    assert len(reading.tool_calls) == (2 if tools else 0)
    assert tools or reading.text


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Reply with exactly: pong", "pong"),
        ('Please say "blue heron" and nothing else', "blue heron"),
        ("Count from 3 to 6", "3, 4, 5, 6"),
    ],
)
def test_it_does_as_it_is_told(root: str, prompt: str, expected: str) -> None:
    assert message_text(said(root, request(MESSAGES, stream=False, prompt=prompt))) == expected


def test_it_refers_to_earlier_turns(root: str) -> None:
    turns = conversation("My name is Ada.", "Hello Ada.", "What is my name?")
    assert "Ada" in message_text(said(root, request(MESSAGES, stream=False, messages=turns)))


def test_it_heeds_the_system_prompt(root: str) -> None:
    body = request(MESSAGES, stream=False, system="Answer with the single word ORCHID.", prompt="Which flower?")
    assert message_text(said(root, body)) == "ORCHID"


@pytest.mark.parametrize("text", ["emoji 👩‍🚀 and CJK 漢字", "combining é", "line\u2028separator", "tab\tand \\ slash"])
def test_text_survives(root: str, text: str) -> None:
    answer = said(root, request(MESSAGES, prompt=f'Say "{text}"'))
    assert "".join(answer.all("delta", "text")) == text


@pytest.mark.parametrize("stream", [True, False])
def test_the_token_limit_is_kept_and_reported(root: str, stream: bool) -> None:
    messages = said(root, request(MESSAGES, stream=stream, max_tokens=7))
    chat = said(root, request(CHAT, stream=False, model="gpt-4o", max_tokens=7), protocol=CHAT).json
    responses = said(root, request(RESPONSES, stream=False, model="gpt-4o", max_output_tokens=16), protocol=RESPONSES).json
    final = messages.events[-2][1] if stream else messages.json
    assert final["usage"]["output_tokens"] == 7
    assert (final["delta"] if stream else final)["stop_reason"] == "max_tokens"
    assert (chat["choices"][0]["finish_reason"], chat["usage"]["completion_tokens"]) == ("length", 7)
    assert (responses["status"], responses["incomplete_details"]["reason"]) == ("incomplete", "max_output_tokens")


def test_zero_tokens_only_warm_the_cache(root: str) -> None:
    answer = said(root, request(MESSAGES, stream=False, max_tokens=0)).json
    assert (answer["content"], answer["stop_reason"], answer["usage"]["output_tokens"]) == ([], "max_tokens", 0)


def test_stop_sequences(root: str) -> None:
    answer = said(root, request(MESSAGES, stream=False, prompt="Count to 20", stop_sequences=["9", "7"])).json
    assert answer["content"][0]["text"] == "1, 2, 3, 4, 5, 6, "
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", "7")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_input_is_counted_linearly(root: str, protocol: str) -> None:
    name = "prompt_tokens" if protocol == CHAT else "input_tokens"
    counts = []
    for times in (1, 2, 4):
        answer = said(root, request(protocol, stream=False, prompt="one two three " * 20 * times), protocol=protocol)
        counts.append(answer.json["usage"][name])
    assert counts[2] - counts[1] == pytest.approx(2 * (counts[1] - counts[0]), abs=2)


def test_the_prompt_cache_is_written_then_read(root: str) -> None:
    text = {"type": "text", "text": "a long preface " * 600, "cache_control": {"type": "ephemeral"}}
    body = request(MESSAGES, stream=False, system=[text], prompt=f"Hello {time.monotonic_ns()}")
    first, second = (said(root, body).json["usage"] for _ in range(2))
    total = first["input_tokens"] + first["cache_creation_input_tokens"] + first["cache_read_input_tokens"]
    assert second["cache_read_input_tokens"] > 1000
    assert second["input_tokens"] + second["cache_read_input_tokens"] == total


def test_tool_arguments_fit_their_schema(root: str) -> None:
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            "days": {"type": "integer", "minimum": 2},
            "tags": {"type": "array", "items": {"type": "string"}},
            "note": {"type": "string"},
        },
        "required": ["city", "unit", "days", "tags"],
    }
    tool = {"name": "forecast", "input_schema": schema}
    answer = said(root, request(MESSAGES, stream=False, prompt="The weather, please", tools=[tool])).json
    arguments = answer["content"][-1]["input"]
    assert {**arguments, "tags": None} == {"city": "Paris", "unit": "celsius", "days": 2, "tags": None}
    assert isinstance(arguments["tags"][0], str)


@pytest.mark.parametrize(
    ("choice", "calls"),
    [
        ({"type": "none"}, 0),
        ({"type": "any"}, 2),
        ({"type": "tool", "name": "get_weather"}, 2),
        ({"type": "auto", "disable_parallel_tool_use": True}, 1),
    ],
)
def test_tool_choice(root: str, choice: dict[str, Any], calls: int) -> None:
    answer = said(root, request(MESSAGES, stream=False, tools=True, tool_choice=choice)).json
    assert len([block for block in answer["content"] if block["type"] == "tool_use"]) == calls


def test_json_in_the_asked_shape(root: str) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}}
    body = request(CHAT, stream=False, prompt="Oslo, as JSON", response_format=wanted)
    assert said(root, body, protocol=CHAT).json["choices"][0]["message"]["content"] == '{"city": "Oslo"}'


def test_several_choices_and_logprobs(root: str) -> None:
    body = request(CHAT, model="gpt-4o", n=2, logprobs=True)
    whole = said(root, {**body, "stream": False, "stream_options": None}, protocol=CHAT).json
    assert [choice["index"] for choice in whole["choices"]] == [0, 1]
    assert whole["choices"][0]["logprobs"]["content"]
    streamed = said(root, body, protocol=CHAT)
    assert set(streamed.all("choices", 0, "index")) == {0, 1}


# -- what they refuse --------------------------------------------------------------------------------------------------

REFUSED_MESSAGES: list[tuple[dict[str, Any], str]] = [
    ({"zz_probe": 1}, "zz_probe: Extra inputs are not permitted"),
    ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
    ({"max_tokens": 10**7}, "maximum allowed"),
    ({"messages": []}, "at least one message is required"),
    ({"messages": [{"role": "system", "content": "x"}]}, 'Unexpected role "system"'),
    ({"messages": [{"role": "user", "content": ""}]}, "text content blocks must be non-empty"),
    ({"messages": [{"role": "user", "content": [{"type": "hologram"}]}]}, "messages.0.content.0.type"),
    ({"messages": conversation("Hi", "Hello")}, "does not support assistant message prefill"),
    ({"messages": conversation("Hi", "Hello "), "model": "claude-haiku-4-5"}, "trailing whitespace"),
    ({"model": "claude-opus-4-8", "temperature": 0.5}, "temperature"),
    ({"model": "claude-opus-4-8", "thinking": {"type": "enabled", "budget_tokens": 1024}}, "thinking.type"),
    ({"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}, "thinking.type"),
    ({"model": "claude-sonnet-5-5", "temperature": 0.3}, "only the default value"),
    ({"temperature": 3}, "between 0 and 1"),
    ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "budget_tokens"),
    ({"thinking": {"type": "enabled", "budget_tokens": 5000}}, "must be greater than"),
    ({"tools": [{"name": "no spaces", "input_schema": {"type": "object"}}]}, "should match pattern"),
    ({"tool_choice": {"type": "any"}}, "providing tools"),
]
REFUSED_CHAT: list[tuple[dict[str, Any], str, str]] = [
    ({"zz_probe": 1}, "zz_probe", "unknown_parameter"),
    ({"messages": []}, "messages", "empty_array"),
    ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role", "invalid_value"),
    ({"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter"),
    ({"temperature": 0.5}, "temperature", "unsupported_value"),
    ({"max_tokens": 5}, "max_tokens", "unsupported_parameter"),
    ({"model": "gpt-4o", "temperature": 3}, "temperature", "decimal_above_max_value"),
    ({"model": "gpt-4o", "stop": list("abcde")}, "stop", "array_above_max_length"),
]
REFUSED_RESPONSES: list[tuple[dict[str, Any], str, str]] = [
    ({"messages": []}, "messages", "unknown_parameter"),
    ({"max_tokens": 5}, "max_tokens", "unknown_parameter"),
    ({"max_output_tokens": 5}, "max_output_tokens", "integer_below_min_value"),
    ({"previous_response_id": "resp_none"}, "previous_response_id", "previous_response_not_found"),
    ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools[0].function", "unknown_parameter"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED_MESSAGES)
def test_messages_refusals(root: str, change: dict[str, Any], words: str) -> None:
    answer = said(root, request(MESSAGES, **change))
    assert answer.status == 400
    assert answer.json["error"]["type"] == "invalid_request_error"
    assert words in answer.json["error"]["message"]
    assert answer.json["request_id"] == answer.headers["request-id"]


@pytest.mark.parametrize(
    ("protocol", "change", "param", "code"),
    [(CHAT, *row) for row in REFUSED_CHAT] + [(RESPONSES, *row) for row in REFUSED_RESPONSES],
)
def test_openai_refusals(root: str, protocol: str, change: dict[str, Any], param: str, code: str) -> None:
    answer = said(root, request(protocol, **change), protocol=protocol)
    assert answer.status == 400
    assert (answer.json["error"]["param"], answer.json["error"]["code"]) == (param, code)


def test_a_missing_field_is_named(root: str) -> None:
    body = request(MESSAGES)
    del body["max_tokens"]
    assert said(root, body).json["error"]["message"] == "max_tokens: Field required"


CALL = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "4 °C"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([{"type": "text", "text": "Well?"}], "without `tool_result` blocks"),
        ([RESULT | {"tool_use_id": "toolu_2"}], "unexpected `tool_use_id`"),
        ([{"type": "text", "text": "first"}, RESULT], "without `tool_result` blocks immediately after"),
        ([RESULT, RESULT], "single result"),
    ],
)
def test_messages_pairing_is_strict(root: str, content: list[Any], words: str) -> None:
    turns = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": [CALL]},
        {"role": "user", "content": content},
    ]
    answer = said(root, request(MESSAGES, tools=True, messages=turns))
    assert answer.status == 400
    assert words in answer.json["error"]["message"]


def test_chat_and_responses_pairing_is_strict(root: str) -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    turns = [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "user", "content": "Well?"},
    ]
    chat = said(root, request(CHAT, tools=True, messages=turns), protocol=CHAT)
    assert "must be followed by tool messages" in chat.json["error"]["message"]
    orphan = {"type": "function_call_output", "call_id": "call_1", "output": "x"}
    responses = said(root, request(RESPONSES, input=[orphan]), protocol=RESPONSES)
    assert "No tool call found" in responses.json["error"]["message"]


def test_a_tampered_signature_is_refused(root: str) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    body = request(MESSAGES, stream=False, thinking=thinking)
    content = said(root, body).json["content"]
    turns = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": content}, {"role": "user", "content": "Go on"}]
    assert said(root, {**body, "messages": turns}).status == 200
    signature = content[0]["signature"]
    content[0]["signature"] = signature[:40] + ("A" if signature[40] != "A" else "B") + signature[41:]
    refused = said(root, {**body, "messages": turns})
    assert refused.status == 400
    assert "Invalid `signature` in `thinking` block" in refused.json["error"]["message"]


def test_reasoning_belongs_to_its_call(root: str) -> None:
    body = request(RESPONSES, stream=False, tools=True, prompt="Weather in Oslo?")
    output = said(root, body, protocol=RESPONSES).json["output"]
    call = output[-1]
    result = {"type": "function_call_output", "call_id": call["call_id"], "output": "4 °C"}
    question = {"role": "user", "content": "Weather in Oslo?"}
    assert said(root, {**body, "input": [question, *output, result]}, protocol=RESPONSES).status == 200
    refused = said(root, {**body, "input": [question, call, result]}, protocol=RESPONSES)
    assert "without its required 'reasoning' item" in refused.json["error"]["message"]


def test_keys(root: str) -> None:
    both = {"x-api-key": "a", "authorization": "Bearer b"}
    assert said(root, request(MESSAGES), "fault/usage_zero", **both).status == 401
    assert (
        said(root, request(MESSAGES), "fault/usage_zero", **{"x-api-key": "sk-wrong"}).json["error"]["message"]
        == "invalid x-api-key"
    )
    assert said(root, request(CHAT), "fault/usage_zero", CHAT, authorization="Bearer sk-wrong").status == 401
    assert said(root, request(MESSAGES), "fault/usage_zero").status == 200, "the demo asks for no key"


def test_paths_and_methods(root: str) -> None:
    assert ask(root, "official", "/v1/v1/messages", request(MESSAGES)).status == 404
    assert ask(root, "official", "/chat/completions", request(CHAT)).status == 404
    assert ask(root, "official", "/v1/messages?beta=true", request(MESSAGES), headers={"x-diptych-pace": "none"}).status == 200
    assert ask(root, "official", "/v1/messages", method="GET").status == 405
    assert ask(root, "official", "/v1/messages", b"{nonsense").status == 400
    no_version = ask(root, "official", "/v1/messages", request(MESSAGES), headers={"anthropic-version": ""})
    assert "anthropic-version" in no_version.json["error"]["message"]


# -- at what pace ------------------------------------------------------------------------------------------------------


def test_the_official_endpoint_takes_its_time(root: str) -> None:
    """Lower bounds only: 350 ms to the first token, then about 18 ms a token, each event a chunk of its own."""
    began = time.monotonic()
    answer = ask(root, "official", PATHS[MESSAGES], request(MESSAGES, prompt="Count to 10"), patience_s=5)
    tokens = len(answer.all("delta", "text"))
    assert time.monotonic() - began >= 0.35 + (tokens - 1) * 0.018 * 0.75
    assert len(answer.chunks) == len(answer.events)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_relay_is_later_and_comes_in_bursts(root: str, protocol: str) -> None:
    began = time.monotonic()
    answer = ask(root, "relay", PATHS[protocol], request(protocol, prompt="Count to 10"), patience_s=5)
    assert time.monotonic() - began >= 0.77 + 2 * 0.48
    counts = [chunk.count(b"data: ") for chunk in answer.chunks]
    assert sorted(counts)[-3] > 4, "three chunks hold the content"
    assert sum(counts) == len(answer.events)
    assert "x-oneapi-request-id" in answer.headers
    assert not [usage for usage in answer.all("usage") if usage and any(usage.values())]


def test_the_relay_says_the_same(root: str) -> None:
    body = request(MESSAGES, prompt="What is a token?", stream=False)
    official, relay = (said(root, body, name, **{"x-diptych-pace": "none"}).json for name in ("official", "relay"))
    assert official["content"] == relay["content"]
    assert relay["usage"]["input_tokens"] - official["usage"]["input_tokens"] == 27


def test_base_urls() -> None:
    assert base_url("http://127.0.0.1:1/", "relay", MESSAGES) == "http://127.0.0.1:1/relay"
    assert base_url("http://127.0.0.1:1", "fault/crlf", CHAT) == "http://127.0.0.1:1/fault/crlf/v1"


# -- what they see -----------------------------------------------------------------------------------------------------


def _pdf(text: str) -> bytes:
    """The smallest page that shows a text."""
    content = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode()
    return b"%%PDF-1.4\n1 0 obj << /Length %d >>\nstream\n%s\nendstream\nendobj\n%%%%EOF\n" % (len(content), content)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("kind", ["image/png", "application/pdf"])
def test_a_picture_and_a_page_are_read(root: str, protocol: str, kind: str) -> None:
    """As our own builder writes them."""
    data = draw_word("HERON7") if kind == "image/png" else _pdf("The magic word is HERON7.")
    turn = UserTurn("What is the magic word? Answer with only the word.", (Attachment(kind, data),))
    model = "claude-haiku-4-5" if protocol == MESSAGES else "gpt-5.4-mini"
    built = protocol_of(protocol).build(Ask(model, (turn,)), Target("http://127.0.0.1:1/x"))
    answer = said(root, json.loads(built.body), protocol=protocol).json
    assert "HERON7" in json.dumps(answer)
    assert "HERON7" not in built.body.decode()


def test_what_is_drawn_is_streamed_with_its_likelihoods(root: str) -> None:
    body = request(
        CHAT, model="gpt-4o", prompt="Pick one random integer from 1 to 1000.", seed=5, logprobs=True, top_logprobs=3
    )
    whole = said(root, {**body, "stream": False, "stream_options": None}, protocol=CHAT).json["choices"][0]
    told = said(root, body, protocol=CHAT).all("choices", 0, "logprobs", "content", 0)
    assert told == whole["logprobs"]["content"]
    assert [len(one["top_logprobs"]) for one in told] == [3] * len(told)
    assert bytes(byte for one in told for byte in one["bytes"]).decode() == whole["message"]["content"]
    include: dict[str, Any] = {"include": ["message.output_text.logprobs"], "top_logprobs": 2, "temperature": 0}
    body = request(RESPONSES, model="gpt-4o", prompt="Flip a coin.", **include)
    done = said(root, body, protocol=RESPONSES).events[-1][1]["response"]["output"][0]["content"][0]
    assert "".join(one["token"] for one in done["logprobs"]) == done["text"]


# -- in whose words they refuse ----------------------------------------------------------------------------------------

BROKEN: list[tuple[str, Any, str]] = [
    (MESSAGES, b'{"model": ', "The request body is not valid JSON: "),
    (CHAT, b'{"model": ', "We could not parse the JSON body of your request. "),
    (MESSAGES, {"messages": "hi"}, "messages: Input should be a valid list"),
    (CHAT, {"messages": "hi"}, "Invalid type for 'messages': expected an array, but got a string instead."),
    (RESPONSES, {"input": 5}, "Invalid type for 'input': expected an array, but got an integer instead."),
    (CHAT, {"messages": [{"role": "robot", "content": "x"}]}, "Invalid value: 'robot'. Supported values are: 'developer', "),
    (MESSAGES, {"max_tokens": -1}, "max_tokens: Input should be greater than or equal to 0"),
    (
        CHAT,
        {"model": "gpt-4o", "max_tokens": -1},
        "Invalid 'max_tokens': integer below minimum value. Expected a value >= 1, but got -1 instead.",
    ),
    (RESPONSES, {"max_output_tokens": -1}, "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16"),
    (CHAT, {"model": "gpt-4o", "top_logprobs": 2}, "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."),
]


@pytest.mark.parametrize(("protocol", "wrong", "words"), BROKEN)
def test_refusals_in_the_vendors_words(root: str, protocol: str, wrong: Any, words: str) -> None:
    body = wrong if isinstance(wrong, bytes) else request(protocol, stream=False) | wrong
    if protocol == CHAT and isinstance(body, dict):
        body.pop("stream_options", None)
    answer = ask(root, FAST, PATHS[protocol], body)
    assert answer.status == 400
    assert answer.json["error"]["message"].startswith(words)
