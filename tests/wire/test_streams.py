"""The socket's own bookkeeping, on real socket pairs."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import time_ns as wall_ns

import pytest

from app.clock import now_ns
from app.wire import arrival
from app.wire.arrival import ArrivalSocket, arrivals_noted, with_arrivals
from app.wire.sockets import StampedSocket
from tests.tun import NO_DEVICE
from tests.wire.servers import PATIENCE_S

MS = 1_000_000


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    one.setblocking(False)
    other.setblocking(False)
    yield one, other
    one.close()
    other.close()


@contextmanager
def connected() -> Iterator[tuple[ArrivalSocket, socket.socket]]:
    """A TCP connection on this machine, at our end one that tells arrivals."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        other, _ = server.accept()
    arrivals = with_arrivals(one)
    if arrivals is None:
        one.close()
        other.close()
        pytest.skip("this system does not tell when bytes came")
    yield arrivals, other
    arrivals.close()
    other.close()


@pytest.fixture
def noted() -> Iterator[None]:
    """The kernel notes arrivals by now."""
    end_ns = now_ns() + PATIENCE_S * 1e9
    with arrivals_noted():
        with connected() as (one, other):
            while not tells_arrival(one, other):
                assert now_ns() < end_ns, "the kernel notes no arrival"
        yield


@pytest.fixture
def connection(noted: None) -> Iterator[tuple[ArrivalSocket, socket.socket]]:
    """A connection whose arrivals are noted from its first byte on."""
    with connected() as both:
        yield both


def tells_arrival(one: ArrivalSocket, other: socket.socket) -> bool:
    """Whether a byte that is read late has the time at which it came."""
    other.send(b"x")
    until_came(one, b"x")
    be_busy_until(now_ns() + 10 * MS)
    reading_ns = now_ns()
    one.recv_into(bytearray(1))
    return one.arrived_ns < reading_ns - 5 * MS


async def adopt(one: socket.socket) -> StampedSocket:
    arrivals = one if isinstance(one, ArrivalSocket) else None
    _, stamped = await asyncio.get_running_loop().create_connection(lambda: StampedSocket(arrivals), sock=one)
    return stamped


def until_came(one: socket.socket, data: bytes) -> None:
    """Until the kernel has these bytes for us, which on a busy machine takes a while; they are not read."""
    came = b""
    while came != data:
        with suppress(BlockingIOError):
            came = socket.socket.recv(one, len(data), socket.MSG_PEEK)


def be_busy_until(ns: int) -> None:
    """Keep the loop from its turn, as a machine with too much to do does."""
    while now_ns() < ns:
        pass


async def test_a_write_ends_when_the_kernel_took_its_last_byte(pair: tuple[socket.socket, socket.socket]) -> None:
    """The kernel is full: one more byte waits until the peer reads."""
    one, other = pair
    with suppress(BlockingIOError):
        while True:
            one.send(b"x" * 4096)
    stamped = await adopt(one)
    begun: list[int] = []
    writing = asyncio.ensure_future(stamped.transmit(b"y", begun.append))
    for _ in range(20):  # the loop's turns, in which it would have ended
        await asyncio.sleep(0)
    assert not writing.done()
    assert len(begun) == 1, "that it was begun is told at once: the time limits count from it"
    reading_ns = now_ns()
    with suppress(BlockingIOError):
        while True:
            other.recv(1 << 20)
    assert await writing > reading_ns
    stamped.transport.abort()


async def test_a_connection_that_closed_behind_its_last_write_can_be_aborted(pair: tuple[socket.socket, socket.socket]) -> None:
    """The transport of Python 3.11.7, 3.12.1 and 3.13.0 raises AttributeError then."""
    one, other = pair
    with suppress(BlockingIOError):
        while True:
            one.send(b"x" * 4096)
    stamped = await adopt(one)
    stamped.transmit_now(b"y")
    stamped.transport.close()
    with suppress(BlockingIOError):
        while True:
            other.recv(1 << 20)
    assert (await stamped.receive())[1] == b""
    stamped.abort()


async def test_each_read_keeps_its_own_stamp(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    stamped = await adopt(one)
    other.send(b"first")
    first_ns, first = await stamped.receive()
    other.send(b"second")
    second_ns, second = await stamped.receive()
    assert (first, second) == (b"first", b"second")
    assert first_ns < second_ns <= now_ns()
    stamped.transport.abort()


async def test_bytes_that_are_read_late_have_the_time_at_which_they_came(
    connection: tuple[ArrivalSocket, socket.socket],
) -> None:
    one, other = connection
    stamped = await adopt(one)
    assert stamped.stamped_by == "kernel"
    for text in (b"first", b"second", b"third"):
        before_ns = now_ns()
        other.send(text)
        until_came(one, text)
        be_busy_until(now_ns() + 20 * MS)
        late_ns = now_ns()
        ns, data = await stamped.receive()
        assert data == text
        assert before_ns < ns < late_ns - 10 * MS
    stamped.transport.abort()


@pytest.mark.usefixtures("noted")
def test_a_connection_s_first_byte_has_the_time_at_which_it_came() -> None:
    """Linux begins to note arrivals some time after the first socket asks for it, and ends behind the last one's end."""
    for _ in range(20):
        be_busy_until(now_ns() + 20 * MS)  # in which the kernel might end it
        with connected() as (one, other):
            assert tells_arrival(one, other)


async def test_of_bytes_that_are_read_together_the_last_one_counts(connection: tuple[ArrivalSocket, socket.socket]) -> None:
    """A chunk's stamp says: by then all of it was there."""
    one, other = connection
    stamped = await adopt(one)
    other.send(b"first ")
    until_came(one, b"first ")
    be_busy_until(now_ns() + 10 * MS)
    before_ns = now_ns()
    other.send(b"second")
    until_came(one, b"first second")
    be_busy_until(now_ns() + 10 * MS)
    ns, data = await stamped.receive()
    assert data == b"first second"
    assert before_ns < ns < now_ns() - 5 * MS
    stamped.transport.abort()


async def test_bytes_that_waited_for_an_earlier_segment_are_not_older_than_that(
    connection: tuple[ArrivalSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of a read may have come long before the one that was lost and sent again; the next one counts as before."""
    one, other = connection
    stamped = await adopt(one)
    other.send(b"the last comes early, the first late")
    until_came(one, b"the last comes early, the first late")
    be_busy_until(now_ns() + 10 * MS)
    monkeypatch.setattr(arrival, "_overtaking_segments", lambda _: 1)
    before_ns = now_ns()
    assert (await stamped.receive())[0] > before_ns
    other.send(b"in turn")
    until_came(one, b"in turn")
    be_busy_until(now_ns() + 10 * MS)
    assert (await stamped.receive())[0] < now_ns() - 5 * MS
    stamped.transport.abort()


@pytest.mark.skipif(shutil.which("unshare") is None or shutil.which("ip") is None, reason="no network of one's own here")
def test_no_stamp_is_older_than_any_segment_that_was_read_with_it() -> None:
    """By a real connection on which segments overtake one another."""
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "tests.wire.overtaken"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if done.returncode == NO_DEVICE or done.stderr.startswith(b"unshare:"):
        pytest.skip(f"no network of one's own here: {done.stderr.decode().strip()[-80:]}")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    at = 0
    for length, stamp_ns in told["reads"]:
        read_now = range(at, at + length)
        assert stamp_ns >= max(sent_ns for offset, _, sent_ns in told["sent"] if offset in read_now)
        at += length
    assert len(told["reads"]) < len(told["sent"])  # the one that overtook came with the one that lacked


async def test_no_answer_is_older_than_the_request_that_was_written_before_it_was_read(
    connection: tuple[ArrivalSocket, socket.socket],
) -> None:
    one, other = connection
    stamped = await adopt(one)
    other.send(b"an answer")
    until_came(one, b"an answer")
    be_busy_until(now_ns() + 10 * MS)
    written_ns = await stamped.transmit(b"a request", lambda ns: None)
    assert (await stamped.receive())[0] == written_ns
    stamped.transport.abort()


async def test_an_answer_that_came_before_our_write_returned_is_younger_than_the_request(
    connection: tuple[ArrivalSocket, socket.socket],
) -> None:
    """A peer on this machine can take the processor from us while we write: its time is none that we sent in."""
    one, other = connection
    stamped = await adopt(one)
    write = stamped.transport.write

    class Slow:
        """The transport, with a write that takes its time."""

        def write(self, data: bytes) -> None:
            write(data)
            be_busy_until(now_ns() + 10 * MS)
            other.send(b"an answer")
            be_busy_until(now_ns() + 10 * MS)

    transport, stamped.transport = stamped.transport, Slow()  # type: ignore[assignment]
    written_ns = await stamped.transmit(b"a request", lambda ns: None)
    assert (await stamped.receive())[0] - written_ns >= 10 * MS
    transport.abort()


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_wall_clock_that_is_set_meanwhile_moves_no_stamp_out_of_its_place(
    connection: tuple[ArrivalSocket, socket.socket], monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    one, other = connection
    stamped = await adopt(one)
    other.send(b"before")
    first_ns = (await stamped.receive())[0]
    monkeypatch.setattr("time.time_ns", lambda: wall_ns() + hours * 3_600_000 * MS)
    other.send(b"after")
    assert first_ns <= (await stamped.receive())[0] <= now_ns()
    stamped.transport.abort()


def test_a_system_without_arrivals_keeps_its_plain_socket(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    monkeypatch.setattr(arrival, "_SO_TIMESTAMPNS_NEW", 9999)
    assert with_arrivals(one) is None
    monkeypatch.setattr("sys.platform", "darwin")
    assert with_arrivals(one) is None
    assert one.fileno() != -1


async def test_where_the_kernel_says_nothing_the_time_of_the_read_stands(pair: tuple[socket.socket, socket.socket]) -> None:
    """A Unix socket takes the option and tells nothing."""
    one, other = pair
    stamped = await adopt(ArrivalSocket(one.family, one.type, one.proto, one.detach()))
    before_ns = now_ns()
    other.send(b"x")
    assert before_ns < (await stamped.receive())[0] <= now_ns()
    stamped.transport.abort()


async def test_what_came_before_the_end_is_given_before_it(pair: tuple[socket.socket, socket.socket]) -> None:
    one, other = pair
    stamped = await adopt(one)
    other.send(b"last words")
    other.shutdown(socket.SHUT_WR)
    assert (await stamped.receive())[1] == b"last words"
    assert (await stamped.receive())[1] == b""
    assert stamped.ended
    stamped.transport.abort()


async def test_a_flood_that_nobody_takes_is_left_to_the_kernel(pair: tuple[socket.socket, socket.socket]) -> None:
    """Reading, 64 kilobytes at a time, pauses once eight megabytes wait, and goes on when they are taken; nothing is lost."""
    one, other = pair
    stamped = await adopt(one)
    sent = 24 << 20

    async def flood() -> None:
        for _ in range(sent >> 16):
            await asyncio.get_running_loop().sock_sendall(other, b"x" * (1 << 16))
        other.shutdown(socket.SHUT_WR)

    flooding = asyncio.ensure_future(flood())
    while stamped.transport.is_reading() and not stamped.ended:  # noqa: ASYNC110 -- nothing tells when asyncio pauses
        await asyncio.sleep(0)
    assert not flooding.done()
    waiting = [len(data) for _, data in stamped.take_waiting()]
    taken = sum(waiting)
    assert max(waiting) == 1 << 16
    assert 8 << 20 < taken <= (8 << 20) + (1 << 16)
    while data := (await stamped.receive())[1]:
        taken += len(data)
    assert taken == sent
    await flooding
    stamped.transport.abort()
