"""Reads the events of a Messages stream, one after the other, into what is known of the answer."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from app.protocols.errors.body import WORDLESS, read_error_value
from app.protocols.findings import FindingLog, Place, Rule
from app.protocols.messages import rules, rules_content
from app.protocols.messages.answer import Answer, Seen, Wrapped, shown_reason, text_or_none
from app.protocols.messages.block_checks import check_head, check_start, check_unknown_delta
from app.protocols.messages.blocks import DELTA_FIELDS, FITTING_DELTAS, TEXT, THINKING, TOOL_USE, Block, Json
from app.protocols.messages.document import foreign_protocol, is_message
from app.protocols.messages.grammar import Input, State
from app.protocols.reading import ErrorReading, Meaning
from app.text.json_text import encode_json

EVENT_TYPES = frozenset(
    {
        "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
        "error",
    }
)  # fmt: skip
_WATCHED = ("text_delta", "thinking_delta")
# kind of block -> the delta that it is made of, and the field that holds its piece
_MADE_OF = {
    TEXT: ("text_delta", DELTA_FIELDS["text_delta"]),
    THINKING: ("thinking_delta", DELTA_FIELDS["thinking_delta"]),
    TOOL_USE: ("input_json_delta", DELTA_FIELDS["input_json_delta"]),
}
_NOTHING = ("", "")
_MEANINGS = {
    "text_delta": Meaning.TEXT,
    "thinking_delta": Meaning.REASONING,
    "input_json_delta": Meaning.TOOL_ARGUMENTS,
}


class StreamReader:
    """Takes typed events in and follows them by the grammar."""

    def __init__(self, answer: Answer, log: FindingLog) -> None:
        self._answer = answer
        self._log = log
        self._grammar = answer.grammar
        self._assembly = answer.assembly
        self._late_blocks = 0
        self._last_delta_of: Block | None = None
        self._last_index = 0  # that of the last delta
        self._readers: dict[str, Callable[[Json], Meaning]] = {
            "message_start": self._read_message_start,
            "content_block_start": self._read_block_start,
            "content_block_delta": self._read_delta,
            "content_block_stop": self._read_block_stop,
            "message_delta": self._read_message_delta,
            "message_stop": self._read_message_stop,
            "error": self._read_error,
        }

    def read(self, kind: str, value: Json) -> Meaning:
        """One event of a type, known or not."""
        if kind == "content_block_delta" and (meaning := self._read_next_piece(value)) is not None:
            return meaning
        read = self._readers.get(kind)
        if read is None:
            self._look_for_foreign(kind, value)
            return Meaning.NOTHING
        if self._grammar.over and kind != "error":
            self._read_more(kind, value)
            return Meaning.NOTHING
        return read(value)

    def fail(self, error: ErrorReading) -> None:
        """An error event, in whatever form."""
        self._log.note(self._grammar.take(Input.ERROR), event_type="error")
        if self._answer.reading.error is None:
            self._answer.reading.error = msgspec.structs.replace(error, event=self._log.place.event)

    # -- what is no event of the answer --------------------------------------------------------------------------------

    def _look_for_foreign(self, kind: str, value: Json) -> None:
        answer, place = self._answer, self._log.place
        foreign = foreign_protocol(kind, value)
        if foreign and self._grammar.over:
            self._log.note(self._grammar.take(Input.MORE), event_type=kind or foreign)
        elif foreign and self._grammar.started:
            self._log.note(rules.OTHER_PROTOCOL_BETWEEN, protocol=foreign)
        elif foreign:
            answer.foreign = answer.foreign or Seen(foreign, place)
        elif is_message(value) and kind == "message" and not self._grammar.started:
            answer.wrapped = answer.wrapped or Wrapped("event", place)

    def _read_more(self, kind: str, value: Json) -> None:
        """An event behind the end. The Python SDK goes on there, and stumbles over content for which there is no block."""
        index = value.get("index")
        self._late_blocks += kind == "content_block_start"
        blocks = len(self._answer.blocks) + self._late_blocks
        unopened = kind.startswith("content_block_") and isinstance(index, int) and index >= blocks
        self._log.note(self._grammar.take(Input.MORE_UNOPENED if unopened else Input.MORE), event_type=kind)

    # -- the message ---------------------------------------------------------------------------------------------------

    def _read_message_start(self, value: Json) -> Meaning:
        answer, again = self._answer, self._grammar.started
        self._note_start(self._grammar.message_start())
        message = value.get("message")
        if not isinstance(message, dict):
            self._log.note(rules.FIELD_WRONG, field="message", event_type="message_start")
            return Meaning.NOTHING
        if not again:
            answer.started = self._log.place
            self._log.add_all(check_head(message, answer.take_head(message), self._log.place))
        self._take_usage(message, "message_start", answer.usage.start)
        content = message.get("content")
        if not isinstance(content, list):
            self._log.note(rules.FIELD_WRONG, field="message.content", event_type="message_start")
        elif content and not again:
            return self._take_early_content(content)
        return Meaning.NOTHING

    def _note_start(self, rule: Rule | None) -> None:
        if rule in (rules.MESSAGE_START_LATE, rules.MESSAGE_START_IN_BLOCK) and (early := self._answer.early) is not None:
            self._log.note(rule, event=early.place.event, event_type=early.what)
        else:
            self._log.note(rule, event=self._log.place.event)

    def _take_early_content(self, content: list[object]) -> Meaning:
        """Blocks that are in the message before any was opened: the SDKs keep them, who reads deltas never sees them."""
        blocks = [
            Block(index, one, whole=True, place=self._log.place) for index, one in enumerate(content) if isinstance(one, dict)
        ]
        if len(blocks) < len(content):
            self._log.note(rules.FIELD_WRONG, variant="block_in_start")
        kinds = ", ".join(one.kind for one in blocks)[:60]
        self._log.note(rules_content.CONTENT_IN_START, count=len(content), kinds=kinds)
        return max((self._assembly.add(block) for block in blocks), default=Meaning.NOTHING)

    def _take_usage(self, holder: Json, event_type: str, take: Callable[[Json, Place], None]) -> None:
        usage = holder.get("usage")
        if isinstance(usage, dict):
            take(usage, self._log.place)
            self._answer.reading.usage = self._answer.usage.read()
        else:
            self._log.note(rules.FIELD_WRONG, field="usage", event_type=event_type)

    def _read_message_delta(self, value: Json) -> Meaning:
        self._mark_early("message_delta")
        answer, delta = self._answer, value.get("delta")
        said = delta.get("stop_reason") if isinstance(delta, dict) else None
        reason = text_or_none(said)
        if reason is None and (beside := text_or_none(value.get("stop_reason"))):
            reason = beside
            self._log.note(rules_content.STOP_REASON_BESIDE, reason=repr(beside)[:60])
        self._log.note(self._grammar.take(Input.MESSAGE_DELTA if reason else Input.MESSAGE_DELTA_OPEN))
        if not isinstance(delta, dict):
            self._log.note(rules.FIELD_WRONG, field="delta", event_type="message_delta")
        answer.reading.stop_reason = reason or answer.reading.stop_reason
        answer.first_reason = answer.first_reason or reason
        if isinstance(delta, dict) and (sequence := text_or_none(delta.get("stop_sequence"))):
            answer.reading.stop_sequence = sequence
        answer.saw_message_delta, answer.stopped = True, self._log.place
        answer.no_reason = None if reason else shown_reason(delta if isinstance(delta, dict) else {})
        self._take_usage(value, "message_delta", answer.usage.update)
        return Meaning.NOTHING

    def _read_message_stop(self, value: Json) -> Meaning:
        self._mark_early("message_stop")
        self._log.note(self._grammar.take(Input.MESSAGE_STOP))
        self._answer.reading.ended = True
        return Meaning.NOTHING

    def _read_error(self, value: Json) -> Meaning:
        self.fail(read_error_value(value) or WORDLESS)
        return Meaning.NOTHING

    # -- its blocks ----------------------------------------------------------------------------------------------------

    def _index(self, value: Json, event_type: str) -> int:
        """The event's block index; where it is missing or no number, the block opened last is meant."""
        index = value.get("index")
        if isinstance(index, int | float) and index == index // 1:
            return int(index)  # 0.0 is 0: JSON has no whole numbers of its own; and both SDKs take false for 0
        if isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 10:
            self._log.note(rules.FIELD_ODD, key="index", field="index", event_type=event_type, found=f'"{index}"')
            return int(index)  # both SDKs take it
        if event_type == "content_block_start":  # the SDKs append the block, whatever its number
            self._log.note(rules.FIELDS_MISSING, variant="in_event", name="index", event_type=event_type)
            return self._grammar.due
        self._log.note(rules.FIELD_WRONG, field="index", event_type=event_type)
        return next(reversed(self._grammar.open), max(self._grammar.due - 1, 0))

    def _mark_early(self, event_type: str) -> None:
        if not self._grammar.started and not self._answer.early:
            self._answer.early = Seen(event_type, self._log.place)

    def _read_block_start(self, value: Json) -> Meaning:
        self._mark_early("content_block_start")
        index, due = self._index(value, "content_block_start"), self._grammar.due
        start = value.get("content_block")
        if not isinstance(start, dict):
            self._log.note(rules.FIELD_WRONG, field="content_block", event_type="content_block_start")
        known = self._assembly.at(index)
        if known is not None and self._is_newest(known) and isinstance(start, dict) and known.is_begun_by(start):
            known.begun_again = known.begun_again or self._log.place
            self._log.note(self._grammar.block_start_again())
            return Meaning.NOTHING
        block = Block(index, start if isinstance(start, dict) else {}, place=self._log.place)
        rule = self._grammar.block_start(index, is_tool=block.kind == TOOL_USE)
        variant = "start" if rule is rules.CONTENT_AFTER_REASON else ""
        self._log.note(rule, variant=variant, index=index, due=due)
        if isinstance(start, dict):
            self._log.add_all(check_start(block))
        return self._assembly.add(block)

    def _is_newest(self, block: Block) -> bool:
        """Whether a block was opened last and is open still, and the stream has not come to its end."""
        open_ones = self._grammar.open
        newest = bool(open_ones) and next(reversed(open_ones)) == block.index
        return block.opened and newest and self._grammar.state is State.BLOCK

    def _rising(self, index: int, kind: str) -> Block | None:
        """The open block whose deltas are numbered one by one, where this is the next of them; None for any other delta."""
        block = self._last_delta_of
        if block is None or index != self._last_index + 1 or self._assembly.at(index) is not None or not self._is_newest(block):
            return None
        return block if kind in FITTING_DELTAS.get(block.kind, ()) else None

    def _read_next_piece(self, value: Json) -> Meaning | None:
        """One more piece of the block that had the last one, of the kind that it is made of: nearly all of a stream is that.
        It does what `_read_delta` does, without all that this asks. None for anything else.
        """
        block, delta, grammar, index = self._last_delta_of, value.get("delta"), self._grammar, self._last_index
        if block is None or grammar.state is not State.BLOCK or not grammar.started or value.get("index") != index:
            return None
        kind, field = _MADE_OF.get(block.kind, _NOTHING)
        if not isinstance(delta, dict) or len(delta) != 2 or delta.get("type") != kind:
            return None
        piece = delta.get(field)
        newest = next(reversed(grammar.open), None) == index and self._assembly.at(index) is block
        if not piece or not newest or not isinstance(piece, str):
            return None
        block.add_piece(field, piece)
        self._assembly.grow(block, kind, piece)
        if kind in _WATCHED and (rule := block.watch(field).add(piece, self._log.place)):
            self._log.note(rule, key=index, piece=ascii(piece[:40]))
        return _MEANINGS[kind]

    def _read_delta(self, value: Json) -> Meaning:
        self._mark_early("content_block_delta")
        index, delta = self._index(value, "content_block_delta"), value.get("delta")
        if not isinstance(delta, dict):
            self._log.note(rules.FIELD_WRONG, field="delta", event_type="content_block_delta")
        said = delta.get("type") if isinstance(delta, dict) else None
        kind = said if isinstance(said, str) else ""
        block = self._rising(index, kind)
        if block is not None:
            own = block.index
            self._log.note(self._grammar.delta_rising(), key=own, block=own, first=self._last_index, second=index)
        else:
            block = self._assembly.at(index)
            rule = self._grammar.delta(index)
            self._log.note(rule, key=index, variant="" if kind else "untyped", index=index, delta_type=kind)
        self._last_delta_of, self._last_index = block, index
        if not isinstance(delta, dict) or kind not in DELTA_FIELDS:
            for finding in check_unknown_delta(index, kind, delta, self._log.place):
                self._log.add(finding, key=(index, kind))
            return Meaning.NOTHING  # a type newer than this program is legal
        if block is None:
            block = Block.unopened(index, kind, self._log.place)
            self._assembly.add(block)
        return self._apply_delta(block, kind, delta)

    def _apply_delta(self, block: Block, kind: str, delta: Json) -> Meaning:
        index = block.index
        if kind not in FITTING_DELTAS.get(block.kind, (kind,)):
            self._log.note(rules_content.DELTA_MISFIT, key=(index, kind), delta_type=kind, index=index, kind=block.kind)
        piece = delta.get(DELTA_FIELDS[kind])
        if not isinstance(piece, str) and kind in _MEANINGS:
            self._log.note(rules.FIELD_WRONG, field=DELTA_FIELDS[kind], event_type=kind)
            return Meaning.NOTHING
        if kind == "citations_delta" and not isinstance(piece, dict):
            variant = "" if "citation" in delta else "absent"
            found = encode_json(piece).decode()[:40]
            self._log.note(rules.FIELD_ODD, key=kind, variant=variant, field="citation", event_type=kind, found=found)
            return Meaning.NOTHING
        if len(delta) > 2 and (delta.get("reasoning_content") or delta.get("reasoning")):
            key = (index, "reasoning")
            self._log.note(rules_content.MADE_UP_TYPE, key=key, variant="reasoning", delta_type=kind, index=index)
        block.add(kind, piece)
        if kind == "thinking_delta" and isinstance(stray := delta.get("signature"), str):
            block.add_stray_signature(stray)
        if not piece:
            return Meaning.NOTHING
        if kind == "text_delta" and block.kind not in FITTING_DELTAS:
            variant = "" if block.kind else "untyped"
            self._log.note(rules_content.TEXT_IN_UNKNOWN_BLOCK, key=index, variant=variant, index=index, kind=block.kind)
        if isinstance(piece, str):
            self._assembly.grow(block, kind, piece)
            if kind in _WATCHED and (rule := block.watch(DELTA_FIELDS[kind]).add(piece, self._log.place)):
                self._log.note(rule, key=index, piece=ascii(piece[:40]))
        return _MEANINGS.get(kind, Meaning.NOTHING)

    def _read_block_stop(self, value: Json) -> Meaning:
        self._mark_early("content_block_stop")
        index = self._index(value, "content_block_stop")
        self._log.note(self._grammar.block_stop(index), key=index, variant="stop", index=index)
        self._assembly.close(index, self._log.place)
        return Meaning.NOTHING
