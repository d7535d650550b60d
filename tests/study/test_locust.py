"""The Locust file: it is Python, its first token is ours, and no key is in it."""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from typing import Any

import pytest

from app.protocols.base import Ask, Target, UserTurn
from app.protocols.registry import info, protocol, protocol_ids
from app.study.load import LoadPlan
from app.study.locust import KEY_VARIABLE, MARKER, PLACEHOLDER, locust_file, target_for

KEY = "sk-canary-0123456789abcdef"


def made(protocol_id: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, Any]]:
    """The file's text, and its names: Locust itself is played by a module of two names."""
    target = Target("http://127.0.0.1:1/v1", info(protocol_id).default_auth, KEY)
    ask = Ask("m", (UserTurn(MARKER + "Hi"),), 5, stream=True)
    text = locust_file(LoadPlan(protocol_id, "m"), protocol(protocol_id).build(ask, target_for(target)))
    stand_in = types.SimpleNamespace(HttpUser=object, task=lambda work: work)
    monkeypatch.setitem(__import__("sys").modules, "locust", stand_in)
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    names: dict[str, Any] = {}
    exec(compile(text, "made.py", "exec"), names)
    return text, names


@pytest.mark.parametrize("protocol_id", protocol_ids())
def test_the_request_is_ours_and_the_key_from_the_environment(protocol_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, names = made(protocol_id, monkeypatch)
    assert KEY not in text
    assert PLACEHOLDER in text
    assert any(KEY in value for value in names["HEADERS"].values())
    assert MARKER in json.dumps(names["BODY"])
    assert names["BODY"]["stream"] is True


CONTENT: list[tuple[str, dict[str, object], bool]] = [
    ("anthropic-messages", {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}}, True),
    ("anthropic-messages", {"type": "content_block_delta", "delta": {"type": "text_delta", "text": ""}}, False),
    ("anthropic-messages", {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "a"}}, True),
    ("anthropic-messages", {"type": "message_start"}, False),
    ("anthropic-messages", {"type": "ping"}, False),
    ("openai-chat", {"choices": [{"delta": {"role": "assistant", "content": ""}}]}, False),
    ("openai-chat", {"choices": [{"delta": {"content": "a"}}]}, True),
    ("openai-chat", {"choices": []}, False),
    ("openai-responses", {"type": "response.output_text.delta", "delta": "a"}, True),
    ("openai-responses", {"type": "response.created"}, False),
]


@pytest.mark.parametrize(("protocol_id", "event", "content"), CONTENT)
def test_its_first_token_is_ours(
    protocol_id: str, event: dict[str, object], content: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, names = made(protocol_id, monkeypatch)
    is_content: Callable[[dict[str, object]], object] = names["_is_content"]
    assert bool(is_content(event)) is content
