"""extremes: answers that no model gives, live through the wire: how long the window could not answer; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from app.exchange.exchange import Exchange
from app.stream.sse import Oddity
from tests.bench.children import Child
from tests.bench.frame import Row, exactly, percentile
from tests.bench.heartbeat import Heartbeat
from tests.bench.memory_use import peak_mb
from tests.bench.shown import Shown
from tests.bench.streams import FRAME_EVENTS

BIG_BYTES = 50_000_000
EVENTS = 10_000_000
COMMENTS = 20_000_000


def run(short: bool) -> list[Row]:
    """Side A gets the extreme answer, side B a small one; the Answer tab is in front for the large event, else Events."""
    part = 100 if short else 1
    with Child("tests.bench.flood_server") as server, Shown() as shown:
        port = server.line()["port"]
        rows: list[Row] = []
        for kind, count, what, tab, counted in (
            ("big", BIG_BYTES // part, "one event of {} bytes", "Answer", lambda one: len(one.reading.text)),
            ("comments", COMMENTS // part, "{} comments", "Events", lambda one: one.parser.counts[Oddity.COMMENT]),
            ("events", EVENTS // part, "{} events without data", "Events", lambda one: len(one.events) - FRAME_EVENTS),
        ):
            shown.turn_to(tab)
            rows += shown.play(_watched(shown, port, kind, count, what.format(count), counted))
        return [*rows, Row("memory of the process, highest", peak_mb(), "MB")]


async def _watched(shown: Shown, port: int, kind: str, count: int, what: str, counted: Callable[[Exchange], int]) -> list[Row]:
    shown.ask(port, [f"/{kind}={count}", "/big=10"])
    heartbeat = Heartbeat()
    heartbeat.start()
    begin = perf_counter()
    await shown.begin()
    await shown.ended()
    took_ms = (perf_counter() - begin) * 1000
    heartbeat.stop()
    sides = shown.page.session.sides
    one = sides["a"].first
    assert one is not None
    return [
        Row(f"{what}, until all is read", took_ms, "ms"),
        Row(f"{what}: GUI thread can't answer, p99", percentile(heartbeat.waits_ms, 0.99), "ms"),
        Row(f"{what}: GUI thread can't answer, longest", max(heartbeat.pauses_ms), "ms"),
        Row(f"{what}: as many came", counted(one), "", must=exactly(count)),
        Row(f"{what}: sides that completed", sum(side.outcome == "completed" for side in sides.values()), "", must=exactly(2)),
    ]
