"""The events of a stream as columns over the body's bytes."""

from __future__ import annotations

from array import array
from collections import Counter

from app.protocols.reading import Meaning
from app.recording.body import Body
from app.recording.records import NO_STAMP
from app.stream.sse import SIMPLE_EVENT, SseEvent, SseParser, data_of_block

# Event names past this many are read from the bytes: an endpoint with a new name for each event must not overflow the column.
OTHER_TYPE = 0xFFFF
_LONG_BYTES = 1 << 14
_BLOCK_EVENTS = 1 << 10


class EventLog:
    """The events of a stream as columns over the decoded body; a million of them cost 20 MB.

    Attributes:
        starts, ends: offsets in the decoded body; `ends` is behind the blank line.
        meanings: a `Meaning` an event; NOTHING until the event was read.
        type_names: the distinct event names; `types` holds an index into them for each event.
        type_counts: how many events have each of them.
        content_events, content_chunks: the events that carry generated content, and the chunk that completed each, as far as
            events were read.
    """

    def __init__(self, body: Body) -> None:
        self._body = body
        self.starts = array("Q")
        self.ends = array("Q")
        self.types = array("H")
        self.meanings = bytearray()
        self.type_names: list[str] = []
        self.type_counts: list[int] = []
        self.content_events = array("I")
        self.content_chunks = array("I")
        self._chunk = 0  # that of the last content event
        self._type_numbers: dict[str, int] = {}
        self._firsts: dict[Meaning, int] = {}

    def __len__(self) -> int:
        return len(self.ends)

    def append(self, event: SseEvent) -> None:
        """Add one event."""
        self.starts.append(event.start)
        self.ends.append(event.end)
        number = self._type_number(event.type)
        self.types.append(number)
        if number != OTHER_TYPE:
            self.type_counts[number] += 1
        self.meanings.append(Meaning.NOTHING)

    def extend(self, start: int, ends: array[int], names: list[bytes]) -> None:
        """Add many events that follow each other without a gap, the first from `start` on."""
        distinct = set(names)
        counts = Counter(names) if len(distinct) > 1 else dict.fromkeys(distinct, len(names))
        numbers = {name: self._type_number(name.decode()) for name in counts}
        for name, number in numbers.items():
            if number != OTHER_TYPE:
                self.type_counts[number] += counts[name]
        self.types.extend(map(numbers.__getitem__, names))
        self._extend_places(start, ends)

    def extend_alike(self, start: int, ends: array[int], name: bytes) -> None:
        """The same for events that all have one name."""
        number = self._type_number(name.decode())
        if number != OTHER_TYPE:
            self.type_counts[number] += len(ends)
        self.types.extend(array("H", (number,)) * len(ends))
        self._extend_places(start, ends)

    def _extend_places(self, start: int, ends: array[int]) -> None:
        self.starts.append(start)
        self.starts.extend(ends[:-1])
        self.ends.extend(ends)
        self.meanings.extend(bytes(len(ends)))

    def event(self, index: int) -> SseEvent:
        """The event with its data, taken from the body's bytes."""
        start, end = self.starts[index], self.ends[index]
        # The pattern is quick on the short blocks that nearly all are, and slow on megabytes.
        if end - start >= _LONG_BYTES:
            return SseEvent(self.type_name(index), self._long_data(start, end), start, end)
        found = SIMPLE_EVENT.match(self._body.data, start, end)
        if found is not None and found.end() == end:
            return SseEvent(self.type_name(index), found.group(2), start, end)
        return SseEvent(self.type_name(index), data_of_block(self.raw(index)), start, end)

    def _long_data(self, start: int, end: int) -> bytes:
        """The data of a long block; copied only once where it is one line, as there may be megabytes of it."""
        body = self._body.data
        at = body.find(b"data: ", start, start + _LONG_BYTES)
        begins_line = at == start or (at > start and body[at - 1] == 0x0A)
        if begins_line and body.find(b"\n", at, end) == end - 2 and body.find(b"\r", start, end) < 0:
            return _copy(body, at + len(b"data: "), end - 2)
        return data_of_block(_copy(body, start, end))

    def raw(self, index: int) -> bytes:
        """The bytes of the event's block as they came (decoded)."""
        return _copy(self._body.data, self.starts[index], self.ends[index])

    def type_name(self, index: int) -> str:
        """The event's `event:` field; "" where it had none."""
        number = self.types[index]
        return self.type_names[number] if number != OTHER_TYPE else SseParser().feed(self.raw(index))[0].type

    def of_type(self, name: str, begin: int, end: int) -> array[int]:
        """The indexes of those from `begin` to before `end` that have this name."""
        found = array("I")
        if name not in self._type_numbers or self._type_numbers[name] == OTHER_TYPE:
            return found
        number, types = self._type_numbers[name], self.types
        for start in range(begin, end, _BLOCK_EVENTS):  # most blocks are all of one type: a long answer's deltas
            block = types[start : min(start + _BLOCK_EVENTS, end)]
            count = block.count(number)
            if count == len(block):
                found.extend(range(start, start + count))
            elif count:
                found.extend(index for index, one in enumerate(block, start) if one == number)
        return found

    def chunk(self, index: int) -> int:
        """The number, from 0, of the chunk whose bytes completed the event."""
        return self._body.chunk_at(self.ends[index] - 1)

    def stamp_ns(self, index: int) -> int | None:
        """When the event was complete; None for a capture without stamps."""
        return self._body.stamp_at(self.ends[index] - 1)

    def set_meaning(self, index: int, meaning: Meaning) -> None:
        """Note what an event carries. Call it in the order of the events."""
        if not meaning:
            return
        self.meanings[index] = meaning
        if meaning not in self._firsts:
            self._firsts[meaning] = index
        chunk, ends, last = self._chunk, self._body.ends, self.ends[index] - 1
        while ends[chunk] <= last:  # a step or two: the next event ends in this chunk or soon behind it
            chunk += 1
        self._chunk = chunk
        self.content_events.append(index)
        self.content_chunks.append(chunk)

    def first_stamp(self, *meanings: Meaning) -> int | None:
        """The stamp of the first event that carries one of these."""
        indexes = [self._firsts[meaning] for meaning in meanings if meaning in self._firsts]
        return self.stamp_ns(min(indexes)) if indexes else None

    @property
    def begins_with_reasoning(self) -> bool:
        """Whether the first event that carries generated content carries reasoning."""
        return bool(self._firsts) and min(self._firsts, key=self._firsts.__getitem__) is Meaning.REASONING

    def content_since(self, begin: int) -> tuple[list[int], array[int]]:
        """Stamps in nanoseconds (of those that have one) and chunk numbers (of all) of the content events from `begin` on."""
        chunks = self.content_chunks[begin:]
        stamps = list(map(self._body.stamps.__getitem__, chunks))
        return [ns for ns in stamps if ns != NO_STAMP] if NO_STAMP in stamps else stamps, chunks

    def last_stamp(self) -> int | None:
        """The stamp of the last event that carries generated content; None without one."""
        return self.stamp_ns(self.content_events[-1]) if self.content_events else None

    def _type_number(self, name: str) -> int:
        number = self._type_numbers.get(name)
        if number is None:
            number = self._type_numbers[name] = min(len(self.type_names), OTHER_TYPE)
            if number < OTHER_TYPE:
                self.type_names.append(name)
                self.type_counts.append(0)
        return number


def _copy(data: bytearray, start: int, end: int) -> bytes:
    """A slice, copied once."""
    with memoryview(data) as view:
        return bytes(view[start:end])
