"""The socket's own bookkeeping, on real socket pairs."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest

from app.clock import now_ns
from app.wire.streams import READ_BYTES, StampedSocket


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    one.setblocking(False)
    other.setblocking(False)
    yield one, other
    one.close()
    other.close()


async def adopt(one: socket.socket) -> StampedSocket:
    _, stamped = await asyncio.get_running_loop().create_connection(StampedSocket, sock=one)
    return stamped


async def test_a_write_ends_when_the_kernel_took_its_last_byte(pair: tuple[socket.socket, socket.socket]) -> None:
    """The kernel is full: one more byte waits until the peer reads."""
    one, other = pair
    with suppress(BlockingIOError):
        while True:
            one.send(b"x" * 4096)
    stamped = await adopt(one)
    writing = asyncio.ensure_future(stamped.transmit(b"y"))
    done, _ = await asyncio.wait([writing], timeout=0.05)
    assert not done
    reading_ns = now_ns()
    with suppress(BlockingIOError):
        while True:
            other.recv(1 << 20)
    assert await writing > reading_ns
    stamped.transport.abort()


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
    """Reading pauses at a bound, and goes on when what came is taken; nothing is lost."""
    one, other = pair
    stamped = await adopt(one)
    sent = 24 << 20

    async def flood() -> None:
        for _ in range(sent // READ_BYTES):
            await asyncio.get_running_loop().sock_sendall(other, b"x" * READ_BYTES)
        other.shutdown(socket.SHUT_WR)

    flooding = asyncio.ensure_future(flood())
    while stamped.transport.is_reading():  # noqa: ASYNC110 -- nothing tells when asyncio pauses
        await asyncio.sleep(0)
    assert not flooding.done()
    taken = 0
    while data := (await stamped.receive())[1]:
        taken += len(data)
    assert taken == sent
    await flooding
    stamped.transport.abort()
