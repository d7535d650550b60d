"""What a protocol can do: build a request, read an answer. Each protocol has a room beside this file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any, Literal
from typing import Protocol as Interface

import msgspec

from app.protocols.findings import Finding
from app.protocols.reading import Meaning, Reading
from app.recording.records import Headers, Request
from app.stream.sse import SseEvent


class Tool(msgspec.Struct, frozen=True):
    """A function the model may call; `parameters` is a JSON Schema object, which `strict` lets nothing deviate from."""

    name: str
    description: str
    parameters: dict[str, object]
    strict: bool = False


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


class Attachment(msgspec.Struct, frozen=True):
    """A picture or a document beside the words of the user; `media_type` as in `image/png`, `application/pdf`."""

    media_type: str
    data: bytes
    name: str = "attachment"

    @property
    def base64(self) -> str:
        return b64encode(self.data).decode()

    @property
    def data_url(self) -> str:
        return f"data:{self.media_type};base64,{self.base64}"

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class UserTurn(msgspec.Struct, frozen=True, tag="user"):
    """Words of the user; `attachments` stand in front of them."""

    text: str
    attachments: tuple[Attachment, ...] = ()


class AssistantTurn(msgspec.Struct, frozen=True, tag="assistant"):
    """An earlier answer of the same endpoint: `replay` is `Reading.replay`, passed back block by block, unchanged."""

    replay: list[dict[str, object]]


class ToolResultsTurn(msgspec.Struct, frozen=True, tag="tool_results"):
    """The results of every call of the answer before."""

    results: list[ToolResult]


Turn = UserTurn | AssistantTurn | ToolResultsTurn


class Options(msgspec.Struct, frozen=True):
    """What may be asked for besides, in no protocol's words. What is None or empty is left out of the request.

    Which of them a protocol has no field for is in its `ProtocolInfo.lacks`; they are left out too.

    `tool_choice` is "auto", "none", "any" (some tool must be called) or "tool:NAME". `parallel` False forbids more than one
    call an answer. `json` is "object" for any JSON object; `schema` the JSON Schema that the answer must have, which counts
    before `json`, and `strict` whether it is enforced where that is a choice. `effort` is how much to reason; `thinking`
    "adaptive", "disabled" or the number of tokens that may be thought.
    """

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    stop: tuple[str, ...] = ()
    tool_choice: str = ""
    parallel: bool | None = None
    json: Literal["", "object"] = ""
    schema: dict[str, object] | None = None
    strict: bool | None = None
    effort: str = ""
    thinking: str | int = ""
    seed: int | None = None
    n: int | None = None
    logprobs: bool = False
    frequency_penalty: float | None = None
    logit_bias: dict[str, float] | None = None


NO_OPTIONS = Options()


class Ask(msgspec.Struct, frozen=True):
    """What is asked, in no protocol's words. None means: leave the field out of the request.

    `extra` are fields that go into the body as they stand, over ours of the same name.
    """

    model: str
    turns: tuple[Turn, ...]
    max_tokens: int | None = 1024
    system: str | None = None
    tools: tuple[Tool, ...] = ()
    stream: bool = False
    options: Options = NO_OPTIONS
    extra: dict[str, object] = {}


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

    def count_request(self, ask: Ask, target: Target) -> Request | None:
        """Ask how many input tokens this is, without an answer; None where the protocol has no such request."""

    def reader(self, *, streamed: bool, asked_usage: bool = True) -> Reader:
        """A fresh reader; `streamed` is what the request asked for (with or without `stream: true`).

        `asked_usage`: did the request ask for usage in its stream (Chat's `stream_options`)? False where that is not known.
        """

    def preview(self, event: SseEvent) -> str:
        """A few words on what an event carries, for a table's row (at most 200 characters). Never raises."""

    def label(self, event: SseEvent) -> str:
        """What an event without a name is called in a table's row; "" where there is nothing better. Never raises."""

    def words(self, event: SseEvent) -> str:
        """The words of the answer (`Reading.text`) that an event of a stream brings; "" for none. Never raises.

        Those of all events in a row are the answer, except where an endpoint repeats or reorders what it sent.
        """

    def checks_against_request(self, reading: Reading, request: dict[str, Any]) -> Iterable[Finding]:
        """The findings of this protocol alone that need the request: its JSON object, empty where it is not known."""


def join_url(base_url: str, path: str) -> str:
    """Join as the official SDKs do: force a slash at the end of the base and append the path (PROTOCOLS 6.2)."""
    return base_url.strip().rstrip("/") + "/" + path.lstrip("/")
