"""Responses: requests, readings of real answers with the official SDK as the oracle, and readings that no bytes may break."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from app.protocols.base import GET_WEATHER, Ask, AssistantTurn, Target, ToolResult, ToolResultsTurn, UserTurn
from app.protocols.findings import Severity
from app.protocols.reading import Meaning, Reading
from app.protocols.responses.protocol import OpenAIResponses
from app.stream.sse import SseEvent, SseParser
from tests.protocols.responses.streams import (
    Replay,
    call,
    custom_call,
    framed,
    message,
    read,
    read_whole,
    refusal,
    replaying,
    response,
    stream,
    thought,
)
from tests.protocols.stored import Exchange, sdk_params, transcript
from tests.sdks import openai

PROTOCOL = OpenAIResponses()
HELLO = Ask("gpt-5.5", (UserTurn("Hello"),))
TARGET = Target("http://127.0.0.1:9/v1", key="sk-test")
# The SDK's own models warn about values in real answers that are newer than they are.
OF_THE_SDK = pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning")


@pytest.fixture(scope="module")
def replay() -> Iterator[Replay]:
    with replaying() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def client(replay: Replay) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=replay.base_url, api_key="sk-test", max_retries=0) as sdk:
        yield sdk


# -- requests ---------------------------------------------------------------------------------------------------------


def _body(ask: Ask) -> Any:
    return json.loads(PROTOCOL.build(ask, TARGET).body)


def test_a_minimal_request_has_nothing_else() -> None:
    request = PROTOCOL.build(HELLO, TARGET)
    assert (request.method, request.url) == ("POST", "http://127.0.0.1:9/v1/responses")
    assert json.loads(request.body) == {
        "model": "gpt-5.5",
        "input": [{"role": "user", "content": "Hello"}],
        "max_output_tokens": 1024,
    }
    assert dict(request.headers) == {
        "content-type": "application/json",
        "accept": "application/json",
        "user-agent": f"Diptych/{app.__version__}",
        "authorization": "Bearer sk-test",
    }


def test_what_is_asked_for_is_there() -> None:
    body = _body(Ask("m", (UserTurn("Hi"),), None, "Be brief.", (GET_WEATHER,), stream=True))
    assert body == {
        "model": "m",
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": "Hi"}],
        "tools": [
            {
                "type": "function",
                "name": "get_weather",
                "description": GET_WEATHER.description,
                "parameters": GET_WEATHER.parameters,
            }
        ],
        "stream": True,
    }


def test_history_goes_back_item_by_item_unchanged() -> None:
    first = stream(thought("Ask the tool."), call(), custom_call("HEY"))
    replayed = read(framed([*first]))[0].replay
    assert replayed == [thought("Ask the tool."), call(), custom_call("HEY")]
    results = ToolResultsTurn([ToolResult("call_1", "no such city", is_error=True), ToolResult("call_c", "done")])
    assert _body(Ask("m", (UserTurn("Weather?"), AssistantTurn(replayed), results)))["input"] == [
        {"role": "user", "content": "Weather?"},
        *replayed,
        {"type": "function_call_output", "call_id": "call_1", "output": "Error: no such city"},
        {"type": "custom_tool_call_output", "call_id": "call_c", "output": "done"},
    ]


def test_the_finished_item_goes_back_and_not_the_one_that_the_final_response_repeats() -> None:
    """A relay may leave out there what the next request needs: encrypted content, phases, ids."""
    shorter = {"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Ask the tool."}]}
    reading, _ = read(
        framed([*stream(thought("Ask the tool."), message("Hi"), output=[shorter, message("Hi") | {"phase": "x"}])])
    )
    assert "encrypted_content" in thought("Ask the tool.")
    assert reading.replay == [thought("Ask the tool."), message("Hi")]


def test_an_item_that_was_never_finished_goes_back_as_the_final_response_has_it() -> None:
    events = [one for one in stream(message("Hi")) if one["type"] != "response.output_item.done"]
    assert read(framed([*events]))[0].replay == [message("Hi")]
    assert read(framed([*events[:-1]]))[0].replay == []


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target("http://h/v1", key=" sk-\na\t"), {"authorization": "Bearer sk-a"}),
        (Target("http://h/v1", "x-api-key", "k"), {"x-api-key": "k"}),
        (Target("http://h/v1", key=" \n"), {}),
        (Target("http://h/v1", key="k", headers=(("Authorization", "Basic z"),)), {"Authorization": "Basic z"}),
    ],
)
def test_keys_go_where_the_profile_says(target: Target, expected: dict[str, str]) -> None:
    for request in (PROTOCOL.build(HELLO, target), PROTOCOL.models_request(target)):
        auth = {name: value for name, value in request.headers if name.lower() in ("authorization", "x-api-key")}
        assert auth == expected


def test_the_model_list_and_a_body_edited_by_hand() -> None:
    models = PROTOCOL.models_request(Target("http://h/v1/ ", key="k"))
    assert (models.method, models.url, models.body) == ("GET", "http://h/v1/models", b"")
    assert PROTOCOL.build_raw(b"{ not json", TARGET).body == b"{ not json"


def test_the_sdk_sends_the_same_body(client: openai.OpenAI, replay: Replay) -> None:
    replay.answer = (200, "application/json", json.dumps(response(message("Hi."))).encode())
    client.responses.create(
        model="gpt-5.5", input=[{"role": "user", "content": "Hello"}], max_output_tokens=1024, instructions="Be brief."
    )
    ours = _body(Ask("gpt-5.5", (UserTurn("Hello"),), system="Be brief."))
    assert json.loads(replay.requests[-1]) == ours


# -- the SDK as the oracle --------------------------------------------------------------------------------------------


def _as_the_sdk_has_it(final: Any) -> dict[str, Any]:
    """The parts of a parsed response that a reading has too; `refusal` parts are text here, which `output_text` skips."""
    parts = [part for item in final.output if item.type == "message" for part in item.content]
    calls = [item for item in final.output if item.type in ("function_call", "custom_tool_call")]
    return {
        "text": "".join(part.text if part.type == "output_text" else part.refusal for part in parts),
        "calls": [(c.call_id, c.name, c.arguments if c.type == "function_call" else c.input) for c in calls],
        "status": final.status,
        "model": final.model,
        "id": final.id,
        "usage": _usage_of_the_sdk(final.usage),
    }


def _usage_of_the_sdk(usage: Any) -> tuple[int | None, ...] | None:
    if usage is None:
        return None
    read_in, read_out = usage.input_tokens_details, usage.output_tokens_details
    written = getattr(read_in, "cache_write_tokens", None)
    return (usage.input_tokens, usage.output_tokens, read_in.cached_tokens, written, read_out.reasoning_tokens)


def _as_we_have_it(reading: Reading) -> dict[str, Any]:
    u = reading.usage
    counts = u and (u.input_tokens, u.output_tokens, u.cache_read_tokens, u.cache_write_tokens, u.reasoning_tokens)
    return {
        "text": reading.text,
        "calls": [(c.id, c.name, c.arguments_text) for c in reading.tool_calls],
        "status": reading.stop_reason,
        "model": reading.model,
        "id": reading.response_id,
        "usage": counts,
    }


def _stream_by_the_sdk(client: openai.OpenAI, replay: Replay, body: bytes) -> dict[str, Any]:
    replay.answer = (200, "text/event-stream", body)
    with client.responses.stream(model="m", input="x") as events:
        return _as_the_sdk_has_it(events.get_final_response())


@OF_THE_SDK
@pytest.mark.parametrize("exchange", sdk_params("openai-responses", stream=True))
def test_recorded_streams_read_as_the_sdk_reads_them(client: openai.OpenAI, replay: Replay, exchange: Exchange) -> None:
    body = exchange["body"].encode()
    reading, _ = read(body)
    assert _as_we_have_it(reading) == _stream_by_the_sdk(client, replay, body)
    assert reading.ended
    assert reading.error is None


@OF_THE_SDK
@pytest.mark.parametrize("exchange", sdk_params("openai-responses", stream=False))
def test_recorded_whole_answers_read_as_the_sdk_reads_them(client: openai.OpenAI, replay: Replay, exchange: Exchange) -> None:
    body, status = exchange["body"].encode(), exchange["status"]
    reading = read_whole(body, status)
    replay.answer = (status, "application/json", body)
    if status != 200:
        _check_error(client, reading)
        return
    assert _as_we_have_it(reading) == _as_the_sdk_has_it(client.responses.create(model="m", input="x"))
    assert reading.ended
    assert reading.replay == json.loads(body)["output"]


def _check_error(client: openai.OpenAI, reading: Reading) -> None:
    with pytest.raises(openai.APIStatusError) as raised:
        client.responses.create(model="m", input="x")
    told = reading.error
    assert told is not None
    assert raised.value.body == {
        "message": told.message,
        "type": told.type,
        "code": told.code or None,
        "param": told.param,
    }
    assert not reading.ended


@pytest.mark.parametrize("exchange", sdk_params("openai-responses"))
def test_recorded_answers_have_only_findings_that_are_true(exchange: Exchange) -> None:
    body = exchange["body"].encode()
    reading = read(body)[0] if exchange["stream"] else read_whole(body, exchange["status"])
    found = [finding.id for finding in reading.findings]
    # OpenRouter's stream has no `event:` lines, other ids in its final response, and [DONE]; old OpenAI streams no numbers.
    expected = {"0219": ["R1", "R9b", "R26"], "0220": ["R3c"], "0221": ["R3c"]}
    assert found == expected.get(exchange["id"], [])
    assert all(finding.severity is Severity.NOTE for finding in reading.findings)


@pytest.mark.parametrize("name", ["r_text", "r_tool", "r_think"])
def test_transcripts_read_as_the_sdk_reads_them(client: openai.OpenAI, replay: Replay, name: str) -> None:
    body = transcript(name)
    reading, _ = read(body)
    assert _as_we_have_it(reading) == _stream_by_the_sdk(client, replay, body)
    assert reading.findings == []


ANSWERS = [
    [message("Hello", " there")],
    [thought("First.", "Then."), message("Zürich 👩‍👩‍👧 \u2028 ok")],
    [thought(raw="Hm."), call(), call("{}", 2), custom_call("free text")],
    [refusal("I can't.")],
    [message("Let me see.", item_id="msg_c"), call(), message("Done.")],
]


@pytest.mark.parametrize("items", ANSWERS)
def test_made_streams_read_as_the_sdk_reads_them(client: openai.OpenAI, replay: Replay, items: list[Any]) -> None:
    body = framed([*stream(*items)])
    reading, _ = read(body)
    assert _as_we_have_it(reading) == _stream_by_the_sdk(client, replay, body)
    assert reading.findings == []
    whole = read_whole(json.dumps(response(*items)).encode())
    assert _as_we_have_it(whole) == _as_we_have_it(reading)
    assert whole.reasoning == reading.reasoning
    assert whole.replay == reading.replay == items
    assert whole.findings == []


# -- what events mean -------------------------------------------------------------------------------------------------


def test_the_first_content_is_told_from_what_surrounds_it() -> None:
    events = stream(thought("Hm"), message("Hi"), call("{}"))
    _, meanings = read(framed([*events]))
    told = {event["type"]: meaning for event, meaning in zip(events, meanings, strict=True) if meaning}
    assert told == {
        "response.reasoning_summary_text.delta": Meaning.REASONING,
        "response.output_text.delta": Meaning.TEXT,
        "response.function_call_arguments.delta": Meaning.TOOL_ARGUMENTS,
    }


@pytest.mark.parametrize(
    ("kept", "first"),
    [
        (
            ["response.output_item.added", "response.content_part.added", "response.output_text.done"],
            "response.output_text.done",
        ),
        (["response.output_item.done"], "response.output_item.done"),
        ([], "response.completed"),
    ],
)
def test_words_that_come_whole_are_content_where_they_first_come(kept: list[str], first: str) -> None:
    frame = ["response.created", "response.completed"]
    events = [event for event in stream(message("Hello")) if event["type"] in frame + kept]
    reading, meanings = read(framed([*events]))
    assert reading.text == "Hello"
    assert [event["type"] for event, meaning in zip(events, meanings, strict=True) if meaning] == [first]


def test_reasoning_is_kept_apart_from_the_answer() -> None:
    reading, _ = read(framed([*stream(thought("One.", "Two.", raw="Raw."), message("Answer."))]))
    assert (reading.text, reading.reasoning) == ("Answer.", "One.\n\nTwo.\n\nRaw.")


def test_a_live_reading_grows_with_the_stream() -> None:
    body = framed([*stream(message("Hello there"), call())])
    seen = []
    reader = PROTOCOL.reader(streamed=True)
    for number, event in enumerate(SseParser().feed(body), 1):
        reader.feed(event, number)
        snapshot = reader.snapshot()
        seen.append((snapshot.text, [c.arguments_text for c in snapshot.tool_calls]))
    assert ("Hello ", []) in seen
    assert ("Hello there", ['{"c']) in seen


def test_a_surrogate_pair_that_two_fragments_share_is_one_character() -> None:
    events = stream(message("ab😀cd"))
    for event in events:
        if event["type"] == "response.output_text.delta":
            event["delta"] = {"ab😀": "ab\ud83d", "cd": "\ude00cd"}[event["delta"]]
    reading, _ = read(framed([*events]))
    assert reading.text == "ab😀cd"
    assert [one.id for one in reading.findings] == ["C48"]


# -- previews ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"type": "response.output_text.delta", "delta": "Hel\nlo\x1b[31m\u202e"}, "Hel␊lo␛[31m\\u202e"),
        ({"type": "response.output_text.delta", "delta": "x" * 500}, "x" * 199 + "…"),
        ({"type": "response.output_item.added", "item": call()}, 'function_call get_weather call_1 completed {"city":"Bern"}'),
        ({"type": "response.content_part.added", "part": {"type": "output_text", "text": ""}}, "output_text"),
        ({"type": "response.completed", "response": response()}, "completed gpt-5.5 resp_1 in 20 out 9"),
        ({"type": "error", "code": "server_error", "message": "boom"}, "server_error boom"),
        ({"type": "response.web_search_call.searching", "item_id": "ws_1", "output_index": 0}, "ws_1 0"),
        ({"type": "response.output_text.delta", "delta": "\ud83d"}, "\ufffd"),
    ],
)
def test_previews(data: dict[str, Any], shown: str) -> None:
    assert PROTOCOL.preview(SseEvent("", json.dumps(data).encode(), 0, 0)) == shown


def test_previews_of_what_is_no_event() -> None:
    assert PROTOCOL.preview(SseEvent("", b"[DONE]", 0, 0)) == "[DONE]"
    assert PROTOCOL.preview(SseEvent("", b"\xff\x00oops", 0, 0)) == "\ufffd␀oops"
    assert len(PROTOCOL.preview(SseEvent("", b'{"a":"' + b"x" * 100_000, 0, 0))) == 200


# -- no bytes may break it --------------------------------------------------------------------------------------------

BODY = framed([*stream(thought("Why"), message("Grüezi 👋 mitenand"), call(), custom_call("x"))])


@settings(deadline=None)
@given(st.integers(1, 400), st.booleans())
def test_a_stream_in_pieces_reads_as_the_whole(step: int, snapshots: bool) -> None:
    assert read(BODY, step=step, snapshots=snapshots) == read(BODY)


@settings(deadline=None)
@given(st.data())
def test_mutated_streams_never_raise(data: st.DataObject) -> None:
    body = bytearray(BODY)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(body) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "copy"])):
            case "flip":
                body[at] = data.draw(st.integers(0, 255))
            case "cut":
                del body[at : at + data.draw(st.integers(1, 300))]
            case "copy":
                body[at:at] = body[at : at + data.draw(st.integers(1, 300))]
        if not body:
            return
    reading, _ = read(bytes(body))
    json.dumps([f.sentence + f.plain for f in reading.findings], ensure_ascii=False).encode()
    read_whole(bytes(body))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.sampled_from(["", "message", "x", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "id", "text"]), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_fields_of_any_type_never_raise(data: st.DataObject) -> None:
    events: list[Any] = stream(thought("Why"), message("Hi"), call(), custom_call("x"))
    for _ in range(data.draw(st.integers(1, 6))):
        event = data.draw(st.sampled_from(events))
        target = data.draw(st.sampled_from([event, *(v for v in event.values() if isinstance(v, dict))]))
        if target:
            target[data.draw(st.sampled_from(sorted(target)))] = data.draw(_JSON)
    events = [{**event, "type": str(event.get("type"))} for event in events]
    reading, _ = read(framed([*events]))
    json.dumps([f.sentence + f.plain for f in reading.findings], ensure_ascii=False).encode()
    for event in events:
        assert len(PROTOCOL.preview(SseEvent("", json.dumps(event).encode(), 0, 0))) <= 200
    read_whole(json.dumps(events[-1].get("response")).encode())


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([200, 404, 500]))
def test_any_body_reads_without_raising(body: bytes, status: int) -> None:
    assert not read_whole(body, status).ended
    PROTOCOL.preview(SseEvent("", body, 0, 0))


def test_nesting_without_end_is_survived() -> None:
    for depth in (900, 990, 1000, 100_000):
        deep = b"[" * depth + b"]" * depth
        event = b'data: {"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","arguments":{"a":'
        read(event + deep + b"}}}\n\n")
        read_whole(b'{"status":"completed","output":[{"type":"function_call","arguments":{"a":' + deep + b"}}]}")
