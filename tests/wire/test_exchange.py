"""Plain exchanges: what is sent, what is recorded, and in which order the marks stand."""

from __future__ import annotations

import asyncio
import gzip
import sys
from itertools import pairwise

import pytest

from app.clock import now_ns
from app.recording.recording import Recording
from app.recording.records import EndKind, Flaw, MarkName, Record
from app.wire.client import WireClient
from app.wire.commands import Network
from app.wire.interim import InterimHeads
from tests.wire.conftest import ENVELOPE, KEY, Ask, asker
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, Served, answering, chunk, serving

NEW_CONNECTION = [
    MarkName.DNS_BEGIN,
    MarkName.DNS_END,
    MarkName.CONNECT_BEGIN,
    MarkName.CONNECT_END,
    MarkName.SEND_BEGIN,
    MarkName.SEND_END,
    MarkName.FIRST_BYTE,
    MarkName.HEAD_END,
    MarkName.BODY_END,
]


def assert_ordered(recording: Recording) -> None:
    assert all(one <= other for one, other in pairwise(recording.marks.values()))


async def test_a_whole_answer_is_recorded(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"X-Case: One\r\nx-case: two\r\nContent-Length: 5\r\n\r\n", b"hello")) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert bytes(recording.body.data) == b"hello"
    assert recording.head is not None
    assert (recording.head.status, recording.head.reason, recording.head.http_version) == (200, "OK", "HTTP/1.1")
    assert recording.head.headers[1:3] == (("X-Case", "One"), ("x-case", "two"))
    assert recording.connection is not None
    assert recording.connection.peer == f"127.0.0.1:{served.port}"
    assert not recording.connection.reused
    assert recording.connection.stamped_by == ("kernel" if sys.platform == "linux" else "read")


async def test_marks_stand_in_order(ask: Ask) -> None:
    async with serving(answering(CHUNKED_HEAD, chunk(b"one"), chunk(b"two"), b"0\r\n\r\n")) as served:
        recording = await ask(served.url)
    assert list(recording.marks) == NEW_CONNECTION
    assert_ordered(recording)
    assert recording.marks[MarkName.HEAD_END] <= recording.body.stamps[0]
    assert recording.body.stamps[-1] <= recording.marks[MarkName.BODY_END]


async def test_nothing_is_sent_but_what_the_request_names(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 0\r\n\r\n")) as served:
        recording = await ask(served.url + "?a=b%20c", headers=(("X-Api-Key", KEY), ("x-Odd-CASE", "é")), body=b"12345")
    expected = (
        b"POST /v1/messages?a=b%%20c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Api-Key: %s\r\nx-Odd-CASE: \xe9\r\n"
        b"Content-Length: 5\r\n\r\n"
    ) % (served.port, KEY.encode())
    assert served.heads == [expected]
    assert served.bodies == [b"12345"]
    assert recording.sent is not None
    masked = KEY[:4] + "*" * (len(KEY) - 6) + KEY[-2:]
    assert recording.sent.head == expected.replace(KEY.encode(), masked.encode())
    offset = expected.index(KEY.encode())
    assert [(mask.where, mask.offset, mask.length) for mask in recording.masks] == [("sent", offset, len(KEY))]


async def test_a_redirect_is_not_followed(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 0\r\n\r\n")) as target:
        head = b"HTTP/1.1 307 Away\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % target.url.encode()
        async with serving(answering(head)) as served:
            recording = await ask(served.url)
        assert target.connections == 0
    assert recording.head is not None
    assert recording.head.status == 307


async def test_an_interim_answer_is_passed_over(ask: Ask) -> None:
    async with serving(
        answering(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK_HEAD + b"Content-Length: 2\r\n\r\n", b"ok")
    ) as served:
        recording = await ask(served.url)
    assert recording.head is not None
    assert recording.head.status == 200
    assert bytes(recording.body.data) == b"ok"


_TWO = b"Content-Length: 2\r\n"
_IN_CHUNKS = OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "flaws"),
    [
        (OK_HEAD + _TWO + b"X-Tab: a\tb\r\nX-Fold: a\r\n b\r\n\r\nok", ()),
        (b"HTTP/1.1 200 OK\n" + _TWO + b"\r\nok", ()),  # Node's parser forgives that of the status line
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK_HEAD + _TWO + b"\r\nok", ()),
        (_IN_CHUNKS + b"2;a=b\r\nok\r\n0\r\n\r\n", ()),
        (OK_HEAD + _TWO + b"\r\nok" + b"\nContent-Length: 3\x01\n", ()),  # what is behind the head is none of it
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK_HEAD + _TWO + b"\r\nok", (Flaw.CONTINUE,)),
        (OK_HEAD + _TWO + _TWO + b"\r\nok", (Flaw.LENGTH_TWICE,)),
        (OK_HEAD + b"Content-Length: 2, 2\r\n\r\nok", (Flaw.LENGTH_LIST,)),
        (OK_HEAD + b"X-A: b\n" + _TWO + b"\r\nok", (Flaw.LINE_FEED,)),
        (OK_HEAD + b"X-Long: " + b"a" * 12_000 + b"\r\nX-A: b\n" + _TWO + b"\r\nok", (Flaw.LINE_FEED,)),
        (OK_HEAD + b"X-A: b\x1bc\r\n" + _TWO + b"\r\nok", (Flaw.CONTROL,)),
        (b"HTTP/1.2 200 OK\r\n" + _TWO + b"\r\nok", (Flaw.VERSION,)),
        (_IN_CHUNKS + b"1 \r\no\r\n1  \r\nk\r\n0\r\n\r\n", (Flaw.CHUNK_BLANK,)),
    ],
)
async def test_what_breaks_the_rules_of_framing_and_is_read_is_noted(ask: Ask, answer: bytes, flaws: tuple[Flaw, ...]) -> None:
    async with serving(answering(answer[:30], answer[30:12_000], answer[12_000:])) as served:
        recording = await ask(served.url)
    assert bytes(recording.body.data) == b"ok"
    assert recording.flaws == flaws


@pytest.mark.parametrize("status", [100, 103])
async def test_the_wait_goes_on_behind_an_interim_answer(ask: Ask, status: int) -> None:
    interim = b"HTTP/1.1 %d Hint\r\nLink: x\r\n\r\n" % status
    sent_ns = 0

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent_ns
        await served.read_request(reader)
        writer.write(interim + interim)
        await writer.drain()
        await asyncio.sleep(0.05)
        sent_ns = now_ns()
        writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
        await writer.drain()

    async with serving(handle) as served:
        recording = await ask(served.url)
    assert recording.marks[MarkName.FIRST_BYTE] >= sent_ns > 0


FINAL = b"HTTP/1.1 200 OK\r\n"
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"


@pytest.mark.parametrize("step", [13, 14, 17, 1000])
@pytest.mark.parametrize("interim", [EARLY, EARLY * 3, EARLY.replace(b"\r", b"")])
def test_interim_heads_are_followed_however_they_are_split(interim: bytes, step: int) -> None:
    data, heads = interim + FINAL, InterimHeads()
    reads = ((at, data[at : at + step]) for at in range(0, len(data), step))
    since_ns, start = next(found for ns, read in reads if (found := heads.final(ns, read)))
    assert since_ns == len(interim) // step * step
    assert FINAL.startswith(start[: len(FINAL)])


@pytest.mark.parametrize("start", [b"H", b"HTTP/1.1 1", b"HTTP/1.1 101 Switching\r\n\r\n", b"\x15\x03\x01", b"SSH-2.0", FINAL])
def test_what_does_not_show_that_it_is_interim_is_the_answer(start: bytes) -> None:
    assert InterimHeads().final(7, start) == (7, start)


async def test_a_body_without_a_length_ends_with_the_connection(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"\r\n", b"data: x\n\n")) as served:
        recording = await ask(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert bytes(recording.body.data) == b"data: x\n\n"


async def test_content_encoding_stays_on(ask: Ask) -> None:
    packed = gzip.compress(b"data: hello\n\n" * 50)
    head = OK_HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    async with serving(answering(head, packed)) as served:
        recording = await ask(served.url)
    assert bytes(recording.body.data) == packed
    assert recording.content_encoding == "gzip"


async def test_one_socket_read_is_one_chunk(ask: Ask) -> None:
    """Three HTTP chunks in one segment are one chunk; what the server sends after we answered is another."""

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(CHUNKED_HEAD + chunk(b"a") + chunk(b"b") + chunk(b"c"))
        await gate.wait()
        writer.write(chunk(b"d") + b"0\r\n\r\n")

    gate = asyncio.Event()

    def on_records(recording: Recording, _: list[Record]) -> None:
        if len(recording.body):
            gate.set()

    async with serving(handle) as served:
        recording = await ask(served.url, on_records=on_records)
    assert [recording.body.chunk(index) for index in range(len(recording.body))] == [b"abc", b"d"]
    assert recording.body.stamps[0] < recording.body.stamps[1]


async def test_both_sides_run_at_once(wire: WireClient) -> None:
    """Each side's answer waits for the other's request: one after the other would never end."""
    there = {"/a": asyncio.Event(), "/b": asyncio.Event()}

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await served.read_request(reader)
        own = "/a" if head.startswith(b"POST /a") else "/b"
        there[own].set()
        await there["/b" if own == "/a" else "/a"].wait()
        writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\n" + own.encode())
        await writer.drain()

    async with serving(handle) as served:
        ask = asker(wire)
        base = f"http://127.0.0.1:{served.port}"
        one, other = await asyncio.gather(ask(base + "/a", side="a"), ask(base + "/b", side="b"))
    assert (bytes(one.body.data), bytes(other.body.data)) == (b"/a", b"/b")


async def test_a_side_has_one_open_request(ask: Ask) -> None:
    open_now = 0

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal open_now
        await served.read_request(reader)
        open_now += 1
        assert open_now == 1
        await asyncio.sleep(0.02)
        open_now -= 1
        writer.write(OK_HEAD + b"Content-Length: 0\r\n\r\n")
        await writer.drain()

    async with serving(handle) as served:
        recordings = await asyncio.gather(*(ask(served.url) for _ in range(3)))
    assert all(one.end is not None and one.end.kind is EndKind.WHOLE for one in recordings)


async def test_a_large_body_goes_out_and_a_large_one_comes_in(ask: Ask) -> None:
    data = bytes(range(256)) * 20_000
    async with serving(answering(OK_HEAD + b"Content-Length: %d\r\n\r\n" % len(data), data)) as served:
        recording = await ask(served.url, body=data)
    assert served.bodies == [data]
    assert bytes(recording.body.data) == data
    assert_ordered(recording)


async def test_send_ends_when_the_kernel_has_the_last_byte(ask: Ask) -> None:
    """A body that the peer does not read yet keeps the send phase open."""
    gate = asyncio.Event()

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        await served.read_request(reader)
        writer.write(OK_HEAD + b"Content-Length: 0\r\n\r\n")
        await writer.drain()

    marked: list[MarkName] = []

    def on_records(recording: Recording, _: list[Record]) -> None:
        marked[:] = recording.marks
        if MarkName.SEND_BEGIN in recording.marks:
            asyncio.get_running_loop().call_later(0.05, gate.set)

    async with serving(handle) as served:
        recording = await ask(served.url, body=b"x" * (64 << 20), on_records=on_records)
    send_ns = recording.marks[MarkName.SEND_END] - recording.marks[MarkName.SEND_BEGIN]
    assert send_ns > 40_000_000


async def test_records_are_handed_over_and_journalled_in_order() -> None:
    journal: list[tuple[int, Record]] = []
    client = WireClient()
    seen: list[Record] = []
    try:
        async with serving(answering(CHUNKED_HEAD, chunk(b"x"), b"0\r\n\r\n")) as served:
            recording = await asker(client)(
                served.url,
                on_records=lambda _, records: seen.extend(records),
                journal=lambda number, record: journal.append((number, record)),
            )
    finally:
        await client.aclose()
    kinds = [type(record).__name__ for _, record in journal]
    assert kinds[0] == "Opened"
    assert kinds[-1] == "Ended"
    assert {number for number, _ in journal} == {1}
    assert [record for _, record in journal[1:]] == seen
    again = Recording(ENVELOPE, recording.request)
    for record in seen:
        again.apply(record)
    assert list(again.records()) == list(recording.records())


async def test_a_fault_of_a_callback_is_raised(ask: Ask) -> None:
    def on_records(recording: Recording, _records: list[Record]) -> None:
        if len(recording.body):
            raise ValueError("mine")

    async with serving(answering(CHUNKED_HEAD, chunk(b"x"), hold=True)) as served:
        with pytest.raises(ValueError, match="mine"):
            await ask(served.url, on_records=on_records)
        await served.hung_up.wait()


async def test_a_kept_connection_is_used_again(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await served.read_request(reader):
            writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
            await writer.drain()

    async with serving(handle) as served:
        keep = Network(keep_connection=True)
        first, second = [await ask(served.url, network=keep) for _ in range(2)]
        fresh = await ask(served.url)
        third = await ask(served.url, network=keep)
        assert served.connections == 2
    assert list(first.marks) == NEW_CONNECTION
    for one in (second, third):
        assert list(one.marks) == NEW_CONNECTION[4:]
        assert_ordered(one)
        assert one.connection is not None
        assert one.connection.reused
        assert one.connection.peer == f"127.0.0.1:{served.port}"
    assert list(fresh.marks) == NEW_CONNECTION


async def test_connections_can_be_dropped(wire: WireClient, ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await served.read_request(reader):
            writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
            await writer.drain()
        served.hung_up.set()

    async with serving(handle) as served:
        await ask(served.url, network=Network(keep_connection=True))
        wire.drop_connections()
        await served.hung_up.wait()


async def test_a_kept_connection_that_the_peer_closed_is_replaced(ask: Ask) -> None:
    closed = asyncio.Event()

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with serving(handle) as served:
        keep = Network(keep_connection=True)
        await ask(served.url, network=keep)
        await closed.wait()
        second = await ask(served.url, network=keep)
        assert served.connections == 2
    assert second.connection is not None
    assert not second.connection.reused
    assert second.end is not None
    assert second.end.kind is EndKind.WHOLE


async def test_a_kept_connection_that_dies_under_the_request_is_a_reset(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
        await served.read_request(reader)

    async with serving(handle) as served:
        keep = Network(keep_connection=True)
        await ask(served.url, network=keep)
        second = await ask(served.url, network=keep)
        assert served.connections == 1
    assert second.end is not None
    assert second.end.code == "reset"
    assert second.end.message.startswith("the peer closed the kept connection before it answered")
    assert second.connection is not None
    assert second.connection.reused
