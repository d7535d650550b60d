"""Reading a Responses answer: events or one whole body to text, calls, usage, status and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from app.protocols import catalogue_responses as found
from app.protocols.errors import read_error_body, read_error_value
from app.protocols.json_text import decode_json, encode_json, mend_surrogates
from app.protocols.openai_responses_grammar import (
    ACCUMULATED,
    EVENTS,
    FOREIGN_TYPES,
    ITEM,
    ITEM_TYPES,
    MEANINGS,
    PARTS,
    RESPONSE,
    Kind,
    Rule,
    Scope,
    Signal,
    Stage,
)
from app.protocols.openai_responses_items import (
    CALL_TYPES,
    Item,
    Json,
    Words,
    call_faults,
    pair,
    shape_faults,
    words_of_part,
)
from app.protocols.openai_responses_usage import judge_usage, read_usage
from app.protocols.reading import Deviation, ErrorReading, Finding, Meaning, Reading
from app.sse import SseEvent

MAX_FINDINGS_A_KIND = 3
MAX_DETAIL_CHARACTERS = 300
_LEGAL_ENDS = ("completed", "incomplete")
_ANSWER_TYPES = ("message", "reasoning", *CALL_TYPES)


class ResponsesReader:
    """A fold over one answer (see `app.protocols.base.Reader`).

    What is said later counts: the fragments, then `.done`, then `output_item.done`, then the final response; each is compared
    with what came before it. An empty whole never wipes out words that were streamed.
    """

    def __init__(self) -> None:
        self.reading = Reading()
        self._stage = Stage.ABSENT
        self._items: list[Item] = []
        self._at: dict[int, Item] = {}  # by output_index, the latest one added there
        self._noted: Counter[str] = Counter()
        self._number: int | None = None
        self._offset: int | None = None
        self._known_events = 0
        self._unnumbered = 0
        self._next_sequence: int | None = None
        self._last_type = ""
        self._done_mark = False
        self._finished = False

    # -- the stream ---------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event; `number` counts from 1."""
        self._number, self._offset = number, event.start
        try:
            value = self._decode(event.data)
            return Meaning.NOTHING if value is None else self._feed_value(event.type, value)
        except RecursionError:  # nesting just below what the decoder refuses can be too deep to be written out again
            self._note(found.NOT_JSON, "nested too deeply")
            return Meaning.NOTHING

    def _feed_value(self, name: str, value: Json) -> Meaning:
        event_type = self._last_type = self._type_of(name, value)
        rule = EVENTS.get(event_type)
        self._check_sequence(value, due=rule is not None and event_type != "error")
        if rule is None:
            self._check_foreign(event_type, value)
            return Meaning.NOTHING
        self._known_events += 1
        signal = rule.signal if rule.scope is Scope.RESPONSE else Signal.BODY
        if not self._step(signal, event_type):
            return Meaning.NOTHING
        match rule.scope:
            case Scope.PART:
                return self._feed_part(rule, value, event_type)
            case Scope.ITEM:
                return self._feed_item(rule, value, event_type)
            case Scope.RESPONSE:
                return self._feed_response(rule, value, event_type)

    def _decode(self, data: bytes) -> Json | None:
        bare = data.strip()
        if bare == b"[DONE]":
            self._note(found.DONE_MARK, once=True)
            self._done_mark = True
            return None
        if not bare or bare.startswith(b":"):
            return None  # a keep-alive sent as data: a matter of framing, found there
        try:
            value = decode_json(data)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self._note(found.NOT_JSON, repr(data[:60].decode("utf-8", "replace")))
            return None
        return value

    def _type_of(self, name: str, value: Json) -> str:
        kind = value.get("type")
        if not isinstance(kind, str) or not kind:
            if value.get("error"):
                return "error"
            if "choices" not in value:
                self._note(found.NO_TYPE, f"event name {name!r}" if name else "and no event name")
            return name
        if not name:
            self._note(found.NO_EVENT_LINES, once=True)
        elif name != kind:
            self._note(found.NAME_DIFFERS, f"name {name}, type {kind}")
        if kind not in EVENTS and value.get("error"):
            return "error"
        return kind

    def _check_foreign(self, event_type: str, value: Json) -> None:
        if value.get("object") == "chat.completion.chunk" or isinstance(value.get("choices"), list):
            self._note(found.OTHER_PROTOCOL, "a Chat Completions chunk came", once=True)
        elif event_type in FOREIGN_TYPES:
            self._note(found.OTHER_PROTOCOL, f"the Messages event {event_type} came", once=True)

    def _check_sequence(self, value: Json, *, due: bool) -> None:
        sequence = value.get("sequence_number")
        if not isinstance(sequence, int) or isinstance(sequence, bool):
            self._unnumbered += due
            return
        if self._next_sequence is None:
            if sequence != 0 and not self._unnumbered:
                self._note(found.SEQUENCE_START, str(sequence))
        elif sequence != self._next_sequence:
            self._note(found.SEQUENCE_GAP, f"{self._next_sequence} was to come, {sequence} came")
        self._next_sequence = sequence + 1

    def _step(self, signal: Signal, event_type: str) -> bool:
        """Move the response's stage; False where the event comes too late to count."""
        self._stage, deviation = RESPONSE[self._stage, signal]
        late = deviation is found.AFTER_END
        if deviation is None and self._done_mark:
            deviation = found.AFTER_END
        if deviation is not None:
            self._note(deviation, event_type)
        return not late

    # -- events of the response ---------------------------------------------------------------------------------------

    def _feed_response(self, rule: Rule, value: Json, event_type: str) -> Meaning:
        if rule.signal is Signal.ERROR:
            self._take_error(value)
            return Meaning.NOTHING
        response = value.get("response")
        if not isinstance(response, dict):
            self._note(found.FIELD_WRONG, f"`response` of {event_type}")
            self.reading.ended = rule.signal is Signal.END
            return Meaning.NOTHING
        self._take_head(response)
        match rule.signal:
            case Signal.END:
                return self._take_end(response, event_type)
            case Signal.FAILURE:
                self._take_failure(response)
        return Meaning.NOTHING

    def _take_head(self, response: Json) -> None:
        reading = self.reading
        response_id = response.get("id") if isinstance(response.get("id"), str) else None
        if reading.response_id is None:
            reading.response_id = response_id and mend_surrogates(response_id)
        elif response_id is None or mend_surrogates(response_id) != reading.response_id:
            self._note(found.RESPONSE_ID_CHANGED, f"{reading.response_id} became {response_id}")
        if isinstance(model := response.get("model"), str) and model:
            reading.model = mend_surrogates(model)
        if isinstance(tier := response.get("service_tier"), str):
            reading.service_tier = mend_surrogates(tier)

    def _take_end(self, response: Json, event_type: str) -> Meaning:
        due = event_type.removeprefix("response.")
        status = response.get("status")
        if status != due:
            self._note(found.STATUS_ODD, f"{_shown(status)} in {event_type}")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else due
        self.reading.ended = True
        self._take_details(response)
        self._take_usage(response)
        output = response.get("output")
        if isinstance(output, list) and output:
            return self._take_output(output)
        if any(item.words for item in self._items):
            self._note(found.OUTPUT_EMPTY, "an empty" if output == [] else "no")
        return Meaning.NOTHING

    def _take_details(self, response: Json) -> None:
        match response.get("incomplete_details"):
            case {"reason": str() as reason}:
                self._note(found.INCOMPLETE, reason)
            case _ if self.reading.stop_reason == "incomplete":
                self._note(found.INCOMPLETE, "no reason was given")

    def _take_usage(self, response: Json) -> None:
        usage = response.get("usage")
        if not isinstance(usage, dict):
            self._note(found.USAGE_MISSING)
            return
        self.reading.usage = read_usage(usage)
        for deviation, detail in judge_usage(usage):
            self._note(deviation, detail)

    def _take_failure(self, response: Json) -> None:
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else "failed"
        if isinstance(usage := response.get("usage"), dict):
            self.reading.usage = read_usage(usage)
        error = read_error_value(response.get("error")) or ErrorReading("the response failed, and no reason was given")
        self._set_error(error)

    def _take_error(self, value: Json) -> None:
        if isinstance(value.get("error"), dict | str) and value["error"]:
            if value.get("type") == "error":
                self._note(found.ERROR_NESTED)
            error = read_error_value({"error": value["error"]})
        else:
            error = read_error_value({key: item for key, item in value.items() if key != "type"})
        self._set_error(error or ErrorReading("an error event without a message"))

    def _set_error(self, error: ErrorReading) -> None:
        if self.reading.error is None:  # `error` and then `response.failed` tell of one and the same
            self.reading.error = msgspec.structs.replace(error, event=self._number)
            if self._known_events:
                self._note(found.ERROR_EVENT, error.message[:200])

    # -- events of an item --------------------------------------------------------------------------------------------

    def _feed_item(self, rule: Rule, value: Json, event_type: str) -> Meaning:
        sent = value.get("item")
        if sent is None and rule.signal is Signal.ADDED:
            return Meaning.NOTHING  # some endpoints send an empty announcement; the SDK's helper skips it too
        if not isinstance(sent, dict):
            self._note(found.FIELD_WRONG, f"`item` of {event_type}")
            return Meaning.NOTHING
        self._note_all(shape_faults(sent))
        item = self._item_at(value, event_type, sent.get("id"))
        stage, deviation = ITEM[item.stage, rule.signal]
        if deviation is not None:
            self._note(deviation, f"{item.label} at {item.index}")
        elif rule.signal is Signal.ADDED and item.index != len(self._items) - 1:
            self._note(found.INDEX_ORDER, f"{item.index} came where {len(self._items) - 1} was due")
        if deviation is found.INDEX_TWICE and sent.get("id") != item.id:
            item = self._new_item(item.index)
        kind = item.open(sent) if rule.signal is Signal.ADDED else self._close(item, sent)
        item.stage = stage
        return MEANINGS[kind] if kind else Meaning.NOTHING

    def _close(self, item: Item, sent: Json) -> Kind | None:
        if change := item.identity_change(sent):
            self._note(found.ITEM_CHANGED, change)
        kind, differences = item.take(sent)
        for text in differences:
            self._note(found.ITEM_DIFFERS, text)
        if any(_is_unclosed(key[0], words) for key, words in item.words.items()):
            self._note(found.CLOSING_SKIPPED, f"output_item.done of {item.label}")
        item.done = sent
        return kind

    def _item_at(self, value: Json, event_type: str, item_id: object) -> Item:
        """The item an event is about; a new one (stage ABSENT) where there is none."""
        index = value.get("output_index")
        if not isinstance(index, int) or isinstance(index, bool):
            self._note(found.FIELD_WRONG, f"`output_index` of {event_type}")
            known = [item for item in self._items if item_id and item.id == item_id] or self._items[-1:]
            index = known[0].index if known else 0
        return self._at.get(index) or self._new_item(index)

    def _new_item(self, index: int) -> Item:
        item = self._at[index] = Item(index)
        self._items.append(item)
        return item

    # -- events of a part ---------------------------------------------------------------------------------------------

    def _feed_part(self, rule: Rule, value: Json, event_type: str) -> Meaning:
        kind, words_sent = self._words_sent(rule, value)
        item_id = value.get("item_id")
        item = self._item_at(value, event_type, item_id)
        item.stage, deviation = ITEM[item.stage, Signal.BODY]
        if deviation is not None:
            self._note(deviation, event_type)
        if kind is None:
            return Meaning.NOTHING  # a part of a kind that is not assembled
        self._check_place(item, kind, item_id, event_type)
        part = item.part(kind, self._place(rule, value, kind, event_type))
        part.stage, deviation = PARTS[kind][part.stage, rule.signal]
        if deviation is not None:
            self._note(deviation, event_type)
        item.changed = True
        return self._apply(rule.signal, part, kind, words_sent, event_type)

    def _words_sent(self, rule: Rule, value: Json) -> tuple[Kind | None, object]:
        sent = value.get(rule.words)
        if rule.kind is Kind.ARGUMENTS and isinstance(sent, dict):
            self._note(found.ARGUMENTS_OBJECT, str(value.get("item_id")))
            return rule.kind, encode_json(sent).decode()
        if rule.words != "part":
            return rule.kind, sent
        read = words_of_part(sent)
        return read if read else (rule.kind, "" if isinstance(sent, dict) else None)

    def _place(self, rule: Rule, value: Json, kind: Kind, event_type: str) -> int:
        if not rule.place:
            return 0
        place = value.get(rule.place)
        if isinstance(place, int) and not isinstance(place, bool):
            return place
        if kind in ACCUMULATED:
            self._note(found.FIELD_WRONG, f"`{rule.place}` of {event_type}")
        return 0

    def _check_place(self, item: Item, kind: Kind, item_id: object, event_type: str) -> None:
        if item.type is None:
            item.type = ITEM_TYPES[kind]
            item.id = item_id if isinstance(item_id, str) else None
        elif item.type != ITEM_TYPES[kind]:
            self._note(found.WRONG_ITEM, f"{event_type} for an item of type {item.type}")
        if isinstance(item_id, str) and item.id is not None and item_id != item.id:
            self._note(found.ITEM_ID_WRONG, f"{item_id} in place of {item.id}")

    def _apply(self, signal: Signal, part: Words, kind: Kind, words: object, event_type: str) -> Meaning:
        if not isinstance(words, str):
            self._note(found.FIELD_WRONG, f"the words of {event_type} are {_shown(words)}")
            return Meaning.NOTHING
        match signal:
            case Signal.ADDED:
                part.begin(words)
            case Signal.DELTA:
                if part.add(words):
                    self._note(found.TEXT_BEFORE_DELTAS, event_type)
            case _:
                fresh = not part.text
                if differs := part.settle(words):
                    self._note(found.DELTAS_DIFFER, f"{event_type}: {differs}")
                words = words if fresh else ""
        return MEANINGS[kind] if words else Meaning.NOTHING

    # -- the final response, and a whole answer -----------------------------------------------------------------------

    def _take_output(self, output: list[Any]) -> Meaning:
        """Items of a whole response; each is compared with the streamed one that it repeats."""
        pairs, lost = pair(self._ordered(), output)
        self._items = []
        first: Kind | None = None
        for sent, item in pairs:
            if item is None:
                item = Item(0)
                self._note_all(shape_faults(sent))
                if self._known_events:
                    self._note(found.ITEM_ONLY_AT_END, f"{_shown(sent.get('type'))} {_shown(sent.get('id'))}")
            fresh = self._take_final(item, sent)
            first = first or fresh
            item.index = len(self._items)
            self._items.append(item)
        if len(pairs) < len(output):
            self._note(found.FIELD_WRONG, "`output` holds what is no object")
        for item in lost:
            self._note(found.ITEM_LOST_AT_END, item.label)
            item.index = len(self._items)
            self._items.append(item)
        return MEANINGS[first] if first else Meaning.NOTHING

    def _take_final(self, item: Item, sent: Json) -> Kind | None:
        before = item.id, item.call_id, item.name
        kind, differences = item.take(sent)
        after = item.id, item.call_id, item.name
        for what, said, now in zip(("call_id", "name"), before[1:], after[1:], strict=True):
            if said not in (None, now):
                differences.append(f"{what} {said} became {now}")
        if before[0] not in (None, after[0]):
            same_call = item.type in CALL_TYPES and before[1] == after[1]
            self._note(found.ITEM_CHANGED if same_call else found.ITEM_ID_CHANGED_AT_END, f"id {before[0]} became {after[0]}")
        for text in differences:
            self._note(found.END_DIFFERS, text)
        item.done = item.done or sent
        return kind

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer, or an error body of any shape."""
        self._number = self._offset = None
        try:
            value = decode_json(body)
        except ValueError:
            value = None
        if status < 400 and value is None and body.lstrip()[:1] in (b"{", b"["):
            self._note(found.DOCUMENT_NOT_JSON, f"it ends {body[-40:].decode('utf-8', 'replace')!r}")
        elif status >= 400 or not isinstance(value, dict) or _is_error(value):
            self.reading.error = read_error_body(body, status)
        elif "choices" in value:
            self._note(found.OTHER_PROTOCOL, "a Chat Completions answer came")
        elif value.get("type") == "message":
            self._note(found.OTHER_PROTOCOL, "a Messages answer came")
        else:
            self._read_response(value)

    def _read_response(self, response: Json) -> None:
        self._take_head(response)
        status = response.get("status")
        self.reading.stop_reason = mend_surrogates(status) if isinstance(status, str) and status else None
        output = response.get("output")
        if not isinstance(output, list):
            self._read_without_output(response)
        elif status == "failed":
            self._take_failure(response)
            self._take_output(output)
        else:
            self._take_output(output)
            self.reading.ended = status in _LEGAL_ENDS
            if not self.reading.ended:
                self._note(found.STATUS_ODD, _shown(status))
            self._take_details(response)
            self._take_usage(response)

    def _read_without_output(self, response: Json) -> None:
        text = response.get("output_text")
        if isinstance(text, str) and text:
            self._note(found.OUTPUT_TEXT_ONLY)
            self._new_item(0).open({"type": "message", "content": text})
        else:
            self._note(found.OUTPUT_WRONG, f"it has {', '.join(sorted(response)[:8]) or 'no fields'}")

    # -- what it adds up to -------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading with its text and calls assembled up to now."""
        items = self._ordered()
        for item in items:
            item.refresh()
        reading = self.reading
        reading.text = "".join([item.text for item in items])
        reading.reasoning = "\n\n".join([item.reasoning for item in items if item.reasoning])
        reading.tool_calls = [item.call for item in items if item.call is not None]
        return reading

    def finish(self) -> Reading:
        """The answer is over, however it ended."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        reading.replay = [item.done for item in self._ordered() if item.done is not None]
        foreign = self._noted[found.OTHER_PROTOCOL.id] > 0
        if self._stage is Stage.OPEN or (self._stage is Stage.ABSENT and self._last_type and not foreign):
            self._note(found.NO_TERMINAL, self._last_type)
        self._number = self._offset = None
        if self._unnumbered:
            self._note(found.NO_SEQUENCE, f"{self._unnumbered} of {self._known_events}")
        for item in self._items:
            if reading.ended and item.stage is Stage.OPEN and item.type in _ANSWER_TYPES:
                self._note(found.ITEM_NOT_DONE, item.label)
        if reading.usage is not None and reading.usage.output_tokens == 0 and (reading.text or reading.tool_calls):
            self._note(found.OUTPUT_ZERO)
        whole = reading.ended and reading.stop_reason == "completed"
        self._note_all(call_faults(self._ordered(), whole=whole))
        return reading

    def _ordered(self) -> list[Item]:
        return sorted(self._items, key=lambda item: item.index)

    def _note(self, deviation: Deviation, detail: str = "", *, once: bool = False) -> None:
        self._noted[deviation.id] += 1
        if self._noted[deviation.id] <= (1 if once else MAX_FINDINGS_A_KIND):
            shown = mend_surrogates(detail)[:MAX_DETAIL_CHARACTERS]
            self.reading.findings.append(Finding(deviation, shown, self._number, self._offset))

    def _note_all(self, faults: Iterable[tuple[Deviation, str]]) -> None:
        for deviation, detail in faults:
            self._note(deviation, detail)


def _is_unclosed(kind: Kind, words: Words) -> bool:
    """The words were begun, and the event that closes them (the part's, where it has one) never came."""
    return words.stage is Stage.OPEN or (words.stage is Stage.WHOLE and ITEM_TYPES[kind] == "message")


def _is_error(value: Json) -> bool:
    """An error document, not a response whose `error` field tells how it failed."""
    return bool(value.get("error")) and "output" not in value and value.get("object") != "response"


def _shown(value: object) -> str:
    """A scalar as it is; of anything larger the kind alone."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value)[:60]
