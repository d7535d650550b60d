"""When the kernel sent a request and when it was acknowledged: by real connections, and by a peer made by hand."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import socket
import ssl
import subprocess
import sys
from functools import cache
from typing import NamedTuple

import pytest

from app.clock import now_ns
from app.exchange.way import Way, WayBy, sent_again, sent_ns, way_of
from app.recording.recording import Recording
from app.recording.records import MarkName
from app.recording.run_format import load_run
from app.wire.arrival import with_arrivals
from app.wire.commands import Network
from app.wire.sockets import StampedSocket
from tests.tun import NO_DEVICE
from tests.wire.conftest import Ask
from tests.wire.servers import Served, serving, serving_http2
from tests.wire.test_http2 import answer_ok
from tests.wire.test_tls import OK, https

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells it")


class Told(NamedTuple):
    """One exchange with the peer of `tests.wire.acknowledging`: its recording, and what the peer did when (ns)."""

    recording: Recording
    came: int
    answered: int
    acknowledged: int | None = None


@cache
def told() -> dict[str, Told]:
    """By the way in which the peer dealt with it."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("no network of one's own here")
    command = ["unshare", "--map-root-user", "--net", sys.executable, "-m", "tests.wire.acknowledging"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if done.returncode == NO_DEVICE or done.stderr.startswith(b"unshare:"):
        pytest.skip(f"no network of one's own here: {done.stderr.decode().strip()[-80:]}")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    _, recordings = load_run([base64.b64decode(said["run"])])
    return {name: Told(one, **log) for (name, log), one in zip(said["log"].items(), recordings, strict=True)}


def split(name: str) -> Way:
    way = way_of(told()[name].recording)
    assert way is not None
    return way


@linux
@pytest.mark.parametrize("name", ["prompt", "late", "riding", "kept 1", "kept 2"])
def test_the_kernel_tells_when_the_last_byte_left(name: str) -> None:
    """Not the head's, which left before, nor that of the request before on a kept connection."""
    one = told()[name]
    sent = sent_ns(one.recording)
    assert sent is not None
    assert one.recording.marks[MarkName.SEND_END] <= sent <= one.came


@linux
@pytest.mark.parametrize("name", ["prompt", "late", "kept 1", "kept 2", "lost"])
def test_an_acknowledgement_is_told_when_it_came(name: str) -> None:
    one = told()[name]
    assert one.recording.departed is not None
    assert one.acknowledged is not None
    assert one.recording.departed.acknowledged_ns is not None
    assert one.acknowledged <= one.recording.departed.acknowledged_ns <= one.answered


@linux
def test_one_that_rides_on_the_answer_comes_with_it() -> None:
    one = told()["riding"]
    assert one.recording.departed is not None
    assert one.recording.departed.acknowledged_ns is not None
    assert one.recording.departed.acknowledged_ns >= one.answered
    assert split("riding").by is WayBy.LEAST


@linux
@pytest.mark.parametrize("name", ["prompt", "late", "riding", "kept 1", "kept 2"])
def test_the_way_is_no_longer_than_the_least_round_trip_or_the_acknowledgement(name: str) -> None:
    one, way = told()[name], split(name)
    noted = one.recording.paths[MarkName.HEAD_END]
    sent = sent_ns(one.recording)
    assert sent is not None
    assert noted.least_rtt_us is not None
    assert way.acknowledged is not None
    assert way.path == min(noted.least_rtt_us / 1e3, way.acknowledged)
    assert way.path >= 20  # what the peer waits before it takes the connection
    assert way.path + way.endpoint == pytest.approx((one.recording.marks[MarkName.FIRST_BYTE] - sent) / 1e6)


@linux
def test_where_segments_were_sent_again_nothing_is_split() -> None:
    one = told()["lost"].recording
    assert (sent_again(one) or 0) >= 1
    assert way_of(one) is None
    assert sent_again(told()["prompt"].recording) == 0


@linux
def test_a_kept_connection_counts_its_bytes_on() -> None:
    assert told()["kept 2"].recording.connection is not None
    assert told()["kept 2"].recording.connection.reused  # type: ignore[union-attr]


@linux
async def test_over_tls_the_last_byte_counts_and_not_what_left_before(ask: Ask, tls: ssl.SSLContext, ca_file: str) -> None:
    """A peer that does not read holds the rest of a long request back."""
    released_ns = 0

    async def handle(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal released_ns
        await asyncio.sleep(0.05)
        released_ns = now_ns()
        await served.read_request(reader)
        writer.write(OK)
        await writer.drain()

    async with serving(handle, tls) as served:
        recording = await ask(https(served), network=Network(ca_file=ca_file), body=b"x" * (12 << 20))
    assert released_ns < departed_in_order(recording)


@linux
async def test_what_the_kernel_tells_does_not_keep_the_loop_awake(ask: Ask) -> None:
    """What waits in a socket's error queue makes it readable: it is taken out when the loop looks."""
    listener = socket.create_server(("127.0.0.1", 0))
    plain = socket.create_connection(listener.getsockname())
    other, _ = listener.accept()
    arrivals = with_arrivals(plain)
    assert arrivals is not None
    _, stamped = await asyncio.get_running_loop().create_connection(lambda: StampedSocket(arrivals), sock=arrivals)
    await stamped.transmit(b"a request", lambda ns: None)
    assert other.recv(100) == b"a request"
    other.send(b"an answer")
    await stamped.receive()
    for _ in range(3):
        await asyncio.sleep(0)
    assert arrivals.departures is not None
    assert arrivals.departures.sent
    stamped.transport.abort()
    other.close()
    listener.close()


@linux
async def test_over_http2(ask: Ask, tls_http2: ssl.SSLContext, ca_file: str) -> None:
    async with serving_http2(answer_ok, tls_http2) as (served, peers):
        recording = await ask(https(served), network=Network(ca_file=ca_file), body=b"x" * 200_000)
    assert len(peers[0].body) == 200_000
    departed_in_order(recording)


def departed_in_order(recording: Recording) -> int:
    """When the request's last byte left: between the marks around it, and acknowledged afterwards.

    The acknowledgement may ride on the answer, whose arrival the kernel notes before it reads what it acknowledges.
    """
    assert recording.departed is not None
    sent, acknowledged = recording.departed.sent_ns, recording.departed.acknowledged_ns
    assert sent is not None
    assert acknowledged is not None
    assert recording.marks[MarkName.SEND_BEGIN] <= sent <= min(acknowledged, recording.marks[MarkName.FIRST_BYTE])
    return sent
