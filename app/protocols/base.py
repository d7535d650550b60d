"""What a protocol can do: build a request, read an answer. Each protocol has a room beside this file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from typing import Protocol as Interface

import msgspec

from app.protocols.findings import Finding
from app.protocols.reading import Meaning, Reading
from app.recording.records import Headers, Request
from app.stream.sse import SseEvent


class Tool(msgspec.Struct, frozen=True):
    """A function the model may call; `parameters` is a JSON Schema object."""

    name: str
    description: str
    parameters: dict[str, object]


GET_WEATHER = Tool(
    "get_weather",
    "The current weather in a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)


class ToolResult(msgspec.Struct, frozen=True):
    """What the tool said, as the user typed it. Only Messages has `is_error`; elsewhere the text has to say so."""

    call_id: str
    content: str
    is_error: bool = False


class UserTurn(msgspec.Struct, frozen=True, tag="user"):
    """Words of the user."""

    text: str


class AssistantTurn(msgspec.Struct, frozen=True, tag="assistant"):
    """An earlier answer of the same endpoint: `replay` is `Reading.replay`, passed back block by block, unchanged."""

    replay: list[dict[str, object]]


class ToolResultsTurn(msgspec.Struct, frozen=True, tag="tool_results"):
    """The results of every call of the answer before."""

    results: list[ToolResult]


Turn = UserTurn | AssistantTurn | ToolResultsTurn


class Ask(msgspec.Struct, frozen=True):
    """What is asked, in no protocol's words. None means: leave the field out of the request."""

    model: str
    turns: tuple[Turn, ...]
    max_tokens: int | None = 1024
    system: str | None = None
    tools: tuple[Tool, ...] = ()
    stream: bool = False


class Target(msgspec.Struct, frozen=True):
    """Where and how a request goes out. `base_url` is what the protocol's official SDK takes.

    `auth` is "x-api-key" or "bearer"; `key` may be empty (a local server). `headers` are the profile's extra ones and win over
    ours of the same name.
    """

    base_url: str
    auth: str = "bearer"
    key: str = ""
    headers: Headers = ()
    anthropic_version: str = "2023-06-01"
    anthropic_beta: str = ""


class Reader(Interface):
    """A fold over one answer. Feed it a stream's events in order, or one whole body; then `finish`.

    Attributes:
        reading: what was read so far. `text`, `tool_calls` and so on are brought up to date by `snapshot`.
    """

    reading: Reading

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1. Never raises, whatever the bytes."""

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape. Never raises."""

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now. Cheap enough for every screen refresh."""

    def finish(self) -> Reading:
        """The answer is over (however it ended): the state is judged, and the reading returned."""


class Protocol(Interface):
    """One wire protocol.

    Attributes:
        id: as profiles and recordings hold it; what else varies by protocol is in its `ProtocolInfo`.
    """

    id: str

    def build(self, ask: Ask, target: Target) -> Request:
        """The HTTP request: minimal, nothing that `ask` does not name."""

    def build_raw(self, body: bytes, target: Target) -> Request:
        """The same request around a body edited by hand, sent byte for byte."""

    def models_request(self, target: Target, after: str | None = None) -> Request:
        """GET the model list; `after` is the last id of the page before (Messages only)."""

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> Reader:
        """A fresh reader; `streamed` is what the request asked for (with or without `stream: true`).

        `asked_usage`: did the request ask for usage in its stream (Chat's `stream_options`)? False where that is not known.
        """

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries, for a table's row (at most 200 characters). Never raises."""

    def checks_against_request(self, reading: Reading, request: dict[str, Any]) -> Iterable[Finding]:
        """The findings of this protocol alone that need the request: its JSON object, empty where it is not known."""


def join_url(base_url: str, path: str) -> str:
    """Join as the official SDKs do: force a slash at the end of the base and append the path (PROTOCOLS 6.2)."""
    return base_url.strip().rstrip("/") + "/" + path.lstrip("/")
