"""A socket under asyncio that stamps each read before anything else is done with it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from app.clock import now_ns
from app.recording import end_words
from app.wire.arrival import ArrivalSocket
from app.wire.departure import PathState, path_state

READ_BYTES = 1 << 16
Taker = Callable[[int, bytes], bytes]
# With so many bytes waiting the socket is not read, for an HTTP stack that can't keep up; a slow window never causes that.
_PAUSE_BYTES = 8 << 20


class StampedSocket(asyncio.BufferedProtocol):
    """asyncio's side of a connection: stamps each read first, then queues it.

    `arrivals` is the socket itself where it reports arrival times; otherwise bytes are stamped when asyncio hands them over.
    `written_bytes` of them were written at `written_ns`, before asyncio had the socket.
    Stamps of one connection never go back: bytes from before a write get the time of the write, so that no response is older
    than its request only because this process ran late.

    Attributes:
        transport: set once connected.
        peer: "ip:port".
        stamped_by: "kernel" or "read".
        taker: while a reader waits, it is called with each read and its stamp, and gives back what the reader has to deal with;
            None where that is all. What it takes wakes nobody: with hundreds of streams that is most of the work.
        ended: nothing more will come; `error` says why, None for an orderly end.
    """

    def __init__(self, arrivals: ArrivalSocket | None = None, written_bytes: int = 0, written_ns: int = 0) -> None:
        self.transport: asyncio.Transport
        self.peer = ""
        self.ended = False
        self.error: Exception | None = None
        self.stamped_by = "read" if arrivals is None else "kernel"
        self.taker: Taker | None = None
        self._arrivals = arrivals
        self._latest_ns = written_ns
        self._memory = bytearray(READ_BYTES)
        self._view = memoryview(self._memory)
        self._pieces: deque[tuple[int, bytes]] = deque()
        self._waiting_bytes = 0
        self._ended_ns = 0
        self._reader: asyncio.Future[None] | None = None
        self._drained: asyncio.Future[None] | None = None
        self._drained_ns = 0
        self._lost = False
        self._written_bytes = written_bytes
        self._end_bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._latest_ns = self._latest_ns or now_ns()
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
        data = bytes(self._view[:nbytes])
        if self.taker is not None and not self._pieces and not (data := self.taker(self._latest_ns, data)):
            return
        self._pieces.append((self._latest_ns, data))
        self._waiting_bytes += len(data)
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
        """The reads that nobody has taken yet, each with its stamp."""
        pieces = list(self._pieces)
        self._pieces.clear()
        self._taken(self._waiting_bytes)
        return pieces

    def _taken(self, nbytes: int) -> None:
        was_over, self._waiting_bytes = self._waiting_bytes > _PAUSE_BYTES, self._waiting_bytes - nbytes
        if was_over and self._waiting_bytes <= _PAUSE_BYTES and not self._lost:
            self.transport.resume_reading()

    async def transmit(self, data: bytes, begun: Callable[[int], None]) -> int:
        """Write; returns when the last byte was handed to the kernel, in nanoseconds. Raises OSError for a lost connection.

        Where the kernel takes all at once, that is the time before the call: a peer on this machine may answer during it.
        `begun` is told when the first byte was, as soon as it was.
        """
        self._check_open()
        ns = self._latest_ns = now_ns()
        self._written_bytes += len(data)
        self.transport.write(data)
        begun(ns)
        if self._drained is not None:
            await self._drained
            self._check_open()
            ns = self._drained_ns
        return ns

    def departed(self) -> tuple[int | None, int | None]:
        """When the kernel sent the last byte written before `mark_end`, and when it was acknowledged; None: not told."""
        return self._arrivals.departed(self._end_bytes - 1) if self._arrivals is not None else (None, None)

    def mark_end(self) -> None:
        """What was written so far ends a request."""
        self._end_bytes = self._written_bytes

    def path_state(self) -> PathState | None:
        """The state of the path now; None where the system does not tell."""
        connected = self._arrivals if self._arrivals is not None else self.transport.get_extra_info("socket")
        return path_state(connected) if connected is not None and connected.fileno() >= 0 else None

    @property
    def sent_bytes(self) -> int:
        """How many bytes the kernel has taken so far, of all that were to be written."""
        return self._written_bytes - self.transport.get_write_buffer_size()

    def _check_open(self) -> None:
        if self._lost:
            raise self.error or ConnectionResetError(end_words.CLOSED)

    def abort(self) -> None:
        """Close it now."""
        # WORKAROUND: asyncio (Python 3.11 to 3.13) raises AttributeError where closing had to wait for a write and is done.
        if not self._lost:
            self.transport.abort()

    def transmit_now(self, data: bytes) -> None:
        """Write without waiting; lost where the connection is closing."""
        if data and not self._lost and not self.transport.is_closing():
            self._written_bytes += len(data)
            self.transport.write(data)
