"""A request and its answer in the terms of no protocol: the parsers yield `ParsedRequest`, the renderers take `Answer`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from app.simulator.model.chance import NEUTRAL, Dials
from app.simulator.model.likelihood import TokenLikelihood
from app.simulator.model.models import Model
from app.simulator.model.seals import NO_ORIGIN, Origin
from app.simulator.model.tokens import GPT, Tokenizer


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
    """One turn. A user's turn has text, an assistant's text and calls, a `results` turn the results.

    `images` counts a user's pictures; `sights` are the words that pictures and documents show, "" for one that shows none.
    """

    role: Literal["user", "assistant", "results"]
    text: str = ""
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    images: int = 0
    sights: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """A tool on offer; `schema` is its JSON Schema, which `strict` arguments follow to the letter."""

    name: str
    schema: dict[str, Any]
    strict: bool = False


@dataclass(frozen=True)
class ParsedRequest:
    """A valid request, in the terms of no protocol.

    Attributes:
        choice: `auto`, `none`, `any` (some tool must be called) or `tool:NAME`.
        max_tokens: None where the request sets no limit.
        shape: the JSON Schema the answer must have, `{}` for any JSON object, None for prose.
        enforced: the schema is; else the answer has its shape, and says what the model likes.
        thinking: `off`, `shown`, or `omitted` (done, but its text is left out).
        input_tokens: what the prompt counts.
        cached, written: of these, read from and written to the prompt cache; `written_1h` of these for an hour.
        origin: what the answer's reasoning is sealed with.
        transformations: what became of replayed thinking; None where the request does not ask for it.
        dials: what it says of sampling.
        effort: how much to reason, "" for as much as usual.
        mind: whose answers it gets where a model has a choice; "" for the model's own.
        context_managed: the request asks for old content to be edited out of it (Messages' `context_management`).
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
    written_1h: int = 0
    origin: Origin = NO_ORIGIN
    transformations: tuple[dict[str, str], ...] | None = None
    tokenizer: Tokenizer = GPT
    dials: Dials = NEUTRAL
    effort: str = ""
    enforced: bool = True
    mind: str = ""
    context_managed: bool = False

    @property
    def mind_id(self) -> str:
        """Whose answers it gets."""
        return self.mind or self.model.id

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
    """What the model says. `thinking` is None where it does not think; `thinking_tokens` count even where it is not shown.

    `likelihoods` are those of the text's tokens, None where they were not asked for.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    thinking: str | None = None
    thinking_tokens: int = 0
    output_tokens: int = 0
    stop: Stop = Stop.END
    stop_sequence: str | None = None
    likelihoods: tuple[TokenLikelihood, ...] | None = None
