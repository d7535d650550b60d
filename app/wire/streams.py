"""The streams that httpcore reads from and writes to, which report every read's stamp to the tape."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections import deque
from typing import Any, Protocol

import httpcore

from app.clock import now_ns
from app.recording import end_words
from app.recording.records import EndDetail, EndReason, WireErrorCode
from app.wire.departure import PathState
from app.wire.errors import WireError
from app.wire.flight import Flight
from app.wire.http2_frames import FrameWatch
from app.wire.sockets import StampedSocket
from app.wire.tape import ConnectionInfo, Tape


class StreamOwner(Protocol):
    """What a stream needs of the backend that opened it.

    Attributes:
        tape: of the running exchange, None while the connection is idle.
    """

    tape: Tape | None

    async def secure(self, stream: Stream, context: ssl.SSLContext, hostname: str | None) -> Stream:
        """TLS over a stream; what httpcore's `start_tls` calls."""


class Stream(httpcore.AsyncNetworkStream, ABC):
    """A socket, or TLS over one. Reports reads and writes to its owner's tape.

    Attributes:
        owner: whose tape gets the reports.
        last_read_ns: when the bytes that `read` returned last had arrived.
        last_write_ns: when the last byte of the last write was handed to the kernel.
        frames: the watch over HTTP/2's frames; None for HTTP/1.1.
    """

    def __init__(self, owner: StreamOwner) -> None:
        self.owner = owner
        self.last_read_ns = 0
        self.last_write_ns = 0
        self.frames: FrameWatch | None = None
        self._ahead = b""
        self._ahead_failed: OSError | None = None
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
        """Write without waiting; lost where the connection is closing."""

    @abstractmethod
    def take_waiting(self) -> list[tuple[int, bytes]]:
        """The reads that nobody has taken yet, without waiting for more."""

    @abstractmethod
    def describe(self) -> ConnectionInfo:
        """Peer, TLS and certificate."""

    @abstractmethod
    def abort(self) -> None:
        """Close the socket now."""

    @abstractmethod
    def mark_end(self) -> None:
        """What was written so far ends a request."""

    @abstractmethod
    def departed(self) -> tuple[int | None, int | None]:
        """When the kernel sent that request's last byte, and when the peer acknowledged it; None where that is not told."""

    @abstractmethod
    def path_state(self) -> PathState | None:
        """The state of the path now; None where the system does not tell."""

    @property
    @abstractmethod
    def sent_bytes(self) -> int:
        """How many bytes the kernel has taken on this connection."""

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
        """Called by httpcore. `timeout` is not used: `app.wire.limits` keeps the time limits."""
        if not self._rest:
            await self._read_next()
        data, self._rest = self._rest[:max_bytes], self._rest[max_bytes:]
        return data

    async def _read_next(self) -> None:
        """The next bytes for the HTTP stack; whole HTTP chunks are the tape's before it sees them."""
        tape = self.owner.tape
        while True:
            if tape is not None:
                tape.about_to_read()
            ns, data = self._early.popleft() if self._early else await self._receive_watched()
            self.last_read_ns = ns
            if tape is not None and data and self.frames is None:
                tape.came(ns, data)
                if tape.takes_chunks and not (data := tape.take_chunks(ns, data)):
                    continue
            self._rest = data
            break
        if tape is not None and data and self.frames is not None and self.frames.stream_id == tape.stream_id:
            tape.answered(self.frames.first_ns if self.frames.is_new else ns)

    async def _receive_watched(self) -> tuple[int, bytes]:
        """The next read that leaves bytes for the HTTP stack; no bytes at the end of the stream."""
        while True:
            ns, data = await self.receive()
            left = self._watched(ns, data)
            if left or not data:
                return ns, left

    def _watched(self, ns: int, data: bytes) -> bytes:
        if self.frames is None:
            return data
        tape = self.owner.tape
        left = self.frames.feed(ns, data, tape.stream_id if tape is not None else None)
        if tape is not None and self.frames.speaks_http1:
            raise WireError(WireErrorCode.NOT_HTTP, end_words.HTTP1_UNASKED, EndDetail(EndReason.HTTP1_UNASKED))
        if tape is not None and self.frames.lacks_status and self.frames.stream_id == tape.stream_id:
            raise WireError(WireErrorCode.NOT_HTTP, end_words.NO_STATUS, EndDetail(EndReason.HTTP2_BROKEN))
        return left

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 -- httpcore's signature
        """Called by httpcore. Raises httpcore.WriteError."""
        if not buffer:
            return
        tape = self.owner.tape
        if tape is not None:
            tape.about_to_write(self, buffer)
        try:
            await self.pass_on(buffer)
        except OSError as error:
            if tape is not None:
                tape.handed_over(now_ns())
            raise httpcore.WriteError(error) from error  # httpcore then reads on: the answer may be there already

    async def send_ahead(self) -> None:
        """Send the request that was made beforehand; what the HTTP stack then writes of it was sent already."""
        tape = self.owner.tape
        if tape is None or not tape.flight.request:
            return
        self._ahead, tape.flight = tape.flight.request, Flight()
        tape.sending = True
        try:
            await self.transmit(self._ahead)
        except OSError as error:
            self._ahead_failed = error  # told where the HTTP stack writes

    async def pass_on(self, data: bytes) -> None:
        """Send bytes, less those that were sent ahead. Raises OSError."""
        if not self._ahead and self.owner.tape is not None and self.owner.tape.flight.request.startswith(data):
            await self.send_ahead()
        if self._ahead_failed is not None:
            raise self._ahead_failed
        known = min(len(self._ahead), len(data))
        if self._ahead[:known] != data[:known]:
            raise RuntimeError("the HTTP stack writes something else than was sent ahead")
        self._ahead = self._ahead[known:]
        if len(data) > known:
            await self.transmit(data[known:])

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        """Called by httpcore."""
        return await self.owner.secure(self, ssl_context, server_hostname)

    def get_extra_info(self, info: str) -> Any:
        """httpcore asks for the ALPN choice, and whether an idle connection is readable, that is, can't be reused."""
        match info:
            case "ssl_object":
                return self.tls
            case "is_readable":
                return self.is_stale
        return None

    @property
    def is_stale(self) -> bool:
        """Whether an idle connection can't be reused: closed by the peer, GOAWAY, or (HTTP/1.1) bytes without a request."""
        for ns, data in self.take_waiting():
            if left := self._watched(ns, data):
                self._early.append((ns, left))
        if self.frames is not None:
            return self.over or self.frames.goaway
        return self.over or bool(self._early)


class SocketStream(Stream):
    """A TCP connection, over which `ahead` was sent already, at `ahead_ns`."""

    def __init__(self, owner: StreamOwner, socket: StampedSocket, ahead: bytes = b"", ahead_ns: int = 0) -> None:
        super().__init__(owner)
        self._socket = socket
        self._ahead, self.last_write_ns = ahead, ahead_ns

    async def receive(self) -> tuple[int, bytes]:
        return await self._socket.receive()

    async def _receive_watched(self) -> tuple[int, bytes]:
        tape = self.owner.tape
        if self.frames is not None or tape is None or not tape.takes_chunks:
            return await super()._receive_watched()
        self._socket.taker = self._take
        try:
            return await self._socket.receive()
        finally:
            self._socket.taker = None

    def _take(self, ns: int, data: bytes) -> bytes:
        """Whole HTTP chunks go to the tape at once, while the HTTP stack waits for what it has to deal with."""
        self.last_read_ns = ns
        tape = self.owner.tape
        return data if tape is None else tape.take_chunks(ns, data)  # the stack still stands where it did

    async def transmit(self, data: bytes) -> None:
        self.last_write_ns = await self._socket.transmit(data, self._begun)

    def _begun(self, ns: int) -> None:
        if self.owner.tape is not None:
            self.owner.tape.handed_over(ns)

    def transmit_now(self, data: bytes) -> None:
        self._socket.transmit_now(data)

    def take_waiting(self) -> list[tuple[int, bytes]]:
        return self._socket.take_waiting()

    def mark_end(self) -> None:
        self._socket.mark_end()

    def departed(self) -> tuple[int | None, int | None]:
        return self._socket.departed()

    def path_state(self) -> PathState | None:
        return self._socket.path_state()

    @property
    def sent_bytes(self) -> int:
        return self._socket.sent_bytes

    @property
    def over(self) -> bool:
        return self._socket.ended

    def describe(self) -> ConnectionInfo:
        return ConnectionInfo(peer=self._socket.peer, stamped_by=self._socket.stamped_by)

    async def aclose(self) -> None:
        self._socket.transport.close()

    def abort(self) -> None:
        self._socket.abort()
