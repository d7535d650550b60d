"""Run as a program in a network namespace of its own: a TCP peer made by hand, behind a TUN device, and how it acknowledges.

Asks it once a way of `WAYS`, over the real wire process, and then twice on one kept connection. Prints the recordings as the
file of a run (base64), and what the peer did when, as JSON. Exit code 77: there is no such device here.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from app.clock import now_ns
from app.exchange.way import sent_again
from app.recording.recording import Recording
from app.recording.records import MarkName, RunOpened
from app.recording.run_format import dump_run
from app.wire.client import WireClient
from app.wire.commands import Network
from tests.tun import NO_DEVICE, open_device
from tests.wire.conftest import asker
from tests.wire.overtaken import OURS, PEERS, packet

PATH_S = 0.02
TRIES = 8
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
_ACK, _PUSH_ACK, _SYN, _SYN_ACK, _FIN, _RST = 0x10, 0x18, 0x02, 0x12, 0x01, 0x04
_FIRST_SEQUENCE = 1000


class Way(NamedTuple):
    """How the peer deals with a request: seconds until it acknowledges it (None: with the answer), and until it answers.

    `ignored`: so many copies of it are lost on the way.
    """

    name: str
    acknowledged_s: float | None
    answered_s: float
    ignored: int = 0


WAYS = (
    Way("prompt", PATH_S, 0.12),
    Way("late", PATH_S + 0.08, 0.2),
    Way("riding", None, 0.12),
    Way("lost", PATH_S, 0.12, ignored=1),
)
KEPT = (Way("kept 1", PATH_S, 0.12), Way("kept 2", PATH_S + 0.08, 0.2))


class Peer:
    """Takes packets of one connection after the other; `log` has (what, nanoseconds) of each way."""

    def __init__(self, device: int) -> None:
        self._device = device
        self._ours = self._theirs = 0
        self._port = 0
        self._request = b""
        self.ways: list[Way] = []
        self.log: dict[str, dict[str, int]] = {}

    def run(self) -> None:
        while True:
            raw = os.read(self._device, 65535)
            if raw[0] >> 4 == 4 and raw[9] == socket.IPPROTO_TCP:
                self._take(raw)

    def _take(self, raw: bytes) -> None:
        came_ns = now_ns()
        port, _, sequence, _, offset, flags = struct.unpack("!HHIIBB", raw[20:34])
        data = raw[20 + (offset >> 4) * 4 : struct.unpack("!H", raw[2:4])[0]]
        if flags & _SYN:
            time.sleep(PATH_S)
            self._port, self._theirs, self._ours = port, sequence + 1, _FIRST_SEQUENCE
            self._send(_SYN_ACK)
            self._ours += 1
            self._request = b""
        elif data and port == self._port and sequence == self._theirs:
            self._take_data(data, came_ns)
        elif data and port == self._port:  # sent again
            time.sleep(PATH_S)
            self._send(_ACK)
        elif flags & _FIN and not flags & _RST:
            self._theirs = sequence + 1
            self._send(_ACK | _FIN)

    def _take_data(self, data: bytes, came_ns: int) -> None:
        """A request may come in several segments; nothing is acknowledged before its last one."""
        request = self._request + data
        head, _, body = request.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        whole = len(body) == length
        if whole and self.ways[0].ignored:
            self.ways[0] = self.ways[0]._replace(ignored=self.ways[0].ignored - 1)
            return
        self._request, self._theirs = request, self._theirs + len(data)
        if whole:
            self._request = b""
            self._answer(self.ways.pop(0), came_ns)

    def _answer(self, way: Way, came_ns: int) -> None:
        log = self.log[way.name] = {"came": came_ns}
        if way.acknowledged_s is not None:
            self._sleep_until(came_ns, way.acknowledged_s)
            log["acknowledged"] = now_ns()
            self._send(_ACK)
        self._sleep_until(came_ns, way.answered_s)
        log["answered"] = now_ns()
        self._send(_PUSH_ACK, ANSWER)
        self._ours += len(ANSWER)

    def _send(self, flags: int, data: bytes = b"") -> None:
        os.write(self._device, packet(self._port, self._ours, self._theirs, flags, data))

    @staticmethod
    def _sleep_until(since_ns: int, seconds: float) -> None:
        time.sleep(max(0.0, seconds - (now_ns() - since_ns) / 1e9))


async def ask_all(peer: Peer) -> list[Recording]:
    """One exchange a way, the last two on a kept connection."""
    async with contextlib.aclosing(WireClient()) as wire:
        ask = asker(wire)
        recordings = []
        for way in WAYS:
            recordings += await _undisturbed(peer, [way], lambda: ask(f"http://{PEERS}/"))
        kept = Network(keep_connection=True)
        recordings += await _undisturbed(peer, KEPT, lambda: ask(f"http://{PEERS}/", network=kept, side="b"))
    return recordings


async def _undisturbed(peer: Peer, ways: Sequence[Way], ask: Callable[[], Awaitable[Recording]]) -> list[Recording]:
    """An exchange a way, of one connection where there are several; the last ones where none goes as the peer means it.

    On a busy machine the peer may sleep so much longer that the kernel takes the request for lost (200 ms), or that the least
    round trip is no less than the time after which it acknowledges: then all of them once more.
    """
    recordings: list[Recording] = []
    for _ in range(TRIES):
        peer.ways = list(ways)
        recordings = [await ask() for _ in ways]
        if all(way.ignored or not _is_disturbed(one) for way, one in zip(ways, recordings, strict=True)):
            break
    return recordings


def _is_disturbed(recording: Recording) -> bool:
    noted = recording.paths.get(MarkName.HEAD_END)
    least_us = noted.least_rtt_us if noted is not None else None
    return bool(sent_again(recording)) or (least_us or 0) > 2 * PATH_S * 1e6


def main() -> None:
    """All ways."""
    try:
        device = open_device(OURS)
    except (OSError, subprocess.CalledProcessError):
        sys.exit(NO_DEVICE)
    peer = Peer(device)
    threading.Thread(target=peer.run, daemon=True).start()
    recordings = asyncio.run(ask_all(peer))
    run = b"".join(dump_run(RunOpened("x", "", "", ""), recordings))
    json.dump({"run": base64.b64encode(run).decode(), "log": peer.log}, sys.stdout)


if __name__ == "__main__":
    main()
