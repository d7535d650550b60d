"""cancel: from Esc in the real window to the closed socket, in mid-stream, inside the head, and while connecting."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter_ns

import psutil
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.recording.recording import Recording
from app.recording.records import EndKind, MarkName
from tests.bench.children import Child
from tests.bench.frame import Row, median, most
from tests.bench.shown import Shown
from tests.wire.servers import deaf_port

REPEATS = 15
MUST_MS = 100.0
Closed = Callable[[], Awaitable[int]]
"""When both sides' sockets were closed, in nanoseconds; awaited after Esc."""


def run(short: bool) -> list[Row]:
    """The moment of closing is the server's, who reads the end of the connection; of the two sides the later one counts.

    A server does not see a connect that was given up: there it is the moment when the wire process has closed its sockets.
    """
    repeats = 2 if short else REPEATS
    with Child("tests.bench.server") as server, Shown() as shown:
        shown.turn_to("Events")
        port = server.line()["port"]
        rows = [
            _rows("in mid-stream", [_cancel_stream(shown, server, port) for _ in range(repeats)]),
            _rows("inside the head", [_cancel_head(shown, server, port) for _ in range(repeats)]),
        ]
        with deaf_port() as deaf:
            rows.append(_rows("while connecting", [_cancel_connect(shown, deaf) for _ in range(repeats)]))
    return [row for pair in rows for row in pair]


def _rows(phase: str, took_ms: list[float]) -> list[Row]:
    return [
        Row(f"Esc to closed socket, {phase}, median", median(took_ms), "ms"),
        Row(f"Esc to closed socket, {phase}, worst of {len(took_ms)}", max(took_ms), "ms", must=most(MUST_MS)),
    ]


def _cancel_stream(shown: Shown, server: Child, port: int) -> float:
    shown.ask(port, [f"/rate=200,events=1000000,hold=body,side={side}" for side in "ab"])
    return shown.play(_cancel(shown, lambda one: len(one.body) > 40, lambda: _as_server_saw(server)))


def _cancel_head(shown: Shown, server: Child, port: int) -> float:
    shown.ask(port, [f"/hold=head,side={side}" for side in "ab"])
    return shown.play(_cancel(shown, lambda one: MarkName.FIRST_BYTE in one.marks, lambda: _as_server_saw(server)))


def _cancel_connect(shown: Shown, deaf: int) -> float:
    shown.ask(deaf, ["/a", "/b"])
    wire = shown.window.services.wire.pid
    assert wire is not None
    process = psutil.Process(wire)
    idle = process.num_fds()
    return shown.play(_cancel(shown, lambda one: MarkName.CONNECT_BEGIN in one.marks, lambda: _as_kernel_saw(process, idle)))


async def _cancel(shown: Shown, there: Callable[[Recording], bool], closed: Closed) -> float:
    """Milliseconds from the key to the closing of both sides' sockets."""
    await shown.begin()
    await shown.until(lambda: len(shown.recordings) == 2 and all(map(there, shown.recordings)), "both sides to get there")
    pressed = perf_counter_ns()
    QTest.keyClick(shown.window, Qt.Key.Key_Escape)
    took_ms = (await closed() - pressed) / 1e6
    await shown.ended()
    kinds = {one.end.kind for one in shown.recordings if one.end}
    assert kinds == {EndKind.CANCELLED}, f"the sides ended as {kinds}"
    return took_ms


async def _as_server_saw(server: Child) -> int:
    told = [await asyncio.to_thread(server.line) for _ in range(2)]
    return max(int(one["closed_ns"]) for one in told)


async def _as_kernel_saw(process: psutil.Process, idle: int) -> int:
    while process.num_fds() > idle:  # noqa: ASYNC110 -- another process has no event to wait for
        await asyncio.sleep(0.001)
    return perf_counter_ns()
