"""What an answer is held against: its own words, and the request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.answer_findings import findings_of_answer
from app.protocols.reading import Reading, ToolCall, Usage

A, C, R = "anthropic-messages", "openai-chat", "openai-responses"


def ids(protocol_id: str, stop: str, tokens: int | None, asked: dict[str, Any], **fields: Any) -> list[str]:
    usage = Usage(output_tokens=tokens)
    reading = Reading(ended=True, text="Hi", model="m", stop_reason=stop, usage=usage, **fields)
    return [one.id for one in findings_of_answer(protocol_id, reading, json.dumps(asked).encode())]


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
        (C, "stop", 4, {"max_tokens": 4}),
        (C, "stop", None, {"max_tokens": 40}),
        (C, "stop", 40, {}),
    ],
)
def test_no_limit_is_missed(protocol_id: str, stop: str, tokens: int | None, asked: dict[str, Any]) -> None:
    assert ids(protocol_id, stop, tokens, asked) == []


def test_a_tool_call_is_a_reason_of_its_own() -> None:
    call = ToolCall("c1", "f", "{}", {}, parsed=True)
    assert "G8" not in ids(R, "completed", 40, {"max_output_tokens": 40}, tool_calls=[call])
