"""A path of known delay between two network namespaces, each with the kernel's own TCP, and the split of waits behind it.

`python -m tests.bench.path_line PAIRS`, started by `unshare --map-root-user --net`. A program between two TUN devices holds
back each packet and drops the first with a certain text; it and the endpoint behind it are processes of their own. Tells, by
`tests.bench.children.tell`, a line for each exchange; exit code 77: there is no such device here.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time

from app.exchange.exchange import Exchange
from app.exchange.way import sent_again, way_of
from app.recording.records import Envelope, ProfileNote, Request
from app.wire.client import Call, WireClient
from app.wire.commands import Network
from tests.bench.children import end_with_parent, tell
from tests.tun import NO_DEVICE, open_device

OURS, THEIRS, PORT = "10.9.0.1", "10.9.0.2", 8080
DELAYS_MS = (1.0, 10.0, 40.0)  # each way
THINKS_MS = (0.0, 30.0, 150.0)
LOST = b"lose this once"
_THREADS = 4
_WAKING_S = 0.001  # a wait may end so much too late: from then on it only looks
_REQUEST, _ANSWERED = b"POST /", b"HTTP/1.1 200"
_ANSWER = _ANSWERED + b" OK\r\nContent-Length: 2\r\n\r\nok"


async def ask(pairs: int) -> None:
    """Each delay and time of thinking on a new and a kept connection, then one request of which a packet is lost."""
    for delay_ms in DELAYS_MS:
        with Line(delay_ms) as line:
            client = WireClient()
            try:
                for think_ms in THINKS_MS:
                    for number in range(2 * pairs):
                        await _one(client, line, think_ms, kept=bool(number % 2))
                await _one(client, line, THINKS_MS[1], kept=False, lost=True)
            finally:
                await client.aclose()


async def _one(client: WireClient, line: Line, think_ms: float, *, kept: bool, lost: bool = False) -> None:
    url = f"http://{THEIRS}:{PORT}"
    envelope = Envelope("anthropic-messages", ProfileNote("bench", url, "anthropic-messages"), streamed=False)
    body = b'{"ms": %d, "note": "%s"}' % (think_ms, LOST if lost else b"")
    network = Network(proxy="none", http2=False, keep_connection=True)
    if not kept:
        client.drop_connections()
    recording = await client.exchange(Call(envelope, Request("POST", f"{url}/v1/messages", body=body), "a", network=network))
    assert recording.connection is not None
    timing, way = Exchange(recording).finish().timing, way_of(recording)
    tell(
        in_fact=line.told(),
        kept=recording.connection.reused,
        lost=lost,
        again=sent_again(recording),
        path=timing.path,
        endpoint=timing.endpoint,
        by=None if way is None else way.by,
    )


class Line:
    """The processes behind our device: what holds packets back, and the endpoint."""

    def __init__(self, delay_ms: float) -> None:
        device = open_device(OURS)
        command = ["unshare", "--net", sys.executable, "-m", "tests.bench.path_line", "far", str(device), str(delay_ms)]
        self._far = subprocess.Popen(command, pass_fds=[device], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.close(device)
        assert self._far.stdout is not None
        if self._far.stdout.readline() != b"ready\n":
            raise RuntimeError("the far end of the path did not start")

    def told(self) -> dict[str, float]:
        """What `pass_packets` tells of the next answer."""
        assert self._far.stdout is not None
        found: dict[str, float] = json.loads(self._far.stdout.readline())
        return found

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._far.stdin is not None
        assert self._far.stdout is not None
        self._far.stdin.close()
        self._far.wait(10)
        self._far.stdout.close()


def be_far(near: int, delay_ms: float) -> None:
    """In the other namespace: start the endpoint, then pass packets between both devices until the parent ends."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    far = open_device(THEIRS)
    endpoint = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.path_line", "endpoint"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert endpoint.stdout is not None
    endpoint.stdout.readline()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    pass_packets(near, far, delay_ms / 1000)


def pass_packets(near: int, far: int, delay_s: float) -> None:
    """Hand on each packet `delay_s` after it was read; the first from near that has `LOST` in it is dropped.

    Tells of each answer how long it and its request were on the way in fact, and how long the endpoint took in between.
    """
    other = {near: far, far: near}
    held: list[tuple[float, int, int, bytes]] = []
    dropped, number = False, 0
    came = passed = answered = 0.0
    while True:
        due = max(0.0, held[0][0] - time.monotonic() - _WAKING_S) if held else None
        for device in select.select([near, far], [], [], due)[0]:
            data = os.read(device, 1 << 16)
            if not dropped and LOST in data:
                dropped = True
                continue
            now, number = time.monotonic(), number + 1
            heapq.heappush(held, (now + delay_s, number, other[device], data))
            came = now if _REQUEST in data else came
            answered = now if _ANSWERED in data else answered
        while held and held[0][0] <= time.monotonic():
            _, _, device, data = heapq.heappop(held)
            now = time.monotonic()  # to write takes as long as the kernel on that side needs for the packet
            passed = now if _REQUEST in data else passed
            os.write(device, data)
            if _ANSWERED in data:
                tell(endpoint=(answered - passed) * 1e3, path=(passed - came + now - answered) * 1e3)


def answer() -> None:
    """The endpoint: blocking sockets, each in a thread that waits for it."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    with socket.create_server((THEIRS, PORT)) as listener:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for _ in range(_THREADS):
            threading.Thread(target=_answer_all, args=(listener,)).start()
        threading.Event().wait()


def _answer_all(listener: socket.socket) -> None:
    while True:
        with listener.accept()[0] as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (think_ms := _read_request(connection)) is not None:
                time.sleep(think_ms / 1000)
                connection.sendall(_ANSWER)


def _read_request(connection: socket.socket) -> float | None:
    """How many milliseconds the next request wants to be thought over; None where the connection ends."""
    data = b""
    while not data.endswith(b'"}'):
        if not (piece := connection.recv(1 << 16)):
            return None
        data += piece
    return float(data.rsplit(b'"ms": ', 1)[1].split(b",")[0])


if __name__ == "__main__":
    match sys.argv[1]:
        case "far":
            be_far(int(sys.argv[2]), float(sys.argv[3]))
        case "endpoint":
            answer()
        case pairs:
            try:
                asyncio.run(ask(int(pairs)))
            except OSError as error:
                sys.stderr.write(f"{error}\n")
                sys.exit(NO_DEVICE)
