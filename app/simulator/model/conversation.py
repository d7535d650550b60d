"""A request and its answer in the terms of no protocol: the parsers yield `ParsedRequest`, the renderers take `Answer`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from app.simulator.model.models import Model


@dataclass(frozen=True)
class Call:
    """A tool call; `id` is what its result must quote."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a tool returned, for the call of that id."""

    call_id: str
    text: str
    is_error: bool = False


@dataclass(frozen=True)
class Turn:
    """One turn. A user's turn has text (and images), an assistant's text and calls, a `results` turn the results."""

    role: Literal["user", "assistant", "results"]
    text: str = ""
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    images: int = 0


@dataclass(frozen=True)
class Offer:
    """A tool on offer; `schema` is its JSON Schema."""

    name: str
    schema: dict[str, Any]


@dataclass(frozen=True)
class ParsedRequest:
    """A valid request, in the terms of no protocol.

    Attributes:
        choice: `auto`, `none`, `any` (some tool must be called) or `tool:NAME`.
        max_tokens: None where the request sets no limit.
        shape: the JSON Schema the answer must have, `{}` for any JSON object, None for prose.
        thinking: `off`, `shown`, or `omitted` (done, but its text is left out).
        input_tokens: what the prompt counts.
        cached, written: of these, read from and written to the prompt cache.
    """

    model: Model
    turns: tuple[Turn, ...]
    system: str = ""
    tools: tuple[Offer, ...] = ()
    choice: str = "auto"
    parallel: bool = True
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    shape: dict[str, Any] | None = None
    thinking: Literal["off", "shown", "omitted"] = "off"
    stream: bool = False
    input_tokens: int = 0
    cached: int = 0
    written: int = 0

    @property
    def prompt(self) -> str:
        """The text of the last user turn, "" where there is none."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")


class Stop(Enum):
    """Why the answer ends."""

    END = "end"
    LENGTH = "length"
    SEQUENCE = "sequence"
    TOOLS = "tools"


@dataclass(frozen=True)
class Answer:
    """What the model says. `thinking` is None where it does not think; `thinking_tokens` count even where it is not shown."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    thinking: str | None = None
    thinking_tokens: int = 0
    output_tokens: int = 0
    stop: Stop = Stop.END
    stop_sequence: str | None = None


@dataclass
class Memory:
    """What the simulated vendor remembers between requests: cached prefixes, and stored responses by id.

    Attributes:
        prefixes: hashes of prompts that were cached.
        responses: the input and output items of a response, by its id.
        pairs: the id of the reasoning item that a function call's item id belongs to.
    """

    prefixes: set[str] = field(default_factory=set)
    responses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)

    def seen_before(self, prefix: str) -> bool:
        """Was this prefix cached already? Either way it is now."""
        known = prefix in self.prefixes
        self.prefixes.add(prefix)
        return known

    def keep(self, response_id: str, items: list[dict[str, Any]], limit: int = 500) -> None:
        """Store a response's items; the oldest of more than `limit` is forgotten."""
        self.responses[response_id] = items
        while len(self.responses) > limit:
            del self.responses[next(iter(self.responses))]

    def pair(self, call_item_ids: list[str], reasoning_id: str, limit: int = 2000) -> None:
        """Remember which reasoning item function calls belong to; the oldest of more than `limit` are forgotten."""
        self.pairs.update(dict.fromkeys(call_item_ids, reasoning_id))
        while len(self.pairs) > limit:
            del self.pairs[next(iter(self.pairs))]
