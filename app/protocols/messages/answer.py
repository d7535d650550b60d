"""What is known of a Messages answer while it is read: the blocks put together, and what the checks at its end need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from app.protocols.findings import NOWHERE, Place
from app.protocols.messages.blocks import REDACTED, TOOL_USE, Block
from app.protocols.messages.grammar import Grammar
from app.protocols.messages.usage import UsageTally
from app.protocols.reading import Meaning, Reading
from app.protocols.shared.pieces import Pieces
from app.text.json_text import mend_surrogates

_NEEDED = ("message_start", "content_block_start", "message_stop", "error")
_MISSED = ("content_block_delta", "content_block_stop", "message_delta")


def needs(event_type: str, value: object) -> bool:
    """Whether the SDKs' helpers raise, or take a cut answer for a whole one, where they do not see this event. Others are only
    missed; but of a tool's arguments none may be missing.
    """
    match value:
        case {"delta": {"partial_json": str() as piece}} if piece:
            return True
    return event_type in _NEEDED


class Seen(NamedTuple):
    """Something that was seen for the first time: what, and where."""

    what: str
    place: Place


class Wrapped(NamedTuple):
    """What the whole answer stands inside of: a variant of the rule A42, the field's name where it is one, and where."""

    variant: str
    place: Place
    name: str = ""


@dataclass
class Unnamed:
    """Events without an `event:` line, which the SDKs skip.

    Attributes:
        count: how many of them.
        needed: the first without which the SDKs fail.
        missed: the first that is merely missing then.
        filler: the first that says nothing.
    """

    count: int = 0
    needed: Seen | None = None
    missed: Seen | None = None
    filler: Seen | None = None

    def add(self, event_type: str, place: Place, value: object = None) -> None:
        """One more, of this type ("" or any other word for filler) and with this data."""
        self.count += 1
        seen = Seen(event_type, place)
        if needs(event_type, value):
            self.needed = self.needed or seen
        elif event_type in _MISSED:
            self.missed = self.missed or seen
        else:
            self.filler = self.filler or seen


class Assembly:
    """The blocks of an answer, and what they add up to.

    Attributes:
        blocks: in the order in which they came.
    """

    def __init__(self, reading: Reading) -> None:
        self.blocks: list[Block] = []
        self._reading = reading
        self._by_index: dict[int, Block] = {}
        self._new_text = Pieces()
        self._new_reasoning = Pieces()
        self._calls: list[Block] = []
        self._stale_calls: set[int] = set()

    def at(self, index: int) -> Block | None:
        """The block opened last under an index."""
        return self._by_index.get(index)

    def add(self, block: Block) -> Meaning:
        """A block that begins (of a whole answer: that is there); what it already holds."""
        self.blocks.append(block)
        self._by_index[block.index] = block
        meaning = Meaning.NOTHING
        if block.thinking:
            self._new_reasoning.add(block.thinking)
            meaning = Meaning.REASONING
        elif block.kind == REDACTED and block.start.get("data"):
            self._reading.hidden_reasoning = True
            meaning = Meaning.REASONING
        if block.text:
            self._new_text.add(block.text)
            meaning = Meaning.TEXT
        if block.kind == TOOL_USE:
            block.call_number = len(self._calls)
            self._calls.append(block)
            self._stale_calls.add(block.call_number)
            meaning = Meaning.TOOL_ARGUMENTS if block.input_text else meaning
        return meaning

    def grow(self, block: Block, delta_type: str, piece: str) -> None:
        """A piece that the block has taken in is also one of the whole."""
        if delta_type == "text_delta":
            self._new_text.add(piece)
        elif delta_type == "thinking_delta":
            self._new_reasoning.add(piece)
        elif delta_type == "input_json_delta":
            self._call_changed(block)

    def close(self, index: int, place: Place) -> None:
        """The block's content_block_stop."""
        if (block := self._by_index.get(index)) is not None:
            block.closed = True
            block.end = place
            self._call_changed(block)

    def _call_changed(self, block: Block) -> None:
        if block.call_number is not None:
            self._stale_calls.add(block.call_number)

    def update(self) -> None:
        """Bring text, reasoning and calls of the reading up to date."""
        reading = self._reading
        if self._new_text:
            reading.text += mend_surrogates(self._new_text.text)
            self._new_text = Pieces()
        if self._new_reasoning:
            reading.reasoning += mend_surrogates(self._new_reasoning.text)
            self._new_reasoning = Pieces()
        for number in sorted(self._stale_calls):
            reading.tool_calls[number : number + 1] = [self._calls[number].call()]
        self._stale_calls.clear()

    def finish(self) -> None:
        """The answer is over: text in the order of the blocks, and the turn to replay."""
        self.update()
        reading = self._reading
        reading.text = mend_surrogates("".join(block.text for block in self.blocks))
        reading.reasoning = mend_surrogates("".join(block.thinking for block in self.blocks))
        reading.hidden_reasoning |= any(block.hides_thinking for block in self.blocks)
        reading.replay = [block.replay() for block in self.blocks]


# Ids of Chat Completions and of Responses, and names of OpenAI's models, also behind a relay's prefix.
_OF_OPENAI = re.compile(r"chatcmpl-|resp_|(?:[\w.-]+/)?(?:chat)?gpt-|(?:[\w.-]+/)?o[1-9](?:-|$)")


@dataclass
class Answer:
    """What the readers of a stream's events, or of a whole body, have gathered.

    Attributes:
        early: the first content event before message_start.
        foreign: which other protocol it is in.
        wrapped: what the whole answer stands inside of.
        started: where message_start came, stopped: where the last message_delta came, last: the last event.
        events: how many came, foreign end marks among them; marks: how many of these were `[DONE]`.
        saw_message_delta: one came at all.
        no_reason: how the last message_delta put that there is no stop reason, "" where it left it out; None where it had one,
            or where none came.
        first_reason: the first that a message_delta gave.
        whole: it is one document.
        bytes_wrapped: its events stood in `bytes` of others, where no SDK finds them.
    """

    reading: Reading
    grammar: Grammar = field(default_factory=Grammar)
    usage: UsageTally = field(default_factory=UsageTally)
    unnamed: Unnamed = field(default_factory=Unnamed)
    early: Seen | None = None
    foreign: Seen | None = None
    wrapped: Wrapped | None = None
    started: Place = NOWHERE
    stopped: Place = NOWHERE
    last: Place = NOWHERE
    events: int = 0
    marks: int = 0
    saw_message_delta: bool = False
    no_reason: str | None = None
    first_reason: str | None = None
    whole: bool = False
    bytes_wrapped: bool = False

    def __post_init__(self) -> None:
        self.assembly = Assembly(self.reading)

    @property
    def blocks(self) -> list[Block]:
        return self.assembly.blocks

    def take_head(self, message: dict[str, object]) -> list[str]:
        """Id, model and stop reason of a message; the names of the fields that it lacks."""
        reading = self.reading
        reading.response_id = text_or_none(message.get("id"))
        reading.model = text_or_none(message.get("model"))
        reading.stop_reason = text_or_none(message.get("stop_reason"))
        reading.stop_sequence = text_or_none(message.get("stop_sequence"))
        self.usage.of_openai = any(_OF_OPENAI.match(one) for one in (reading.response_id, reading.model) if one)
        return [name for name in ("id", "type", "role", "model") if not isinstance(message.get(name), str)]


def text_or_none(value: object) -> str | None:
    """A text that says something."""
    return mend_surrogates(value) if isinstance(value, str) and value else None


def shown_reason(holder: Mapping[str, object]) -> str:
    """A stop reason that is none, for a sentence; "" where it is not there at all."""
    if "stop_reason" not in holder:
        return ""
    value = holder["stop_reason"]
    return "null" if value is None else repr(value)[:40]
