"""Bytes to server-sent events, incrementally and without I/O, by the rules of the WHATWG HTML standard (section 9.2).

The parser works on bytes: line ends and field names are ASCII, and UTF-8 never hides an ASCII byte in another character, so
splitting before decoding gives what decoding before splitting would. Only LF, CR and CRLF end a line; U+2028, U+0085 and
form feed do not, which is why `str.splitlines` and `httpx.Response.aiter_lines` must stay away from a stream.

`SseParser._take_lines` goes line by line and reads any stream: it is the parser. The other paths exist for speed alone. Each
takes only bytes of a shape that it knows, leaves everything else to `_take_lines`, and gives the same events and oddities:

    feed                  one match, where a read is one event of the usual shape: what a live stream mostly gives
    _take_usual           one search, where the bytes are nothing but events of the usual shape
    _take_simple_events   one match an event, for runs of plain events between others
    _skip_idle            one match for a run of blank lines and comments
    feed_places           a few searches over long uniform streams, for callers who want the places of events and no data

All are held against the slow reference parser in `tests/stream/reference_sse.py`.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

import msgspec

from app.stream.sse_search import (
    BLANK_LINE,
    behind_last_event,
    block_ends,
    copy_line,
    find_line_end,
    is_utf8,
    names_if_uniform,
    one_name,
    repeated_block,
    times_in_a_row,
)

_BOM = b"\xef\xbb\xbf"
FIELD = rb"(?:data|event|id|retry)?:"
"""How a line of a stream begins, a comment too, as a pattern."""
# The shape nearly every event of an LLM stream has. The lengths of its parts tell where it ends.
_USUAL_EVENT = re.compile(rb"(?:event: ([^\n]+)\n)?data: ([^\n]+)\n\n")
_NAMED_BYTES, _BARE_BYTES = len(b"event: \ndata: \n\n"), len(b"data: \n\n")
# The same with empty values allowed, and with any bytes before and behind.
SIMPLE_EVENT = re.compile(rb"(?:event: ([^\r\n]*)\n)?data: ([^\r\n]*)\n\n")
_DIGITS = re.compile(rb"[0-9]+")
_BLANK_LINES = re.compile(rb"\n++")
_IDLE_LINES = re.compile(rb"(?::[^\r\n]*+\n|\n)++")
MAX_ODDITIES_A_KIND = 50
_WORTH_BYTES = 4096  # searches over fewer bytes than these are no faster than `feed`
_MAX_TAIL_BYTES = 1 << 12
_MAX_NAMES = 1000


class SseEvent(msgspec.Struct, frozen=True, gc=False):
    """One dispatched event.

    `type` is the `event:` field as sent, "" where there was none (a browser would say "message"). `data` is the data lines
    joined with LF, undecoded. `start` and `end` are offsets in the stream: of the first byte of its block, and behind the
    blank line that dispatched it.
    """

    type: str
    data: bytes
    start: int
    end: int

    @property
    def text(self) -> str:
        """The data as text; bytes that are not UTF-8 become U+FFFD."""
        return self.data.decode("utf-8", "replace")


class Oddity(StrEnum):
    """What the standard lets a parser accept or skip silently, and a checker reports. Each is noted with its offset."""

    BOM = "bom"  # a byte order mark at the very start (allowed once)
    CRLF = "crlf"
    CR = "cr"
    NO_SPACE = "no_space"  # `data:x`
    COMMENT = "comment"
    ID = "id"
    RETRY = "retry"
    EMPTY_DATA = "empty_data"  # an event whose data is the empty string
    NO_DATA = "no_data"  # a block with an event or id field but no data: not dispatched
    BARE_BLANK = "bare_blank"  # a blank line that ends no block, after an id: SDKs make an empty event of it
    UNKNOWN_LINE = "unknown_line"  # a line with no known field name: HTML, bare JSON, a log line
    INVALID_UTF8 = "invalid_utf8"
    NUL = "nul"
    LEFTOVER = "leftover"  # bytes behind the last blank line when the stream ended


# Copied for each parser: a copy asks no kind for its hash, which is Python's own code.
_NONE_OF_EACH = dict.fromkeys(Oddity, 0)


class SseOddity(msgspec.Struct, frozen=True, gc=False):
    """One oddity: kind, offset in the stream, number of events dispatched before it, and the line or its beginning."""

    kind: Oddity
    offset: int
    events_before: int
    sample: bytes = b""


class EventSink(Protocol):
    """Receives the places of events: `app.exchange.event_log.EventLog`."""

    def append(self, event: SseEvent) -> None:
        """Add one event; its data is not used."""

    def extend(self, start: int, ends: array[int], names: list[bytes]) -> None:
        """Add events without a gap between them: the first begins at `start`, each other one where the one before ended."""

    def extend_alike(self, start: int, ends: array[int], name: bytes) -> None:
        """The same for events of one name."""


class SseParser:
    """A sans-I/O parser: `feed` takes bytes in any pieces and returns the events they complete; `close` ends the stream.

    Attributes:
        events: how many were dispatched.
        last_event_id, retry_ms: as the standard keeps them.
        counts: how often each kind of oddity was found.
        oddities: the first `MAX_ODDITIES_A_KIND` of each kind, in order.
        offset: how many bytes were fed.
    """

    def __init__(self) -> None:
        self.events = 0
        self.last_event_id = ""
        self.retry_ms: int | None = None
        self.counts = _NONE_OF_EACH.copy()
        self.oddities: list[SseOddity] = []
        self.offset = 0
        self._buffer = bytearray()  # from the start of the line that is not complete yet
        self._buffer_at = 0  # its offset in the stream
        self._scanned = 0  # how much of the buffer is known to hold no line end
        self._skip_lf = False
        self._bom_checked = False
        self._block_start = 0
        self._type = b""
        self._data: list[bytes] = []
        self._saw_field = False
        self._tail = b""  # the start of a usual event, looked at again when the rest has come
        self._names: dict[bytes, str] = {b"": ""}

    def feed(self, data: bytes) -> list[SseEvent]:
        """Take in bytes; return the events that they complete."""
        start = self.offset
        self.offset = end = start + len(data)
        if self._buffer or self._saw_field or self._skip_lf:
            return self._take_pending(data)
        # One read with one event is what a live stream mostly gives.
        one = None if self._tail else _USUAL_EVENT.fullmatch(data)
        if one is None or 0 in data or 13 in data or not data.isascii():
            return self._take(data)
        name, value = one.groups(b"")
        self._bom_checked = True
        self._buffer_at = self._block_start = end
        self.events += 1
        return [SseEvent(self._names[name] if name in self._names else self._new_name(name), value, start, end)]

    def _take_pending(self, data: bytes) -> list[SseEvent]:
        """Something of an event is pending: line by line to the next blank line, then perhaps by a fast path again."""
        size = data.find(b"\n\n") + 2
        if size < 2 or size == len(data):
            return self._take_lines(data)
        events = self._take_lines(data[:size])
        rest = data[size:]
        pending = self._buffer or self._saw_field or self._skip_lf
        return events + (self._take_lines(rest) if pending else self._take(rest))

    def _take(self, data: bytes) -> list[SseEvent]:
        """Nothing but a tail is pending: the events by `_take_usual` where it can take all that was fed."""
        if self._tail:
            data, self._tail = self._tail + data, b""
        usual = self._take_usual(data)
        return self._take_lines(data) if usual is None else usual

    def _take_usual(self, data: bytes) -> list[SseEvent] | None:
        """The events of bytes that hold nothing but events of the usual shape; None, and nothing is taken, for any others.

        Several times as fast as line by line: one search gives all names and data, and their lengths give the places.
        """
        if 13 in data or 0 in data or (not self._bom_checked and data[:1] in (b"", _BOM[:1])):
            return None
        first = at = self.offset - len(data)
        size = behind_last_event(data)
        events: list[SseEvent] = []
        names = self._names
        for name, value in _USUAL_EVENT.findall(data, 0, size):
            end = at + len(name) + len(value) + (_NAMED_BYTES if name else _BARE_BYTES)
            events.append(SseEvent(names[name] if name in names else self._new_name(name), value, at, end))
            at = end
        # Bytes that the search passed over belong to no usual event: there the lengths do not add up.
        if at - first != size or len(data) - size > _MAX_TAIL_BYTES or not is_utf8(data[:size]):
            return None
        self._tail = data[size:]
        self._bom_checked = True
        self._buffer_at = self._block_start = at
        self.events += len(events)
        return events

    def _new_name(self, name: bytes) -> str:
        if len(self._names) >= _MAX_NAMES:  # an endpoint that invents a name an event
            self._names = {b"": ""}
        text = self._names[name] = name.decode("utf-8", "replace")
        return text

    def _take_lines(self, data: bytes) -> list[SseEvent]:
        """Any stream, line by line."""
        self._buffer += data
        if not self._bom_checked and not self._check_bom():
            return []
        out: list[SseEvent] = []
        at = 0
        buffer = self._buffer
        while True:
            if self._skip_lf and at < len(buffer):
                self._skip_lf = False
                if buffer[at] == 0x0A:
                    self._note(Oddity.CRLF, self._buffer_at + at - 1)
                    at += 1
                    if not self._saw_field and not self._data:
                        self._block_start = self._buffer_at + at
                    self._scanned = max(self._scanned, at)
                else:
                    self._note(Oddity.CR, self._buffer_at + at - 1)
            if self._scanned <= at and not self._saw_field and not self._skip_lf:
                at = self._skip_idle(self._take_simple_events(at, out))
            end = find_line_end(buffer, max(at, self._scanned))
            if end < 0:
                self._scanned = len(buffer)
                break
            self._skip_lf = buffer[end] == 0x0D
            self._take_line(copy_line(buffer, at, end), self._buffer_at + at, self._buffer_at + end + 1, out)
            at = end + 1
            self._scanned = at
        del buffer[:at]
        self._buffer_at += at
        self._scanned -= at
        return out

    def feed_places(self, data: bytes, sink: EventSink) -> None:
        """`feed` for those who want the places of events and not their data: many times faster on long, uniform streams.

        Events all of one shape (`event:` and `data:`, or `data:` alone) are found by a few searches over the whole of `data`;
        with anything else in it the data goes through `feed`. The result is the same.
        """
        if self._tail:  # as if it had not been fed yet
            self.offset -= len(self._tail)
            data, self._tail = self._tail + data, b""
        if not self._between_events and (found := BLANK_LINE.search(data)) is not None:
            _append_all(self.feed(data[: found.end()]), sink)  # the rest of an event; behind it searches may be of use
            data = data[found.end() :]
        while self._between_events and (block := repeated_block(data)):
            data = self._take_repeated(block, data, sink)
        end = data.rfind(b"\n\n") + 2
        if end > _WORTH_BYTES and self._between_events:
            whole, base = data[:end], self.offset
            uniform = one_name(whole)
            names = None if uniform is not None else names_if_uniform(whole)
            if uniform is not None:
                sink.extend_alike(base, block_ends(whole, base), uniform.name)
                self.events += uniform.blocks
            elif names is not None:
                sink.extend(base, block_ends(whole, base), names)
                self.events += len(names)
            if uniform is not None or names is not None:
                self._bom_checked = True
                self.offset = self._buffer_at = self._block_start = base + end
                data = data[end:]
        _append_all(self.feed(data), sink)

    def _take_repeated(self, block: bytes, data: bytes, sink: EventSink) -> bytes:
        """The same block many times in a row, as in a flood of keep-alive comments; returns the bytes that follow.

        Once the oddities in it are noted often enough, each further one changes nothing but counts, and always the same ones.
        """
        count = times_in_a_row(block, data)
        _append_all(self.feed(block * MAX_ODDITIES_A_KIND), sink)
        counts_before, begin = self.counts.copy(), self.offset
        events = self.feed(block)
        _append_all(events, sink)
        rest, size = count - MAX_ODDITIES_A_KIND - 1, len(block)
        if (
            not self._between_events
            or len(events) > 1
            or any((event.start, event.end) != (begin, self.offset) for event in events)
        ):
            _append_all(self.feed(block * rest), sink)
            return data[count * size :]
        start, end = self.offset, self.offset + rest * size
        if events:
            sink.extend_alike(start, array("Q", range(start + size, end + 1, size)), events[0].type.encode())
            self.events += rest
        for kind, before in counts_before.items():
            self.counts[kind] += rest * (self.counts[kind] - before)
        self.offset = self._buffer_at = self._block_start = end
        return data[count * size :]

    @property
    def _between_events(self) -> bool:
        """Whether nothing of an event, of a line or of a line end is pending."""
        return not (self._buffer or self._saw_field or self._skip_lf) and (self._bom_checked or self.offset == 0)

    def close(self) -> None:
        """The stream ended: an unfinished event is discarded, as the standard says, and noted as leftover."""
        tail, self._tail = self._tail, b""
        self._take_lines(tail)
        self._check_bom(at_end=True)
        if self._skip_lf:
            self._skip_lf = False
            self._note(Oddity.CR, self.offset - 1)
        if self._buffer or self._saw_field:
            kept = b"".join(b"data: " + line + b"\n" for line in self._data[:8]) + bytes(self._buffer[:4096])
            self._note(Oddity.LEFTOVER, self._block_start, kept[:4096])

    def _check_bom(self, at_end: bool = False) -> bool:
        """Strip one leading byte order mark; False while it can't be told yet."""
        if self._bom_checked:
            return True
        if len(self._buffer) < len(_BOM) and _BOM.startswith(self._buffer) and not at_end:
            return False
        self._bom_checked = True
        if self._buffer.startswith(_BOM):
            del self._buffer[: len(_BOM)]
            self._buffer_at = self._block_start = len(_BOM)
            self._note(Oddity.BOM, 0, _BOM)
        return True

    def _take_simple_events(self, at: int, out: list[SseEvent]) -> int:
        """The plain events that follow each other from `at` on. Returns where it stopped."""
        match, base = SIMPLE_EVENT.match, self._buffer_at
        while found := match(self._buffer, at):
            start, at = at, found.end()
            name, data = found.group(1), found.group(2)
            if not data or not data.isascii() or b"\0" in data or (name and not name.isascii()):
                self._check_data(name or b"", data, base + start)
            out.append(SseEvent(name.decode("utf-8", "replace") if name else "", data, base + start, base + at))
            self.events += 1
        self._scanned = max(self._scanned, at)
        self._block_start = base + at
        return at

    def _skip_idle(self, at: int) -> int:
        """Past blank lines and, once enough are noted, comments; a stream may hold nothing else. Returns where it stopped."""
        if self.last_event_id:  # each blank line is an oddity then
            return at
        noted = self.counts[Oddity.COMMENT] >= MAX_ODDITIES_A_KIND
        found = (_IDLE_LINES if noted else _BLANK_LINES).match(self._buffer, at)
        if found is None:
            return at
        lines, at = found[0], found.end()
        self.counts[Oddity.COMMENT] += lines.count(b"\n:") + lines.startswith(b":")
        self._scanned = max(self._scanned, at)
        self._block_start = self._buffer_at + at
        return at

    def _take_line(self, line: bytes, at: int, end: int, out: list[SseEvent]) -> None:
        if not line:
            self._dispatch(end, out)
            return
        if line[0] == 0x3A:
            self._note(Oddity.COMMENT, at, line)
            if not self._saw_field:
                self._block_start = end
            return
        colon = line.find(b":")
        name = line if colon < 0 else line[:colon]
        spaced = line[colon + 1 : colon + 2] == b" "
        value = b"" if colon < 0 else line[colon + 1 + spaced :]
        if value and not spaced and name in (b"data", b"event"):
            self._note(Oddity.NO_SPACE, at, line)
        self._take_field(name, value, at, line)

    def _take_field(self, name: bytes, value: bytes, at: int, line: bytes) -> None:
        if not self._saw_field:
            self._block_start = at
        match name:
            case b"data":
                self._data.append(value)
            case b"event":
                self._type = value
            case b"id":
                self._note(Oddity.ID, at, line)
                if b"\0" not in value:
                    self.last_event_id = value.decode("utf-8", "replace")
            case b"retry":
                self._note(Oddity.RETRY, at, line)
                if _DIGITS.fullmatch(value):
                    self.retry_ms = int(value[:18])
            case _:
                self._note(Oddity.UNKNOWN_LINE, at, line)
                return
        self._saw_field = True

    def _dispatch(self, end: int, out: list[SseEvent]) -> None:
        start, self._block_start = self._block_start, end
        saw_field, self._saw_field = self._saw_field, False
        name, self._type = self._type, b""
        lines, self._data = self._data, []
        if not lines:
            if saw_field:
                self._note(Oddity.NO_DATA, start, name)
            elif self.last_event_id:
                self._note(Oddity.BARE_BLANK, start)
            return
        data = lines[0] if len(lines) == 1 else b"\n".join(lines)
        self._check_data(name, data, start)
        out.append(SseEvent(name.decode("utf-8", "replace"), data, start, end))
        self.events += 1

    def _check_data(self, name: bytes, data: bytes, start: int) -> None:
        if not data:
            self._note(Oddity.EMPTY_DATA, start, name)
        if b"\0" in data:
            self._note(Oddity.NUL, start)
        if data.isascii() and name.isascii():
            return
        try:
            data.decode()
            name.decode()
        except UnicodeDecodeError as error:
            self._note(Oddity.INVALID_UTF8, start, error.object[error.start : error.start + 16])

    def _note(self, kind: Oddity, offset: int, sample: bytes = b"") -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= MAX_ODDITIES_A_KIND:
            self.oddities.append(SseOddity(kind, offset, self.events, sample[:4096]))


def data_of_block(block: bytes) -> bytes:
    """The data of one event from the bytes of its block alone."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    values = []
    for line in block.split(b"\n"):
        if line.startswith(b"data:"):
            values.append(line[6 if line.startswith(b"data: ") else 5 :])
        elif line == b"data":
            values.append(b"")
    return values[0] if len(values) == 1 else b"\n".join(values)


def _append_all(events: Iterable[SseEvent], sink: EventSink) -> None:
    for event in events:
        sink.append(event)
