"""The simulator's endpoints without sockets: a request's body in, the answer's document out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.simulator.faults import parse_faults
from app.simulator.model.memory import Memory
from app.simulator.server.endpoint import Endpoint
from app.simulator.server.urls import split_faults
from app.simulator.shared.events import FAST, Reply
from tests.simulator import raw
from tests.simulator.raw import CHAT, COUNT_PATHS, MESSAGES, PATHS, RESPONSES

__all__ = ["CHAT", "MESSAGES", "PROTOCOLS", "RESPONSES", "Inside", "request", "text_of", "usage_of"]

PROTOCOLS = (MESSAGES, CHAT, RESPONSES)
CONTROLS = {"anthropic-beta": "thinking-binding-controls-2026-08-01"}


class Inside:
    """Endpoints that share what they remember.

    Attributes:
        now_s: what the clock says.
    """

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.memory = Memory(clock=lambda: self.now_s)

    def reply(
        self,
        faults: str,
        protocol: str,
        body: Any,
        *,
        key: str = "sk-one",
        path: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply to a request."""
        endpoint = Endpoint(self.memory, FAST, parse_faults(split_faults(faults)))
        usual = (
            {"anthropic-version": "2023-06-01", "x-api-key": key}
            if protocol == MESSAGES
            else {"authorization": f"Bearer {key}"}
        )
        context = endpoint.context("POST", path or PATHS[protocol], {**usual, **(headers or {})}, {})
        return endpoint.reply(context, json.dumps(body).encode())

    def ask(self, faults: str, protocol: str, body: Any, **more: Any) -> Any:
        """The document that answers a request; an error has `error`."""
        return json.loads(self.reply(faults, protocol, body, **more).body)

    def count(self, faults: str, protocol: str, body: dict[str, Any], **more: Any) -> int:
        """What the endpoint that only counts says of a body."""
        counted = {name: value for name, value in body.items() if name not in ("max_tokens", "stream")}
        return int(self.ask(faults, protocol, counted, path=COUNT_PATHS[protocol], **more)["input_tokens"])


def request(protocol: str, **more: Any) -> dict[str, Any]:
    """A request's body, not streamed."""
    return raw.request(protocol, stream=False, **more)


def usage_of(document: Any) -> tuple[int, int, int, int]:
    """All input tokens, those read from the cache, those written to it, and the output tokens."""
    usage = document["usage"]
    if "cache_read_input_tokens" in usage:
        read, written = usage["cache_read_input_tokens"], usage["cache_creation_input_tokens"]
        return usage["input_tokens"] + read + written, read, written, usage["output_tokens"]
    name, out = ("prompt_tokens", "completion_tokens") if "prompt_tokens" in usage else ("input_tokens", "output_tokens")
    return usage[name], usage[f"{name}_details"]["cached_tokens"], 0, usage[out]


def text_of(document: Any) -> str:
    """The answer's text."""
    if "choices" in document:
        return str(document["choices"][0]["message"]["content"])
    parts = document.get("content") or [part for item in document["output"] for part in item.get("content", [])]
    return "".join(part.get("text", "") for part in parts)
