"""What is known of a Messages answer while it is read, and what its end shows to be wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.protocols.findings import NOWHERE, Place
from app.protocols.messages.blocks import REDACTED, TEXT, THINKING, Block
from app.protocols.messages.grammar import Grammar, State
from app.protocols.messages.usage import UsageTally
from app.protocols.reading import Reading

Judgement = tuple[str, str, Place]  # id of the deviation, detail, where

_CUT_REASONS = ("max_tokens", "refusal", "model_context_window_exceeded")
_REASONS = (*_CUT_REASONS, "end_turn", "stop_sequence", "tool_use", "pause_turn", "compaction")
_FOREIGN_REASONS = dict.fromkeys(("stop", "length", "tool_calls", "content_filter", "function_call"), "OpenAI") | dict.fromkeys(
    ("STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "MALFORMED_FUNCTION_CALL"), "Gemini"
)
_FINISHED_REASONS = ("end_turn", "stop", "STOP")
_NEEDED = ("message_start", "content_block_start", "message_stop", "error")
_MISSED = ("content_block_delta", "content_block_stop", "message_delta")


def needs(kind: str, value: object) -> bool:
    """Whether the SDKs' helpers raise, or take a cut answer for a whole one, where they do not see this event. Others are only
    missed; but of a tool's arguments none may be missing.
    """
    match value:
        case {"delta": {"partial_json": str() as piece}} if piece:
            return True
    return kind in _NEEDED


@dataclass
class Unnamed:
    """Events without an `event:` line, which the SDKs skip.

    Attributes:
        count: how many of them.
        needed: the first without which the SDKs fail, with its type.
        missed: the first that is merely missing then.
        filler: the first that says nothing.
    """

    count: int = 0
    needed: tuple[str, Place] | None = None
    missed: tuple[str, Place] | None = None
    filler: tuple[str, Place] | None = None

    def note(self, kind: str, place: Place, value: object = None) -> None:
        """One more, of this type ("" or any other word for filler) and with this data."""
        self.count += 1
        if needs(kind, value):
            self.needed = self.needed or (kind, place)
        elif kind in _MISSED:
            self.missed = self.missed or (kind, place)
        else:
            self.filler = self.filler or (kind, place)

    def judge(self, events: int) -> Iterator[Judgement]:
        """What the SDKs make of it; `events` came in all."""
        many = f"{'all' if self.count == events else self.count} of {events} events"
        for deviation_id, first in (("A9", self.needed), ("A9a", self.missed)):
            if first is not None:
                kind, place = first
                earlier = [one[1] for one in (self.needed, self.missed, self.filler) if one is not None]
                place = min(earlier, key=lambda one: one[0] or 0) if self.count == events else place
                yield deviation_id, f"{many}, {kind} among them", place
                return
        if self.filler is not None:
            yield "A9b", self.filler[0] or "no type", self.filler[1]


@dataclass
class Answer:
    """What the reader has gathered.

    Attributes:
        early: the first content event before message_start, and its place.
        foreign: which other protocol it is in, and where that showed.
        wrapped: what the whole answer stands inside of.
        started: where message_start came, stopped: where the last message_delta came, last: the last event.
        events: how many came.
        saw_message_delta: one came at all.
        no_reason: how the last message_delta put that there is no stop reason.
        whole: it is one document.
    """

    reading: Reading
    grammar: Grammar = field(default_factory=Grammar)
    usage: UsageTally = field(default_factory=UsageTally)
    blocks: list[Block] = field(default_factory=list)
    unnamed: Unnamed = field(default_factory=Unnamed)
    early: tuple[str, Place] | None = None
    foreign: tuple[str, Place] | None = None
    wrapped: tuple[str, Place] | None = None
    started: Place = NOWHERE
    stopped: Place = NOWHERE
    last: Place = NOWHERE
    events: int = 0
    saw_message_delta: bool = False
    no_reason: str = ""
    whole: bool = False

    def judge(self) -> Iterator[Judgement]:
        """The deviations that only the end shows."""
        wrapped = None if self.grammar.started or self.early else self.wrapped
        if self.unnamed.count and not self.foreign and not wrapped:
            yield from self.unnamed.judge(self.events)
        if wrapped:
            yield "A42", *wrapped
        elif self.foreign:
            yield "A33", *self.foreign
        elif not self.whole:
            yield from self._judge_end()
        if self.blocks or self.reading.ended:
            yield from self._judge_content()

    def _judge_end(self) -> Iterator[Judgement]:
        grammar, reading = self.grammar, self.reading
        if not grammar.started and self.early:
            yield "A16", f"the first content is {self.early[0]}", self.early[1]
        if not grammar.over and self.events:
            yield "A5", _how_far(grammar.state, reading.stop_reason), self.last
        if reading.ended and reading.stop_reason not in _CUT_REASONS:
            for block in self.blocks:
                if not block.closed:
                    yield "A23", f"block {block.index} ({block.kind})", block.place

    def _judge_content(self) -> Iterator[Judgement]:
        failed = self.grammar.state is State.FAILED
        yield from self._judge_reason()
        if not failed:
            yield from self._judge_blocks()
            yield from self._judge_thinking()
            yield from self._judge_tools()
        yield from self._judge_usage(complete=self.reading.ended and not failed)

    def _judge_reason(self) -> Iterator[Judgement]:
        reason = self.reading.stop_reason
        if reason is None:
            if self.reading.ended or (self.whole and self.blocks):
                yield "A21", self.no_reason or "no message_delta came", self.stopped
        elif reason in _FOREIGN_REASONS:
            yield "A34", f"“{reason}”, a word of {_FOREIGN_REASONS[reason]}'s", self.stopped
        elif reason not in _REASONS:
            yield "A34a", f"“{reason[:60]}”", self.stopped
        if reason is not None and self.no_reason:
            yield "A21a", f"first {reason}, then {self.no_reason}", self.stopped

    def _judge_blocks(self) -> Iterator[Judgement]:
        """The last block may have been cut, legally at max_tokens, or because the stream broke off (A5 says so)."""
        for block in self.blocks:
            cut = not block.closed or (block is self.blocks[-1] and self.reading.stop_reason in _CUT_REASONS)
            for deviation_id, detail in block.complaints(may_be_cut=cut):
                yield deviation_id, detail, block.end
            if block.closed and block.kind == TEXT and not block.text and len(self.blocks) > 1 and not cut:
                yield "A46", f"block {block.index}", block.end

    def _judge_thinking(self) -> Iterator[Judgement]:
        thinking = [block for block in self.blocks if block.kind in (THINKING, REDACTED)]
        if thinking and thinking[0] is not self.blocks[0] and self.blocks[0].kind == TEXT:
            yield "A35", f"the first thinking is block {self.blocks.index(thinking[0])}", thinking[0].place

    def _judge_tools(self) -> Iterator[Judgement]:
        calls, reason = self.reading.tool_calls, self.reading.stop_reason
        for call_id, count in Counter(call.id for call in calls if call.id).items():
            if count > 1:
                again = [block for block in self.blocks if block.call_number is not None and block.start.get("id") == call_id]
                yield "A30", f"{count} calls have the id {call_id[:60]}", again[-1].place if again else NOWHERE
        opened = sum(block.opened for block in self.blocks if block.call_number is not None)
        if opened and reason in _FINISHED_REASONS:
            yield "A14", f"stop_reason is {reason} though the answer has {opened} tool_use block(s)", self.stopped
        elif reason == "tool_use" and not calls:
            yield "A14", "stop_reason is tool_use though the answer has no tool_use block", self.stopped

    def _judge_usage(self, *, complete: bool) -> Iterator[Judgement]:
        reading = self.reading
        characters = len(reading.text) + sum(len(call.arguments_text) + len(call.name) for call in reading.tool_calls)
        refused = reading.stop_reason == "refusal"  # what was refused may not be counted
        yield from self.usage.complaints(characters=0 if refused else characters, complete=complete)
        told = self.whole or self.saw_message_delta or reading.stop_reason is not None
        if complete and told and not self.usage.output_was_said and (self.usage.raw or not self.whole):
            yield "A22", self._no_output(), self.stopped

    def _no_output(self) -> str:
        if self.whole:
            return "the usage has no output_tokens"
        if not self.saw_message_delta:
            return "no message_delta came"
        return "no message_delta has output_tokens" if self.usage.last != NOWHERE else "no message_delta has usage"


def _how_far(state: State, reason: str | None) -> str:
    if state is State.START:
        return "it never got to message_start"
    if state is State.ENDING:
        return f"the stop reason {reason} was given, only the end mark is missing"
    return "it broke off inside a content block" if state is State.BLOCK else "it broke off between two blocks"
