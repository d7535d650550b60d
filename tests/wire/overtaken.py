"""Run as a program in a network namespace of its own: a TCP peer made by hand, behind a TUN device, that sends out of order.

Prints what was read with its stamps, and when each segment was sent, as JSON. Exit code 77: there is no such device here.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

from app.clock import now_ns
from app.wire.arrival import with_arrivals
from app.wire.sockets import StampedSocket
from tests.tun import NO_DEVICE, open_device

OURS, PEERS, PORT = "10.9.0.1", "10.9.0.2", 80
APART_S = 0.03
# Two segments are missing when the third comes; the first half of what lacks comes alone, the second brings all.
SEGMENTS = ((0, b"first."), (12, b"third."), (6, b"sec"), (9, b"ond"), (18, b"fourth"))
TOTAL_BYTES = 24
_SYN, _SYN_ACK, _PUSH_ACK = 0x02, 0x12, 0x18
_FIRST_SEQUENCE = 1000


def packet(port: int, sequence: int, acknowledged: int, flags: int, data: bytes = b"") -> bytes:
    """An IPv4 packet of the peer's."""
    addresses = socket.inet_aton(PEERS) + socket.inet_aton(OURS)
    tcp = struct.pack("!HHIIBBHHH", PORT, port, sequence, acknowledged, 5 << 4, flags, 65535, 0, 0) + data
    tcp = tcp[:16] + checksum(addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp)) + tcp) + tcp[18:]
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0) + addresses
    return ip[:10] + checksum(ip) + ip[12:] + tcp


def checksum(data: bytes) -> bytes:
    """RFC 1071."""
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)


def send_out_of_order(device: int, sent: list[tuple[int, int, int]]) -> None:
    """The peer: take the connection, then send the segments; `sent` gets (offset, length, nanoseconds) of each."""
    port, sequence = next(syn for syn in iter(lambda: syn_of(os.read(device, 65535)), 0) if syn is not None)
    os.write(device, packet(port, _FIRST_SEQUENCE, sequence + 1, _SYN_ACK))
    for offset, data in SEGMENTS:
        time.sleep(APART_S)
        sent.append((offset, len(data), now_ns()))
        os.write(device, packet(port, _FIRST_SEQUENCE + 1 + offset, sequence + 1, _PUSH_ACK, data))


def syn_of(raw: bytes) -> tuple[int, int] | None:
    """The port and the sequence number of a packet that opens a connection; None for any other."""
    if raw[0] >> 4 != 4 or raw[9] != socket.IPPROTO_TCP:
        return None
    port, _, sequence, _, _, flags = struct.unpack("!HHIIBB", raw[20:34])
    return (port, sequence) if flags == _SYN else None


async def receive_all() -> list[tuple[int, int]]:
    """Each read's length and stamp."""
    plain = socket.create_connection((PEERS, PORT))
    arrivals = with_arrivals(plain)
    if arrivals is None:
        sys.exit(NO_DEVICE)
    _, stamped = await asyncio.get_running_loop().create_connection(lambda: StampedSocket(arrivals), sock=arrivals)
    reads: list[tuple[int, int]] = []
    while sum(length for length, _ in reads) < TOTAL_BYTES:
        ns, data = await stamped.receive()
        reads.append((len(data), ns))
    stamped.transport.abort()
    return reads


def main() -> None:
    """One connection."""
    try:
        device = open_device(OURS)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(NO_DEVICE)
    sent: list[tuple[int, int, int]] = []
    threading.Thread(target=send_out_of_order, args=(device, sent), daemon=True).start()
    json.dump({"reads": asyncio.run(receive_all()), "sent": sent}, sys.stdout)


if __name__ == "__main__":
    main()
