"""When bytes left, when the peer acknowledged them, and the state of the path, as told by the kernel.

Linux notes when it hands the last byte of each write to the network device, and when the peer's acknowledgement of it
came. Both come by the socket's error queue (socket(7), SO_TIMESTAMPING), with the byte's number on the connection. TCP_INFO
tells round trips, and how many segments were sent again or came out of order.

What acknowledges is whatever the connection ends at: the endpoint, or an edge or a proxy before it. It may do so late, to let
the acknowledgement ride on data of its own: `app.exchange.way` weighs that.
"""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
from collections import deque
from contextlib import suppress
from typing import NamedTuple

# linux/net_tstamp.h, and asm-generic/socket.h since Linux 5.1.
SO_TIMESTAMPING_NEW = 65
_TX_SOFTWARE, _SOFTWARE, _OPT_ID, _TX_ACK, _OPT_TSONLY = 1 << 1, 1 << 4, 1 << 7, 1 << 9, 1 << 11
_OPT_ID_TCP = 1 << 16  # since Linux 6.2: bytes are counted from those that were written, not from those acknowledged
_FLAGS = _TX_SOFTWARE | _SOFTWARE | _OPT_ID | _TX_ACK | _OPT_TSONLY
# linux/errqueue.h: sock_extended_err; its origin for times, and which time it is.
_ERROR = struct.Struct("=IBBBBII")
_ORIGIN_TIMESTAMPING, _SENT, _ACKNOWLEDGED = 4, 0, 2
_TIME = struct.Struct("qq")
_ROOM_BYTES = 256
_KEPT = 64  # of each kind: of a long request the last writes count
_NUMBERS = 1 << 32


class Departures:
    """The times of the last writes of one socket, by the number of their last byte (from 0).

    Wall-clock nanoseconds: who asks turns them into those of `app.clock` soon after.
    """

    def __init__(self) -> None:
        self.sent: deque[tuple[int, int]] = deque(maxlen=_KEPT)
        self.acknowledged: deque[tuple[int, int]] = deque(maxlen=_KEPT)

    def drain(self, connected: socket.socket) -> None:
        """Take in what waits in the error queue: while something does, the socket counts as readable and writable."""
        with suppress(OSError):
            while True:
                _, messages, _, _ = connected.recvmsg(0, _ROOM_BYTES, socket.MSG_ERRQUEUE)
                self._take(messages)

    def _take(self, messages: list[tuple[int, int, bytes]]) -> None:
        wall_ns = 0
        for level, kind, data in messages:
            if (level, kind) == (socket.SOL_SOCKET, SO_TIMESTAMPING_NEW):
                seconds, rest_ns = _TIME.unpack_from(data)
                wall_ns = seconds * 1_000_000_000 + rest_ns
            elif level in (socket.IPPROTO_IP, socket.IPPROTO_IPV6) and len(data) >= _ERROR.size:
                _, origin, _, _, _, what, number = _ERROR.unpack_from(data)
                if origin == _ORIGIN_TIMESTAMPING and wall_ns:
                    self._note(what, number, wall_ns)

    def _note(self, what: int, number: int, wall_ns: int) -> None:
        if what == _SENT:
            self.sent.append((number, wall_ns))
        elif what == _ACKNOWLEDGED:
            self.acknowledged.append((number, wall_ns))


def first_from(times: deque[tuple[int, int]], number: int) -> int | None:
    """The time of the first write whose last byte is this one or one behind it; None where there is none.

    The kernel may put what is written later into the same segment, whose time then goes by its last byte. Numbers have 32 bits.
    """
    return next((ns for last, ns in times if (last - number) % _NUMBERS < _NUMBERS // 2), None)


def ask_for_departures(connected: socket.socket) -> Departures | None:
    """From now on the kernel notes the times of what is written; None where it can't. To be called before the first write."""
    for flags in (_FLAGS | _OPT_ID_TCP, _FLAGS):
        with suppress(OSError):
            connected.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING_NEW, flags)
            return Departures()
    return None


class PathState(NamedTuple):
    """As in `app.recording.records.PathNoted`."""

    rtt_us: int | None = None
    least_rtt_us: int | None = None
    resent: int | None = None
    out_of_order: int | None = None


def path_state(connected: socket.socket) -> PathState | None:
    """The state of a TCP connection's path now; None where the system does not tell."""
    if sys.platform.startswith("linux"):
        return _linux(connected)
    if sys.platform == "darwin":
        return _macos(connected)
    return _windows(connected) if sys.platform == "win32" else None


# tcp_info of linux/tcp.h: tcpi_rtt at 68, tcpi_total_retrans at 100, tcpi_min_rtt at 148 (since 4.6), tcpi_rcv_ooopack at 224
# (since 5.4).
_LINUX = struct.Struct("68xI28xI44xI72xI")
_NOT_YET_US = 0xFFFFFFFF


def _linux(connected: socket.socket) -> PathState | None:
    try:
        told = connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LINUX.size)
    except OSError:
        return None
    if len(told) < _LINUX.size:
        return None
    rtt_us, resent, least_us, out_of_order = _LINUX.unpack(told)
    return PathState(rtt_us or None, least_us if 0 < least_us < _NOT_YET_US else None, resent, out_of_order)


# tcp_connection_info of XNU's netinet/tcp.h: tcpi_srtt (ms) at 44, tcpi_txretransmitpackets at 96. Untested: by the header.
_TCP_CONNECTION_INFO = 0x106
_MACOS = struct.Struct("44xI48xQ")


def _macos(connected: socket.socket) -> PathState | None:
    try:
        rtt_ms, resent = _MACOS.unpack(connected.getsockopt(socket.IPPROTO_TCP, _TCP_CONNECTION_INFO, _MACOS.size))
    except (OSError, struct.error):
        return None
    return PathState(rtt_us=rtt_ms * 1000 or None, resent=resent)


# TCP_INFO_v0 of mstcpip.h: RttUs at 24, MinRttUs at 28, BytesReordered at 56, BytesRetrans at 60. Untested: written from the
# documentation (SIO_TCP_INFO, since Windows 10 1703). It counts bytes, not segments: only whether there were any is told.
_SIO_TCP_INFO = 0xD8000027
_WINDOWS = struct.Struct("24xII28xI20x")


def _windows(connected: socket.socket) -> PathState | None:
    version, out, size = ctypes.c_uint32(0), ctypes.create_string_buffer(_WINDOWS.size), ctypes.c_uint32(0)
    library = getattr(ctypes, "windll", None)
    if library is None:
        return None
    failed = library.ws2_32.WSAIoctl(
        ctypes.c_void_p(connected.fileno()), ctypes.c_uint32(_SIO_TCP_INFO), ctypes.byref(version), ctypes.sizeof(version),
        out, ctypes.sizeof(out), ctypes.byref(size), None, None,
    )  # fmt: skip
    if failed or size.value < _WINDOWS.size:
        return None
    rtt_us, least_us, bytes_resent = _WINDOWS.unpack(out.raw)
    return PathState(rtt_us or None, least_us or None, int(bytes_resent > 0), None)
