"""Facts of a body: whether it is a stream, a document, a page or nothing at all, and how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from app.exchange.exchange import Exchange, Shape
from app.protocols.chat.rules import NO_CHOICES, NO_CHUNK, NOT_JSON
from app.protocols.ends import NO_COMPLETION, AnswerEnd, end_of
from app.protocols.registry import answered_in
from app.text.binary import AWS_FRAMES, kind_of_bytes, words_of
from app.text.json_text import decode_json

PAGE_BYTES = 8192
DOCUMENT_BYTES = 1 << 20
QUOTE_CHARACTERS = 300
_AWS_EXCEPTION = re.compile(rb":exception-type\x07..(\w{1,80})", re.DOTALL)
_BEGIN_BYTES, _LINE_CHARACTERS, _TITLE_CHARACTERS = 400, 120, 80


class BodyFacts:
    """What came as a body.

    Attributes:
        page: the start of an HTML body in lower case, "" for any other.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.page = self._page()

    def _page(self) -> str:
        start = bytes(self._exchange.decoded.data[:PAGE_BYTES]).lstrip(b"\xef\xbb\xbf \t\r\n")
        is_xml = start.startswith(b"<?xml") and b"<html" not in start.lower()
        return start.decode("utf-8", "replace").lower() if start.startswith(b"<") and not is_xml else ""

    def shows(self, *needles: str) -> bool:
        """Does the HTML page hold one of these, lower case?"""
        return any(needle in self.page for needle in needles)

    @property
    def blank(self) -> bool:
        empty = not bytes(self._exchange.decoded.data[:4096]).strip() and len(self._exchange.decoded.data) < 4096
        return empty and not self._exchange.framed

    @property
    def is_stream(self) -> bool:
        return self._exchange.shape is Shape.EVENTS

    @property
    def events(self) -> int:
        return len(self._exchange.events)

    @property
    def _first(self) -> bytes:
        """The data of a stream's first event, else the body."""
        return self._exchange.events.event(0).data if self.events else bytes(self._exchange.decoded.data[:DOCUMENT_BYTES])

    @cached_property
    def document(self) -> Mapping[str, object] | None:
        """The body as a JSON object; for a stream the data of its first event. None where it is none."""
        with suppress(ValueError):
            value = decode_json(self._first)
            return value if isinstance(value, dict) else None
        return None

    @property
    def json_lines(self) -> bool:
        """Whether the body, or the data of a stream's first event, is a row of JSON objects, one a line."""
        first, _, rest = self._first.lstrip().partition(b"\n")
        return all(_is_json(line, dict) for line in (first, rest.lstrip().partition(b"\n")[0]))

    @property
    def json_list(self) -> bool:
        """Whether the body is a JSON list."""
        return _is_json(bytes(self._exchange.decoded.data[:DOCUMENT_BYTES]), list)

    @property
    def not_understood(self) -> bool:
        """Whether a stream has events, and none of them was a chunk of Chat Completions."""
        found = [one.rule for one in self._exchange.findings]
        return NO_CHOICES in found and (NOT_JSON in found or NO_CHUNK in found)

    @cached_property
    def misnamed_end(self) -> str:
        """Of a Responses stream without its end: the name of its last event, where that holds a finished response; else ""."""
        events = self._exchange.events
        with suppress(ValueError):
            for at in reversed(range(len(events))[-2:]):  # `[DONE]` may follow it
                data = events.event(at).data.strip()
                match decode_json(data) if data != b"[DONE]" else None:
                    case {"type": str() as name, "response": {"status": "completed", "output": list()}}:
                        return name[:_TITLE_CHARACTERS]
        return ""

    @property
    def running(self) -> str:
        """For a whole document of Responses that is none yet: its status ("queued", "in_progress"); "" for any other."""
        match self.document:
            case {"object": "response", "status": "queued" | "in_progress" as status} if not self.is_stream:
                return str(status)
        return ""

    @cached_property
    def withheld_for(self) -> str:
        """For a Chat document whose answer a content filter held back: what for ("hate: high"), or "content" where it does not
        say; "" for any other.
        """
        match self.document:
            case {"choices": [dict() as choice, *_]} if end_of(self._exchange.reading) is AnswerEnd.FILTER:
                results = choice.get("content_filter_results")
                held = [_filtered(name, one) for name, one in results.items()] if isinstance(results, dict) else []
                own = str(choice.get("finish_reason")).partition(":")[2].strip()  # Gemini's (`app.protocols.ends`)
                return ", ".join(one for one in held if one) or own or "content"
        return ""

    @property
    def first_data(self) -> str:
        """How the data of a stream's first event begins, in one printable line."""
        return _one_line(self._exchange.events.event(0).data) if self.events else ""

    @cached_property
    def first_words(self) -> str:
        """The data of a stream's first event where it is words and no JSON, in one printable line; "" for any other."""
        first = self._first.strip() if self.events else b""
        if not first or first == b"[DONE]" or first.startswith(b"{") or kind_of_bytes(first):
            return ""
        return _one_line(first)

    @cached_property
    def last_words(self) -> str:
        """The data of a stream's last event but for its end mark, where it is words and no JSON, in one printable line; ""."""
        events = self._exchange.events
        data = (events.event(at).data.strip() for at in reversed(range(len(events))[-2:]))
        last = next((one for one in data if one != b"[DONE]"), b"")
        return "" if not last or last.startswith((b"{", b":")) or kind_of_bytes(last) else _one_line(last)

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer that says how it ended, whatever the status is: of a stream what was read, of a document its
        form.
        """
        reading = self._exchange.reading
        if self.is_stream:
            return reading.error is None and reading.generated and end_of(reading) not in NO_COMPLETION
        return bool(self.answered_in and reading.error and reading.error.ours)

    @property
    def answered_in(self) -> str:
        """The protocol that the body is written in, by its first object; "" where it is none of the three."""
        return answered_in(self.document or {})

    @cached_property
    def binary(self) -> str:
        """What the body is where it is no text, as words; "" for text."""
        return AWS_FRAMES if self._exchange.framed else kind_of_bytes(bytes(self._exchange.decoded.data[:_BEGIN_BYTES]))

    @cached_property
    def aws_exception(self) -> str:
        """The name of the exception that AWS event-stream frames hold, "" without one."""
        found = (
            _AWS_EXCEPTION.search(bytes(self._exchange.recording.body.data[:DOCUMENT_BYTES]))
            if self.binary == AWS_FRAMES
            else None
        )
        return found.group(1).decode() if found else ""

    @property
    def start(self) -> str:
        """The first characters of the body in one printable line."""
        return _one_line(bytes(self._exchange.decoded.data[:_BEGIN_BYTES]))

    @property
    def title(self) -> str:
        """The title of a page, "" where it has none."""
        start = words_of(bytes(self._exchange.decoded.data[:PAGE_BYTES]))
        found = re.search(r"<title[^>]*>\s*([^<]{1,200})", start, re.IGNORECASE)
        return " ".join(found.group(1).split())[:_TITLE_CHARACTERS] if found else ""


def _filtered(name: str, result: object) -> str:
    """A category of Azure's filter that held an answer back, with its severity; "" where it did not."""
    match result:
        case {"filtered": True, "severity": str() as severity}:
            return f"{name}: {severity}"
        case {"filtered": True}:
            return name
    return ""


def _one_line(data: bytes) -> str:
    """How it begins, in one printable line."""
    text = data[:_BEGIN_BYTES].decode("utf-8", "replace")
    shown = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:_LINE_CHARACTERS]


def _is_json(data: bytes, kind: type) -> bool:
    with suppress(ValueError):
        return isinstance(decode_json(data), kind)
    return False
