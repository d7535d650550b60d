"""Answers of a made-up endpoint that calls tools, in the Messages protocol."""

from __future__ import annotations

from tests.checks.sessions import Answer, answer

GOOD_ARGUMENTS: dict[str, object] = {"city": "Oslo", "days": 3, "unit": "celsius"}


def calling(*calls: tuple[str, str, object], text: str = "") -> Answer:
    """One with these calls: id, name, arguments."""
    status, headers, body = answer(text)
    blocks: list[dict[str, object]] = [{"type": "text", "text": text}] if text else []
    blocks += [{"type": "tool_use", "id": one, "name": name, "input": given} for one, name, given in calls]
    return status, headers, body | {"content": blocks, "stop_reason": "tool_use"}


def forecasts(*ids: str) -> Answer:
    """Good calls of the forecast tool under these ids."""
    return calling(*((one, "get_forecast", GOOD_ARGUMENTS) for one in ids))


def cut(said: Answer) -> Answer:
    """The same, ended by its token limit."""
    status, headers, body = said
    return status, headers, body | {"stop_reason": "max_tokens"}
