"""Reading a Responses answer: events or one whole body to text, calls, usage, status and findings."""

from __future__ import annotations

import re

import msgspec

from app.protocols.any.repeats import findings_of_parts
from app.protocols.any.rules import BYTES_WRAPPED, OUTPUT_ZERO
from app.protocols.ends import AnswerEnd, end_of
from app.protocols.errors.body import WORDLESS, read_error_body, read_error_event, read_error_value, read_unlabelled_error
from app.protocols.findings import NOWHERE, Finding, FindingLog, Place, Rule, Severity
from app.protocols.grammar import Machine
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.protocols.responses import rules
from app.protocols.responses import rules_answer as answer
from app.protocols.responses.grammar import (
    EVENTS,
    FOREIGN_TYPES,
    MARK,
    PASSED_OVER,
    RESPONSE,
    WORDY,
    ItemInput,
    MarkInput,
    PartInput,
    ResponseInput,
)
from app.protocols.responses.items import Json, check_calls, shown
from app.protocols.responses.output import Output
from app.protocols.responses.usage import check_usage, read_usage
from app.stream.aws_frames import unwrap_bytes
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, decode_leniently, mend_surrogates
from app.text.sentences import Phrase, message

MOST_OF_A_KIND = 3
_LEGAL_ENDS = ("completed", "incomplete")
_ONCE = "once"
_TYPE = re.compile(rb'"type"\s*:\s*"((?:response\.)[\w.]+)"')
# What is found missing where an event of this type could not be read.
_MISSED_WITH: dict[str, tuple[Rule, ...]] = {
    "response.created": (rules.NOT_CREATED_FIRST,),
    "response.output_item.added": (rules.ITEM_NOT_ADDED, rules.ITEM_ONLY_DONE),
    "response.output_item.done": (rules.ITEM_NOT_DONE, rules.ITEM_UNFINISHED),
    "response.content_part.added": (rules.PART_NOT_ADDED, rules.REASONING_PART_NOT_ADDED),
    "response.content_part.done": (rules.CLOSING_SKIPPED,),
    "response.reasoning_summary_part.added": (rules.REASONING_PART_NOT_ADDED,),
    "response.reasoning_summary_part.done": (rules.CLOSING_SKIPPED,),
    "response.output_text.done": (rules.CLOSING_SKIPPED,),
    "response.function_call_arguments.done": (rules.CLOSING_SKIPPED,),
}
_FAILED = ("failed", "cancelled")
_SILENT = (
    ErrorReading(Phrase(message("the response failed, and no reason was given")), ours=True),
    ErrorReading(Phrase(message("the response was cancelled")), ours=True),
)
_RUNNING = ("queued", "in_progress")


class ResponsesReader:
    """A fold over one answer (see `app.protocols.base.Reader`): what is about the response itself; `Output` has its items."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._log = FindingLog(self.reading.findings, MOST_OF_A_KIND)
        self._note = self._log.note
        self._output = Output(self._log)
        self._response = Machine(RESPONSE)
        self._mark = Machine(MARK)
        self._heads = 0  # how many events with a response came
        self._known_events = 0
        self._early: tuple[str, Place] | None = None  # what came before the first event that is known, and where
        self._unnumbered = 0
        self._next_sequence: int | None = None
        self._last_type = ""
        self._name = ""  # of the event that is being read
        self._unread = 0  # events that could not be read, and whose numbers no gap has shown yet
        self._finished = False

    # -- the stream ---------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1."""
        self._log.place = Place(number, event.start)
        self._name = event.type
        value, name = self._decode(event.data), event.type
        if value is not None and "bytes" in value and isinstance(inner := unwrap_bytes(value), dict):
            self._note(BYTES_WRAPPED, key=_ONCE)
            value, name = inner, str(inner.get("type", ""))
        if value is not None:
            return self._feed_value(name, value)
        if name == "error" and not event.data.startswith(b"[DONE]"):
            self._feed_error_words(event.data)
        return Meaning.NOTHING

    def _feed_error_words(self, data: bytes) -> None:
        """An event called `error` whose data is no object."""
        self._known_events += 1
        self._last_type = "error"
        if self._step(ResponseInput.ERROR, "error"):
            self._set_error(read_error_event(data))

    def _feed_value(self, name: str, value: Json) -> Meaning:
        event_type = self._last_type = self._type_of(name, value)
        about = EVENTS.get(event_type)
        self._check_sequence(value, due=about is not None and event_type != "error")
        if about is None:
            self._check_unknown(event_type, value)
            if event_type and not self._known_events:
                self._early = self._early or (event_type, self._log.place)
            return Meaning.NOTHING
        self._known_events += 1
        meant = about.input
        if meant is ResponseInput.CREATED and self._early and self._known_events == 1:
            self._note(answer.EVENT_BEFORE_CREATED, place=self._early[1], event_type=self._early[0][:100])
        if not self._step(meant if isinstance(meant, ResponseInput) else ResponseInput.BODY, event_type):
            if meant is ItemInput.DONE:
                self._output.done_late(value)
            return Meaning.NOTHING
        match meant:
            case PartInput():
                return self._output.feed_part(about, meant, value, event_type)
            case ItemInput():
                return self._output.feed_item(meant, value, event_type)
            case ResponseInput():
                return self._feed_response(meant, value, event_type)

    def _decode(self, data: bytes) -> Json | None:
        if data.startswith(b"[DONE]"):
            self._note(self._mark.take(MarkInput.MARK))
            return None
        if not (bare := data.strip()) or bare.startswith(b":"):
            return None  # a keep-alive sent as data: a matter of framing, found there
        try:
            value = decode_json(data)
        except ValueError:
            value, constant = decode_leniently(data) or (None, "")
            if isinstance(value, dict):
                self._note(rules.NO_JSON_VALUE, constant=constant)
        if not isinstance(value, dict):
            self._note(rules.NOT_JSON, data=repr(data[:60].decode("utf-8", "replace")))
            self._pass_over(data)
            return None
        return value

    def _pass_over(self, data: bytes) -> None:
        """An event that can't be read was told: what is missing for it alone is no news."""
        named = _TYPE.search(data)
        kind = named.group(1).decode() if named else self._name
        self._unread += 1
        self._log.excuse(*_MISSED_WITH.get(kind, (rules.DELTAS_DIFFER,) if kind.endswith(".delta") else ()))

    def _type_of(self, name: str, value: Json) -> str:
        kind = value.get("type")
        if not isinstance(kind, str) or not kind:
            if value.get("error") or ("choices" not in value and read_unlabelled_error(value, answered=False)):
                return "error"
            if "choices" not in value:
                self._note(rules.NO_TYPE, variant="" if name else "unnamed", name=repr(name))
            return name
        if not name:
            self._note(rules.NO_EVENT_LINES, key=_ONCE)
        elif name.startswith("thread."):
            self._note(rules.THREAD_NAME, key=_ONCE, name=name[:60])
        elif name != kind:
            self._note(rules.NAME_DIFFERS, name=name, event_type=kind)
        if value.get("error") and not (kind == "response.failed" and isinstance(value.get("response"), dict)):
            return "error"  # the SDKs raise for an error at the top of any event
        return kind

    def _check_unknown(self, event_type: str, value: Json) -> None:
        other = answer.OTHER_PROTOCOL_INSIDE if self._known_events else answer.OTHER_PROTOCOL
        if value.get("object") == "chat.completion.chunk" or isinstance(value.get("choices"), list):
            self._note(other, key=_ONCE)
        elif event_type in FOREIGN_TYPES:
            self._note(other, key=_ONCE, variant="messages_event", event_type=event_type)
        elif event_type and event_type not in PASSED_OVER and not self._log.has(answer.OTHER_PROTOCOL):
            wordy = event_type.endswith(WORDY) and isinstance(value.get("delta"), str | dict) and value["delta"]
            self._note(rules.UNKNOWN_WORDS if wordy else rules.UNKNOWN_EVENT, event_type=event_type[:100])
            if wordy:
                self._output.oddly_sent = True

    def _check_sequence(self, value: Json, *, due: bool) -> None:
        sequence = value.get("sequence_number")
        if not isinstance(sequence, int) or isinstance(sequence, bool):
            self._unnumbered += due
            return
        if self._next_sequence is None:
            if not 0 <= sequence <= self._unread and not self._unnumbered:
                self._note(rules.SEQUENCE_START, number=sequence)
        elif 0 < sequence - self._next_sequence <= self._unread:
            self._unread -= sequence - self._next_sequence
        elif sequence != self._next_sequence and not self._unnumbered:  # else the numbers that are there prove nothing
            # A number that comes again says of nothing that it is lost, and no client looks at it.
            rule = rules.SEQUENCE_GAP if sequence > self._next_sequence else rules.SEQUENCE_BACK
            self._note(rule, expected=self._next_sequence, number=sequence)
        self._next_sequence = sequence + 1

    def _step(self, given: ResponseInput, event_type: str) -> bool:
        """Move on; False where the event comes too late to count. What follows `[DONE]` alone still counts."""
        rule, behind = self._response.take(given), self._mark.take(MarkInput.EVENT)
        self._note(rule or behind, event_type=event_type)
        if rule is rules.END_AGAIN:  # so does its number
            self._log.withdraw((rules.SEQUENCE_BACK,), (self._log.place.event,))
        return rule not in (rules.AFTER_END, rules.END_AGAIN, rules.SECOND_RESPONSE)

    # -- events of the response ---------------------------------------------------------------------------------------

    def _feed_response(self, meant: ResponseInput, value: Json, event_type: str) -> Meaning:
        if meant is ResponseInput.ERROR:
            self._take_error(value)
            return Meaning.NOTHING
        response = value.get("response")
        if not isinstance(response, dict):
            self._note(rules.FIELD_WRONG, field="response", event_type=event_type)
            if meant is ResponseInput.END:  # its name says how it ended
                self.reading.ended, self.reading.stop_reason = True, event_type.removeprefix("response.")
            return Meaning.NOTHING
        self._take_head(response)
        if not isinstance(created := response.get("created_at"), int | float):
            variant = "" if "created_at" in response else "absent"
            self._note(rules.FIELD_STRICT, key=_ONCE, variant=variant, field="created_at", found=shown(created))
        output = response.get("output")
        if not isinstance(output, list | None):
            self._note(rules.FIELD_WRONG, variant="value", field="output", event_type=event_type, value=shown(output))
        match meant:
            case ResponseInput.CREATED if self._heads == 1:
                self._output.begin(output)
            case ResponseInput.END:
                return self._take_end(response, event_type)
            case ResponseInput.FAILURE:
                self._take_failure(response, event_type.removeprefix("response."))
        return Meaning.NOTHING

    def _take_head(self, response: Json) -> None:
        reading = self.reading
        sent = response.get("id")
        response_id = mend_surrogates(sent) if isinstance(sent, str) and sent else None
        if self._heads and response_id != reading.response_id:
            self._note(rules.RESPONSE_ID_CHANGED, before=reading.response_id, after=response_id)
        elif response_id is None:
            self._note(rules.RESPONSE_ID_MISSING, key=_ONCE, value=shown(sent))
        self._heads += 1
        reading.response_id = reading.response_id or response_id
        if isinstance(model := response.get("model"), str) and model:
            reading.model = mend_surrogates(model)
        if isinstance(tier := response.get("service_tier"), str):
            reading.service_tier = mend_surrogates(tier)

    def _take_end(self, response: Json, event_type: str) -> Meaning:
        due = event_type.removeprefix("response.")
        status = response.get("status")
        if status != due:
            self._note(answer.STATUS_ODD, variant="event", status=shown(status), event_type=event_type)
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else due
        self.reading.ended = True
        self._take_details(response)
        self._take_usage(response)
        output = response.get("output")
        if due == "completed":
            self._output.check_finished(output if isinstance(output, list) else [])
        if isinstance(output, list) and output:
            meaning = self._output.take_final(output, streamed=True)
            self._excuse_gaps()
            return meaning
        if any(item.words for item in self._output.items):
            self._note(answer.OUTPUT_EMPTY if output == [] else answer.OUTPUT_MISSING)
        return Meaning.NOTHING

    def _excuse_gaps(self) -> None:
        """Where all that came is what the final response holds, numbers that are left out tell of nothing that is lost."""
        findings = self.reading.findings
        gaps = [one for one in findings if one.rule is rules.SEQUENCE_GAP]
        if gaps and all(one.rule is rules.SEQUENCE_GAP or one.severity is Severity.NOTE for one in findings):
            self._log.withdraw((rules.SEQUENCE_GAP,), [one.event for one in gaps])
            for one in gaps:
                self._log.add(Finding(rules.SEQUENCE_GAP_HARMLESS, one.fields, one.event, one.offset))

    def _take_details(self, response: Json) -> None:
        if self.reading.stop_reason == "completed" and (error := read_error_value(response.get("error"))):
            self._note(answer.ERROR_BESIDE, message=error.beginning)
        match response.get("incomplete_details"):
            case {"reason": str() as reason} if self.reading.stop_reason == "completed":
                self._note(answer.STATUS_ODD, variant="denied", reason=reason[:60])
            case {"reason": str() as reason}:
                if self.reading.stop_reason == "incomplete":
                    self.reading.stop_detail = mend_surrogates(reason)
                self._note(answer.INCOMPLETE, reason=reason)
            case _ if self.reading.stop_reason == "incomplete":
                self._note(answer.INCOMPLETE, variant="unsaid")

    def _take_usage(self, response: Json) -> None:
        usage = response.get("usage")
        if not isinstance(usage, dict):
            self._note(answer.USAGE_MISSING)
            return
        self.reading.usage = read_usage(usage)
        self._log.add_all(check_usage(usage, self._log.place))

    def _take_failure(self, response: Json, due: str = "failed") -> None:
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else due
        if isinstance(usage := response.get("usage"), dict):
            self.reading.usage = read_usage(usage)
        error = read_error_value(response.get("error")) or _SILENT[self.reading.stop_reason == "cancelled"]
        if self._log.place is NOWHERE:
            self.reading.error = error
            self._note(answer.FAILED_WHOLE, status=self.reading.stop_reason, message=error.beginning)
        else:
            self._set_error(error)

    def _take_error(self, value: Json) -> None:
        if isinstance(value.get("error"), dict | str) and value["error"]:
            if value.get("type") == "error":
                self._note(answer.ERROR_NESTED)
            error = read_error_value({"error": value["error"]})
        else:
            error = read_error_value({key: item for key, item in value.items() if key != "type"})
        self._set_error(error or WORDLESS)

    def _set_error(self, error: ErrorReading) -> None:
        if self.reading.error is None:  # `error` and then `response.failed` tell of one and the same
            self.reading.error = msgspec.structs.replace(error, event=self._log.place.event)
            if self._known_events:
                self._note(answer.ERROR_EVENT, message=error.beginning)

    # -- a whole answer ----------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape."""
        self._log.place = NOWHERE
        try:
            value = decode_json(body)
        except ValueError:
            value = None
        if status < 400 and value is None and body.lstrip()[:1] in (b"{", b"["):
            self._note(answer.DOCUMENT_NOT_JSON, end=repr(body[-40:].decode("utf-8", "replace")))
        elif status >= 400 or not isinstance(value, dict) or _is_error(value):
            self.reading.error = read_error_body(body, status)
        elif "choices" in value and not isinstance(value.get("output"), list):
            self._note(answer.OTHER_PROTOCOL, variant="chat_answer")
        elif value.get("type") == "message":
            self._note(answer.OTHER_PROTOCOL, variant="messages_answer")
        elif "output" not in value and (error := read_unlabelled_error(value, answered=False)):
            self.reading.error = error
        else:
            self._read_response(value)

    def _read_response(self, response: Json) -> None:
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else None
        output = response.get("output")
        if not isinstance(output, list):
            if status in _FAILED:
                self._take_failure(response)
            self._read_without_output(response)
            return
        self._take_head(response)
        if status in _FAILED:
            self._take_failure(response)
            self._output.take_final(output, streamed=False)
        elif status in _RUNNING and response.get("background") is True:
            self._note(answer.STILL_RUNNING, status=shown(status))
            self.reading.ended = True
        else:
            self._output.take_final(output, streamed=False)
            unsaid = response.get("status", "") == "" and not response.get("incomplete_details")
            in_own_words = end_of(self.reading) is AnswerEnd.OTHER and bool(output)
            self.reading.ended, self.reading.stop_left_empty = unsaid or status in _LEGAL_ENDS or in_own_words, unsaid
            if unsaid:
                self._note(answer.STATUS_UNSAID, variant="" if "status" in response else "absent", found=shown(status))
            elif status not in _LEGAL_ENDS:
                self._note(answer.STATUS_ODD, status=shown(status))
            self._take_details(response)
            self._take_usage(response)

    def _read_without_output(self, response: Json) -> None:
        text = response.get("output_text")
        if isinstance(text, str) and text:
            self._take_head(response)
            self._note(answer.OUTPUT_TEXT_ONLY)
            self._output.begin([{"type": "message", "id": "-", "content": [{"type": "output_text", "text": text}]}])
        else:
            fields = ", ".join(sorted(response)[:8])
            self._note(answer.OUTPUT_WRONG, variant="" if fields else "nothing", fields=fields)

    # -- what it adds up to -------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now."""
        items = self._output.ordered()
        for item in items:
            item.refresh()
        reading = self.reading
        reading.text = "".join([item.text for item in items])
        reading.reasoning = "\n\n".join([item.reasoning for item in items if item.reasoning])
        reading.hidden_reasoning = any(item.summarised for item in items)
        reading.refused = any(item.refused for item in items)
        reading.tool_calls = [item.call for item in items if item.call is not None]
        return reading

    def finish(self) -> Reading:
        """The answer is over, however it ended."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        reading.ended &= not self._log.has(BYTES_WRAPPED)
        reading.replay = [item.done for item in self._output.ordered() if item.done is not None]
        unfed = not self._known_events and (not self._last_type or self._log.has(answer.OTHER_PROTOCOL))
        ended = ResponseInput.STREAM_END_UNFED if unfed else ResponseInput.STREAM_END
        self._note(self._response.take(ended), event_type=self._last_type)
        self._log.place = NOWHERE
        if self._unnumbered:
            self._note(rules.NO_SEQUENCE, count=self._unnumbered, events=self._known_events)
        if reading.ended and self._heads:
            self._output.note_not_done()
        if reading.usage is not None and reading.usage.output_tokens == 0 and (reading.text or reading.tool_calls):
            self._note(OUTPUT_ZERO, name="output_tokens")
        items = self._output.ordered()
        for item in items:
            self._log.add_all(item.repetitions())
        self._log.add_all(findings_of_parts(item.said() for item in items))
        whole = reading.ended and reading.stop_reason == "completed"
        self._log.add_all(check_calls(items, whole=whole))
        return reading


def _is_error(value: Json) -> bool:
    """An error document, not a response whose `error` field tells how it failed."""
    return bool(value.get("error")) and "output" not in value and value.get("object") != "response"
