"""Reads an answer of the Messages API: a stream event by event, or one whole body."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from app.protocols.errors.body import read_error_body, read_error_value, read_unlabelled_error
from app.protocols.findings import FindingLog, Place
from app.protocols.messages.answer import Answer, needs
from app.protocols.messages.blocks import (
    DELTA_FIELDS,
    FITTING_DELTAS,
    REDACTED,
    TEXT,
    TOOL_USE,
    Block,
    Complaint,
    Json,
    made_up_words,
)
from app.protocols.messages.document import (
    decode_leniently,
    foreign_protocol,
    in_a_word,
    is_bent_message,
    is_message,
    said_error,
    wrapped_in,
)
from app.protocols.messages.grammar import Sign, State
from app.protocols.messages.rules import RULES
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.protocols.shared.pieces import Pieces
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, mend_surrogates

_MEANINGS = {
    "text_delta": Meaning.TEXT,
    "thinking_delta": Meaning.REASONING,
    "input_json_delta": Meaning.TOOL_ARGUMENTS,
}
_HEAD_FIELDS = ("id", "type", "role", "model")
MOST_OF_A_KIND = 20
_NO_VALUE = object()
_WORDLESS = ErrorReading("an error event without words", ours=True)


class MessagesReader:
    """A fold over one answer; see `app.protocols.base.Reader`.

    What is wrong with a single event is found when it comes; what shows only at the end (an unclosed block, counts that do
    not fit, no message_stop) is found by `finish`. An answer that the user cancelled must not be blamed for having no end:
    take its `snapshot` instead.
    """

    def __init__(self) -> None:
        self.reading = Reading()
        self._log = FindingLog(self.reading.findings, MOST_OF_A_KIND)
        self._answer = Answer(self.reading)
        self._grammar = self._answer.grammar
        self._usage = self._answer.usage
        self._blocks = self._answer.blocks
        self._by_index: dict[int, Block] = {}
        self._new_text = Pieces()
        self._new_reasoning = Pieces()
        self._calls: list[Block] = []
        self._stale_calls: set[int] = set()
        self._event = 0
        self._late_blocks = 0
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

    def _note(self, rule_id: str | None, detail: str, key: str | None = None, place: Place | None = None) -> None:
        rule = None if rule_id is None else RULES[rule_id]
        self._log.note(rule, place=place, key=detail if key is None else key, detail=detail)

    def _note_all(self, complaints: Iterable[Complaint]) -> None:
        for deviation_id, detail in complaints:
            self._note(deviation_id, detail)

    # -- a stream ------------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1. Never raises, whatever the bytes."""
        self._event = self._answer.events = number
        self._log.place = self._answer.last = Place(number, event.start)
        try:
            value = decode_json(event.data)
        except ValueError:
            value = self._read_broken(event)
        if not isinstance(value, dict):
            self._read_odd(event, value)
            return Meaning.NOTHING
        kind = value.get("type")
        if kind != event.type or kind == "error" or not kind:
            kind = self._kind(event, value)
            self._check_name(event.type, kind, value)
        read = self._readers.get(kind)
        if read is None:
            self._look_for_foreign(kind, value)
            return Meaning.NOTHING
        if self._grammar.over and kind != "error":
            self._read_more(kind, value)
            return Meaning.NOTHING
        return read(value)

    def _kind(self, event: SseEvent, value: Json) -> str:
        """The event's type; where its data has none, its name. What is called an error and nothing that is known is one."""
        kind = value.get("type")
        if not isinstance(kind, str):
            kind = "error" if value.get("error") or self._says_failure(event, value) else event.type
            if kind in self._readers and kind != "error":
                self._note(*(("A28", f"type of {kind}") if needs(kind, value) else ("A29", f"type in {kind}")))
        return "error" if event.type == "error" and kind not in self._readers and kind != "ping" else kind

    def _read_more(self, kind: str, value: Json) -> None:
        """An event behind the end. The Python SDK goes on there, and stumbles over content for which there is no block."""
        finding = self._grammar.take(Sign.MORE)
        index = value.get("index")
        self._late_blocks += kind == "content_block_start"
        if finding and kind.startswith("content_block_") and isinstance(index, int):
            finding = "A20a" if index >= len(self._blocks) + self._late_blocks else finding
        self._note(finding, kind)

    def _says_failure(self, event: SseEvent, value: Json) -> bool:
        """An object without a type that is a vendor's own envelope of an error: `{"code": 500, "msg": "..."}`."""
        return event.type not in self._readers and read_unlabelled_error(value, answered=False) is not None

    def _read_odd(self, event: SseEvent, value: object) -> None:
        """Data that is JSON, but no object."""
        if value is _NO_VALUE:
            return
        if event.type == "error":
            self._fail(read_error_value(value) or _WORDLESS)
        elif isinstance(value, str) and value.lstrip().startswith("{") and self._grammar.state is State.START:
            self._answer.wrapped = self._answer.wrapped or ("in JSON texts: its events were encoded twice", self._log.place)
        else:
            self._skip(event, f"The data is JSON, but no object: {_excerpt(event.data)}")

    def _read_broken(self, event: SseEvent) -> object:
        """Data that is not JSON; what can be read of it all the same. Empty data and keep-alives sent as data are found below
        the protocol (A10, C9).
        """
        data = event.data.strip()
        if data == b"[DONE]" and not event.type:
            self._note(self._grammar.take(Sign.DONE_MARK), "")
        elif event.type == "error":
            self._fail(read_error_body(data, 200) if data else _WORDLESS)
        elif data.startswith((b"data:", b"event:")) and self._grammar.state is State.START:
            self._answer.wrapped = self._answer.wrapped or ("behind a second field name on each line", self._log.place)
        elif data and event.type != "ping" and (event.type or not data.startswith(b":")):
            if lenient := decode_leniently(data):
                self._skip(event, f"The data holds {lenient[1]}, which is no JSON value")
                return lenient[0]
            self._skip(event, f"The data is not JSON: {_excerpt(data)}")
        return _NO_VALUE

    def _skip(self, event: SseEvent, detail: str) -> None:
        """Data that is not as it must be. Where the event has no name the SDKs never look at it."""
        if event.type:
            self._note("A27", detail)
        elif event.data.lstrip()[:6].startswith((b"{", b"data:", b"event:")):
            self._note("A27a", detail)
        else:
            self._answer.unnamed.note(_excerpt(event.data), self._log.place)

    def _check_name(self, name: str, kind: str, value: Json) -> None:
        if not name:
            self._answer.unnamed.note(kind, self._log.place, value)
        elif name == "error" and kind != "error":
            self._note("A18a", f"it holds {kind}")
        elif name == "ping" and name != kind and needs(kind, value):
            self._note("A18b", f"it holds {kind}")
        elif name != kind and (kind in self._readers or name == "ping"):
            self._note("A18", f"“{_excerpt(name.encode())}” over {kind}")

    def _look_for_foreign(self, kind: str, value: Json) -> None:
        foreign = foreign_protocol(kind, value)
        if foreign and self._grammar.over:
            self._note(self._grammar.take(Sign.MORE), kind or foreign)
        elif foreign and self._grammar.started:
            self._note("A36", foreign)
        elif foreign:
            self._answer.foreign = self._answer.foreign or (foreign, self._log.place)
        elif is_message(value) and kind == "message" and not self._grammar.started:
            self._answer.wrapped = self._answer.wrapped or ("in one single event", self._log.place)

    def _read_message_start(self, value: Json) -> Meaning:
        finding = self._grammar.message_start()
        late = f"{self._answer.early[0]} came before it" if self._answer.early else ""
        self._note(finding, late if finding == "A1" else f"event {self._event}")
        message = value.get("message")
        if not isinstance(message, dict):
            self._note("A28", "message of message_start")
            return Meaning.NOTHING
        if finding != "A2":
            self._answer.started = self._log.place
            self._take_head(message)
        self._take_usage(message, "message_start", self._usage.start)
        content = message.get("content")
        if not isinstance(content, list):
            self._note("A28", "message.content of message_start")
        elif content and finding != "A2":
            return self._take_early_content(content)
        return Meaning.NOTHING

    def _take_early_content(self, content: list[object]) -> Meaning:
        """Blocks that are in the message before any was opened: the SDKs keep them, who reads deltas never sees them."""
        blocks = [
            Block(index, one, whole=True, place=self._log.place) for index, one in enumerate(content) if isinstance(one, dict)
        ]
        if len(blocks) < len(content):
            self._note("A28", "a block of message.content of message_start")
        self._note(
            "A37", f"{len(content)} block{'s' if len(content) > 1 else ''}, {', '.join(one.kind for one in blocks)[:60]}"
        )
        return max((self._add_block(block) for block in blocks), default=Meaning.NOTHING)

    def _take_head(self, message: Json) -> None:
        self.reading.response_id = _text_or_none(message.get("id"))
        self.reading.model = _text_or_none(message.get("model"))
        self.reading.stop_reason = _text_or_none(message.get("stop_reason"))
        if missing := [name for name in _HEAD_FIELDS if not isinstance(message.get(name), str)]:
            self._note("A29", ", ".join(missing))

    def _take_usage(self, holder: Json, where: str, take: Callable[[Json, Place], None]) -> None:
        usage = holder.get("usage")
        if isinstance(usage, dict):
            take(usage, self._log.place)
            self.reading.usage = self._usage.read()
        else:
            self._note("A28", f"usage of {where}")

    def _index(self, value: Json) -> int:
        """The event's block index; where it is missing or no number, the block opened last is meant."""
        index = value.get("index")
        if isinstance(index, int | float) and index == index // 1:
            return int(index)  # 0.0 is 0: JSON has no whole numbers of its own; and both SDKs take false for 0
        if isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 10:
            return int(index)  # both SDKs take it
        if value.get("type") == "content_block_start":
            self._note("A29", "index in content_block_start")  # the SDKs append the block, whatever its number
            return self._grammar.due
        self._note("A28", f"index of {value.get('type')}")
        return next(reversed(self._grammar.open), max(self._grammar.due - 1, 0))

    def _mark_early(self, name: str) -> None:
        if not self._grammar.started and not self._answer.early:
            self._answer.early = (f"event {self._event} ({name})", self._log.place)

    def _read_block_start(self, value: Json) -> Meaning:
        self._mark_early("content_block_start")
        index, due = self._index(value), self._grammar.due
        start = value.get("content_block")
        if not isinstance(start, dict):
            self._note("A28", "content_block of content_block_start")
        block = Block(index, start if isinstance(start, dict) else {}, place=self._log.place)
        finding = self._grammar.block_start(index)
        if finding == "A4" and 0 <= index < due and block.kind != TOOL_USE:
            finding = "A4a"  # arguments of two calls in one place are no JSON any more; other content is only lost
        self._note(finding, f"{index} came where {due} was due")
        if isinstance(start, dict):
            self._note_all(block.start_complaints())
        return self._add_block(block)

    def _add_block(self, block: Block) -> Meaning:
        self._blocks.append(block)
        self._by_index[block.index] = block
        meaning = Meaning.NOTHING
        if block.thinking:
            self._new_reasoning.add(block.thinking)
            meaning = Meaning.REASONING
        elif block.kind == REDACTED and block.start.get("data"):
            self.reading.hidden_reasoning = True
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

    def _read_delta(self, value: Json) -> Meaning:
        self._mark_early("content_block_delta")
        index, delta = self._index(value), value.get("delta")
        if not isinstance(delta, dict):
            self._note("A28", "delta of content_block_delta")
        said = delta.get("type") if isinstance(delta, dict) else None
        kind = said if isinstance(said, str) else ""
        known = index in self._by_index
        finding = self._grammar.delta(index)
        self._note(finding, f"a {kind or 'delta'} for block {index}", key=str(index))
        if not isinstance(delta, dict) or kind not in DELTA_FIELDS:
            if made_up := made_up_words(kind, delta):
                self._note("A41", f"A delta for block {index} has {made_up}", f"{index} {kind}")
            return Meaning.NOTHING  # a type newer than this program is legal
        if not known:
            self._add_block(Block.unopened(index, kind, self._log.place))
        return self._apply_delta(self._by_index[index], kind, delta)

    def _apply_delta(self, block: Block, kind: str, delta: Json) -> Meaning:
        if kind not in FITTING_DELTAS.get(block.kind, (kind,)):
            self._note("A25", f"A {kind} came for block {block.index}, which is {block.kind}", key=f"{block.index} {kind}")
        piece = delta.get(DELTA_FIELDS[kind])
        if not isinstance(piece, str) and kind in _MEANINGS:
            self._note("A28", f"{DELTA_FIELDS[kind]} of {kind}")
            return Meaning.NOTHING
        if len(delta) > 2 and (delta.get("reasoning_content") or delta.get("reasoning")):
            self._note(
                "A41", f"A {kind} for block {block.index} holds reasoning in a field of its own", f"{block.index} reasoning"
            )
        block.add(kind, piece)
        if kind == "thinking_delta" and isinstance(stray := delta.get("signature"), str):
            block.add_stray_signature(stray)
        if not piece:
            return Meaning.NOTHING
        if kind == "text_delta" and block.kind not in FITTING_DELTAS:
            self._note("A25a", f"block {block.index}, which is {block.kind or 'of no type'}", key=str(block.index))
        if kind == "text_delta":
            self._new_text.add(piece)
        elif kind == "thinking_delta":
            self._new_reasoning.add(piece)
        elif kind == "input_json_delta" and block.call_number is not None:
            self._stale_calls.add(block.call_number)
        return _MEANINGS.get(kind, Meaning.NOTHING)

    def _read_block_stop(self, value: Json) -> Meaning:
        self._mark_early("content_block_stop")
        index = self._index(value)
        self._note(self._grammar.block_stop(index), f"content_block_stop for block {index}", key=str(index))
        if (block := self._by_index.get(index)) is not None:
            block.closed = True
            block.end = self._log.place
            if block.call_number is not None:
                self._stale_calls.add(block.call_number)
        return Meaning.NOTHING

    def _read_message_delta(self, value: Json) -> Meaning:
        self._mark_early("message_delta")
        answer, delta = self._answer, value.get("delta")
        said = delta.get("stop_reason") if isinstance(delta, dict) else None
        reason = _text_or_none(said)
        self._note(self._grammar.take(Sign.MESSAGE_DELTA if reason else Sign.MESSAGE_DELTA_OPEN), "")
        if not isinstance(delta, dict):
            self._note("A28", "delta of message_delta")
        self.reading.stop_reason = reason or self.reading.stop_reason
        answer.saw_message_delta, answer.stopped = True, self._log.place
        answer.no_reason = "" if reason else f"stop_reason is {_shown(said)}"
        self._take_usage(value, "message_delta", self._usage.update)
        return Meaning.NOTHING

    def _read_message_stop(self, value: Json) -> Meaning:
        self._note(self._grammar.take(Sign.MESSAGE_STOP), "")
        self.reading.ended = True
        return Meaning.NOTHING

    def _read_error(self, value: Json) -> Meaning:
        self._fail(read_error_value(value) or _WORDLESS)
        return Meaning.NOTHING

    def _fail(self, error: ErrorReading) -> None:
        self._note(self._grammar.take(Sign.ERROR), "error")
        if self.reading.error is None:
            self.reading.error = msgspec.structs.replace(error, event=self._event)

    # -- a whole answer ------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape. Never raises."""
        self._answer.whole = True
        try:
            value = decode_json(body)
        except ValueError as error:
            self._read_unreadable(body, status, error)
            return
        if status >= 400:
            self.reading.error = read_error_body(body, status)
        else:
            self._read_document(value)

    def _read_unreadable(self, body: bytes, status: int, error: ValueError) -> None:
        if status < 400 and body.lstrip()[:1] in (b"{", b"["):
            at = getattr(error, "pos", None)  # in characters; the same in bytes up to the first that is not ASCII
            place = Place(None, at if at is not None and body[:at].isascii() else None)
            self._note("A27", f"The body is not JSON; it ends {_excerpt(body[-60:])}", place=place)
        else:
            self.reading.error = read_error_body(body, status)

    def _read_document(self, value: object) -> None:
        """A document with a good status: a message, something that holds one, an error, or none of these."""
        start = Place(None, 0)
        if isinstance(value, str) and value.lstrip().startswith("{"):
            self._answer.wrapped = ("in a JSON text: it was encoded twice", start)
        elif not isinstance(value, dict):
            self._note("A43", in_a_word(value), place=start)
        elif is_message(value) or isinstance(value.get("content"), list) or is_bent_message(value):
            self._read_message(value)
        elif foreign := foreign_protocol("", value):
            self._answer.foreign = (foreign, start)
        elif name := wrapped_in(value):
            self._answer.wrapped = (f"in the field “{name}”", start)
        else:
            self.reading.error = said_error(value)
            if self.reading.error is None:
                self._note("A43", in_a_word(value), place=start)

    def _read_message(self, message: Json) -> None:
        self._take_head(message)
        for index, block in enumerate(self._content(message)):
            if isinstance(block, dict):
                whole = Block(index, block, whole=True)
                self._note_all(whole.start_complaints())
                self._add_block(whole)
            else:
                self._note("A28", f"block {index} of content")
        usage = message.get("usage")
        if isinstance(usage, dict):
            self._take_usage(message, "", self._usage.whole)
        else:
            self._note("A29", "usage")
        self._answer.no_reason = "" if self.reading.stop_reason else f"stop_reason is {_shown(message.get('stop_reason'))}"
        self.reading.ended = True  # the document is whole; that it does not say why it stopped is A21's matter

    def _content(self, message: Json) -> list[object]:
        """The blocks; a bare text, which is no block, is read as if it were in one."""
        content = message.get("content")
        if isinstance(content, list):
            return content
        self._note("A28", f"content, which is {in_a_word(content)[:60]}")
        return [{"type": TEXT, "text": content}] if isinstance(content, str) else [content] if isinstance(content, dict) else []

    # -- results -------------------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now."""
        reading = self.reading
        if self._new_text:
            reading.text += mend_surrogates(self._new_text.text)
            self._new_text = Pieces()
        if self._new_reasoning:
            reading.reasoning += mend_surrogates(self._new_reasoning.text)
            self._new_reasoning = Pieces()
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
        for deviation_id, detail, place in self._answer.judge():
            self._note(deviation_id, detail, place=place)


def _shown(value: object) -> str:
    return "null" if value is None else repr(value)[:40]


def _text_or_none(value: object) -> str | None:
    return mend_surrogates(value) if isinstance(value, str) and value else None


def _excerpt(data: bytes) -> str:
    text = data[:60].decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "·" for character in text)
