"""Reads an answer of the Messages API: a stream event by event, or one whole body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from app.protocols.anthropic_blocks import DELTA_FIELDS, FITTING_DELTAS, REDACTED, TEXT, THINKING, TOOL_USE, Block, Json
from app.protocols.anthropic_grammar import Grammar, Sign, State
from app.protocols.anthropic_usage import UsageTally
from app.protocols.catalogue_messages import DEVIATIONS
from app.protocols.errors import read_error_body, read_error_value
from app.protocols.finding_log import NOWHERE, FindingLog, Place
from app.protocols.json_text import decode_json, mend_surrogates
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.sse import SseEvent

_MEANINGS = {
    "text_delta": Meaning.TEXT,
    "thinking_delta": Meaning.REASONING,
    "input_json_delta": Meaning.TOOL_ARGUMENTS,
}
_CUT_REASONS = ("max_tokens", "refusal", "model_context_window_exceeded")
_OPENAI_REASONS = ("stop", "length", "tool_calls", "content_filter", "function_call")
_HEAD_FIELDS = ("id", "type", "role", "model")


class MessagesReader:
    """A fold over one answer; see `app.protocols.base.Reader`.

    What is wrong with a single event is found when it comes; what shows only at the end (an unclosed block, counts that do
    not fit, no message_stop) is found by `finish`. An answer that the user cancelled must not be blamed for having no end:
    take its `snapshot` instead.
    """

    def __init__(self) -> None:
        self.reading = Reading()
        self._log = FindingLog(DEVIATIONS, self.reading.findings)
        self._note = self._log.note
        self._grammar = Grammar()
        self._usage = UsageTally()
        self._blocks: list[Block] = []
        self._by_index: dict[int, Block] = {}
        self._new_text: list[str] = []
        self._new_reasoning: list[str] = []
        self._calls: list[Block] = []
        self._stale_calls: set[int] = set()
        self._event = 0
        self._unnamed = 0
        self._first_unnamed = NOWHERE
        self._early_event = ""  # the first content event before message_start
        self._foreign = ""
        self._saw_message_delta = False
        self._whole = False
        self._finished = False
        self._readers: dict[str, Callable[[Json], Meaning]] = {
            "message_start": self._read_message_start,
            "content_block_start": self._read_block_start,
            "content_block_delta": self._read_delta,
            "content_block_stop": self._read_block_stop,
            "message_delta": self._read_message_delta,
            "message_stop": self._read_message_stop,
            "error": self._read_error,
        }

    # -- a stream ------------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1. Never raises, whatever the bytes."""
        self._event, self._log.place = number, (number, event.start)
        try:
            value = decode_json(event.data)
        except ValueError:
            self._read_broken(event)
            return Meaning.NOTHING
        if not isinstance(value, dict):
            self._note("A27", f"The data is JSON, but no object: {_excerpt(event.data)}")
            return Meaning.NOTHING
        kind = value.get("type")
        if not isinstance(kind, str):
            kind = "error" if value.get("error") else event.type
            if kind in self._readers and kind != "error":
                self._note("A28", f"type of {kind}")
        self._check_name(event.type, kind)
        read = self._readers.get(kind)
        if read is None:
            self._look_for_foreign(kind, value)
            return Meaning.NOTHING
        if self._grammar.over and kind != "error":
            self._note(self._grammar.take(Sign.MORE), kind)
            return Meaning.NOTHING
        return read(value)

    def _read_broken(self, event: SseEvent) -> None:
        """Data that is not JSON. Empty data and keep-alives sent as data are found below the protocol (A10, C9)."""
        data = event.data.strip()
        if data == b"[DONE]" and not event.type:
            self._note(self._grammar.take(Sign.DONE_MARK), "")
        elif event.type == "error":
            self._fail(read_error_body(data, 200))
        elif data and not data.startswith(b":") and event.type != "ping":
            self._note("A27", f"The data is not JSON: {_excerpt(data)}")

    def _check_name(self, name: str, kind: str) -> None:
        if not name:
            if not self._unnamed:
                self._first_unnamed = self._log.place
            self._unnamed += 1
        elif name != kind and (kind in self._readers or name in ("ping", "error")):
            self._note("A18", f"{_excerpt(name.encode())} over {kind}")

    def _look_for_foreign(self, kind: str, value: Json) -> None:
        foreign = foreign_protocol(kind, value)
        if foreign and self._grammar.over:
            self._note(self._grammar.take(Sign.MORE), kind or foreign)
        elif foreign and self._grammar.started:
            self._note("A36", foreign)
        else:
            self._foreign = self._foreign or foreign

    def _read_message_start(self, value: Json) -> Meaning:
        finding = self._grammar.message_start()
        late = f"{self._early_event} came before it"
        self._note(finding, late if finding == "A1" else f"event {self._event}")
        message = value.get("message")
        if not isinstance(message, dict):
            self._note("A28", "message of message_start")
        elif finding != "A2":
            self._take_head(message)
        if isinstance(message, dict):
            self._take_usage(message, "message_start", self._usage.start)
            if not isinstance(message.get("content"), list):
                self._note("A28", "message.content of message_start")
        return Meaning.NOTHING

    def _take_head(self, message: Json) -> None:
        self.reading.response_id = _text_or_none(message.get("id"))
        self.reading.model = _text_or_none(message.get("model"))
        if missing := [name for name in _HEAD_FIELDS if not isinstance(message.get(name), str)]:
            self._note("A29", ", ".join(missing))

    def _take_usage(self, holder: Json, where: str, take: Callable[[Json], None]) -> None:
        usage = holder.get("usage")
        if isinstance(usage, dict):
            take(usage)
            self.reading.usage = self._usage.read()
        else:
            self._note("A28", f"usage of {where}")

    def _index(self, value: Json) -> int:
        """The event's block index; where it is missing or no number, the block opened last is meant."""
        index = value.get("index")
        if isinstance(index, int) and not isinstance(index, bool):
            return index
        if isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 10:
            return int(index)  # both SDKs take it
        self._note("A28", f"index of {value.get('type')}")
        if value.get("type") == "content_block_start":
            return self._grammar.due
        return next(reversed(self._grammar.open), max(self._grammar.due - 1, 0))

    def _mark_early(self, name: str) -> None:
        if not self._grammar.started and not self._early_event:
            self._early_event = f"event {self._event} ({name})"

    def _read_block_start(self, value: Json) -> Meaning:
        self._mark_early("content_block_start")
        index, due = self._index(value), self._grammar.due
        self._note(self._grammar.block_start(index), f"{index} came where {due} was due")
        start = value.get("content_block")
        if not isinstance(start, dict):
            self._note("A28", "content_block of content_block_start")
            start = {}
        return self._add_block(Block(index, start))

    def _add_block(self, block: Block) -> Meaning:
        self._blocks.append(block)
        self._by_index[block.index] = block
        meaning = Meaning.NOTHING
        if block.thinking:
            self._new_reasoning.append(block.thinking)
            meaning = Meaning.REASONING
        elif block.kind == REDACTED and block.start.get("data"):
            self.reading.hidden_reasoning = True
            meaning = Meaning.REASONING
        if block.text:
            self._new_text.append(block.text)
            meaning = Meaning.TEXT
        if block.kind == TOOL_USE:
            block.call_number = len(self._calls)
            self._calls.append(block)
            self._stale_calls.add(block.call_number)
            meaning = Meaning.TOOL_ARGUMENTS if block.input_text else meaning
        return meaning

    def _read_delta(self, value: Json) -> Meaning:
        self._mark_early("content_block_delta")
        index, delta = self._index(value), value.get("delta")
        kind = delta.get("type") if isinstance(delta, dict) else None
        if not isinstance(kind, str):
            kind = ""
            self._note("A28", "type of the delta of content_block_delta")
        known = index in self._by_index
        finding = self._grammar.delta(index)
        self._note(finding, f"a {kind or 'delta'} for block {index}", key=str(index))
        if not isinstance(delta, dict) or kind not in DELTA_FIELDS:
            return Meaning.NOTHING  # a type newer than this program is legal
        if not known:
            self._add_block(Block.unopened(index, kind))
        return self._apply_delta(self._by_index[index], kind, delta)

    def _apply_delta(self, block: Block, kind: str, delta: Json) -> Meaning:
        if kind not in FITTING_DELTAS.get(block.kind, (kind,)):
            self._note("A25", f"A {kind} came for block {block.index}, which is {block.kind}", key=f"{block.index} {kind}")
        piece = delta.get(DELTA_FIELDS[kind])
        if not isinstance(piece, str) and kind in (*_MEANINGS, "signature_delta"):
            self._note("A28", f"{DELTA_FIELDS[kind]} of {kind}")
            return Meaning.NOTHING
        block.add(kind, piece)
        if kind == "thinking_delta" and isinstance(stray := delta.get("signature"), str):
            block.add_stray_signature(stray)
        if not piece:
            return Meaning.NOTHING
        if kind == "text_delta":
            self._new_text.append(piece)
        elif kind == "thinking_delta":
            self._new_reasoning.append(piece)
        elif kind == "input_json_delta" and block.call_number is not None:
            self._stale_calls.add(block.call_number)
        return _MEANINGS.get(kind, Meaning.NOTHING)

    def _read_block_stop(self, value: Json) -> Meaning:
        self._mark_early("content_block_stop")
        index = self._index(value)
        self._note(self._grammar.block_stop(index), f"content_block_stop for block {index}", key=str(index))
        if (block := self._by_index.get(index)) is not None:
            block.closed = True
            if block.call_number is not None:
                self._stale_calls.add(block.call_number)
        return Meaning.NOTHING

    def _read_message_delta(self, value: Json) -> Meaning:
        self._mark_early("message_delta")
        self._saw_message_delta = True
        delta = value.get("delta")
        reason = _text_or_none(delta.get("stop_reason")) if isinstance(delta, dict) else None
        self._note(self._grammar.take(Sign.MESSAGE_DELTA if reason else Sign.MESSAGE_DELTA_OPEN), "")
        if not isinstance(delta, dict):
            self._note("A28", "delta of message_delta")
        self.reading.stop_reason = reason or self.reading.stop_reason
        self._take_usage(value, "message_delta", self._usage.update)
        return Meaning.NOTHING

    def _read_message_stop(self, value: Json) -> Meaning:
        self._note(self._grammar.take(Sign.MESSAGE_STOP), "")
        self.reading.ended = True
        return Meaning.NOTHING

    def _read_error(self, value: Json) -> Meaning:
        self._fail(read_error_value(value) or ErrorReading("an error event without words"))
        return Meaning.NOTHING

    def _fail(self, error: ErrorReading) -> None:
        self._note(self._grammar.take(Sign.ERROR), "error")
        if self.reading.error is None:
            self.reading.error = ErrorReading(error.message, error.type, error.code, error.param, event=self._event)

    # -- a whole answer ------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape. Never raises."""
        self._whole = True
        try:
            value = decode_json(body)
        except ValueError:
            self._read_unreadable(body, status)
            return
        if status < 400 and isinstance(value, dict) and isinstance(value.get("content"), list):
            self._read_message(value)
        elif status < 400 and isinstance(value, dict) and (foreign := foreign_protocol("", value)):
            self._foreign = foreign
        else:
            self.reading.error = read_error_body(body, status)

    def _read_unreadable(self, body: bytes, status: int) -> None:
        if status < 400 and body.lstrip()[:1] in (b"{", b"["):
            self._note("A27", f"The body is not JSON; it ends {_excerpt(body[-60:])}")
        else:
            self.reading.error = read_error_body(body, status)

    def _read_message(self, message: Json) -> None:
        self._take_head(message)
        for index, block in enumerate(message["content"]):
            if isinstance(block, dict):
                self._add_block(Block(index, block, whole=True))
            else:
                self._note("A28", f"block {index} of content")
        self._take_usage(message, "the message", self._usage.whole)
        self.reading.stop_reason = _text_or_none(message.get("stop_reason"))
        self.reading.ended = self.reading.stop_reason is not None and message.get("type") == "message"

    # -- results -------------------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now."""
        reading = self.reading
        if self._new_text:
            reading.text += mend_surrogates("".join(self._new_text))
            self._new_text.clear()
        if self._new_reasoning:
            reading.reasoning += mend_surrogates("".join(self._new_reasoning))
            self._new_reasoning.clear()
        for number in sorted(self._stale_calls):
            reading.tool_calls[number : number + 1] = [self._calls[number].call()]
        self._stale_calls.clear()
        return reading

    def finish(self) -> Reading:
        """The answer is over: text by blocks, the turn to replay, and the findings that only the end shows."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        reading.text = mend_surrogates("".join(block.text for block in self._blocks))
        reading.reasoning = mend_surrogates("".join(block.thinking for block in self._blocks))
        reading.hidden_reasoning |= any(block.hides_thinking for block in self._blocks)
        reading.replay = [block.replay() for block in self._blocks]
        self._judge()
        return reading

    def _judge(self) -> None:
        last, self._log.place = self._log.place, NOWHERE
        if self._unnamed and not self._foreign:
            every = "all" if self._unnamed == self._event else str(self._unnamed)
            self._note("A9", f"{every} of {self._event} events", place=self._first_unnamed)
        if self._foreign:
            self._note("A33", self._foreign)
        elif not self._whole:
            self._judge_end(last)
        if self._blocks or self.reading.ended:
            self._judge_content()

    def _judge_end(self, last: Place) -> None:
        grammar = self._grammar
        if not grammar.started and self._early_event:
            self._note("A16", f"the first content is {self._early_event}")
        if not grammar.over and self._event:
            self._note("A5", _how_far(grammar.state, self.reading.stop_reason), place=last)
        if self.reading.ended and self.reading.stop_reason not in _CUT_REASONS:
            for block in self._blocks:
                if not block.closed:
                    self._note("A23", f"block {block.index} ({block.kind})")

    def _judge_content(self) -> None:
        reading, reason = self.reading, self.reading.stop_reason
        failed = self._grammar.state is State.FAILED
        if reason is None and self._ended_silently():
            self._note("A21", "stop_reason is null" if self._saw_message_delta or self._whole else "no message_delta came")
        if reason in _OPENAI_REASONS:
            self._note("A34", reason)
        if not failed:
            self._judge_blocks(reason)
            self._judge_thinking()
            self._judge_tools(reason)
        complete = reading.ended and not failed
        has_content = bool(reading.text or reading.tool_calls)
        for deviation_id, detail in self._usage.complaints(has_content=has_content, complete=complete):
            self._note(deviation_id, detail)
        if complete and self._saw_message_delta and not self._usage.output_was_said:
            self._note("A22", "its usage has no output_tokens")

    def _ended_silently(self) -> bool:
        return self.reading.ended or (self._whole and bool(self._blocks))

    def _judge_blocks(self, reason: str | None) -> None:
        """The last block may have been cut, legally at max_tokens, or because the stream broke off (A5 says so)."""
        for block in self._blocks:
            cut = not block.closed or (block is self._blocks[-1] and reason in _CUT_REASONS)
            for deviation_id, detail in block.complaints(may_be_cut=cut):
                self._note(deviation_id, detail)

    def _judge_thinking(self) -> None:
        thinking = [at for at, block in enumerate(self._blocks) if block.kind in (THINKING, REDACTED)]
        if thinking and thinking[0] and self._blocks[0].kind == TEXT:
            self._note("A35", f"the first thinking is block {thinking[0]}")

    def _judge_tools(self, reason: str | None) -> None:
        calls = self.reading.tool_calls
        for call_id, count in Counter(call.id for call in calls if call.id).items():
            if count > 1:
                self._note("A30", f"{count} calls have the id {call_id[:60]}")
        if calls and reason in ("end_turn", "stop"):
            self._note("A14", f"stop_reason is {reason} though the answer has {len(calls)} tool_use block(s)")
        elif reason == "tool_use" and not calls:
            self._note("A14", "stop_reason is tool_use though the answer has no tool_use block")


def foreign_protocol(kind: str, value: Json) -> str:
    """Which other protocol an object belongs to, "" for none that is known."""
    stated: Any = value.get("object")
    if isinstance(value.get("choices"), list) or (isinstance(stated, str) and stated.startswith("chat.completion")):
        return "OpenAI Chat Completions (choices)"
    if kind.startswith("response.") or stated == "response":
        return "OpenAI Responses (response)"
    return "Google Gemini (candidates)" if isinstance(value.get("candidates"), list) else ""


def _how_far(state: State, reason: str | None) -> str:
    if state is State.START:
        return "it never got to message_start"
    if state is State.ENDING:
        return f"the stop reason {reason} was given, only the end mark is missing"
    return "it broke off inside a content block" if state is State.BLOCK else "it broke off between two blocks"


def _text_or_none(value: object) -> str | None:
    return mend_surrogates(value) if isinstance(value, str) and value else None


def _excerpt(data: bytes) -> str:
    text = data[:60].decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "·" for character in text)
