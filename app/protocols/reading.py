"""What reading an answer yields, whatever the protocol: text, reasoning, tool calls, usage, stop, error, findings."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from app.protocols.findings import Finding
from app.text.json_text import decode_json

_QUOTED_CHARACTERS = 200


class Meaning(IntEnum):
    """What an event carries. Everything but NOTHING is generated content: the first of it stops the TTFT clock."""

    NOTHING = 0
    TEXT = 1  # visible output, a refusal's words included
    REASONING = 2
    TOOL_ARGUMENTS = 3  # also a tool's name, where the arguments come whole with it


class Usage(msgspec.Struct, frozen=True):
    """Tokens as the endpoint said them; None is "not said". In Anthropic's words input excludes cache reads and writes,
    in OpenAI's it includes them: `app.pricing.total_input` makes them comparable. `raw` is the endpoint's own object, merged.

    Where the counts prove that the endpoint counts otherwise than its protocol says, they are read as they are meant:
    `output_tokens` then holds the reasoning that the endpoint left out of it, and `cache_in_input` says that its input holds
    the cached tokens (None: as the protocol has it). `doubts` are messages on counts that contradict each other, for
    whoever computes a cost.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    raw: dict[str, object] = {}
    cache_in_input: bool | None = None
    doubts: tuple[str, ...] = ()


class ToolCall(msgspec.Struct, frozen=True):
    """A call the model asks for. `arguments` is the parsed object, or None where `arguments_text` is not JSON.

    `id` is what a result must quote (Messages `id`, Chat `id`, Responses `call_id`). `kind` is "custom" where the tool takes
    free text instead of JSON, else "function".
    """

    id: str
    name: str
    arguments_text: str
    arguments: dict[str, object] | list[object] | str | float | bool | None = None
    parsed: bool = False
    kind: str = "function"


def tool_call(call_id: str, name: str, arguments_text: str) -> ToolCall:
    """A call whose arguments are parsed strictly, as JSON; empty text means no arguments: `{}`."""
    if not arguments_text.strip():
        return ToolCall(call_id, name, arguments_text, {}, True)
    try:
        return ToolCall(call_id, name, arguments_text, decode_json(arguments_text), True)
    except ValueError:
        return ToolCall(call_id, name, arguments_text)


class ErrorReading(msgspec.Struct, frozen=True):
    """An error the endpoint told us, in whatever shape. `message` is the vendor's own text; `ours` where it gave none and we
    say only that (a `Phrase`), which is never quoted as its words. `upstream`: it is that of a server behind the one that
    answered.
    """

    message: str
    type: str = ""
    code: str = ""
    param: str = ""
    event: int | None = None
    ours: bool = False
    upstream: bool = False

    @property
    def beginning(self) -> str:
        """The message, as far as a finding quotes it."""
        return self.message if self.ours else self.message[:_QUOTED_CHARACTERS]


class Reading(msgspec.Struct):
    """What an answer says. Grows while a stream is read.

    `text` is the visible answer (a refusal's words too), `reasoning` the thinking that was shown; `hidden_reasoning` says that
    there was some that was not; `refused` that the text is, or holds, a refusal that is marked as one. `stop_reason` is the
    protocol's own word (Responses: the `status`), `stop_detail` the reason that stands beside it (of an incomplete Responses
    answer), `stop_sequence` the text at which it stopped, as Messages names it; `stop_left_empty` that an answer in one piece
    has the empty string as its reason, as servers write it that leave all empty which they do not fill (of Responses, whose
    SDKs' types let the status be missing, also that it has none). `other_model` is the first that a stream names beside
    `model`. `service_tier` is what
    OpenAI says beside the usage. `ended` is True once the protocol's legal end was seen. `replay` is the assistant's turn in
    the protocol's own form, every content block as it came, for the next request.
    """

    text: str = ""
    reasoning: str = ""
    hidden_reasoning: bool = False
    tool_calls: list[ToolCall] = []
    refused: bool = False
    stop_reason: str | None = None
    stop_detail: str | None = None
    stop_sequence: str | None = None
    stop_left_empty: bool = False
    model: str | None = None
    other_model: str | None = None
    response_id: str | None = None
    service_tier: str | None = None
    usage: Usage | None = None
    error: ErrorReading | None = None
    ended: bool = False
    replay: list[dict[str, object]] = []
    findings: list[Finding] = []

    @property
    def generated(self) -> bool:
        """Whether text, reasoning (shown or not) or a call came. What `replay` alone holds, as a picture, is not counted."""
        return bool(self.text or self.reasoning or self.hidden_reasoning or self.tool_calls)
