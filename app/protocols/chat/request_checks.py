"""Checks on a finished Chat Completions answer that need the request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.chat.rules_calls import LEGACY_CALL, LEGACY_UNASKED, STOP_WITH_CALLS
from app.protocols.findings import Finding
from app.protocols.reading import Reading


def checks_against_request(reading: Reading, request: dict[str, Any]) -> Iterator[Finding]:
    """What a call's form and the finish_reason say, held against what was asked for."""
    reason, choice = reading.stop_reason, request.get("tool_choice") or request.get("function_call")
    # OpenAI ends with "stop" where one function was forced by name.
    forced = isinstance(choice, dict) and choice.get("type") != "allowed_tools"
    legacy = any(one.id == LEGACY_CALL.id for one in reading.findings)
    denied = (reason == "stop" and not forced) or (reason == "function_call" and not legacy)
    if reading.tool_calls and denied:
        yield Finding.of(STOP_WITH_CALLS, reason=repr(reason))
    if legacy and request.get("tools") and not request.get("functions"):
        yield Finding.of(LEGACY_UNASKED)
