"""memory: what the idle window has, beside a stub of plain widgets; and what a hundred runs leave behind."""

from __future__ import annotations

import asyncio

from tests.bench.children import Child
from tests.bench.frame import Row, exactly, median, most_times
from tests.bench.memory_use import resident_mb
from tests.bench.shown import Shown, numbers
from tests.bench.start import ENDPOINTS, opened

REPEATS, IDLE_S = 3, 3.0
RUNS, FIRST_RUNS, EVENTS = 100, 10, 2000


def run(short: bool) -> list[Row]:
    """Idle memory is that of fresh processes, a few seconds after their first paint; a run is 2000 events on each side."""
    repeats, idle_s, runs, first, events = (1, 0.1, 3, 2, 200) if short else (REPEATS, IDLE_S, RUNS, FIRST_RUNS, EVENTS)
    pairs = [(opened("app", idle_s)[2], opened("stub", idle_s)[2]) for _ in range(repeats)]
    app_mb, stub_mb = median(app for app, _ in pairs), median(stub for _, stub in pairs)
    asked_mb = median(opened("app", idle_s, ENDPOINTS)[2] for _ in range(repeats))
    rows = [
        Row("idle window", app_mb, "MB", "stub", stub_mb, most_times(1.4), median(app / stub for app, stub in pairs)),
        Row("idle window with saved endpoints, which has asked the keyring", asked_mb, "MB", "without", app_mb),
    ]
    with Child("tests.bench.server") as server, Shown() as shown:
        port = server.line()["port"]
        shown.ask(port, [f"/events={events},side={side}" for side in "ab"])
        return [*rows, *shown.play(_runs(shown, runs, first, events))]


async def _runs(shown: Shown, runs: int, first: int, events: int) -> list[Row]:
    lost, used = 0, []
    for number in range(runs):
        shown.turn_to(("Answer", "Events", "Timing", "Raw")[number % 4])
        await shown.begin()
        await shown.ended()
        lost += sum(events - len(numbers(one)) for one in shown.recordings)
        await asyncio.sleep(0.02)
        used.append(resident_mb())
    return [
        Row(
            f"after {runs} runs of {events} events a side",
            used[-1],
            "MB",
            f"after {first} runs",
            used[first - 1],
            most_times(1.1),
        ),
        Row("highest after a run", max(used), "MB", f"after {first} runs", used[first - 1]),
        Row("events lost", lost, "", must=exactly(0)),
    ]
