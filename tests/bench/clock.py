"""clock: how far our stamps lie behind the time of sending while the real window draws, beside a bare asyncio program."""

from __future__ import annotations

from tests.bench.children import Child
from tests.bench.frame import Must, Row, median, most_times, percentile
from tests.bench.shown import Shown, errors_ns, numbers

RATES: dict[int, Must | None] = {50: None, 200: most_times(2), 500: most_times(2.5)}
PAIRS, SECONDS = 5, 5.0


def run(short: bool) -> list[Row]:
    """Each rate in pairs of runs, the bare program and the window, each first every other time, so that noise meets both.

    A figure is the median over the pairs of each run's own p50 or p99; its ratio is the median of the pairs' ratios.
    """
    pairs, seconds = (1, 0.2) if short else (PAIRS, SECONDS)
    with Child("tests.bench.server") as server, Shown() as shown:
        port = server.line()["port"]
        shown.turn_to("Events")
        return [row for rate, must in RATES.items() for row in _at_rate(rate, must, shown, port, pairs, seconds)]


def _at_rate(rate: int, must: Must | None, shown: Shown, port: int, pairs: int, seconds: float) -> list[Row]:
    paths = [f"/rate={rate},events={int(rate * seconds)},side={side}" for side in "ab"]
    ours: list[list[int]] = []
    bare: list[list[int]] = []
    for pair in range(pairs):
        if pair % 2:
            bare.append(_bare(port, paths))
        ours.append(_ours(shown, port, paths, int(rate * seconds)))
        if pair % 2 == 0:
            bare.append(_bare(port, paths))
    rows = []
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        mine, floor = [percentile(one, share) / 1e6 for one in ours], [percentile(one, share) / 1e6 for one in bare]
        ratio = median(one / other for one, other in zip(mine, floor, strict=True))
        figure = f"error of a stamp, 2 x {rate}/s, {name}"
        rows.append(Row(figure, median(mine), "ms", "bare client", median(floor), must if name == "p99" else None, ratio))
    return rows


def _bare(port: int, paths: list[str]) -> list[int]:
    with Child("tests.bench.bare", str(port), *(f"{path}/v1/messages" for path in paths)) as client:
        found: list[int] = client.line()["errors_ns"]
        return found


def _ours(shown: Shown, port: int, paths: list[str], events: int) -> list[int]:
    async def scene() -> None:
        await shown.begin()
        await shown.ended()

    shown.ask(port, paths)
    shown.play(scene())
    for recording in shown.recordings:
        assert numbers(recording) == list(range(events)), "events were lost"
    return [error for recording in shown.recordings for error in errors_ns(recording)]
