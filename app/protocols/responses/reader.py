"""Reading a Responses answer: events or one whole body to text, calls, usage, status and findings."""

from __future__ import annotations

import msgspec

from app.protocols.errors.body import read_error_body, read_error_value, read_unlabelled_error
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.protocols.responses import rules as found
from app.protocols.responses import rules_answer as answer
from app.protocols.responses.grammar import (
    EVENTS,
    FOREIGN_TYPES,
    PASSED_OVER,
    RESPONSE,
    WORDY,
    EventType,
    Scope,
    Signal,
    Stage,
)
from app.protocols.responses.items import Json, call_faults
from app.protocols.responses.notes import Notes, shown
from app.protocols.responses.output import Output
from app.protocols.responses.usage import judge_usage, read_usage
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, mend_surrogates

_LEGAL_ENDS = ("completed", "incomplete")
_RUNNING = ("queued", "in_progress")


class ResponsesReader:
    """A fold over one answer (see `app.protocols.base.Reader`): what is about the response itself; `Output` has its items."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._notes = Notes(self.reading.findings)
        self._output = Output(self._notes)
        self._stage = Stage.ABSENT
        self._heads = 0  # how many events with a response came
        self._known_events = 0
        self._unnumbered = 0
        self._next_sequence: int | None = None
        self._last_type = ""
        self._done_mark = False
        self._finished = False

    # -- the stream ---------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1."""
        self._notes.number, self._notes.offset = number, event.start
        value = self._decode(event.data)
        return Meaning.NOTHING if value is None else self._feed_value(event.type, value)

    def _feed_value(self, name: str, value: Json) -> Meaning:
        event_type = self._last_type = self._type_of(name, value)
        rule = EVENTS.get(event_type)
        self._check_sequence(value, due=rule is not None and event_type != "error")
        if rule is None:
            self._check_unknown(event_type, value)
            return Meaning.NOTHING
        self._known_events += 1
        signal = rule.signal if rule.scope is Scope.RESPONSE else Signal.BODY
        if not self._step(signal, event_type):
            return Meaning.NOTHING
        match rule.scope:
            case Scope.PART:
                return self._output.feed_part(rule, value, event_type)
            case Scope.ITEM:
                return self._output.feed_item(rule, value, event_type)
            case Scope.RESPONSE:
                return self._feed_response(rule, value, event_type)

    def _decode(self, data: bytes) -> Json | None:
        if data.startswith(b"[DONE]"):
            self._notes.note(found.DONE_MARK, once=True)
            self._done_mark = True
            return None
        if not (bare := data.strip()) or bare.startswith(b":"):
            return None  # a keep-alive sent as data: a matter of framing, found there
        try:
            value = decode_json(data)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self._notes.note(found.NOT_JSON, repr(data[:60].decode("utf-8", "replace")))
            return None
        return value

    def _type_of(self, name: str, value: Json) -> str:
        kind = value.get("type")
        if not isinstance(kind, str) or not kind:
            if value.get("error") or ("choices" not in value and read_unlabelled_error(value, answered=False)):
                return "error"
            if "choices" not in value:
                self._notes.note(found.NO_TYPE, f"event name {name!r}" if name else "and no event name")
            return name
        if not name:
            self._notes.note(found.NO_EVENT_LINES, once=True)
        elif name != kind:
            self._notes.note(found.NAME_DIFFERS, f"name {name}, type {kind}")
        if value.get("error") and kind != "response.failed":
            return "error"  # the SDKs raise for an error at the top of any event
        return kind

    def _check_unknown(self, event_type: str, value: Json) -> None:
        other = answer.OTHER_PROTOCOL_INSIDE if self._known_events else answer.OTHER_PROTOCOL
        if value.get("object") == "chat.completion.chunk" or isinstance(value.get("choices"), list):
            self._notes.note(other, "a Chat Completions chunk came", once=True)
        elif event_type in FOREIGN_TYPES:
            self._notes.note(other, f"the Messages event {event_type} came", once=True)
        elif event_type and event_type not in PASSED_OVER and not self._notes.has(answer.OTHER_PROTOCOL):
            wordy = event_type.endswith(WORDY) and isinstance(value.get("delta"), str | dict) and value["delta"]
            self._notes.note(found.UNKNOWN_WORDS if wordy else found.UNKNOWN_EVENT, event_type[:100])

    def _check_sequence(self, value: Json, *, due: bool) -> None:
        sequence = value.get("sequence_number")
        if not isinstance(sequence, int) or isinstance(sequence, bool):
            self._unnumbered += due
            return
        if self._next_sequence is None:
            if sequence != 0 and not self._unnumbered:
                self._notes.note(found.SEQUENCE_START, str(sequence))
        elif sequence != self._next_sequence and not self._unnumbered:  # else the numbers that are there prove nothing
            self._notes.note(found.SEQUENCE_GAP, f"{self._next_sequence} was to come, {sequence} came")
        self._next_sequence = sequence + 1

    def _step(self, signal: Signal, event_type: str) -> bool:
        """Move the response's stage; False where the event comes too late to count."""
        self._stage, deviation = RESPONSE[self._stage, signal]
        late = deviation in (found.AFTER_END, found.SECOND_RESPONSE)
        if deviation is None and self._done_mark:
            deviation = found.AFTER_END
        if deviation is not None:
            self._notes.note(deviation, event_type)
        return not late

    # -- events of the response ---------------------------------------------------------------------------------------

    def _feed_response(self, rule: EventType, value: Json, event_type: str) -> Meaning:
        if rule.signal is Signal.ERROR:
            self._take_error(value)
            return Meaning.NOTHING
        response = value.get("response")
        if not isinstance(response, dict):
            self._notes.note(found.FIELD_WRONG, f"`response` of {event_type}")
            self.reading.ended = rule.signal is Signal.END
            return Meaning.NOTHING
        self._take_head(response)
        output = response.get("output")
        if not isinstance(output, list | None):
            self._notes.note(found.FIELD_WRONG, f"`output` of {event_type} is {shown(output)}")
        match rule.signal:
            case Signal.CREATED if self._heads == 1:
                self._output.begin(output)
            case Signal.END:
                return self._take_end(response, event_type)
            case Signal.FAILURE:
                self._take_failure(response)
        return Meaning.NOTHING

    def _take_head(self, response: Json) -> None:
        reading = self.reading
        sent = response.get("id")
        response_id = mend_surrogates(sent) if isinstance(sent, str) and sent else None
        if self._heads and response_id != reading.response_id:
            self._notes.note(found.RESPONSE_ID_CHANGED, f"{reading.response_id} became {response_id}")
        elif response_id is None:
            self._notes.note(found.RESPONSE_ID_MISSING, f"it is {shown(sent)}", once=True)
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
            self._notes.note(answer.STATUS_ODD, f"{shown(status)} in {event_type}")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else due
        self.reading.ended = True
        self._take_details(response)
        self._take_usage(response)
        output = response.get("output")
        if due == "completed":
            self._output.check_finished(output if isinstance(output, list) else [])
        if isinstance(output, list) and output:
            return self._output.take_final(output, streamed=True)
        if any(item.words for item in self._output.items):
            self._notes.note(answer.OUTPUT_EMPTY, "an empty" if output == [] else "no")
        return Meaning.NOTHING

    def _take_details(self, response: Json) -> None:
        match response.get("incomplete_details"):
            case {"reason": str() as reason}:
                self._notes.note(answer.INCOMPLETE, reason)
            case _ if self.reading.stop_reason == "incomplete":
                self._notes.note(answer.INCOMPLETE, "no reason was given")

    def _take_usage(self, response: Json) -> None:
        usage = response.get("usage")
        if not isinstance(usage, dict):
            self._notes.note(answer.USAGE_MISSING)
            return
        self.reading.usage = read_usage(usage)
        for deviation, detail in judge_usage(usage):
            self._notes.note(deviation, detail)

    def _take_failure(self, response: Json) -> None:
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else "failed"
        if isinstance(usage := response.get("usage"), dict):
            self.reading.usage = read_usage(usage)
        error = read_error_value(response.get("error")) or ErrorReading(
            "the response failed, and no reason was given", ours=True
        )
        self._set_error(error)

    def _take_error(self, value: Json) -> None:
        if isinstance(value.get("error"), dict | str) and value["error"]:
            if value.get("type") == "error":
                self._notes.note(answer.ERROR_NESTED)
            error = read_error_value({"error": value["error"]})
        else:
            error = read_error_value({key: item for key, item in value.items() if key != "type"})
        self._set_error(error or ErrorReading("an error event without a message", ours=True))

    def _set_error(self, error: ErrorReading) -> None:
        if self.reading.error is None:  # `error` and then `response.failed` tell of one and the same
            self.reading.error = msgspec.structs.replace(error, event=self._notes.number)
            if self._known_events:
                self._notes.note(answer.ERROR_EVENT, error.message[:200])

    # -- a whole answer ----------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape."""
        self._notes.number = self._notes.offset = None
        try:
            value = decode_json(body)
        except ValueError:
            value = None
        if status < 400 and value is None and body.lstrip()[:1] in (b"{", b"["):
            self._notes.note(answer.DOCUMENT_NOT_JSON, f"it ends {body[-40:].decode('utf-8', 'replace')!r}")
        elif status >= 400 or not isinstance(value, dict) or _is_error(value):
            self.reading.error = read_error_body(body, status)
        elif "choices" in value:
            self._notes.note(answer.OTHER_PROTOCOL, "a Chat Completions answer came")
        elif value.get("type") == "message":
            self._notes.note(answer.OTHER_PROTOCOL, "a Messages answer came")
        elif "output" not in value and (error := read_unlabelled_error(value, answered=False)):
            self.reading.error = error
        else:
            self._read_response(value)

    def _read_response(self, response: Json) -> None:
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else None
        output = response.get("output")
        if not isinstance(output, list):
            self._read_without_output(response)
            return
        self._take_head(response)
        if status == "failed":
            self._take_failure(response)
            self._notes.note(answer.FAILED_WHOLE, self.reading.error.message[:200] if self.reading.error else "")
            self._output.take_final(output, streamed=False)
        elif status in _RUNNING and response.get("background") is True:
            self._notes.note(answer.STILL_RUNNING, shown(status))
            self.reading.ended = True
        else:
            self._output.take_final(output, streamed=False)
            self.reading.ended = status in _LEGAL_ENDS
            if not self.reading.ended:
                self._notes.note(answer.STATUS_ODD, shown(status))
            self._take_details(response)
            self._take_usage(response)

    def _read_without_output(self, response: Json) -> None:
        text = response.get("output_text")
        if isinstance(text, str) and text:
            self._take_head(response)
            self._notes.note(answer.OUTPUT_TEXT_ONLY)
            self._output.begin([{"type": "message", "id": "-", "content": [{"type": "output_text", "text": text}]}])
        else:
            self._notes.note(answer.OUTPUT_WRONG, f"it has {', '.join(sorted(response)[:8]) or 'no fields'}")

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
        reading.tool_calls = [item.call for item in items if item.call is not None]
        return reading

    def finish(self) -> Reading:
        """The answer is over, however it ended."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        reading.replay = [item.done for item in self._output.ordered() if item.done is not None]
        foreign = self._notes.has(answer.OTHER_PROTOCOL)
        if self._stage is Stage.OPEN or (self._stage is Stage.ABSENT and self._last_type and not foreign):
            self._notes.note(found.NO_TERMINAL, self._last_type)
        self._notes.number = self._notes.offset = None
        if self._unnumbered:
            self._notes.note(found.NO_SEQUENCE, f"{self._unnumbered} of {self._known_events}")
        if reading.ended and self._heads:
            self._output.note_not_done()
        if reading.usage is not None and reading.usage.output_tokens == 0 and (reading.text or reading.tool_calls):
            self._notes.note(answer.OUTPUT_ZERO)
        whole = reading.ended and reading.stop_reason == "completed"
        self._notes.note_all(call_faults(self._output.ordered(), whole=whole))
        return reading


def _is_error(value: Json) -> bool:
    """An error document, not a response whose `error` field tells how it failed."""
    return bool(value.get("error")) and "output" not in value and value.get("object") != "response"
