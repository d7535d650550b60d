"""The official SDKs talk to the demo's two endpoints without a complaint: real process, real sockets, all three protocols."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.diagnosis import diagnose
from app.simulator.server.urls import PACE_HEADER, base_url
from tests.diagnosis.made import made
from tests.sdks import anthropic, openai
from tests.simulator.raw import CHAT, MESSAGES, SCHEMA

QUESTION = "What does a stream look like from the inside?"
FAST = {PACE_HEADER: "none"}
CLAUDE, GPT = "claude-sonnet-4-6", "gpt-5.5"
WEATHER: Any = {"name": "get_weather", "description": "The current weather in a city.", "input_schema": SCHEMA}
CHAT_WEATHER: Any = {"type": "function", "function": {"name": "get_weather", "parameters": SCHEMA}}
RESPONSES_WEATHER: Any = {"type": "function", "name": "get_weather", "parameters": SCHEMA, "strict": False}
TWO_CITIES = "What is the weather in Paris and Tokyo?"


@pytest.fixture(params=["official", "relay"])
def endpoint(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def claude(root: str, endpoint: str) -> AsyncIterator[anthropic.AsyncAnthropic]:
    url = base_url(root, endpoint, MESSAGES)
    async with anthropic.AsyncAnthropic(api_key="k", base_url=url, max_retries=0, default_headers=FAST) as client:
        yield client


@pytest.fixture
async def gpt(root: str, endpoint: str) -> AsyncIterator[openai.AsyncOpenAI]:
    url = base_url(root, endpoint, CHAT)
    async with openai.AsyncOpenAI(api_key="k", base_url=url, max_retries=0, default_headers=FAST) as client:
        yield client


async def test_messages_minimal(claude: anthropic.AsyncAnthropic, endpoint: str) -> None:
    answer = await claude.messages.create(model=CLAUDE, max_tokens=500, messages=[{"role": "user", "content": QUESTION}])
    counted = await claude.messages.count_tokens(model=CLAUDE, messages=[{"role": "user", "content": QUESTION}])
    assert answer.stop_reason == "end_turn"
    assert answer.model == CLAUDE
    assert answer.usage.input_tokens == counted.input_tokens
    assert (counted.input_tokens > 30) == (endpoint == "relay"), "the relay counts its hidden prompt"


async def test_messages_streaming(claude: anthropic.AsyncAnthropic, endpoint: str) -> None:
    messages: Any = [{"role": "user", "content": QUESTION}]
    async with claude.messages.stream(model=CLAUDE, max_tokens=500, messages=messages) as stream:
        text = "".join([piece async for piece in stream.text_stream])
        final = await stream.get_final_message()
    whole = await claude.messages.create(model=CLAUDE, max_tokens=500, messages=messages)
    assert text == final.content[0].text == whole.content[0].text
    assert "envelopes" in text
    assert final.stop_reason == "end_turn"
    if endpoint == "official":
        assert final.usage.output_tokens == whole.usage.output_tokens
    else:
        assert final.usage.output_tokens is None


@pytest.mark.parametrize("streamed", [True, False])
async def test_messages_tools_with_thinking(claude: anthropic.AsyncAnthropic, streamed: bool) -> None:
    """The whole loop: two calls at once, thinking passed back with its signature, one result an error."""
    asked: Any = {
        "model": CLAUDE,
        "max_tokens": 4096,
        "tools": [WEATHER],
        "thinking": {"type": "enabled", "budget_tokens": 1024},
    }
    messages: list[Any] = [{"role": "user", "content": TWO_CITIES}]

    async def say() -> Any:
        if not streamed:
            return await claude.messages.create(messages=messages, **asked)
        async with claude.messages.stream(messages=messages, **asked) as stream:
            return await stream.get_final_message()

    first = await say()
    calls = [block for block in first.content if block.type == "tool_use"]
    assert first.stop_reason == "tool_use"
    assert [block.type for block in first.content] == ["thinking", "text", "tool_use", "tool_use"]
    assert [call.input for call in calls] == [{"city": "Paris"}, {"city": "Tokyo"}]
    results = [
        {"type": "tool_result", "tool_use_id": calls[0].id, "content": "18 °C, light rain"},
        {"type": "tool_result", "tool_use_id": calls[1].id, "content": "no such station", "is_error": True},
    ]
    messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": results}]
    second = await say()
    text = second.content[-1].text
    assert second.stop_reason == "end_turn"
    assert "18 °C, light rain" in text
    assert "error" in text


@pytest.mark.parametrize("streamed", [True, False])
async def test_the_binding_controls_as_the_sdk_knows_them(
    claude: anthropic.AsyncAnthropic, endpoint: str, streamed: bool
) -> None:
    """Thinking that is replayed behind another system prompt is dropped, and the SDK reads where and why."""
    asked: Any = {
        "model": "claude-fable-5-1",
        "max_tokens": 4096,
        "thinking": {"type": "adaptive", "block_binding": {"prefix_mismatch_behavior": "drop_block"}},
        "betas": ["thinking-binding-controls-2026-08-01"],
    }
    messages: list[Any] = [{"role": "user", "content": QUESTION}]
    first = await claude.beta.messages.create(messages=messages, system="Be brief.", **asked)
    assert first.input_transformations == []
    messages += [{"role": "assistant", "content": first.content}, {"role": "user", "content": "Go on."}]
    if streamed:
        async with claude.beta.messages.stream(messages=messages, system="Be long.", **asked) as stream:
            second: Any = await stream.get_final_message()
    else:
        second = await claude.beta.messages.create(messages=messages, system="Be long.", **asked)
    (told,) = second.input_transformations
    assert (told.type, told.path, told.reason) == ("thinking_dropped", "messages.1.content.0", "prefix_binding_mismatch")


async def test_chat_minimal_and_streaming(gpt: openai.AsyncOpenAI, endpoint: str) -> None:
    messages: Any = [{"role": "user", "content": QUESTION}]
    whole = await gpt.chat.completions.create(model=GPT, messages=messages)
    async with gpt.chat.completions.stream(model=GPT, messages=messages, stream_options={"include_usage": True}) as stream:
        async for _ in stream:
            pass
        final = await stream.get_final_completion()
    assert whole.model == final.model == "gpt-5.5-2026-04-23"
    assert whole.choices[0].message.content == final.choices[0].message.content
    assert final.choices[0].finish_reason == "stop"
    assert whole.usage is not None
    assert final.usage == (whole.usage if endpoint == "official" else None)


@pytest.mark.parametrize("streamed", [True, False])
async def test_chat_tools(gpt: openai.AsyncOpenAI, streamed: bool) -> None:
    messages: list[Any] = [{"role": "user", "content": TWO_CITIES}]

    async def say() -> Any:
        if not streamed:
            return (await gpt.chat.completions.create(model=GPT, messages=messages, tools=[CHAT_WEATHER])).choices[0].message
        async with gpt.chat.completions.stream(model=GPT, messages=messages, tools=[CHAT_WEATHER]) as stream:
            return (await stream.get_final_completion()).choices[0].message

    first = await say()
    assert [json.loads(call.function.arguments) for call in first.tool_calls] == [{"city": "Paris"}, {"city": "Tokyo"}]
    messages.append({"role": "assistant", "content": None, "tool_calls": [_plain_call(call) for call in first.tool_calls]})
    messages += [{"role": "tool", "tool_call_id": call.id, "content": "4.1 m"} for call in first.tool_calls]
    second = await say()
    assert "4.1 m" in second.content


def _plain_call(call: Any) -> dict[str, Any]:
    function = {"name": call.function.name, "arguments": call.function.arguments}
    return {"id": call.id, "type": "function", "function": function}


async def test_responses_minimal_and_streaming(gpt: openai.AsyncOpenAI, endpoint: str) -> None:
    whole = await gpt.responses.create(model=GPT, input=QUESTION)
    async with gpt.responses.stream(model=GPT, input=QUESTION, reasoning={"summary": "auto"}) as stream:
        async for _ in stream:
            pass
        final = await stream.get_final_response()
    assert whole.output_text == final.output_text
    assert final.status == "completed"
    assert whole.usage is not None
    assert whole.usage.total_tokens == whole.usage.input_tokens + whole.usage.output_tokens
    assert (final.usage is None) == (endpoint == "relay")


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("stateful", [True, False])
async def test_responses_tools(gpt: openai.AsyncOpenAI, streamed: bool, stateful: bool) -> None:
    async def say(items: Any, **extra: Any) -> Any:
        if not streamed:
            return await gpt.responses.create(model=GPT, input=items, tools=[RESPONSES_WEATHER], **extra)
        async with gpt.responses.stream(model=GPT, input=items, tools=[RESPONSES_WEATHER], **extra) as stream:
            return await stream.get_final_response()

    question = {"role": "user", "content": TWO_CITIES}
    first = await say([question], store=stateful)
    calls = [item for item in first.output if item.type == "function_call"]
    assert [json.loads(call.arguments) for call in calls] == [{"city": "Paris"}, {"city": "Tokyo"}]
    results = [{"type": "function_call_output", "call_id": call.call_id, "output": "4.1 m"} for call in calls]
    if stateful:
        second = await say(results, previous_response_id=first.id)
    else:
        replayed = [item.to_dict(exclude_unset=True) for item in first.output]
        for item in replayed:
            item.pop("parsed_arguments", None)
            if item["type"] == "reasoning":
                item.pop("status", None)
        second = await say([question, *replayed, *results], store=False)
    assert "4.1 m" in second.output_text


async def test_model_lists(claude: anthropic.AsyncAnthropic, gpt: openai.AsyncOpenAI) -> None:
    """Both vendors' shapes; Anthropic's in pages, which the SDK follows."""
    assert [model.id async for model in claude.models.list(limit=2)] == [model.id async for model in claude.models.list()]
    assert (await claude.models.retrieve("claude-haiku-4-5")).id == "claude-haiku-4-5-20251001"
    assert "gpt-5.5" in [model.id async for model in gpt.models.list()]


async def test_errors_are_the_sdks_own(claude: anthropic.AsyncAnthropic, gpt: openai.AsyncOpenAI) -> None:
    with pytest.raises(anthropic.NotFoundError, match="claude-nope") as missing:
        await claude.messages.create(model="claude-nope", max_tokens=5, messages=[{"role": "user", "content": "x"}])
    assert missing.value.type == "not_found_error"
    with pytest.raises(anthropic.AuthenticationError):
        await claude.with_options(api_key="sk-wrong").models.list()
    with pytest.raises(openai.NotFoundError) as unknown:
        await gpt.responses.create(model="gpt-nope", input="x")
    assert unknown.value.code == "model_not_found"
    with pytest.raises(openai.AuthenticationError):
        await gpt.with_options(api_key="sk-wrong").chat.completions.create(model=GPT, messages=[])


def test_the_versions_named_are_those_that_were_tried() -> None:
    """Seen with anthropic 2.14.0 and openai 3.57.0: whoever refreshes them looks again at what the catalogues say of them."""
    assert (anthropic.__version__, openai.__version__) == ("2.14.0", "3.57.0")
    agents = {MESSAGES: anthropic.Anthropic(api_key="k").user_agent, CHAT: openai.OpenAI(api_key="k").user_agent}
    for protocol, agent in agents.items():
        found = diagnose(made(403, "error code: 1010", headers={"server": "cloudflare"}, protocol=protocol))
        assert found is not None
        assert found.change is not None
        assert found.change.value == f"User-Agent={agent}"
