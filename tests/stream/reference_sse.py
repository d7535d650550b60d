"""A slow parser of server-sent events, written from the text of the WHATWG HTML standard, to hold `app.stream.sse` against.

Section 9.2.5 is the syntax, 9.2.6 the interpretation. It takes a whole stream, a line at a time, with no regard for speed, and
shares nothing with the parser under test. Besides what the standard asks for it notes places and oddities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.stream.sse import Oddity

BOM = b"\xef\xbb\xbf"
LF, CR = 0x0A, 0x0D
ASCII_DIGITS = set(b"0123456789")


@dataclass
class Event:
    """A dispatched event; `start` is the offset of its first field's line, `end` the one behind the blank line's CR or LF."""

    type: str
    data: str
    start: int
    end: int


@dataclass
class Reference:
    """What a stream holds.

    Attributes:
        last_event_id: the standard's "last event ID buffer".
        retry_ms: the reconnection time, None where the stream sets none.
        oddities: kind and offset; those of a kind in the order of the stream.
    """

    events: list[Event] = field(default_factory=list)
    last_event_id: str = ""
    retry_ms: int | None = None
    oddities: list[tuple[Oddity, int]] = field(default_factory=list)
    _data: bytes = b""
    _type: bytes = b""
    _block_start: int | None = None  # where the first field of the block stands, None before there is one

    def note(self, kind: Oddity, offset: int) -> None:
        self.oddities.append((kind, offset))

    def dispatch(self, at: int, end: int) -> None:
        """A blank line. "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty
        string and return"; else the data without its last LF is the event's."""
        start, self._block_start = self._block_start, None
        data, self._data = self._data, b""
        name, self._type = self._type, b""
        if data == b"":
            if start is not None:
                self.note(Oddity.NO_DATA, start)
            elif self.last_event_id:
                self.note(Oddity.BARE_BLANK, at)
            return
        assert start is not None
        data = data.removesuffix(b"\n")
        if data == b"":
            self.note(Oddity.EMPTY_DATA, start)
        if b"\0" in data:
            self.note(Oddity.NUL, start)
        if not _is_utf8(data) or not _is_utf8(name):
            self.note(Oddity.INVALID_UTF8, start)
        self.events.append(Event(_text(name), _text(data), start, end))

    def process_line(self, line: bytes, at: int) -> None:
        """A line that is not blank."""
        name, colon, value = line.partition(b":")
        if colon and name == b"":
            self.note(Oddity.COMMENT, at)
            return
        if value and not value.startswith(b" ") and name in (b"data", b"event"):
            self.note(Oddity.NO_SPACE, at)
        value = value.removeprefix(b" ")
        if self.process_field(name, value, at) and self._block_start is None:
            self._block_start = at

    def process_field(self, name: bytes, value: bytes, at: int) -> bool:
        """The steps of "process the field"; False where the field is ignored for its name."""
        if name == b"event":
            self._type = value
        elif name == b"data":
            self._data += value + b"\n"
        elif name == b"id":
            self.note(Oddity.ID, at)
            if b"\0" not in value:
                self.last_event_id = _text(value)
        elif name == b"retry":
            self.note(Oddity.RETRY, at)
            if value and set(value) <= ASCII_DIGITS:
                self.retry_ms = int(value)
        else:
            self.note(Oddity.UNKNOWN_LINE, at)
            return False
        return True

    def end_stream(self, pending: bytes, at: int) -> None:
        """Section 9.2.6: "Once the end of the file is reached, any pending data must be discarded"."""
        if pending or self._block_start is not None:
            self.note(Oddity.LEFTOVER, at if self._block_start is None else self._block_start)


def parse_slowly(stream: bytes) -> Reference:
    """All that a stream holds."""
    seen = Reference()
    if stream.startswith(BOM):  # the UTF-8 decode algorithm strips one
        seen.note(Oddity.BOM, 0)
    behind = len(BOM) if stream.startswith(BOM) else 0  # the last line end
    for line, at, line_end, end in lines_of(stream, behind):
        behind = end
        if stream[line_end] == CR:
            seen.note(Oddity.CRLF if end - line_end == 2 else Oddity.CR, line_end)
        if line:
            seen.process_line(line, at)
        else:
            seen.dispatch(at, line_end + 1)
    seen.end_stream(stream[behind:], behind)
    return seen


def lines_of(stream: bytes, at: int = 0) -> Iterator[tuple[bytes, int, int, int]]:
    """The lines that ended, each with the offsets of its first byte, of its line end, and behind that.

    Section 9.2.5: "end-of-line = ( cr lf / cr / lf )".
    """
    position = at
    while position < len(stream):
        if stream[position] not in (LF, CR):
            position += 1
            continue
        line_end = position
        position += 2 if stream[position : position + 2] == b"\r\n" else 1
        yield stream[at:line_end], at, line_end, position
        at = position


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
