"""Chat Completions against the official SDK as oracle: recorded streams, whole answers and errors read as it reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.exchange import asks_for_usage
from app.protocols.base import GET_WEATHER, Ask, AssistantTurn, Target, ToolResult, ToolResultsTurn, UserTurn
from app.protocols.chat.protocol import OpenAIChat, limit_field
from app.protocols.findings import Severity
from app.protocols.reading import Meaning, Reading
from app.stream.sse import SseParser
from tests.protocols.stored import Exchange, sdk_params, transcript
from tests.sdks import openai
from tests.thorough import THOROUGH

CHAT = OpenAIChat()
OFFICIAL = ("api.openai.com", "openai.azure.com")
# What the SDK's stream helper raises on, and why.
REFUSED = {
    "0147": "APIError: Groq ended the stream with an error event",
    "0150": "APIError: Groq ended the stream with an error event",
    "0239": "APIError: OpenRouter put an error into the last chunk, beside its usage",
    "0245": "RuntimeError: OpenRouter's annotations are a list without indexes, which the helper can't merge",
}
# Numbers of the recordings; a change of the data would make these tests mean something else.
STREAMS, ANSWERS, ERRORS = 49, 118, 9
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")


@contextmanager
def sdk(body: bytes, status: int = 200, content_type: str = "text/event-stream") -> Iterator[openai.OpenAI]:
    """The official client; whatever it asks, it gets these bytes."""

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(status, headers={"content-type": content_type}, content=body)

    transport = httpx2.MockTransport(answer)
    with (
        httpx2.Client(transport=transport) as http,
        openai.OpenAI(api_key="k", base_url="http://127.0.0.1/v1", max_retries=0, http_client=http) as client,
    ):
        yield client


def sdk_final(body: bytes) -> Any:
    with sdk(body) as client, client.chat.completions.stream(model="m", messages=[]) as stream:
        return stream.get_final_completion()


def sdk_usage(body: bytes) -> dict[str, Any] | None:
    """The last usage among the SDK's chunks: its helper forgets one that is followed by a chunk without."""
    with sdk(body) as client:
        chunks = list(client.chat.completions.create(model="m", messages=[], stream=True))
    usages = [chunk.usage for chunk in chunks if chunk.usage]
    return usages[-1].to_dict() if usages else None


def read_stream(body: bytes, *, asked_usage: bool = False, pieces: list[bytes] | None = None) -> Reading:
    parser, reader, number = SseParser(), CHAT.reader(streamed=True, asked_usage=asked_usage), 0
    for piece in pieces or [body]:
        for event in parser.feed(piece):
            number += 1
            reader.feed(event, number)
    return reader.finish()


def read_whole(body: bytes, status: int = 200) -> Reading:
    reader = CHAT.reader(streamed=False)
    reader.read_whole(body, status)
    return reader.finish()


def body_of(exchange: Exchange) -> bytes:
    body: str = exchange["body"]
    return body.encode()


def read_exchange(exchange: Exchange) -> Reading:
    if not exchange["stream"]:
        return read_whole(body_of(exchange), exchange["status"])
    return read_stream(body_of(exchange), asked_usage=asks_for_usage(json.dumps(exchange["request"]).encode()))


def calls_of(reading: Reading) -> list[tuple[str, str, str]]:
    return [(call.id, call.name, call.arguments_text) for call in reading.tool_calls]


def assert_usage(reading: Reading, usage: dict[str, Any] | None) -> None:
    if usage is None:
        assert reading.usage is None or "x_groq" in reading.usage.raw or "queue_time" in reading.usage.raw
        return
    assert reading.usage is not None
    assert (reading.usage.input_tokens, reading.usage.output_tokens) == (usage["prompt_tokens"], usage["completion_tokens"])
    details, split = usage.get("prompt_tokens_details") or {}, usage.get("completion_tokens_details") or {}
    for ours, theirs in (
        (reading.usage.cache_read_tokens, details.get("cached_tokens")),
        (reading.usage.cache_write_tokens, details.get("cache_write_tokens")),
        (reading.usage.reasoning_tokens, split.get("reasoning_tokens")),
    ):
        assert theirs is None or ours == theirs


def assert_like_sdk(reading: Reading, completion: Any) -> None:
    message = completion.choices[0].message
    content = message.content or ""
    if isinstance(content, list):  # Mistral: parts, which the SDK hands on as they are
        content = "".join(part.get("text", "") for part in content if part.get("type") == "text")
    assert reading.text == content + (message.refusal or "")
    calls = [(call.id, call.function.name, call.function.arguments) for call in message.tool_calls or []]
    assert calls_of(reading) == calls
    assert reading.stop_reason == (completion.choices[0].finish_reason or None)
    assert (reading.response_id, reading.model) == (completion.id or None, completion.model or None)


# -- the oracle -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exchange", sdk_params("openai-chat", stream=True))
def test_a_recorded_stream_is_read_as_the_sdk_reads_it(exchange: Exchange) -> None:
    body, reading = body_of(exchange), read_exchange(exchange)
    assert_official_is_clean(exchange, reading)
    if exchange["id"] in REFUSED:
        error, _, _ = REFUSED[exchange["id"]].partition(":")
        with pytest.raises((openai.APIError, RuntimeError)) as caught:
            sdk_final(body)
        assert type(caught.value).__name__ == error
        return
    assert_like_sdk(reading, sdk_final(body))
    assert_usage(reading, sdk_usage(body))
    assert reading.error is None


def test_what_the_sdk_refuses_is_read_all_the_same() -> None:
    refused = {param.values[0]["id"]: param.values[0] for param in sdk_params("openai-chat", stream=True) if param.values[0]}
    if not refused:
        pytest.skip("the recorded exchanges are not on this machine")
    groq, groq_text, openrouter, annotated = (read_exchange(refused[number]) for number in REFUSED)

    assert groq.error is not None
    assert groq.error.code == "tool_use_failed"
    assert groq.error.event == 95
    assert not groq.ended
    assert groq.reasoning.startswith("We need to call the tool with invalid parameters first")
    assert groq_text.error is not None
    assert groq_text.text == "maybe"

    assert openrouter.error is not None
    assert (openrouter.error.message, openrouter.error.code) == ("Token limit reached", "400")
    assert openrouter.reasoning == "We need to respond to a greeting. The user"
    assert openrouter.usage is not None
    assert (openrouter.usage.input_tokens, openrouter.usage.output_tokens) == (43, 10)
    assert openrouter.stop_reason == "length"
    assert not openrouter.ended

    assert annotated.error is None
    assert annotated.ended
    assert annotated.stop_reason == "stop"
    assert annotated.text == ("The URL for Pydantic AI's GitHub repository is:  \n\nhttps://github.com/pydantic/pydantic-ai")
    assert annotated.usage is not None
    assert (annotated.usage.input_tokens, annotated.usage.output_tokens) == (2317, 53)


@pytest.mark.parametrize("exchange", sdk_params("openai-chat", stream=False))
def test_a_recorded_answer_or_error_is_read_as_the_sdk_reads_it(exchange: Exchange) -> None:
    body, status, reading = body_of(exchange), exchange["status"], read_exchange(exchange)
    assert_official_is_clean(exchange, reading)
    with sdk(body, status, exchange["headers"].get("content-type", "application/json")) as client:
        if status >= 400:
            with pytest.raises(openai.APIStatusError) as caught:
                client.chat.completions.create(model="m", messages=[])
            assert_error_like_sdk(reading, caught.value)
            return
        completion: Any = client.chat.completions.create(model="m", messages=[])
    if not getattr(completion, "choices", None):  # two answers of a proxy that speaks no Chat Completions
        assert [finding.id for finding in reading.findings] == ["C23"]
        assert not reading.ended
        return
    assert_like_sdk(reading, completion)
    assert_usage(reading, completion.usage.to_dict())
    assert reading.ended
    assert reading.error is None


def assert_error_like_sdk(reading: Reading, error: openai.APIStatusError) -> None:
    said: Any = error.body
    assert reading.error is not None
    assert reading.error.message.startswith(said["message"])
    assert reading.error.code == str(said.get("code") or "")
    assert reading.error.type == (said.get("type") or "")
    assert reading.error.param == (said.get("param") or "")
    assert not reading.ended


def test_the_recordings_are_all_there() -> None:
    params = [param.values[0] for param in sdk_params("openai-chat")]
    if params == [None]:
        pytest.skip("the recorded exchanges are not on this machine")
    streams = [exchange for exchange in params if exchange["stream"]]
    errors = [exchange for exchange in params if exchange["status"] >= 400]
    assert (len(streams), len(params) - len(streams) - len(errors), len(errors)) == (STREAMS, ANSWERS, ERRORS)


def assert_official_is_clean(exchange: Exchange, reading: Reading) -> None:
    """What an official endpoint sends is the protocol: a finding above a note would be a fault of ours."""
    if exchange["host"] in OFFICIAL:
        assert [finding for finding in reading.findings if finding.severity != Severity.NOTE] == []


@pytest.mark.parametrize("name", ["c_text", "c_tool", "c_think"])
def test_a_transcript_is_read_as_the_sdk_reads_it(name: str) -> None:
    body = transcript(name)
    reading = read_stream(body, asked_usage=True)
    assert_like_sdk(reading, sdk_final(body))
    assert_usage(reading, sdk_usage(body))
    assert reading.findings == []
    assert reading.ended


def test_the_tool_transcript_in_words() -> None:
    reading = read_stream(transcript("c_tool"), asked_usage=True)
    assert [(call.id, call.name, call.arguments) for call in reading.tool_calls] == [
        ("call_SimTide", "tide_height", {"port": "Brest"}),
        ("call_SimWind", "wind_speed", {"port": "Brest"}),
    ]
    assert reading.usage is not None
    assert (reading.usage.input_tokens, reading.usage.output_tokens) == (88, 47)
    assert reading.hidden_reasoning is False
    assert read_stream(transcript("c_think")).hidden_reasoning is True


# -- whatever the bytes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["c_text", "c_tool"])
def test_every_split_of_a_stream_reads_the_same(name: str) -> None:
    body = transcript(name)
    whole = read_stream(body)
    for at in range(0, len(body), 7):
        assert read_stream(body, pieces=[body[:at], body[at:]]) == whole
    assert read_stream(body, pieces=[body[at : at + 1] for at in range(len(body))]) == whole


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_bytes_never_raise(data: st.DataObject) -> None:
    body = bytearray(SAMPLE)
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[at] = data.draw(st.integers(0, 255))
    cut = bytes(body[: data.draw(st.integers(0, len(body)))])
    for event in SseParser().feed(cut):
        assert len(CHAT.preview(event)) <= 200
    read_stream(cut, asked_usage=True)
    read_whole(cut, data.draw(st.sampled_from([200, 400, 503])))


_FIELDS = """
    choices delta message content tool_calls function custom arguments name id index role finish_reason usage error model
    prompt_tokens object type text thinking reasoning_details function_call x_groq refusal reasoning extra_content audio
    prompt_tokens_details data input
"""
_KEYS = st.sampled_from(_FIELDS.split())
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
    | st.sampled_from(["{", "{}", '{"a": 1}', "text", "thinking", "custom", "stop", "chat.completion.chunk", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=24,
)  # fmt: skip
_CHUNKS = st.builds(
    lambda delta, rest: rest | {"choices": [{"index": 0, "delta": delta}]},
    st.dictionaries(_KEYS, _JSON),
    st.dictionaries(_KEYS, _JSON),
)


@settings(max_examples=300 if THOROUGH else 80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_JSON | _CHUNKS, max_size=5))
def test_any_json_is_read_without_an_error_of_ours(chunks: list[Any]) -> None:
    lines = [json.dumps(chunk) for chunk in chunks]
    body = "".join(f"data: {line}\n\n" for line in lines).encode()
    parser, reader = SseParser(), CHAT.reader(streamed=True)
    for number, event in enumerate(parser.feed(body), 1):
        reader.feed(event, number)
        reader.snapshot()
        CHAT.preview(event).encode()
    reading = reader.finish()
    for text in (reading.text, reading.reasoning, *(finding.sentence + finding.plain for finding in reading.findings)):
        text.encode()
    for line in lines:
        read_whole(line.encode())
    CHAT.build(Ask("m", (AssistantTurn(reading.replay),)), TARGET)


def test_a_snapshot_shows_what_has_come() -> None:
    reader = CHAT.reader(streamed=True)
    seen = []
    for number, event in enumerate(SseParser().feed(transcript("c_text")), 1):
        meaning = reader.feed(event, number)
        reading = reader.snapshot()
        seen.append((meaning, reading.text, reading.ended))
    assert seen[:4] == [
        (Meaning.NOTHING, "", False),
        (Meaning.TEXT, "Boats ", False),
        (Meaning.TEXT, "Boats float.", False),
        (Meaning.NOTHING, "Boats float.", True),
    ]


# -- the request ------------------------------------------------------------------------------------------------------

TARGET = Target("https://h/v1", key="sk-1")
HELLO = (UserTurn("Hello"),)
SAMPLE = (
    "".join(
        f"data: {json.dumps({'id': 'c', 'object': 'chat.completion.chunk', 'model': 'm', 'choices': choices, **more})}\n\n"
        for choices, more in [
            ([{"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}], {}),
            ([{"index": 0, "delta": {"content": "Grüße 🌊"}, "finish_reason": None}], {}),
            ([{"index": 0, "delta": {"reasoning_details": [{"index": 0, "type": "reasoning.text", "text": "hm"}]}}], {}),
            (
                [
                    {
                        "index": 0,
                        "delta": {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": '{"x"'}}]},
                    }
                ],
                {},
            ),
            ([{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"arguments": ": 1}"}}]}}], {}),
            ([{"index": 0, "delta": {}, "finish_reason": "tool_calls"}], {}),
            ([], {"usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}}),
        ]
    ).encode()
    + b"data: [DONE]\n\n"
)


def sent(ask: Ask, target: Target = TARGET) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(CHAT.build(ask, target).body)
    return body


def test_the_minimal_request_has_nothing_else() -> None:
    request = CHAT.build(Ask("claude-haiku-4-5", HELLO, max_tokens=64), TARGET)
    assert (request.method, request.url) == ("POST", "https://h/v1/chat/completions")
    assert json.loads(request.body) == {
        "model": "claude-haiku-4-5",
        "messages": [{"role": "user", "content": "Hello"}],
        "max_tokens": 64,
    }
    assert dict(request.headers) == {
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": request.header("user-agent"),
        "authorization": "Bearer sk-1",
    }


def test_a_stream_asks_for_usage() -> None:
    body = sent(Ask("m", HELLO, max_tokens=None, stream=True))
    assert body == {
        "model": "m",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert asks_for_usage(json.dumps(body).encode())
    assert not any(asks_for_usage(other) for other in (b"[]", b'{"stream":true}', b'{"stream_options":[]}', b"<"))


@pytest.mark.parametrize(
    ("model", "field"),
    [
        *(
            (model, "max_completion_tokens")
            for model in ("o1", "o3-mini", "o4-mini-2025-04-16", "gpt-5", "gpt-5.5", "openai/gpt-6.1-sol")
        ),
        *(
            (model, "max_tokens")
            for model in ("gpt-4o", "gpt-4.1", "gpt-35-turbo", "gpt-oss-120b", "claude-opus-5-5", "olmo-2", "qwen3")
        ),
    ],
)
def test_the_limit_has_the_name_that_the_model_takes(model: str, field: str) -> None:
    assert limit_field(model) == field
    assert sent(Ask(model, HELLO, max_tokens=9))[field] == 9


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target("https://h/v1/", key=" sk-1\n"), {"authorization": "Bearer sk-1"}),
        (Target("https://h/v1", key="sk-1", auth="x-api-key"), {"x-api-key": "sk-1"}),
        (Target("https://h/v1", key=""), {}),
        (Target("https://h/v1", key="sk-1", headers=(("Authorization", "Basic x"),)), {"Authorization": "Basic x"}),
        (Target("https://h/v1", key="", headers=(("api-key", "az"),)), {"api-key": "az"}),
    ],
)
def test_the_key_goes_where_the_profile_says(target: Target, expected: dict[str, str]) -> None:
    for request in (CHAT.build(Ask("m", HELLO), target), CHAT.models_request(target)):
        headers = dict(request.headers)
        auth = {name: value for name, value in headers.items() if name.lower() in ("authorization", "x-api-key", "api-key")}
        assert auth == expected


def test_the_model_list_and_a_body_edited_by_hand() -> None:
    models = CHAT.models_request(TARGET)
    assert (models.method, models.url, models.body) == ("GET", "https://h/v1/models", b"")
    assert models.header("content-type") is None
    assert CHAT.build_raw(b'{"a":  1}', TARGET).body == b'{"a":  1}'


def test_the_tool_loop_sends_the_call_back_and_its_results() -> None:
    reading = read_stream(transcript("c_tool"))
    results = ToolResultsTurn([ToolResult("call_SimTide", "4.1 m"), ToolResult("call_SimWind", "no signal", is_error=True)])
    ask = Ask("m", (*HELLO, AssistantTurn(reading.replay), results), None, system="Be short.", tools=(GET_WEATHER,))
    body = sent(ask)
    assert body["messages"] == [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "Hello"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call_SimTide",
                    "type": "function",
                    "function": {"name": "tide_height", "arguments": '{"port":"Brest"}'},
                },
                {"id": "call_SimWind", "type": "function", "function": {"name": "wind_speed", "arguments": '{"port":"Brest"}'}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_SimTide", "content": "4.1 m"},
        {"role": "tool", "tool_call_id": "call_SimWind", "content": "Error: no signal"},
    ]
    assert body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "The current weather in a city.",
                "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
            },
        }
    ]
