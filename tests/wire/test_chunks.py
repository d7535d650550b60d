"""Whole HTTP chunks past the HTTP stack: the same bytes and the same frames, wherever the reads are cut."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import h11
import pytest

from app.recording.records import MarkName, Record
from app.wire.chunks import PlainChunks, take_whole
from app.wire.errors import WireError
from app.wire.tape import ConnectionInfo, Tape

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = b"5\r\nhello\r\nA\r\n, what now\r\n1\r\n!\r\n"
BODIES = {
    "plain": PLAIN + b"0\r\n\r\n",
    "extension": b"2\r\nab\r\n3;name=value\r\ncde\r\n1\r\nf\r\n0\r\n\r\n",
    "trailers": b"2\r\nab\r\n0\r\nServer-Timing: x\r\n\r\n",
    "leading zeros": b"002\r\nab\r\n00000002\r\ncd\r\n0\r\n\r\n",
}


class Sink:
    """Keeps what is recorded of a body."""

    def __init__(self) -> None:
        self.data = b""
        self.frame_ends: list[int] = []
        self.chunks = 0

    def record(self, exchange: int, record: Record) -> None:
        """Marks and the like are not looked at."""

    def chunk(self, exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        self.data += data
        self.frame_ends += frame_ends
        self.chunks += 1


class Carrier:
    """A stream that only says when it was read."""

    last_read_ns = last_write_ns = sent_bytes = 0

    def describe(self) -> ConnectionInfo:
        return ConnectionInfo()

    def mark_end(self) -> None: ...

    def departed(self) -> tuple[None, None]:
        return None, None

    def path_state(self) -> None: ...


def recorded(reads: Sequence[bytes], limit_bytes: int = 1000, *, past_the_stack: bool = True) -> tuple[Sink, bool]:
    """What is recorded of these reads, by h11 with or without a way past it; and whether the body was whole."""
    sink = Sink()
    tape = Tape(1, sink, limit_bytes, lambda: None)
    tape.connected(Carrier())
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(HEAD)
    assert isinstance(connection.next_event(), h11.Response)
    if past_the_stack:
        tape.chunks = PlainChunks(connection, connection._reader)  # type: ignore[arg-type]
    for ns, data in enumerate(reads):
        assert connection.next_event() is h11.NEED_DATA
        tape.about_to_read()
        if rest := tape.take_chunks(ns, data) if tape.takes_chunks else data:
            connection.receive_data(rest)
        while isinstance(event := connection.next_event(), h11.Data):
            tape.body(bytes(event.data), ends_frame=event.chunk_end)
        if isinstance(event, h11.EndOfMessage):
            tape.body_end()
            return sink, MarkName.BODY_END in tape.marks and not connection.trailing_data[0]
    tape.about_to_read()
    return sink, False


@pytest.mark.parametrize("name", BODIES)
def test_wherever_the_reads_are_cut_the_same_is_recorded_as_by_the_stack_alone(name: str) -> None:
    body = BODIES[name]
    expected, whole = recorded([body], past_the_stack=False)
    assert whole
    assert expected.data
    for cuts in (*combinations(range(1, len(body)), 1), *combinations(range(1, len(body)), 2)):
        reads = [body[begin:end] for begin, end in zip((0, *cuts), (*cuts, len(body)), strict=True)]
        sink, whole = recorded(reads)
        assert whole
        assert (sink.data, sink.frame_ends) == (expected.data, expected.frame_ends), reads


def test_what_is_whole_in_a_read_goes_past_the_stack_as_one_chunk_of_the_recording() -> None:
    taken, rest = take_whole(PLAIN[:10] + b"3\r\nab")
    assert (taken, rest) == ([b"hello"], b"3\r\nab")
    assert take_whole(b"3\r\nab")[0] == take_whole(b"0\r\n\r\n")[0] == take_whole(b"3\r\nabcd\r\n")[0] == []
    assert take_whole(b"-1\r\n\r\n")[0] == take_whole(b"1;x\r\na\r\n")[0] == take_whole(b" 1\r\na\r\n")[0] == []
    sink, _ = recorded([PLAIN[:10], b"1\r\na\r\n1\r\nb\r\n", b"0\r\n\r\n"])
    assert (sink.chunks, sink.frame_ends) == (2, [5, 6, 7])


def test_the_limit_of_a_body_holds() -> None:
    with pytest.raises(WireError):
        recorded([b"5\r\nhello\r\n", b"5\r\nhello\r\n"], limit_bytes=9)
    sink, whole = recorded([b"5\r\nhello\r\n", b"0\r\n\r\n"], limit_bytes=5)
    assert (sink.data, whole) == (b"hello", True)
