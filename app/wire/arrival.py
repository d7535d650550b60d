"""When bytes came, as the kernel says it: a busy machine may give a program its turn long after they arrived.

Linux notes for each TCP segment when it received it, and tells it with the read (socket(7), SO_TIMESTAMPNS). Where several
segments are read at once it tells the time of the last one in the stream's order, which is what a chunk's stamp means: all of
it was there by then. Not so where segments overtook one another, since the last one may then have waited for one that was
lost and sent again: such a read keeps its own time.
Neither macOS nor Windows does so for TCP; there, and where the kernel says nothing, the time of the read stands.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from typing import TYPE_CHECKING

from app.clock import now_ns

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# asm-generic/socket.h since Linux 5.1: the option, and the kind of message that brings a time as two 64-bit integers.
_SO_TIMESTAMPNS_NEW = 64
_MACHINES = ("x86_64", "aarch64")  # a few others number it otherwise
_TIME = struct.Struct("qq")
_ROOM_BYTES = 64  # for that message with its head, and to spare
# tcpi_rcv_ooopack of linux/tcp.h's tcp_info, since Linux 5.4: how many segments came before one that they follow.
_OVERTAKING = struct.Struct("224xI")
# Two clocks are asked one after the other, which takes a third of a microsecond; if far longer, we were set aside in between.
_TOGETHER_NS = 5_000
_TRIES = 4


class ArrivalSocket(socket.socket):
    """A TCP socket that knows when what was read last had come.

    Attributes:
        arrived_ns: on `app.clock`; never later than the read, and the time of the read where the kernel does not tell.
    """

    arrived_ns = 0
    _overtaking = 0  # segments so far that came before one that they follow
    _overtaken_ns = 0  # when there was last seen to be one more; all of them had come by then

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """asyncio's read."""
        view = memoryview(buffer)
        count, messages, _, _ = self.recvmsg_into([view[: nbytes or None]], _ROOM_BYTES, flags)
        self.arrived_ns = now_ns()
        for level, kind, data in messages:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS_NEW):
                seconds, rest_ns = _TIME.unpack(data)
                self._take_time(_on_our_clock(seconds * 1_000_000_000 + rest_ns))
        return count

    def _take_time(self, told_ns: int) -> None:
        """Take the kernel's time for that of the arrival, unless it may be that of a segment which waited for an earlier one.

        A segment from after the last overtaking came in its turn, behind all that was read with it.
        """
        overtaking = _overtaking_segments(self)
        if overtaking != self._overtaking:
            self._overtaking, self._overtaken_ns = overtaking, now_ns()
        if told_ns > self._overtaken_ns:
            self.arrived_ns = min(self.arrived_ns, told_ns)


def _overtaking_segments(connected: socket.socket) -> int:
    """How many segments came out of their order on this connection. Raises OSError or struct.error where that is not told."""
    count: int = _OVERTAKING.unpack(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _OVERTAKING.size))[0]
    return count


def _on_our_clock(wall_ns: int) -> int:
    """A time of the wall clock, not long ago, on ours.

    Both are asked anew each time: the wall clock may be set at any moment, ours is not. What is off by that time is off
    towards now.
    """
    for _ in range(_TRIES):
        before_ns = now_ns()
        wall_now_ns = time.time_ns()
        after_ns = now_ns()
        if after_ns - before_ns < _TOGETHER_NS:
            break
    return after_ns - (wall_now_ns - wall_ns)


def with_arrivals(connected: socket.socket) -> ArrivalSocket | None:
    """The same connection as a socket that tells arrivals, in place of the one given; None where the system has no such."""
    if not sys.platform.startswith("linux") or os.uname().machine not in _MACHINES:
        return None
    try:
        connected.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS_NEW, 1)
        _overtaking_segments(connected)
    except (OSError, struct.error):
        return None  # an older kernel
    telling = ArrivalSocket(connected.family, connected.type, connected.proto, connected.detach())
    telling.setblocking(False)
    return telling
