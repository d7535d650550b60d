"""HTTP/2: what is sent, and marks that count this exchange's frames only."""

from __future__ import annotations

import asyncio
import ssl

import h2.errors
import hpack
import pytest

from app.clock import now_ns
from app.recording.recording import Recording
from app.recording.records import EndDetail, EndKind, EndReason, MarkName, Record
from app.wire.client import WireClient
from app.wire.commands import Limits, Network
from app.wire.http2_frames import FrameWatch
from tests.wire.conftest import KEY, Ask
from tests.wire.servers import OK_HEAD, Http2Peer, answering, serving, serving_http2
from tests.wire.test_exchange import NEW_CONNECTION, assert_ordered


async def answer_ok(peer: Http2Peer, stream: int) -> None:
    await peer.send_head(stream)
    await peer.send(stream, b"data: x\n\n")
    await peer.send(stream, b"data: y\n\n", end=True)


async def test_an_answer_over_http2(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async with serving_http2(answer_ok, tls_http2) as (served, peers):
        recording = await ask(
            f"https://127.0.0.1:{served.port}/v1?x=1", headers=(("X-Api-Key", KEY), ("X-Odd", "1")), body=b"{}",
            network=Network(ca_file=ca_file),
        )  # fmt: skip
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert bytes(recording.body.data) == b"data: x\n\ndata: y\n\n"
    assert recording.head is not None
    assert recording.head.http_version == "HTTP/2"
    assert recording.connection is not None
    assert recording.connection.alpn == "h2"
    assert list(recording.marks) == [*NEW_CONNECTION[:4], MarkName.TLS_BEGIN, MarkName.TLS_END, *NEW_CONNECTION[4:]]
    assert_ordered(recording)
    assert recording.sent is not None
    masked = KEY[:4] + "*" * (len(KEY) - 6) + KEY[-2:]
    assert [(name, value.replace(KEY, masked)) for name, value in peers[0].headers] == list(recording.sent.headers)
    assert recording.sent.headers[:4] == (
        (":method", "POST"),
        (":authority", f"127.0.0.1:{served.port}"),
        (":scheme", "https"),
        (":path", "/v1?x=1"),
    )
    assert ("content-length", "2") in recording.sent.headers
    assert bytes(peers[0].body) == b"{}"


async def test_http1_where_http2_is_not_wanted(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 0\r\n\r\n"), tls) as served:
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file, http2=False))
    assert recording.connection is not None
    assert recording.connection.alpn == "http/1.1"


async def test_first_byte_is_this_stream_s(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    """SETTINGS, PING and WINDOW_UPDATE come long before HEADERS, and are no byte of the answer."""

    async def answer(peer: Http2Peer, stream: int) -> None:
        peer.state.ping(b"12345678")
        peer.state.increment_flow_control_window(1000)
        peer.state.increment_flow_control_window(1000, stream)
        await peer.flush()
        await asyncio.sleep(0.05)
        await answer_ok(peer, stream)

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    wait_ns = recording.marks[MarkName.FIRST_BYTE] - recording.marks[MarkName.SEND_END]
    assert wait_ns >= 50_000_000


async def test_an_interim_head_is_no_first_byte(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    sent_ns = 0

    async def answer(peer: Http2Peer, stream: int) -> None:
        nonlocal sent_ns
        peer.state.send_headers(stream, [(":status", "103"), ("link", "x")])
        await peer.flush()
        await asyncio.sleep(0.05)
        sent_ns = now_ns()
        await answer_ok(peer, stream)

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.head is not None
    assert recording.head.status == 200
    assert recording.marks[MarkName.FIRST_BYTE] >= sent_ns > 0


@pytest.mark.parametrize("huffman", [True, False])
@pytest.mark.parametrize(("status", "interim"), [("100", True), ("103", True), ("199", True), ("200", False), ("429", False)])
@pytest.mark.parametrize("table_bytes", [4096, 100, 0])
def test_the_status_of_a_header_block_is_seen(status: str, interim: bool, huffman: bool, table_bytes: int) -> None:
    encoder = hpack.Encoder()
    encoder.header_table_size = table_bytes  # the first block tells a change of it
    watch = FrameWatch()
    for stream in (1, 3, 5):  # the later blocks name the status by an entry that the first one made
        watch.feed(stream, frame(1, stream, encoder.encode([(":status", status), ("link", "x")], huffman=huffman), flags=4))
        assert watch.stream_id == (0 if interim else stream)


def test_an_interim_head_and_an_answer_may_come_in_several_frames() -> None:
    encoder, watch = hpack.Encoder(), FrameWatch()
    early, final = encoder.encode([(":status", "103"), ("link", "x" * 50)]), encoder.encode([(":status", "200")])
    data = frame(1, 1, early[:3]) + frame(9, 1, early[3:20]) + frame(9, 1, early[20:], flags=4)
    assert watch.feed(10, data) == data
    assert watch.stream_id == 0
    watch.feed(20, frame(1, 1, final[:0]))
    watch.feed(30, frame(9, 1, final, flags=4))
    assert (watch.stream_id, watch.first_ns) == (1, 20)


@pytest.mark.parametrize("block", [b"\xff\xff\xff\xff\xff\xff\xff", b"\xbf"], ids=["no number", "no such entry"])
def test_a_block_that_can_not_be_decoded_counts_as_an_answer(block: bytes) -> None:
    watch = FrameWatch()
    data = frame(1, 1, block, flags=4)
    assert watch.feed(10, data) == data
    assert (watch.stream_id, watch.first_ns, watch.is_new) == (1, 10, True)


@pytest.mark.parametrize(("size", "counts"), [(1 << 18, False), ((1 << 18) + 1, True)])
def test_an_interim_head_without_an_end_counts_as_an_answer_from_256_kilobytes_on(size: int, counts: bool) -> None:
    """More of it is not kept."""
    watch = FrameWatch()
    watch.feed(10, frame(1, 1, bytes(size)))
    assert watch.is_new is counts


async def test_a_kept_http2_connection_is_used_again(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async with serving_http2(answer_ok, tls_http2) as (served, _):
        keep = Network(ca_file=ca_file, keep_connection=True)
        url = f"https://127.0.0.1:{served.port}/"
        await ask(url, network=keep)
        second = await ask(url, network=keep)
        assert served.connections == 1
    assert list(second.marks) == NEW_CONNECTION[4:]
    assert_ordered(second)
    assert second.connection is not None
    assert second.connection.reused


async def test_a_kept_http2_connection_that_said_goodbye_is_replaced(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    gone = asyncio.Event()

    async def answer(peer: Http2Peer, stream: int) -> None:
        await answer_ok(peer, stream)
        peer.state.close_connection()
        await peer.flush()
        gone.set()

    async with serving_http2(answer, tls_http2) as (served, _):
        keep = Network(ca_file=ca_file, keep_connection=True)
        url = f"https://127.0.0.1:{served.port}/"
        await ask(url, network=keep)
        await gone.wait()
        second = await ask(url, network=keep)
        assert served.connections == 2
    assert second.connection is not None
    assert not second.connection.reused
    assert next(iter(second.marks)) is MarkName.DNS_BEGIN


async def test_a_request_that_crossed_a_goodbye_is_not_repeated(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        if stream == 1:
            await answer_ok(peer, stream)
        else:
            peer.state.close_connection(last_stream_id=1)
            await peer.flush()

    async with serving_http2(answer, tls_http2) as (served, _):
        keep = Network(ca_file=ca_file, keep_connection=True)
        url = f"https://127.0.0.1:{served.port}/"
        await ask(url, network=keep)
        second = await ask(url, network=keep)
        assert served.connections == 1
    assert second.end is not None
    assert (second.end.code, second.end.phase) == ("reset", "wait")
    assert second.end.message.startswith("the peer closed the kept connection before it answered")


async def test_a_goodbye_in_good_order_lets_the_answer_finish(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        goodbye = frame(7, 0, stream.to_bytes(4, "big") + bytes(4) + b"shutting down")
        for at in range(0, len(goodbye), 5):  # however it is split
            peer.writer.write(goodbye[at : at + 5])
            await peer.writer.drain()
            await asyncio.sleep(0)
        await peer.send(stream, b"data: x\n\n", end=True)

    async with serving_http2(answer, tls_http2) as (served, _):
        url, network = f"https://127.0.0.1:{served.port}/", Network(ca_file=ca_file)
        recordings = [await ask(url, network=network) for _ in range(2)]
    for recording in recordings:
        assert recording.end is not None
        assert recording.end.kind is EndKind.WHOLE
        assert bytes(recording.body.data) == b"data: x\n\n"
    assert served.connections == 2  # a peer that said goodbye gets no second request


@pytest.mark.parametrize(("last_stream", "error"), [(0, 0), (9, 2)])
async def test_a_goodbye_that_gives_the_answer_up(
    ask: Ask, tls_http2: ssl.SSLContext, ca_file: str, last_stream: int, error: int
) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        await peer.send(stream, b"half")
        peer.writer.write(frame(7, 0, last_stream.to_bytes(4, "big") + error.to_bytes(4, "big")))
        await peer.writer.drain()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.code == "reset"
    assert recording.end.message == f"the peer ended the HTTP/2 connection: {'INTERNAL_ERROR' if error else 'NO_ERROR'}"
    assert bytes(recording.body.data) == b"half"


async def test_a_reset_stream(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        await peer.send(stream, b"half")
        peer.state.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        await peer.flush()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("reset", "receive")
    assert recording.end.message == "the peer reset the HTTP/2 stream: INTERNAL_ERROR"
    assert bytes(recording.body.data) == b"half"


@pytest.mark.parametrize(("after_head", "code"), [(True, "cut"), (False, "reset")])
async def test_a_connection_that_ends_early(
    ask: Ask, tls_http2: ssl.SSLContext, ca_file: str, after_head: bool, code: str
) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        if after_head:
            await peer.send_head(stream)
            await peer.send(stream, b"half")
        peer.writer.close()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.code == code
    assert bytes(recording.body.data) == (b"half" if after_head else b"")


async def test_pings_do_not_break_the_silence(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        while not peer.reader.at_eof():
            peer.state.ping(b"12345678")
            await peer.flush()
            await asyncio.sleep(0.02)

    async with serving_http2(answer, tls_http2) as (served, _):
        url, network = f"https://127.0.0.1:{served.port}/", Network(ca_file=ca_file)
        recording = await ask(url, network=network, limits=Limits(silence_s=0.2))
    assert recording.end is not None
    assert recording.end.code == "silence_timeout"


async def test_frames_that_break_the_rules(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        peer.writer.write(frame(1, 0, b"a head for no stream"))
        await peer.writer.drain()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == ("not_http", EndDetail(EndReason.HTTP2_BROKEN))


@pytest.mark.parametrize("head", [[("content-type", "text/plain")], [(":status", "OK")], [(":status", "20")]])
async def test_a_head_without_a_status(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str, head: list[tuple[str, str]]) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        peer.writer.write(frame(1, stream, hpack.Encoder().encode(head), flags=4) + frame(0, stream, b"hello", flags=1))
        await peer.writer.drain()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == ("not_http", EndDetail(EndReason.HTTP2_BROKEN))
    assert recording.end.message == "the head of the answer has no status"
    assert recording.head is None


async def test_trailers_need_no_status(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        await peer.send(stream, b"whole")
        peer.state.send_headers(stream, [("x-late", "1")], end_stream=True)
        await peer.flush()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE


async def test_an_answer_in_http1_where_http2_was_chosen(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 0\r\n\r\n"), tls_http2) as served:
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == ("not_http", EndDetail(EndReason.HTTP1_UNASKED))


@pytest.mark.parametrize("length", ["3", "9"])
async def test_a_length_that_is_not_that_of_the_data(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str, length: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        head = peer.state.encoder.encode([(":status", "200"), ("content-length", length)])
        peer.writer.write(frame(1, stream, head, flags=4) + frame(0, stream, b"hello", flags=1))
        await peer.writer.drain()

    async with serving_http2(answer, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file))
    assert recording.end is not None
    assert recording.end.message == f"its content-length is {length}, and 5 bytes came"
    assert recording.end.detail == EndDetail(EndReason.HTTP2_BROKEN)


async def test_an_answer_in_http2_to_a_request_of_http1(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async with serving_http2(answer_ok, tls_http2) as (served, _):
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=Network(ca_file=ca_file, http2=False))
    assert recording.end is not None
    assert (recording.end.code, recording.end.detail) == ("not_http", EndDetail(EndReason.HTTP2_UNASKED))


async def test_cancelling_closes_the_connection(wire: WireClient, ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async def answer(peer: Http2Peer, stream: int) -> None:
        await peer.send_head(stream)
        await peer.send(stream, b"x")

    def on_records(recording: Recording, _: list[Record]) -> None:
        if len(recording.body):
            wire.cancel("a")

    async with serving_http2(answer, tls_http2) as (served, _):
        network = Network(ca_file=ca_file, keep_connection=True)
        recording = await ask(f"https://127.0.0.1:{served.port}/", network=network, on_records=on_records)
        await served.hung_up.wait()
    assert recording.end is not None
    assert recording.end.kind is EndKind.CANCELLED


def frame(kind: int, stream: int, payload: bytes = b"", flags: int = 0) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_an_interim_frame_is_no_answer_however_it_is_split(step: int) -> None:
    early = b"\x48\x03103"
    interim = frame(1, 1, early, flags=4) + frame(1, 1, b"\2" + early + b"pp", flags=0x0C)  # the second one padded
    data, watch, out = interim + frame(1, 1, b"\x88", flags=4), FrameWatch(), b""
    for at in range(0, len(data), step):
        assert watch.stream_id == (0 if at < len(interim) + 10 else 1)
        out += watch.feed(at, data[at : at + step])
    assert watch.stream_id == 1
    assert watch.first_ns == (len(interim) + 8) // step * step
    assert out == data


@pytest.mark.parametrize("step", [1, 2, 5, 9, 1000])
def test_frames_are_followed_however_they_are_split(step: int) -> None:
    data = (
        frame(4, 0, b"settings")
        + frame(1, 1, b"\x88", flags=4)
        + frame(6, 0, b"x" * 8)
        + frame(0, 3, b"\x01" * 20)
        + frame(7, 0)
    )
    watch = FrameWatch()
    seen: list[tuple[int, int]] = []
    for at in range(0, len(data), step):
        watch.feed(at, data[at : at + step])
        if watch.is_new:
            seen.append((watch.stream_id, watch.first_ns))
    assert watch.goaway
    assert watch.stream_id == 3
    if step == 1:
        head_end = len(frame(4, 0, b"settings")) + 8
        assert seen[0] == (1, head_end)
