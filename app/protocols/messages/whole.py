"""Reads an unstreamed answer of the Messages API, or whatever came in its place."""

from __future__ import annotations

from app.protocols.errors.body import read_error_body
from app.protocols.findings import Finding, FindingLog, Place
from app.protocols.messages import rules
from app.protocols.messages.answer import Answer, Seen, Wrapped, shown_reason
from app.protocols.messages.block_checks import check_beside, check_head, check_start
from app.protocols.messages.blocks import TEXT, Block, Json
from app.protocols.messages.document import foreign_protocol, is_bent_message, is_message, said_error, wrapped_in
from app.protocols.messages.events import excerpt
from app.protocols.shared.json_kinds import kind_of
from app.text.json_text import decode_json

_START = Place(None, 0)


class WholeReader:
    """Takes one body in."""

    def __init__(self, answer: Answer, log: FindingLog) -> None:
        self._answer = answer
        self._log = log

    def read(self, body: bytes, status: int) -> None:
        """An answer, or an error body of any shape."""
        self._answer.whole = True
        try:
            value = decode_json(body)
        except ValueError as error:
            self._read_unreadable(body, status, error)
            return
        if status >= 400:
            self._answer.reading.error = read_error_body(body, status)
        else:
            self._read_document(value)

    def _read_unreadable(self, body: bytes, status: int, error: ValueError) -> None:
        if status < 400 and body.lstrip()[:1] in (b"{", b"["):
            at = getattr(error, "pos", None)  # in characters; the same in bytes up to the first that is not ASCII
            place = Place(None, at if at is not None and body[:at].isascii() else None)
            self._log.note(rules.NOT_JSON, place=place, variant="body", data=excerpt(body[-60:]))
        else:
            self._answer.reading.error = read_error_body(body, status)

    def _read_document(self, value: object) -> None:
        """A document with a good status: a message, something that holds one, an error, or none of these."""
        answer = self._answer
        if isinstance(value, str) and value.lstrip().startswith("{"):
            answer.wrapped = Wrapped("text", _START)
        elif not isinstance(value, dict):
            self._note_no_message(value)
        elif is_message(value) or isinstance(value.get("content"), list) or is_bent_message(value):
            self._read_message(value)
        elif foreign := foreign_protocol("", value):
            answer.foreign = Seen(foreign, _START)
        elif name := wrapped_in(value):
            answer.wrapped = Wrapped("", _START, name)
        else:
            answer.reading.error = said_error(value)
            if answer.reading.error is None:
                self._note_no_message(value)

    def _note_no_message(self, value: object) -> None:
        variant, fields = kind_of(value)
        self._log.add(Finding.of(rules.NO_MESSAGE, _START, variant=variant, **fields))

    def _read_message(self, message: Json) -> None:
        answer = self._answer
        self._log.add_all(check_head(message, answer.take_head(message), self._log.place))
        self._log.add_all(check_beside(message))
        for index, block in enumerate(self._content(message)):
            if isinstance(block, dict):
                whole = Block(index, block, whole=True)
                self._log.add_all(check_start(whole))
                self._log.add_all(check_beside(block, index))
                answer.assembly.add(whole)
            else:
                self._log.note(rules.FIELD_WRONG, variant="block", index=index)
        usage = message.get("usage")
        if isinstance(usage, dict):
            answer.usage.whole(usage, self._log.place)
            answer.reading.usage = answer.usage.read()
        else:
            self._log.note(rules.FIELDS_MISSING, names="usage")
        answer.reading.stop_left_empty = message.get("stop_reason") == ""
        answer.no_reason = None if answer.reading.stop_reason else shown_reason(message)
        answer.reading.ended = True  # the document is whole; that it does not say why it stopped is A21's matter

    def _content(self, message: Json) -> list[object]:
        """The blocks; a bare text, which is no block, is read as if it were in one."""
        content = message.get("content")
        if isinstance(content, list):
            return content
        variant, fields = kind_of(content)
        self._log.add(Finding.of(rules.FIELD_WRONG, self._log.place, variant=variant, **fields))
        return [{"type": TEXT, "text": content}] if isinstance(content, str) else [content] if isinstance(content, dict) else []
