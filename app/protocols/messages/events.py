"""Decodes the events of a Messages stream: their JSON, their type, and whether their name is that type."""

from __future__ import annotations

from app.protocols.any.rules import BYTES_WRAPPED
from app.protocols.errors.body import read_error_event, read_unlabelled_error
from app.protocols.findings import Finding, FindingLog
from app.protocols.messages import rules, rules_content
from app.protocols.messages.answer import Answer, Wrapped, needs
from app.protocols.messages.blocks import Json
from app.protocols.messages.grammar import Input, State
from app.protocols.messages.stream import EVENT_TYPES, StreamReader
from app.stream.aws_frames import unwrap_bytes
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, decode_leniently
from app.text.visible import one_line

_NO_VALUE = object()
# What is found missing where an event of this name could not be read.
_MISSED_WITH = {
    "message_start": (rules.NO_MESSAGE_START,),
    "content_block_start": (rules.BLOCK_UNOPENED,),
    "content_block_stop": (rules.BLOCK_NOT_CLOSED,),
    "message_delta": (rules_content.NO_STOP_REASON, rules_content.OUTPUT_UNSAID),
}


class EventDecoder:
    """Makes an event's type and JSON object of what came, and notes what is wrong with either."""

    def __init__(self, answer: Answer, log: FindingLog, stream: StreamReader) -> None:
        self._answer = answer
        self._log = log
        self._stream = stream

    def decode(self, event: SseEvent) -> tuple[str, Json] | None:
        """The event's type and data; None for one that has no data to be read, or was an error and has been read as one."""
        try:
            value = decode_json(event.data)
        except ValueError:
            value = self._read_broken(event)
        if not isinstance(value, dict):
            self._read_odd(event, value)
            return None
        if "bytes" in value and isinstance(inner := unwrap_bytes(value), dict):
            self._log.note(BYTES_WRAPPED, key="once")
            self._answer.bytes_wrapped = True
            kind = inner.get("type")
            return (kind if isinstance(kind, str) else ""), inner
        kind = value.get("type")
        if kind != event.type or kind == "error" or not kind:
            kind = self._kind(event, value)
            self._check_name(event.type, kind, value)
        return kind, value

    def _kind(self, event: SseEvent, value: Json) -> str:
        """The event's type; where its data has none, its name. What is called an error and nothing that is known is one."""
        kind = value.get("type")
        if not isinstance(kind, str):
            kind = "error" if value.get("error") or _says_failure(event, value) else event.type
            if kind in EVENT_TYPES and kind != "error":
                self._note_untyped(kind, value)
            elif kind == "ping" or (kind and not value):
                self._note_odd(event)
        return "error" if event.type == "error" and kind not in EVENT_TYPES and kind != "ping" else kind

    def _note_odd(self, event: SseEvent) -> None:
        """An event that says nothing of the answer, and whose data is none of the protocol's."""
        self._log.note(rules.FIELD_ODD, key=event.type, variant="untyped", event_type=event.type, found=excerpt(event.data))

    def _note_untyped(self, kind: str, value: Json) -> None:
        if needs(kind, value):
            self._log.note(rules.FIELD_WRONG, field="type", event_type=kind)
        else:
            self._log.note(rules.FIELDS_MISSING, variant="in_event", name="type", event_type=kind)

    def _check_name(self, name: str, kind: str, value: Json) -> None:
        if not name:
            self._answer.unnamed.add(kind, self._log.place, value)
        elif name == "error" and kind != "error":
            self._log.note(rules.NAMED_ERROR, event_type=kind)
        elif name == "ping" and name != kind and needs(kind, value):
            self._log.note(rules.NAMED_PING, event_type=kind)
        elif name != kind and (kind in EVENT_TYPES or name == "ping"):
            is_lost = name == "ping" or kind == "error"
            rule = rules.NAME_DIFFERS if is_lost else rules.NAME_PASSED_OVER
            self._log.note(rule, name=excerpt(name.encode()), event_type=kind)

    def _read_odd(self, event: SseEvent, value: object) -> None:
        """Data that is JSON, but no object."""
        if value is _NO_VALUE:
            return
        if event.type == "error":
            self._stream.fail(read_error_event(event.data))
        elif isinstance(value, str) and value.lstrip().startswith("{") and self._answer.grammar.state is State.START:
            self._answer.wrapped = self._answer.wrapped or Wrapped("texts", self._log.place)
        else:
            self._skip(event, "no_object", data=excerpt(event.data))

    def _read_broken(self, event: SseEvent) -> object:
        """Data that is not JSON; what can be read of it all the same. Empty data and keep-alives sent as data are found below
        the protocol (A10, C9).
        """
        data = event.data.strip()
        if data == b"[DONE]" and not event.type:
            self._answer.marks += 1
            self._log.note(self._answer.grammar.take(Input.DONE_MARK))
        elif event.type == "error":
            self._stream.fail(read_error_event(data))
        elif data.startswith((b"data:", b"event:")) and self._answer.grammar.state is State.START:
            self._answer.wrapped = self._answer.wrapped or Wrapped("field_name", self._log.place)
        elif data and event.type != "ping" and (event.type or not data.startswith(b":")):
            if lenient := decode_leniently(data):
                value, constant = lenient
                if event.type:
                    self._log.note(rules.NO_JSON_VALUE, constant=constant)
                else:
                    self._skip(event, "constant", constant=constant)
                return value
            self._skip(event, "", data=excerpt(data))
        elif data and event.type == "ping":
            self._note_odd(event)
        return _NO_VALUE

    def _skip(self, event: SseEvent, variant: str, **fields: object) -> None:
        """Data that is not as it must be. Where the event has no name the SDKs never look at it."""
        if event.type:
            self._log.excuse(*_MISSED_WITH.get(event.type, ()))
            self._log.add(Finding.of(rules.NOT_JSON, self._log.place, variant=variant, **fields))
        elif event.data.lstrip()[:6].startswith((b"{", b"data:", b"event:")):
            self._log.add(Finding.of(rules.NOT_JSON_UNNAMED, self._log.place, variant=variant, **fields))
        else:
            self._answer.unnamed.add(excerpt(event.data), self._log.place)


def _says_failure(event: SseEvent, value: Json) -> bool:
    """An object without a type that is a vendor's own envelope of an error: `{"code": 500, "msg": "..."}`."""
    return event.type not in EVENT_TYPES and read_unlabelled_error(value, answered=False) is not None


def excerpt(data: bytes) -> str:
    """The beginning of outside data in one line."""
    return one_line(data[:60].decode("utf-8", "replace"))
