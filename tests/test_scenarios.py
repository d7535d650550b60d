"""Plans: the requests they send, by an exchange that answers from a script."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.recording.recording import Recording
from app.recording.records import Request
from app.scenarios import MAX_ROUNDS, Plan, Scenario, play
from tests.builders import JSON, event, messages_end, messages_start, recording, stream

TARGET = Target("https://h.example", "x-api-key", "key")


def calls_tool() -> Recording:
    """An answer that thinks and calls get_weather, streamed."""
    thinking = (
        event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""})
        + event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "Hm."})
        + event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": "c2ln"})
        + event("content_block_stop", index=0)
    )
    call = (
        event(
            "content_block_start",
            index=1,
            content_block={"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}},
        )
        + event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": '{"city": "Brest"}'})
        + event("content_block_stop", index=1)
    )
    start = messages_start().partition(b"event: content_block_start")[0]
    end = messages_end(stop_reason="tool_use").partition(b"event: message_delta")
    return recording([(600.0, start + thinking + call + end[1] + end[2])])


async def played(plan: Plan, answers: Iterable[Recording]) -> list[dict[str, Any]]:
    """The bodies that were sent while the answers came."""
    sent: list[Request] = []
    script = iter(answers)

    async def exchange(request: Request, number: int, streamed: bool) -> Exchange:
        sent.append(request)
        assert number == len(sent)
        assert streamed == plan.streams
        return Exchange(next(script)).finish()

    rounds = await play(plan, "anthropic-messages", "claude-opus-4-8", TARGET, exchange)
    assert len(rounds) == len(sent)
    return [json.loads(request.body) for request in sent]


async def test_minimal_is_model_limit_and_one_message() -> None:
    [body] = await played(Plan(Scenario.MINIMAL, "Hi", max_tokens=16), [stream()])
    assert body == {"model": "claude-opus-4-8", "max_tokens": 16, "messages": [{"role": "user", "content": "Hi"}]}


async def test_the_tool_loop_passes_every_block_back() -> None:
    plan = Plan(Scenario.TOOLS, "Weather?", tool_result="fog", tool_is_error=True)
    first, second = await played(plan, [calls_tool(), stream()])
    assert first["tools"] == second["tools"]
    assert second["messages"][1]["content"] == [
        {"type": "thinking", "thinking": "Hm.", "signature": "c2ln"},
        {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Brest"}},
    ]
    [result] = second["messages"][2]["content"]
    assert (result["type"], result["tool_use_id"], result["content"], result["is_error"]) == (
        "tool_result",
        "toolu_1",
        "fog",
        True,
    )


async def test_a_loop_without_end_is_ended_after_eight_requests() -> None:
    assert len(await played(Plan(Scenario.TOOLS), [calls_tool() for _ in range(20)])) == MAX_ROUNDS == 8


async def test_a_conversation_carries_what_was_said() -> None:
    plan = Plan(Scenario.CONVERSATION, system="Be brief.", turns=("One?", "Two?"))
    first, second = await played(plan, [stream(words=2), stream()])
    assert first["system"] == second["system"] == "Be brief."
    assert [message["role"] for message in second["messages"]] == ["user", "assistant", "user"]
    assert second["messages"][1]["content"] == [{"type": "text", "text": "word 0 word 1 "}]


@pytest.mark.parametrize("scenario", [Scenario.TOOLS, Scenario.CONVERSATION])
async def test_a_round_that_fails_is_the_last(scenario: Scenario) -> None:
    refused = recording([(500.0, b"{}")], status=500, headers=JSON)
    assert len(await played(Plan(scenario), [refused, stream()])) == 1


async def test_a_custom_body_is_sent_byte_for_byte() -> None:
    typed = b'{ "model": "mine",  "stream": true, "messages": [] }'
    sent: list[tuple[bytes, bool]] = []

    async def exchange(request: Request, _number: int, streamed: bool) -> Exchange:
        sent.append((request.body, streamed))
        return Exchange(stream()).finish()

    for body in (typed, b"no JSON \xff", b"[1]", b'{"messages": []}'):
        await play(Plan(Scenario.CUSTOM, body=body), "openai-chat", "theirs", TARGET, exchange)
    bodies = [body for body, _ in sent]
    assert bodies[:3] == [typed, b"no JSON \xff", b"[1]"]
    assert json.loads(bodies[3]) == {"model": "theirs", "messages": []}
    assert [streamed for _, streamed in sent] == [True, False, False, False]


def test_two_plans_that_send_the_same_are_told_by_what_is_sent() -> None:
    plan = Plan(Scenario.STREAMING, "Hi")
    assert plan.as_sent == Plan(Scenario.STREAMING, "Hi", system="", stream=True, turns=(), body=b"{}").as_sent
    changes: tuple[dict[str, object], ...] = (
        {"prompt": "Ho"},
        {"max_tokens": 7},
        {"system": "S"},
        {"stream": False},
        {"scenario": Scenario.TOOLS},
    )
    for change in changes:
        assert plan.as_sent != msgspec.structs.replace(plan, **change).as_sent
    talk = Plan(Scenario.CONVERSATION)
    assert talk.as_sent == msgspec.structs.replace(talk, prompt="never sent").as_sent
    assert talk.as_sent != msgspec.structs.replace(talk, turns=("a",)).as_sent
    own = Plan(Scenario.CUSTOM, body=b"{}")
    assert own.as_sent == msgspec.structs.replace(own, prompt="never sent", max_tokens=1, turns=()).as_sent
    assert own.as_sent != msgspec.structs.replace(own, body=b"[]").as_sent
    tools = Plan(Scenario.TOOLS)
    assert tools.as_sent != msgspec.structs.replace(tools, tool_is_error=True).as_sent
