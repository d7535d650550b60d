"""Sockets that stamp: each read is stamped before anything else is done, and kept apart from the next until it is taken."""

from __future__ import annotations

import asyncio
import ssl
from abc import ABC, abstractmethod
from collections import deque
from typing import TYPE_CHECKING, Any, cast

import httpcore

from app.clock import now_ns
from app.wire.arrival import ArrivalSocket
from app.wire.http2_frames import FrameWatch
from app.wire.tape import Connection

if TYPE_CHECKING:
    from app.wire.backend import Backend

READ_BYTES = 1 << 16
# Waiting bytes at which a socket is no longer read, for an HTTP stack that can't keep up; never for a slow window.
_PAUSE_BYTES = 8 << 20


class Stream(httpcore.AsyncNetworkStream, ABC):
    """What httpcore reads from and writes to: a socket, or TLS over one. Tells the backend's tape about both.

    Attributes:
        backend: whose tape is told.
        last_read_ns: when the bytes that `read` gave last came in.
        last_write_ns: when the last byte of the last write was handed to the kernel.
        frames: HTTP/2's frames as they come by; None for HTTP/1.1.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.last_read_ns = 0
        self.last_write_ns = 0
        self.frames: FrameWatch | None = None
        self._rest = b""
        self._early: deque[tuple[int, bytes]] = deque()

    @abstractmethod
    async def receive(self) -> tuple[int, bytes]:
        """What the next socket read gave, with its stamp; no bytes at the end of the stream."""

    @abstractmethod
    async def transmit(self, data: bytes) -> None:
        """Write; returns when the kernel has all of it."""

    @abstractmethod
    def transmit_now(self, data: bytes) -> None:
        """Write without waiting, as far as that still goes."""

    @abstractmethod
    def take_waiting(self) -> list[tuple[int, bytes]]:
        """What has come and was not read yet, without waiting."""

    @abstractmethod
    def describe(self) -> Connection:
        """Peer, TLS and certificate."""

    @abstractmethod
    def abort(self) -> None:
        """Close the socket now, whatever is under way."""

    @property
    @abstractmethod
    def over(self) -> bool:
        """The peer has closed, or the connection is lost."""

    @property
    def tls(self) -> ssl.SSLObject | None:
        """The TLS state; None for plain text."""
        return None

    def watch_frames(self) -> None:
        """The connection speaks HTTP/2 from its first byte on."""
        self.frames = FrameWatch()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 -- httpcore's signature
        """httpcore's read. Limits of time are the exchange's own, so `timeout` is not used."""
        if not self._rest:
            await self._read_next()
        data, self._rest = self._rest[:max_bytes], self._rest[max_bytes:]
        return data

    async def _read_next(self) -> None:
        tape = self.backend.tape
        if tape is not None:
            tape.about_to_read()
        ns, self._rest = self._early.popleft() if self._early else await self._receive_watched()
        self.last_read_ns = ns
        if tape is None or not self._rest:
            return
        if self.frames is None:
            tape.came(ns, self._rest)
        elif self.frames.stream_id == tape.stream_id:
            tape.answered(self.frames.first_ns if self.frames.is_new else ns)

    async def _receive_watched(self) -> tuple[int, bytes]:
        """The next read of which something is left for the HTTP stack; no bytes at the end of the stream."""
        while True:
            ns, data = await self.receive()
            left = self._watched(ns, data)
            if left or not data:
                return ns, left

    def _watched(self, ns: int, data: bytes) -> bytes:
        if self.frames is None:
            return data
        tape = self.backend.tape
        return self.frames.feed(ns, data, tape.stream_id if tape is not None else None)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- httpcore's signature
        """httpcore's write."""
        if not buffer:
            return
        if self.backend.tape is not None:
            self.backend.tape.about_to_write(self, buffer)
        try:
            await self.transmit(buffer)
        except OSError as error:
            raise httpcore.WriteError(error) from error  # httpcore then reads on: the answer may be there already

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """httpcore's way to TLS."""
        return await self.backend.secure(self, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        """httpcore asks for the ALPN choice, and whether an idle connection has something to say (then it is no good)."""
        match info:
            case "ssl_object":
                return self.tls
            case "is_readable":
                return self.is_stale
        return None

    @property
    def is_stale(self) -> bool:
        """For an idle kept connection: the peer closed it, said goodbye, or (HTTP/1.1) spoke unasked."""
        for ns, data in self.take_waiting():
            if left := self._watched(ns, data):
                self._early.append((ns, left))
        if self.frames is not None:
            return self.over or self.frames.goaway
        return self.over or bool(self._early)


class SocketStream(Stream):
    """A TCP connection."""

    def __init__(self, backend: Backend, socket: StampedSocket) -> None:
        super().__init__(backend)
        self._socket = socket

    async def receive(self) -> tuple[int, bytes]:
        return await self._socket.receive()

    async def transmit(self, data: bytes) -> None:
        self.last_write_ns = await self._socket.transmit(data)

    def transmit_now(self, data: bytes) -> None:
        self._socket.transmit_now(data)

    def take_waiting(self) -> list[tuple[int, bytes]]:
        return self._socket.take_waiting()

    @property
    def over(self) -> bool:
        return self._socket.ended

    def describe(self) -> Connection:
        return Connection(peer=self._socket.peer, stamped_by=self._socket.stamped_by)

    async def aclose(self) -> None:
        self._socket.transport.close()

    def abort(self) -> None:
        self._socket.transport.abort()


class StampedSocket(asyncio.BufferedProtocol):
    """asyncio's side of a connection: stamps each read first, then queues it.

    `arrivals` is the socket itself where it tells when bytes came; else they are stamped as asyncio hands them over. Stamps of
    one connection never go back: what came before we wrote counts as come when we did, so that no answer is older than its
    request only because we got our turn late.

    Attributes:
        transport: set once connected.
        peer: "ip:port".
        stamped_by: "kernel" or "read".
        ended: nothing more will come; `error` says why, None for an orderly end.
    """

    def __init__(self, arrivals: ArrivalSocket | None = None) -> None:
        self.transport: asyncio.Transport
        self.peer = ""
        self.ended = False
        self.error: Exception | None = None
        self.stamped_by = "read" if arrivals is None else "kernel"
        self._arrivals = arrivals
        self._latest_ns = 0
        self._memory = bytearray(READ_BYTES)
        self._view = memoryview(self._memory)
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._waiting_bytes = 0
        self._ended_ns = 0
        self._reader: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._drained_ns = 0
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._latest_ns = now_ns()
        # Writing "pauses" as soon as the kernel did not take all at once, and resumes when it has: that is SEND_END.
        self.transport.set_write_buffer_limits(high=0)
        address = transport.get_extra_info("peername")
        if address:
            host, port = address[:2]
            self.peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._view

    def buffer_updated(self, nbytes: int) -> None:
        self._latest_ns = max(self._latest_ns, now_ns() if self._arrivals is None else self._arrivals.arrived_ns)
        self._pieces.append((self._latest_ns, bytes(self._view[:nbytes])))
        self._waiting_bytes += nbytes
        if self._waiting_bytes > _PAUSE_BYTES:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._end(None)
        return True  # the other direction stays open: we may not have sent all

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._end(exc)
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    def _end(self, error: Exception | None) -> None:
        if not self.ended:
            self.ended, self.error, self._ended_ns = True, error, now_ns()
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def pause_writing(self) -> None:
        self._drained = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        self._drained_ns = self._latest_ns = now_ns()
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    async def receive(self) -> tuple[int, bytes]:
        """The next read; no bytes at an orderly end. Raises OSError for any other end."""
        while not self._pieces:
            if self.ended:
                if self.error is not None:
                    raise self.error
                return self._ended_ns, b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        piece = self._pieces.popleft()
        self._taken(len(piece[1]))
        return piece

    def take_waiting(self) -> list[tuple[int, bytes]]:
        """All reads that wait."""
        pieces = list(self._pieces)
        self._pieces.clear()
        self._taken(self._waiting_bytes)
        return pieces

    def _taken(self, nbytes: int) -> None:
        was_over, self._waiting_bytes = self._waiting_bytes > _PAUSE_BYTES, self._waiting_bytes - nbytes
        if was_over and self._waiting_bytes <= _PAUSE_BYTES and not self._lost:
            self.transport.resume_reading()

    async def transmit(self, data: bytes) -> int:
        """Write; returns when the last byte was handed to the kernel, in nanoseconds. Raises OSError for a lost connection.

        Where the kernel takes all at once, that is before the call: a peer on this machine may have answered when it returns.
        """
        self._check_open()
        ns = self._latest_ns = now_ns()
        self.transport.write(data)
        if self._drained is not None:
            await self._drained
            self._check_open()
            ns = self._drained_ns
        return ns

    def _check_open(self) -> None:
        if self._lost:
            raise self.error or ConnectionResetError("the connection was closed")

    def transmit_now(self, data: bytes) -> None:
        """Write what may get lost."""
        if data and not self._lost and not self.transport.is_closing():
            self.transport.write(data)
