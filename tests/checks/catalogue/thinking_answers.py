"""Answers of a made-up endpoint that thinks: one with a signed block and a call, and second turns with their input counts."""

from __future__ import annotations

from tests.builders import JSON
from tests.checks.sessions import Answer, answer

SIGNATURE = "c2lnbmF0dXJlLXdpdGgtZW5vdWdoLWNoYXJhY3RlcnM="
_THOUGHT = "The user wants the station of the city that lies further north, so I compare the two and call the tool. " * 2


def minted(signature: str = SIGNATURE) -> Answer:
    """One that thinks and calls."""
    status, headers, body = answer()
    content = [
        {"type": "thinking", "thinking": _THOUGHT, "signature": signature},
        {"type": "tool_use", "id": "toolu_1", "name": "find_station", "input": {"city": "Oslo"}},
    ]
    return status, headers, body | {"content": content, "stop_reason": "tool_use"}


def counted(input_tokens: int, reported: list[dict[str, str]] | None = None) -> Answer:
    """A second turn that counts so many tokens; `reported` is what it says of the blocks, None for nothing."""
    status, headers, body = answer()
    told = {} if reported is None else {"input_transformations": reported}
    return status, headers, body | {"usage": {"input_tokens": input_tokens, "output_tokens": 5}, **told}


def refused(message: str, status: int = 400) -> Answer:
    return status, JSON, {"type": "error", "error": {"type": "invalid_request_error", "message": message}}


INVALID = refused("messages.1.content.0: Invalid `signature` in `thinking` block")
OTHER_PREFIX = refused(
    "messages.1.content.0: Invalid `signature` in `thinking` block: the block is bound to a different conversation"
)
