"""What stands in a stream outside its events: a web page, a second response head, an error without `data:`, plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from app.diagnosis.body_facts import QUOTE_CHARACTERS
from app.exchange.exchange import Exchange, Outcome, Shape
from app.exchange.stray_text import telling_line
from app.protocols.errors.body import read_error_body, read_error_value, read_unlabelled_error, readable_html
from app.protocols.reading import ErrorReading
from app.stream.sse import Oddity
from app.text.binary import kind_of_bytes
from app.text.json_text import decode_json
from app.text.sentences import Phrase, message

_LOOK_BYTES = 16384  # from the first line on that belongs to no event
_HEAD = re.compile(rb"HTTP/[\d.]+ (\d{3})([^\r\n]{0,80})\r?\n((?:[\w-]+:[^\r\n]*\r?\n)*)\r?\n?")
_PAGE = re.compile(rb"<!doctype html|<html\b", re.IGNORECASE)
_ERROR_LINE = re.compile(rb"[ \t]*(?:error|err|message|msg)[ \t]*:[ \t]*(\{.*)")
_FIELD = re.compile(rb"(?:data|event|id|retry)?:|(?:data|event|id|retry)\s*$")
_STATUS = re.compile(r"\b([45]\d\d)\b")


class Head(NamedTuple):
    """A response head that a server wrote into the running answer."""

    status: int
    reason: str


class StrayFacts:
    """The bytes of a stream that no event holds. Only a stream that did not complete is looked at."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    @cached_property
    def _found(self) -> tuple[tuple[int, bytes], ...]:
        """How many events came before each line that belongs to no event, and the bytes from it on, as far as is looked; the
        unfinished last block among them.
        """
        if self._exchange.shape is not Shape.EVENTS or self._exchange.outcome is not Outcome.FAILED:
            return ()
        kinds = (Oddity.UNKNOWN_LINE, Oddity.LEFTOVER)
        data = self._exchange.decoded.data
        noted = [one for one in self._exchange.parser.oddities if one.kind in kinds]
        found = ((one.events_before, bytes(data[one.offset : one.offset + _LOOK_BYTES])) for one in noted)
        return tuple((before, text) for before, text in found if not _FIELD.match(text))

    @property
    def _lines(self) -> tuple[bytes, ...]:
        return tuple(text for _, text in self._found)

    @property
    def events_before(self) -> int:
        """How many events came before the first of it; 0 where there is none."""
        return self._found[0][0] if self._found else 0

    @cached_property
    def binary(self) -> str:
        """What the first bytes outside the events that are no text are, as words; "" where all is text."""
        return next((kind for text in self._lines if (kind := kind_of_bytes(text))), "")

    @property
    def last_comment(self) -> str:
        """The last comment of those that are kept, where it has more than one word; "" for none."""
        comments = [one.sample for one in self._exchange.parser.oddities if one.kind is Oddity.COMMENT]
        text = comments[-1].decode("utf-8", "replace").lstrip(":").strip() if comments else ""
        return text[:QUOTE_CHARACTERS] if " " in text else ""

    @cached_property
    def head(self) -> Head | None:
        """The second response head, None where there is none."""
        found = next((match for text in self._lines if (match := _HEAD.match(text))), None)
        return Head(int(found.group(1)), found.group(2).decode("latin-1").strip()) if found else None

    @cached_property
    def page(self) -> str:
        """What a web page in the stream says, its title before its words; "" where there is none."""
        found = next((match for text in self._lines if (match := _PAGE.match(text.lstrip()))), None)
        if found is None:
            return ""
        words = " ".join(readable_html(found.string.decode("utf-8", "replace")).split())
        return words[:QUOTE_CHARACTERS] or Phrase(message("no words"))

    @property
    def page_status(self) -> int:
        """The status that the page names, 0 where it names none."""
        found = _STATUS.search(self.page)
        return int(found.group(1)) if found else 0

    @cached_property
    def error(self) -> ErrorReading | None:
        """The error in what no event holds: behind a second head, as a field `error`, as bare JSON; None where there is"
        " none."""
        for text in self._lines:
            if match := _HEAD.match(text):
                body, status = text[match.end() :], int(match.group(1))
                return read_error_body(body, status) if status >= 400 and body.strip() else None
            line = text.split(b"\n", 1)[0].strip()
            named = _ERROR_LINE.match(line)
            with suppress(ValueError):
                value = decode_json(named.group(1) if named else line)
                if error := read_error_value({"error": value}) if named else _error_in(value):
                    return error
        return None

    @cached_property
    def words(self) -> str:
        """The first line that belongs to no event, as text; "" where there is none, and where it is no text."""
        return _words_of(self._lines)

    @cached_property
    def last_words(self) -> str:
        """What stands behind the last event that is more than an end mark, in words as `words` has them; "" for nothing."""
        events = self._exchange.events
        behind = len(events)
        while behind and events.event(behind - 1).data.strip() == b"[DONE]":
            behind -= 1
        return _words_of(text for before, text in self._found if before >= behind)


def _words_of(lines: Iterable[bytes]) -> str:
    """The first line that is text, as `telling_line` has it; "" where there is none."""
    told = (telling_line(text) for text in lines)
    return next((line.decode("utf-8", "replace")[:QUOTE_CHARACTERS] for line in told if line and not kind_of_bytes(line)), "")


def _error_in(value: object) -> ErrorReading | None:
    """The error of a line of bare JSON, None where it is none."""
    if not isinstance(value, dict):
        return None
    return read_error_value(value) if value.get("error") else read_unlabelled_error(value, answered=False)
