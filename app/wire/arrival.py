"""When bytes arrived, as told by the kernel: a busy machine may run a program long after they did.

Linux notes when it received each TCP segment, and reports that with the read (socket(7), SO_TIMESTAMPNS). Where one read
takes several segments it reports the last one in stream order, which is what a chunk's stamp means: by then all of it had
arrived. That fails for segments that arrived out of order, since the last one may have waited for one that was lost and sent
again: such a read gets the time of the read.
macOS and Windows have no such time for TCP; there, and where the kernel reports none, the time of the read is used.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from app.clock import now_ns
from app.wire.departure import Departures, ask_for_departures, first_from

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# asm-generic/socket.h since Linux 5.1: the option, and the kind of message that brings a time as two 64-bit integers.
_SO_TIMESTAMPNS_NEW = 64
_MACHINES = ("x86_64", "aarch64")  # a few others number it otherwise
_TIME = struct.Struct("qq")
_ROOM_BYTES = 128  # for that message with its head, and for one of the same time that SO_TIMESTAMPING adds
# tcpi_rcv_ooopack of linux/tcp.h's tcp_info, since Linux 5.4: how many segments arrived before one that they follow.
_OVERTAKING = struct.Struct("224xI")
# Reading two clocks in a row takes a third of a microsecond; if far longer, the process was suspended in between.
_TOGETHER_NS = 5_000
_TRIES = 4


class ArrivalSocket(socket.socket):
    """A TCP socket that knows when the bytes of its last read arrived.

    Attributes:
        departures: the kernel's times of what was written; None where it does not tell.
        arrived_ns: on `app.clock`; never later than the read, and the time of the read where the kernel reports none.
    """

    arrived_ns = 0
    departures: Departures | None = None
    _overtaking = 0  # how many segments arrived out of order so far
    _overtaken_ns = 0  # when that number was last seen to grow; all of them had arrived by then

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """What asyncio calls to read."""
        room = memoryview(buffer)[:nbytes] if nbytes else buffer
        try:
            count, messages, _, _ = self.recvmsg_into([room], _ROOM_BYTES, flags)
        except BlockingIOError:  # the loop was woken by what is in the error queue, and is until that is empty
            if self.departures is not None:
                self.departures.drain(self)
            raise
        self.arrived_ns = now_ns()
        for level, kind, data in messages:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS_NEW):
                seconds, rest_ns = _TIME.unpack(data)
                self._take_time(_on_our_clock(seconds * 1_000_000_000 + rest_ns))
        return count

    def departed(self, number: int) -> tuple[int | None, int | None]:
        """When the kernel sent the byte of that number (from 0), and when it was acknowledged; None for what is not told."""
        told = self.departures
        if told is None:
            return None, None
        told.drain(self)
        sent, acknowledged = (first_from(times, number) for times in (told.sent, told.acknowledged))
        return tuple(None if ns is None else _on_our_clock(ns) for ns in (sent, acknowledged))  # type: ignore[return-value]

    def _take_time(self, told_ns: int) -> None:
        """Use the kernel's time, unless it may be that of a segment which had to wait for an earlier one.

        A segment later than the last one out of order came in order, after all that was read with it.
        """
        overtaking = _overtaking_segments(self)
        if overtaking != self._overtaking:
            self._overtaking, self._overtaken_ns = overtaking, now_ns()
        if told_ns > self._overtaken_ns:
            self.arrived_ns = min(self.arrived_ns, told_ns)


def _overtaking_segments(connected: socket.socket) -> int:
    """How many segments arrived out of order on this connection. Raises OSError or struct.error where it is not reported."""
    count: int = _OVERTAKING.unpack(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _OVERTAKING.size))[0]
    return count


def _on_our_clock(wall_ns: int) -> int:
    """A recent time of the wall clock, on `app.clock`.

    Both clocks are read each time, since the wall clock may be set at any moment. The error is never towards the past.
    """
    for _ in range(_TRIES):
        before_ns = now_ns()
        wall_now_ns = time.time_ns()
        after_ns = now_ns()
        if after_ns - before_ns < _TOGETHER_NS:
            break
    return after_ns - (wall_now_ns - wall_ns)


@contextmanager
def arrivals_noted() -> Iterator[None]:
    """Meanwhile the kernel notes arrivals, so that it does so before the first connection is there.

    WORKAROUND: Linux (seen with 6.18, `net_enable_timestamp`) begins to note them when a worker of its own comes to it, many
    milliseconds after the first socket asked on a busy machine, and ends when the last one is closed. What comes before that is
    told with the time of the read.
    """
    if not _may_tell():
        yield
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        with suppress(OSError):
            asking.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS_NEW, 1)
        yield


def _may_tell() -> bool:
    return sys.platform.startswith("linux") and os.uname().machine in _MACHINES


def with_arrivals(connected: socket.socket) -> ArrivalSocket | None:
    """The connection as a socket that reports arrivals, which replaces the one given; None where the system can't."""
    if not _may_tell():
        return None
    try:
        connected.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS_NEW, 1)
        _overtaking_segments(connected)
    except (OSError, struct.error):
        return None  # an older kernel
    telling = ArrivalSocket(connected.family, connected.type, connected.proto, connected.detach())
    telling.setblocking(False)
    telling.departures = ask_for_departures(telling)
    return telling
