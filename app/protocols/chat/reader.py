"""Reading a Chat Completions answer: a fold over its chunks, or one look at a whole body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from app.protocols.any.rules import BYTES_WRAPPED
from app.protocols.chat import rules, rules_words
from app.protocols.chat.choices import Choices
from app.protocols.chat.chunks import classify, completes, error_in_choice, error_of, is_filter_note
from app.protocols.chat.document import decode_document, error_in_document, is_whole, message_of, no_answer
from app.protocols.chat.grammar import STREAM, StreamInput, StreamState
from app.protocols.chat.heads import Heads
from app.protocols.chat.usage import UsageCount
from app.protocols.chat.values import check_object, shown
from app.protocols.chat.verdicts import findings_of_choice
from app.protocols.errors.body import read_error_event
from app.protocols.findings import Finding, FindingLog, Place
from app.protocols.grammar import Machine
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.stream.aws_frames import unwrap_bytes
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, decode_leniently, mend_surrogates

_MOST_OF_A_KIND = 1  # what is wrong with one chunk is mostly wrong with all of them
_CLOSED = (StreamState.CLOSED, StreamState.FAILED_CLOSED)


class ChatReader:
    """The fold. See `app.protocols.base.Reader`.

    Attributes:
        reading: what was read so far.
    """

    def __init__(self, *, streamed: bool, asked_usage: bool) -> None:
        self.reading = Reading()
        self._asked_usage = streamed and asked_usage
        self._log = FindingLog(self.reading.findings, _MOST_OF_A_KIND)
        self._stream = Machine(STREAM)
        self._heads = Heads(self.reading, self._log)
        self._choices = Choices(self.reading, self._log)
        self._usage = UsageCount(self._log)
        self._whole = False
        self._finished = False

    # -- a stream -----------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event. An event without data is the framing's concern, not one of this grammar."""
        self._log.place = Place(number, event.start)
        data = event.data.strip()
        if data.startswith(b"[DONE]"):  # SDKs match the prefix too, but behind a blank they take it for a chunk
            if not event.data.startswith(b"[DONE]") and self._stream.state not in _CLOSED:
                self._log.note(rules.NOT_JSON, data=ascii(event.data[:80].decode("utf-8", "replace")))
            self._step(StreamInput.DONE)
            return Meaning.NOTHING
        if self._stream.state in _CLOSED:
            self._step(StreamInput.MORE)
            return Meaning.NOTHING
        try:
            chunk = decode_json(data) if data else None
        except ValueError:
            chunk = self._read_constant(data)
        if isinstance(chunk, dict) and "bytes" in chunk and isinstance(inner := unwrap_bytes(chunk), dict):
            self._log.note(BYTES_WRAPPED)
            chunk = inner
        if not isinstance(chunk, dict):
            self._read_noise(event, data)
            return Meaning.NOTHING
        return self._read_chunk(chunk, event.type)

    def _read_constant(self, data: bytes) -> object:
        """The value of what is JSON but for NaN or Infinity, None for all else."""
        if (lenient := decode_leniently(data)) is None:
            return None
        value, constant = lenient
        if isinstance(value, dict):
            self._log.note(rules.NO_JSON_VALUE, constant=constant)
        return value

    def _read_noise(self, event: SseEvent, data: bytes) -> None:
        if event.type == "error":
            self._fail(read_error_event(data))
        else:
            self._step(StreamInput.NOISE)
        if data and not data.startswith(b":"):  # `data: : keepalive` has a name of its own (C9)
            self._log.note(rules.NOT_JSON, data=data[:80].decode("utf-8", "replace"))

    def _read_chunk(self, chunk: dict[str, Any], event_type: str) -> Meaning:
        if event_type.startswith("thread."):
            self._log.note(rules.THREAD_NAME, name=event_type[:60])
        entries = self._choices.entries(chunk)
        kind = classify(chunk, entries)
        if error := error_of(chunk, event_type, entries):
            self._fail(error)
        else:
            if chunk.get("error") is not None:  # empty in some other way than null
                self._log.note(rules_words.FIELD_STRICT, field="error", found=shown(chunk["error"]))
            self._check_objects(chunk)
            self._heads.check(chunk, kind)
            self._step(kind)
        if kind is not StreamInput.NOISE:
            self._take_head(chunk, with_choices=bool(entries))
        if len(entries) > 1:
            self._check_split(entries)
        meanings = [self._read_choice(entry, place) for place, entry in enumerate(entries)]
        return next((meaning for meaning in meanings if meaning), Meaning.NOTHING)

    def _check_objects(self, chunk: dict[str, Any]) -> None:
        """What programs open without a look, where it is there at all."""
        check_object(self._log, chunk, "moderation")
        if (usage := chunk.get("usage")) and not isinstance(usage, dict):
            self._log.note(rules_words.USAGE_NO_OBJECT, found=shown(usage))

    def _check_split(self, entries: list[dict[str, Any]]) -> None:
        """Whether the entries of one chunk are all of one choice."""
        indexes = [entry.get("index") for entry in entries if not is_filter_note(entry)]
        if len(indexes) > 1 and indexes.count(indexes[0]) == len(indexes):
            self._log.note(rules.ANSWER_SPLIT, count=len(indexes), index=indexes[0])

    def _take_head(self, value: dict[str, Any], *, with_choices: bool) -> None:
        self._heads.identify(value)
        self._usage.add(value, with_choices=with_choices)
        self.reading.usage = self._usage.usage

    def _read_choice(self, entry: dict[str, Any], place: int) -> Meaning:
        if is_filter_note(entry):
            return Meaning.NOTHING
        meaning = self._choices.read(entry, place)
        if error := error_in_choice(entry):
            self._fail(error)
        return meaning

    def _step(self, given: StreamInput, **said: Any) -> None:
        """Move on by one input; `said`: the variant and the fields of what is wrong with it."""
        if rule := self._stream.take(given):
            self._log.note(rule, **said)

    def _fail(self, error: ErrorReading) -> None:
        self.reading.error = self.reading.error or msgspec.structs.replace(error, event=self._log.place.event)
        self._step(StreamInput.ERROR, message=error.beginning)

    # -- a whole body -------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer. What is no answer is an error's body, or nothing that this protocol knows."""
        self._whole = True
        value = decode_document(body)
        entries = self._choices.entries(value or {})
        self.reading.error = error_in_document(value or {}, body, status, answered=bool(entries))
        if self.reading.error is not None and status < 400 and is_whole(entries):
            self._log.note(rules.ERROR_BESIDE, message=self.reading.error.beginning)
            self.reading.error = None
        if entries:
            self._read_answer(value or {}, entries)
        elif self.reading.error is None:
            self._log.add(no_answer(value, body))

    def _read_answer(self, value: dict[str, Any], entries: list[dict[str, Any]]) -> None:
        self._take_head(value, with_choices=False)
        first = next((entry for entry in entries if entry.get("index") == 0), entries[0])
        index = first.get("index")
        parts = [first, *(one for one in entries if one is not first and one.get("index") == index and completes(first, one))]
        if len(parts) > 1:
            self._log.note(rules.ANSWER_SPLIT, count=len(parts), index=index)
        if len(entries) > len(parts):
            self._log.note(rules.MANY_CHOICES, variant="whole", count=len(entries))
        message: dict[str, Any] = {}
        for part in parts:
            message = message_of(part, self._log)
            self._choices.choice(0).message.add(message, whole=True)
        for number, entry in enumerate(one for one in entries if not any(one is part for part in parts)):
            self._choices.choice(number + 1).message.add(message_of(entry, self._choices.unheard), whole=True)
        self.reading.error = self.reading.error or error_in_choice(first)
        reason = next((one for part in parts if (one := part.get("finish_reason"))), first.get("finish_reason"))
        self.reading.stop_reason = mend_surrogates(str(reason)) if reason else None
        self.reading.stop_left_empty = reason == ""
        self.reading.ended = bool(message) and self.reading.error is None
        if not reason:
            self._log.note(rules.FINISH_UNSAID, found=repr(reason))

    # -- what was read ------------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading as it stands: text is joined from where it was joined last, calls are parsed where they grew."""
        reading = self.reading
        if choice := self._choices.answer:
            message = choice.message
            reading.text, reading.reasoning, reading.refused = message.text, message.reasoning, message.refused
            _, holder = self._choices.calls_elsewhere or (0, message)
            reading.tool_calls = holder.calls.build()
            counted = bool(reading.usage and reading.usage.reasoning_tokens)
            reading.hidden_reasoning = message.hidden_reasoning or (counted and not reading.reasoning)
        return reading

    def finish(self) -> Reading:
        """The answer is over: what its end shows is noted. A second call changes nothing."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        if not self._whole:
            self._end_stream()
        if reading.error is not None or self._log.has(BYTES_WRAPPED):
            reading.ended = False
        self._log.add_all(self._findings_of_answer())
        if choice := self._choices.answer:
            _, holder = self._choices.calls_elsewhere or (0, choice.message)
            reading.replay = [choice.message.replay() | holder.calls.replay()]
        return reading

    def _end_stream(self) -> None:
        """What is wrong with the end of a stream is told at its last event."""
        self._heads.end_stream()
        unfinished, closed = self._choices.unfinished, self._stream.state is StreamState.CLOSED
        if self._log.place.event is None:
            self._step(StreamInput.END_UNFED)
        elif not self._choices:
            self._step(StreamInput.END_UNANSWERED, variant="stream")
        elif unfinished is None:
            self._step(StreamInput.END)
        elif unfinished != self._choices.answer_index:
            self._step(StreamInput.END_OTHER_UNFINISHED, index=unfinished)
        else:
            self._step(StreamInput.END_UNFINISHED, variant="after_done" if closed else "")
        if self._choices and self.reading.error is None and (self.reading.ended or closed):
            self._log.add_all(self._usage.findings_of_stream(asked=self._asked_usage))

    def _findings_of_answer(self) -> Iterator[Finding]:
        reading, choice, index = self.reading, self._choices.answer, self._choices.answer_index
        if choice is not None:
            yield from self._heads.findings()
            if index and not self._whole:
                yield Finding.of(rules.CHOICE_0_MISSING, index=index)
            if (elsewhere := self._choices.calls_elsewhere) is not None:
                number, holder = elsewhere
                reason = repr(reading.stop_reason)
                yield Finding.of(rules.ANSWER_SPLIT, choice.finished_at, variant="call", index=number, reason=reason)
                yield from holder.calls.findings(choice.finished_at, cut=False)
            unfinished = not (self._whole or choice.finished)
            yield from findings_of_choice(reading, choice, with_calls=not index, unfinished=unfinished)
        due, has_content = self._whole and choice is not None, bool(reading.text or reading.tool_calls)
        yield from self._usage.findings(due=due, has_content=has_content)
