"""Findings that no grammar shows: an answer held against its own words and against what was asked, whatever the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.protocols import catalogue_answer as found
from app.protocols.catalogue_chat import ERROR_AS_TEXT
from app.protocols.error_text import looks_like_error
from app.protocols.json_text import decode_json
from app.protocols.reading import Finding, Reading

_THINK_TAG = re.compile(r"\s*<(think|thinking|reasoning|thought)>", re.IGNORECASE)
# Where an answer may well be empty: it was cut, refused, or goes on elsewhere.
_EMPTY_IS_FINE = ("max_tokens", "length", "incomplete", "content_filter", "refusal", "pause_turn")
_PLAIN = {"text", "message", "reasoning", "thinking", "redacted_thinking"}
_CONTAINERS = ("function", "custom")


def findings_of_answer(protocol_id: str, reading: Reading, request_body: bytes) -> Iterator[Finding]:
    """All such findings of an answer that ended legally; none of one that did not. `request_body` may be empty (a capture)."""
    if not reading.ended or reading.error is not None:
        return
    if tag := _THINK_TAG.match(reading.text):
        yield Finding(found.REASONING_IN_TEXT, f"<{tag[1]}>")
    if protocol_id != "openai-chat" and not reading.tool_calls and looks_like_error(reading.text):
        yield Finding(ERROR_AS_TEXT, reading.text[:200])  # the Chat reader says it itself
    if protocol_id != "anthropic-messages" and reading.model is None:
        yield Finding(found.MODEL_UNSAID)  # in Messages one of the missing fields of A29
    if _is_empty(reading):
        yield Finding(found.NOTHING_ANSWERED, reading.stop_reason or "not said")
    yield from _of_tools(reading, request_body)


def _is_empty(reading: Reading) -> bool:
    said = reading.text or reading.reasoning or reading.hidden_reasoning or reading.tool_calls
    if said or reading.stop_reason in _EMPTY_IS_FINE:
        return False
    return all(_is_plain(part.get("type")) and "audio" not in part for part in reading.replay)


def _is_plain(kind: object) -> bool:
    return kind is None or (isinstance(kind, str) and kind in _PLAIN)


def _of_tools(reading: Reading, request_body: bytes) -> Iterator[Finding]:
    offered = _offered(request_body) if reading.tool_calls else None
    if offered is None:
        return
    for name in dict.fromkeys(call.name for call in reading.tool_calls if call.name and call.name not in offered):
        known = f"only {', '.join(sorted(offered))[:100]} was offered" if offered else "no tool was offered"
        yield Finding(found.TOOL_NOT_OFFERED, f"{name[:80]!r}, but {known}")


def _offered(request_body: bytes) -> set[str] | None:
    """The names of the request's tools; None where they can't be known (no request, a stored prompt, tools without names)."""
    try:
        asked = decode_json(request_body)
    except ValueError:
        return None
    if not isinstance(asked, dict) or not {"messages", "input"} & asked.keys() or asked.get("prompt"):
        return None
    tools = [*_objects(asked.get("tools")), *_objects(asked.get("functions"))]
    names = {_name(tool) for tool in tools}
    return None if "" in names else names


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _name(tool: dict[str, Any]) -> str:
    inner = next((tool[key] for key in _CONTAINERS if isinstance(tool.get(key), dict)), tool)
    name = inner.get("name")
    return name if isinstance(name, str) and not tool.get("tools") else ""
