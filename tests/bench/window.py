"""window: 2 x 1000 events a second in the real window for ten seconds, then a study; how long the GUI thread cannot answer."""

from __future__ import annotations

import asyncio
import math
import time
from time import perf_counter_ns

from app.recording.recording import Recording
from tests.bench.children import Child
from tests.bench.frame import Row, exactly, most, percentile
from tests.bench.heartbeat import Heartbeat
from tests.bench.shown import Shown, errors_ns, numbers
from tests.bench.streams import FRAME_EVENTS, SENT, stamped_delta
from ui.shell.pages import COMPARE, STUDY

RATE, SECONDS = 1000, 10.0
IDLE_S = 5.0
FROZEN_S, FROZEN_RUN_S = 1.5, 3.0
STUDY_PAIRS = 20
FROZEN_RUNS = 5  # a machine may be so busy that all was sent before the thread stood still


def run(short: bool) -> list[Row]:
    """An idle window first, then the run; then another in which the GUI thread does nothing at all for a while."""
    seconds, idle_s, frozen_s = (0.8, 0.5, 0.3) if short else (SECONDS, IDLE_S, FROZEN_S)
    with Child("tests.bench.server") as server, Shown() as shown:
        shown.turn_to("Events")
        port = server.line()["port"]
        idle = shown.play(_idle(idle_s))
        study = shown.play(_study(shown, 1 if short else STUDY_PAIRS))  # first: a study's sides are those of Compare
        shown.window.show_page(COMPARE)
        busy = shown.play(_busy(shown, port, int(RATE * seconds)))
        rows = [*_answering(idle, busy), *_nothing_lost(shown, server, int(RATE * seconds))]
        frozen_events = int(RATE * (FROZEN_RUN_S if not short else 2 * frozen_s))
        for _ in range(FROZEN_RUNS):
            frozen_ns = shown.play(_frozen(shown, port, frozen_events, frozen_s))
            frozen = _stamps_of_frozen(shown, server, frozen_ns)
            if not any(math.isnan(row.value) for row in frozen):
                break
        return [*rows, *frozen, *_beside_study(idle, study)]


async def _idle(seconds: float) -> Heartbeat:
    heartbeat = Heartbeat()
    await asyncio.sleep(seconds / 2)
    heartbeat.start()
    await asyncio.sleep(seconds)
    heartbeat.stop()
    return heartbeat


async def _busy(shown: Shown, port: int, events: int) -> Heartbeat:
    heartbeat = Heartbeat()
    shown.ask(port, [f"/rate={RATE},events={events},side={side}" for side in "ab"])
    heartbeat.start()
    await shown.begin()
    await shown.ended()
    heartbeat.stop()
    return heartbeat


async def _study(shown: Shown, pairs: int) -> Heartbeat:
    """A study of the demo's endpoints, from its start until the page shows its end."""
    page = shown.window.show_page(STUDY)
    page.view.plan.pairs.set_value(pairs)
    page.view.plan.warmups.set_value(0)
    page.view.plan.tokens.set_value(4)
    heartbeat = Heartbeat()
    heartbeat.start()
    page.start()
    await shown.until(lambda: page.run.running, "the study to begin")
    await shown.until(lambda: not page.run.running and not page.view.run.running, "the study to end")
    heartbeat.stop()
    if page.run.done != pairs:
        raise RuntimeError(f"{page.run.done} of {pairs} pairs were asked")
    return heartbeat


def _beside_study(idle: Heartbeat, study: Heartbeat) -> list[Row]:
    waits, title = percentile(study.waits_ms, 0.99), "GUI thread can't answer during a study"
    return [
        Row(f"{title}, p99", waits, "ms", "idle window", percentile(idle.waits_ms, 0.99), most(16)),
        Row(f"{title}, longest", max(study.pauses_ms), "ms", "idle window", max(idle.pauses_ms)),
    ]


def _answering(idle: Heartbeat, busy: Heartbeat) -> list[Row]:
    waits, idle_waits = busy.waits_ms, idle.waits_ms
    worst = max(busy.pauses_ms), max(idle.pauses_ms)
    return [
        Row("GUI thread can't answer, p50", percentile(waits, 0.5), "ms", "idle window", percentile(idle_waits, 0.5)),
        Row(
            "GUI thread can't answer, p99", percentile(waits, 0.99), "ms", "idle window", percentile(idle_waits, 0.99), most(8)
        ),
        Row("GUI thread can't answer, longest", worst[0], "ms", "idle window", worst[1], most(50)),
    ]


def _nothing_lost(shown: Shown, server: Child, events: int) -> list[Row]:
    """Every event is in the recordings in its order, read, and a row of the table."""
    lost = sum(events - len(numbers(one)) for one in shown.recordings)
    disordered = sum(numbers(one) != sorted(numbers(one)) for one in shown.recordings)
    rows = sum(pane.events.model.rowCount() for pane in shown.page.panes.values())
    told = [server.line() for _ in range(2)]
    lag = [error / 1e6 for one in shown.recordings for error in errors_ns(one)]
    return [
        Row("events lost", lost, "", must=exactly(0)),
        Row("answers out of order", disordered, "", must=exactly(0)),
        Row("rows of both tables", rows, "", must=exactly(2 * (events + FRAME_EVENTS))),
        Row("bytes the server had to hold back", max(one["unsent_bytes"] for one in told), "", must=exactly(0)),
        Row("error of a stamp meanwhile, p99", percentile(lag, 0.99), "ms"),
    ]


async def _frozen(shown: Shown, port: int, events: int, frozen_s: float) -> tuple[int, int]:
    """From when to when the GUI thread stood still in the middle of a run."""
    shown.ask(port, [f"/rate={RATE},events={events},side={side}" for side in "ab"])
    await shown.begin()
    some = 100 * len(stamped_delta(100, perf_counter_ns()))
    await shown.until(
        lambda: len(shown.recordings) == 2 and all(len(one.body.data) > some for one in shown.recordings), "events"
    )
    begin = perf_counter_ns()
    time.sleep(frozen_s)  # noqa: ASYNC251 -- that is what is to be shown
    end = perf_counter_ns()
    await shown.ended()
    return begin, end


def _stamps_of_frozen(shown: Shown, server: Child, frozen_ns: tuple[int, int]) -> list[Row]:
    begin, end = frozen_ns
    inside: list[float] = []
    outside: list[float] = []
    for one in shown.recordings:
        for error, sent in zip(errors_ns(one), _sent_ns(one), strict=True):
            (inside if begin <= sent < end else outside).append(error / 1e6)
    told = [server.line() for _ in range(2)]
    beside = "while it moves"
    rows = [
        Row("bytes held back while the GUI stands still", max(one["unsent_bytes"] for one in told), "", must=exactly(0)),
        Row("events lost over it", sum(one["sent"] for one in told) - len(inside) - len(outside), "", must=exactly(0)),
    ]
    if not inside or not outside:  # a short run on a busy machine may be over before the window stands still
        return rows
    return [
        Row(
            "error of a stamp while the GUI stands still, p99",
            percentile(inside, 0.99),
            "ms",
            beside,
            percentile(outside, 0.99),
        ),
        Row("error of a stamp while the GUI stands still, worst", max(inside), "ms", beside, max(outside)),
        *rows,
    ]


def _sent_ns(recording: Recording) -> list[int]:
    return [int(one[2]) for one in SENT.finditer(recording.body.data)]
