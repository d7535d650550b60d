"""phases: delays of known size, and what the marks say of them.

Resolution and connect are held back by an injected resolver and connector, since a kernel completes a connect without anybody's
`accept`; TLS, head and first token by a real server in a process of its own. What each held back is measured there, since a
sleep always takes a little longer than was asked.

Diptych's own work is told of the wire process as a user has it, without injected parts: of the first exchange of a fresh one,
and of one over a connection that was kept.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns

import trustme

from app.exchange.exchange import Exchange
from app.exchange.timing import Timing
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Envelope, ProfileNote, Record, Request
from app.wire.backend import AddressInfo, connect, resolve
from app.wire.client import Call, WireClient
from app.wire.commands import Network, Start
from app.wire.worker import Worker
from tests.bench.children import Child
from tests.bench.frame import Must, Row, median, most, percentile

NAMES = ("dns", "connect", "tls", "head", "first")
FIGURES = {
    "dns": "name resolution", "connect": "connect", "tls": "TLS handshake", "head": "wait for the head",
    "first": "head to first token",
}  # fmt: skip
REPEATS = 21
HELD_MS = {"dns": 30, "connect": 40, "tls": 60, "head": 80, "first": 50}
FRESH, KEPT = 15, 4  # processes, and in each so many exchanges more
PAUSE_S = 0.02


def run(short: bool) -> list[Row]:
    """So many exchanges in a row, each over a new connection. `error` rows are the median, the p90 and the worst of all.

    The worst holds the turn that a busy machine once gave to somebody else: the p90 tells that from an error of ours.
    """
    gc.freeze()  # as the wire process does, whose worker this is
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder), 3 if short else REPEATS))


async def _measure(folder: Path, repeats: int) -> list[Row]:
    authority = trustme.CA()
    ca_file, chain = folder / "ca.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    authority.issue_cert("endpoint.test", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(chain))
    arguments = [str(chain), *(str(HELD_MS[name]) for name in ("tls", "head", "first"))]
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    own: list[float] = []
    with Child("tests.bench.slow_server", *arguments) as server:
        port = server.line()["port"]
        for _ in range(repeats):
            held: dict[str, float] = {}
            timing = await _exchange(port, str(ca_file), held)
            held |= server.line()
            own.append(timing.own if timing.own is not None else float("nan"))
            for name, measured in _measured(timing).items():
                seen[name].append((measured, held[name]))
    with Child("tests.bench.slow_server", str(chain), "5", "5", "5") as server:
        fresh, kept = await _own_work(server.line()["port"], str(ca_file), 1 if repeats < REPEATS else FRESH)
    rows = [row for name in NAMES for row in _rows(name, seen[name])]
    return [
        *rows,
        Row("Diptych's own work between these phases, median", median(own), "ms"),
        Row("Diptych's own work between the phases, fresh process, median", median(fresh), "ms"),
        Row("Diptych's own work between the phases, fresh process, p90", percentile(fresh, 0.9), "ms", must=most(0.3)),
        Row("kept connection: first byte handed over until the kernel sent the last, median", median(kept), "ms"),
        Row(
            "kept connection: first byte handed over until the kernel sent the last, p90",
            percentile(kept, 0.9),
            "ms",
            must=most(0.1),
        ),
    ]


async def _own_work(port: int, ca_file: str, processes: int) -> tuple[list[float], list[float]]:
    """Of fresh wire processes what passed between the phases; on a kept connection, where no phase comes before it, what passed
    from the hand-over of the request's first byte until the kernel sent its last.
    """
    url = f"https://127.0.0.1:{port}"
    envelope = Envelope("anthropic-messages", ProfileNote("bench", url, "anthropic-messages"), streamed=True)
    request = Request("POST", f"{url}/v1/messages", body=b"{}")
    network = Network(proxy="none", ca_file=ca_file, http2=False, keep_connection=True)
    fresh: list[float] = []
    kept: list[float] = []
    for _ in range(processes):
        client = WireClient()
        try:
            for number in range(1 + KEPT):
                recording = await client.exchange(Call(envelope, request, "a", network=network))
                assert recording.connection is not None
                assert recording.connection.reused == bool(number)
                if number:
                    send = Exchange(recording).finish().timing.send
                    kept.append(float("nan") if send is None else send)
                else:
                    own = Exchange(recording).finish().timing.own
                    fresh.append(float("nan") if own is None else own)
                await asyncio.sleep(PAUSE_S)
        finally:
            await client.aclose()
    return fresh, kept


def _rows(name: str, pairs: list[tuple[float, float]]) -> list[Row]:
    known = median(held for _, held in pairs)
    bound: Must = most(max(2.0, 0.02 * known))
    errors = [abs(measured - held) for measured, held in pairs]
    return [
        Row(FIGURES[name], median(measured for measured, _ in pairs), "ms", "known amount", known),
        Row(f"{FIGURES[name]}, error, median", median(errors), "ms", must=bound),
        Row(f"{FIGURES[name]}, error, p90", percentile(errors, 0.9), "ms", must=bound),
        Row(f"{FIGURES[name]}, error, worst of {len(errors)}", max(errors), "ms", must=bound),
    ]


def _measured(timing: Timing) -> dict[str, float]:
    """The phases, in milliseconds; -1 where one is missing, which no error bound lets through."""
    first = None if timing.ttft is None or timing.ttfb is None else timing.ttft - timing.ttfb
    found = {"dns": timing.dns, "connect": timing.connect, "tls": timing.tls, "head": timing.wait, "first": first}
    return {name: -1.0 if ms is None else ms for name, ms in found.items()}


async def _exchange(port: int, ca_file: str, held: dict[str, float]) -> Timing:
    """One exchange by the wire's own worker, its resolver and connector held back."""

    async def slow_resolve(host: str, port: int) -> list[AddressInfo]:
        begin = perf_counter_ns()
        await asyncio.sleep(HELD_MS["dns"] / 1000)
        found = await resolve("127.0.0.1", port)
        held["dns"] = (perf_counter_ns() - begin) / 1e6
        return found

    async def slow_connect(addresses: list[AddressInfo]) -> socket.socket:
        begin = perf_counter_ns()
        await asyncio.sleep(HELD_MS["connect"] / 1000)
        connected = await connect(addresses)
        held["connect"] = (perf_counter_ns() - begin) / 1e6
        return connected

    url = f"https://endpoint.test:{port}"
    envelope = Envelope("anthropic-messages", ProfileNote("bench", url, "anthropic-messages"), streamed=True)
    request = Request("POST", f"{url}/v1/messages", body=b"{}")
    recording = Recording(envelope, request)
    worker = Worker(_Sink(recording), slow_resolve, slow_connect)
    worker.take(Start(1, "a", request, network=Network(proxy="none", ca_file=ca_file, http2=False)))
    while recording.end is None:  # noqa: ASYNC110 -- a sink has no event to wait for
        await asyncio.sleep(0.01)
    await worker.aclose()
    return Exchange(recording).finish().timing


class _Sink:
    """Takes the worker's records straight into a recording."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording

    def record(self, _exchange: int, record: Record) -> None:
        self._recording.apply(record)

    def chunk(self, _exchange: int, ns: int, data: bytes, frame_ends: Sequence[int] = ()) -> None:
        self._recording.apply(pack_chunks([(ns, data)], frame_ends))
