"""What an answer is held against: its own words, and the request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.protocols.any.answer_findings import findings_of_answer
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


# -- of a text alone -------------------------------------------------------------------------------------------------

OFFERED = b'{"messages": [], "tools": [{"type": "function", "function": {"name": "f"}}]}'


def ids_of_text(text: str) -> list[str]:
    reading = Reading(text=text, ended=True, model="m", stop_reason="stop")
    return [one.id for one in findings_of_answer("openai-chat", reading, OFFERED)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hm.\n</think>\n\nHi", ["G1"]),
        ("Hm.\n</thinking> \nHi", ["G1"]),
        ("Hm <think>.\n</think>\n\nHi", []),
        ("Put </think> behind it.", []),
        ('\n```json\n{"name": "f", "arguments": {}}\n```\n', ["G5"]),
        ('{"name": "g", "arguments": {}}', []),
    ],
)
def test_what_a_text_shows(text: str, found: list[str]) -> None:
    assert ids_of_text(text) == found


@pytest.mark.parametrize("text", ["\n" * 2_000_000 + "x\n</think", "{}" + " " * 19_000 + "x", "\n</think " * 200_000])
def test_an_endless_text_is_read_in_time(text: str) -> None:
    """Patterns that look at each place anew would take minutes for it."""
    assert ids_of_text(text) == []
