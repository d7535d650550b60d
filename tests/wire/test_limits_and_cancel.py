"""Time limits, the size limit, and cancelling: in every phase, with what came kept."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs

from app.diagnosis import diagnose
from app.exchange.exchange import Exchange
from app.recording.recording import Recording
from app.recording.records import EndKind, MarkName, Record, Request
from app.wire import tls as tls_module
from app.wire.backend import AddressInfo, connect, resolve
from app.wire.client import WireClient
from app.wire.commands import Cancel, Limits, Network, Start
from app.wire.worker import Worker
from tests.wire.conftest import ENVELOPE, Ask
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, PATIENCE_S, Served, answering, chunk, deaf_port, serving

SHORT = 0.5
PATIENT = (SHORT, 4 * SHORT, 16 * SHORT)


async def silent(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes a connection and never says a word."""
    await served.wait_closed(reader)


HEADLESS = answering(b"HTTP/1.1 200 OK\r\nContent-", hold=True)
STALLED = answering(CHUNKED_HEAD, chunk(b"data: 1\n\n"), hold=True)


@asynccontextmanager
async def stuck_in(phase: str) -> AsyncIterator[str]:
    """An address whose exchange stays in that phase."""
    if phase == "connect":
        with deaf_port() as port:
            yield f"http://127.0.0.1:{port}/"
        return
    handler = {"tls": silent, "wait": silent, "head": HEADLESS, "receive": STALLED}[phase]
    async with serving(handler) as served:
        yield f"http{'s' if phase == 'tls' else ''}://127.0.0.1:{served.port}/"
        await asyncio.wait_for(served.hung_up.wait(), PATIENCE_S)


class TooBusyError(Exception):
    """The limit was reached before what it is for."""


async def in_time(attempt: Callable[[float], Awaitable[None]]) -> None:
    """Try it with a short limit, and with a longer one where the machine is too busy to come so far within that."""
    for limit_s in PATIENT[:-1]:
        try:
            return await attempt(limit_s)
        except TooBusyError:
            continue
    return await attempt(PATIENT[-1])


LIMIT_CASES = {
    "connect": ("connect_s", "connect_timeout"),
    "tls": ("connect_s", "connect_timeout"),
    "wait": ("first_byte_s", "first_byte_timeout"),
    "head": ("silence_s", "silence_timeout"),
    "receive": ("silence_s", "silence_timeout"),
}


@pytest.mark.parametrize("phase", LIMIT_CASES)
async def test_a_limit_ends_the_exchange(ask: Ask, phase: str) -> None:
    limit, code = LIMIT_CASES[phase]

    async def attempt(limit_s: float) -> None:
        recording = await ended_in(phase, ask, structs.replace(Limits(), **{limit: limit_s}))
        assert recording.end is not None
        assert recording.end.kind is EndKind.ERROR
        assert recording.end.code == code
        assert f"{limit_s:g} s" in recording.end.message
        if phase == "receive":
            assert bytes(recording.body.data) == b"data: 1\n\n"
            assert "9 body bytes" in recording.end.message

    await in_time(attempt)


@pytest.mark.parametrize("phase", LIMIT_CASES)
async def test_the_total_limit_holds_in_every_phase(ask: Ask, phase: str) -> None:
    async def attempt(limit_s: float) -> None:
        recording = await ended_in(phase, ask, Limits(total_s=limit_s))
        assert recording.end is not None
        assert recording.end.code == "total_timeout"

    await in_time(attempt)


async def ended_in(phase: str, ask: Ask, limits: Limits) -> Recording:
    """An exchange that is stuck in that phase until a limit ends it. Raises TooBusyError where it had not come there."""
    async with stuck_in(phase) as url:
        recording = await ask(url, limits=limits)
        if recording.end is None or recording.end.phase != phase:
            raise TooBusyError
    return recording


async def test_the_total_limit_holds_while_bytes_come(ask: Ask) -> None:
    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await served.read_request(reader)
        writer.write(CHUNKED_HEAD)
        while True:
            writer.write(chunk(b": ping\n\n"))
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving(handle) as served:

        async def attempt(limit_s: float) -> None:
            recording = await ask(served.url, limits=Limits(total_s=limit_s))
            assert recording.end is not None
            assert recording.end.code == "total_timeout"
            if len(recording.body) < 5:
                raise TooBusyError

        await in_time(attempt)


SLOW_BODY = (CHUNKED_HEAD, *[chunk(b"x")] * 8, b"0\r\n\r\n")
SLOW_HEAD = (b"HTTP/1.1 ", b"200 ", b"OK\r\n", b"Content-", b"Length: ", b"0\r\n", b"X-", b"Y: z", b"\r\n\r\n")


@pytest.mark.parametrize("pieces", [SLOW_BODY, SLOW_HEAD], ids=["body", "head"])
async def test_bytes_push_the_silence_back(ask: Ask, pieces: tuple[bytes, ...]) -> None:
    """Together they take longer than the limit, none of them half as long."""

    async def attempt(limit_s: float) -> None:
        async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await served.read_request(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(limit_s / 5)

        async with serving(handle) as served:
            recording = await ask(served.url, limits=Limits(silence_s=limit_s))
        assert recording.end is not None
        if recording.end.code == "silence_timeout":
            raise TooBusyError
        assert recording.end.kind is EndKind.WHOLE

    await in_time(attempt)


@pytest.mark.parametrize("head", [OK_HEAD + b"Content-Length: 5000\r\n\r\n", OK_HEAD + b"\r\n"])
async def test_the_size_limit_keeps_what_came(ask: Ask, head: bytes) -> None:
    async with serving(answering(head + b"x" * 5000)) as served:
        recording = await ask(served.url, limits=Limits(body_bytes=1234))
    assert recording.end is not None
    assert recording.end.code == "too_large"
    assert "1234" in recording.end.message
    assert bytes(recording.body.data) == b"x" * 1234


async def test_a_body_of_exactly_the_limit_is_whole(ask: Ask) -> None:
    async with serving(answering(OK_HEAD + b"Content-Length: 1234\r\n\r\n" + b"x" * 1234)) as served:
        recording = await ask(served.url, limits=Limits(body_bytes=1234))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE


async def test_a_side_at_its_limit_leaves_the_other_alone(wire: WireClient, ask: Ask) -> None:
    async with serving(STALLED) as stalled, serving(answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")) as served:
        one, other = await asyncio.gather(ask(stalled.url, side="a", limits=Limits(silence_s=SHORT)), ask(served.url, side="b"))
    assert one.end is not None
    assert other.end is not None
    assert (one.end.code, other.end.kind) == ("silence_timeout", EndKind.WHOLE)


def when_in(phase: str, act: Callable[[], object]) -> Callable[[Recording, list[Record]], None]:
    """Acts once the recording shows that the phase has begun."""
    mark = {
        "connect": MarkName.CONNECT_BEGIN, "tls": MarkName.TLS_BEGIN, "wait": MarkName.SEND_END,
        "head": MarkName.FIRST_BYTE, "receive": MarkName.HEAD_END,
    }[phase]  # fmt: skip

    def on_records(recording: Recording, _: list[Record]) -> None:
        if mark in recording.marks and (phase != "receive" or len(recording.body)):
            act()

    return on_records


@pytest.mark.parametrize("phase", LIMIT_CASES)
async def test_cancel_in_every_phase(wire: WireClient, ask: Ask, phase: str) -> None:
    """The server sees the socket close: `stuck_in` waits for that."""
    async with stuck_in(phase) as url:
        recording = await ask(url, on_records=when_in(phase, lambda: wire.cancel("a")))
    assert recording.end is not None
    assert (recording.end.kind, recording.end.phase) == (EndKind.CANCELLED, phase)
    assert bytes(recording.body.data) == (b"data: 1\n\n" if phase == "receive" else b"")


async def test_a_cancelled_task_s_recording_ends_as_cancelled(ask: Ask) -> None:
    ended: list[Recording] = []

    def on_records(recording: Recording, _: list[Record]) -> None:
        if recording.end is not None:
            ended.append(recording)
        elif len(recording.body):
            task.cancel()

    async with stuck_in("receive") as url:
        task = asyncio.ensure_future(ask(url, on_records=on_records))
        await asyncio.wait([task])
    assert task.cancelled()
    assert [one.end.kind for one in ended if one.end is not None] == [EndKind.CANCELLED]


async def test_one_that_waits_its_turn_can_be_cancelled(wire: WireClient, ask: Ask) -> None:
    async with stuck_in("receive") as url, serving(answering()) as served:
        first = asyncio.ensure_future(ask(url, on_records=when_in("receive", lambda: wire.cancel("a"))))
        second = asyncio.ensure_future(ask(served.url))
        recordings = await asyncio.gather(first, second)
        assert served.connections == 0
    assert [one.end.kind for one in recordings if one.end is not None] == [EndKind.CANCELLED] * 2


class ListSink:
    """A sink for a worker in this process."""

    def __init__(self, over: asyncio.Event) -> None:
        self.recording = Recording(ENVELOPE, Request("POST", ""))
        self._over = over

    def record(self, exchange: int, record: Record) -> None:
        self.recording.apply(record)
        if self.recording.end is not None:
            self._over.set()

    def chunk(self, exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        self.recording.body.append(ns, data)


async def test_delays_can_be_injected() -> None:
    """What the benchmark of phases stands on: known delays in resolution and connect show up in those two phases."""

    async def slow_resolve(host: str, port: int) -> list[AddressInfo]:
        await asyncio.sleep(0.03)
        return await resolve("127.0.0.1", port)

    async def slow_connect(addresses: list[AddressInfo]) -> socket.socket:
        await asyncio.sleep(0.05)
        return await connect(addresses)

    over = asyncio.Event()
    sink = ListSink(over)
    worker = Worker(sink, slow_resolve, slow_connect)
    async with serving(answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")) as served:
        worker.take(Start(1, "a", Request("GET", f"http://endpoint.test:{served.port}/")))
        await over.wait()
        await worker.aclose()
    marks = sink.recording.marks
    assert marks[MarkName.DNS_END] - marks[MarkName.DNS_BEGIN] >= 30_000_000
    assert marks[MarkName.CONNECT_END] - marks[MarkName.CONNECT_BEGIN] >= 50_000_000
    assert bytes(sink.recording.body.data) == b"ok"


async def test_cancel_while_a_name_is_resolved() -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def never(host: str, port: int) -> list[AddressInfo]:
        begun.set()
        await asyncio.get_running_loop().create_future()
        return []

    sink = ListSink(over)
    worker = Worker(sink, never)
    worker.take(Start(1, "a", Request("GET", "http://endpoint.test/")))
    await begun.wait()
    worker.take(Cancel(1))
    await over.wait()
    await worker.aclose()
    assert sink.recording.end is not None
    assert (sink.recording.end.kind, sink.recording.end.phase) == (EndKind.CANCELLED, "dns")


@pytest.mark.parametrize("way", ["plain", "tls", "http2"])
async def test_a_peer_that_never_reads_the_request_ends_by_the_limit_of_silence(
    ask: Ask, way: str, tls: ssl.SSLContext, tls_http2: ssl.SSLContext, ca_file: str
) -> None:
    """Some of it goes out, into the buffers of either side; then nothing moves any more."""

    async def never_reads(_served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport has it
        await over.wait()

    over = asyncio.Event()
    context = {"plain": None, "tls": tls, "http2": tls_http2}[way]
    async with serving(never_reads, context) as served:
        url = f"http{'s' if context else ''}://127.0.0.1:{served.port}/"
        limits = Limits(first_byte_s=PATIENCE_S, silence_s=SHORT, total_s=PATIENCE_S)
        recording = await ask(url, bytes(30_000_000), limits=limits, network=Network(ca_file=ca_file))
        over.set()
    assert recording.end is not None
    assert (recording.end.code, recording.end.phase) == ("silence_timeout", "send")
    assert "nothing more of the request was taken" in recording.end.message
    assert recording.end.detail is not None
    assert recording.end.detail.limit_s == SHORT
    diagnosis = diagnose(Exchange(recording).finish())
    assert diagnosis is not None
    assert diagnosis.rule == "silence-in-sending"


async def test_a_slow_reader_is_not_silent(ask: Ask) -> None:
    """It takes longer in all than the limit of silence, and some of the request every now and then."""

    async def slow(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        left, begun = size, asyncio.get_running_loop().time()
        while left:
            data = await reader.read(1 << 20)
            left -= len(data)
            if asyncio.get_running_loop().time() < begun + 3 * SHORT:
                await asyncio.sleep(SHORT / 20)
        writer.write(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
        await writer.drain()

    size = 24_000_000
    async with serving(slow) as served:
        recording = await ask(served.url, bytes(size), limits=Limits(silence_s=SHORT, total_s=PATIENCE_S))
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a FIFO")
async def test_a_certificate_file_that_never_ends_is_within_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As a file on a network that is gone: looking at it is silent, reading it waits. What becomes of it then nobody hears."""
    monkeypatch.setattr(tls_module, "_require_regular", lambda name: None)
    fifo = tmp_path / "ca.pem"
    os.mkfifo(fifo)
    over = asyncio.Event()
    sink = ListSink(over)
    worker = Worker(sink)
    try:
        worker.take(Start(1, "a", Request("GET", "https://127.0.0.1:9/"), Limits(connect_s=SHORT), Network(ca_file=str(fifo))))
        await asyncio.wait_for(over.wait(), PATIENCE_S)
    finally:
        os.close(os.open(fifo, os.O_WRONLY))  # lets the thread go
    await worker.aclose()
    await asyncio.get_running_loop().shutdown_default_executor()  # the file was read by then, in vain
    assert sink.recording.end is not None
    assert (sink.recording.end.code, sink.recording.end.phase) == ("connect_timeout", "prepare")
    del worker
    gc.collect()
    assert caplog.messages == []
