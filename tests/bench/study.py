"""study: how often its intervals hold the truth and its findings are right, on made noise; and how long the statistics take.

The noise is drawn from seeds, so that every run of this gives the same shares. A pair's two requests are drawn as a study's
are: in random order, the second of a pair 25 ms quicker, under load that drifts. A smaller number is played through real
sockets (`study_real`), and its pictures are zoomed (`study_frames`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from time import perf_counter

from app.study import statistics
from app.study.statistics import paired_difference, percentile
from tests.bench.frame import Row, least_times, most

STUDIES, SHORT = 10_000, 20
PAIRS = (10, 20, 50)
Noise = Callable[[Random], float]
SHAPES: dict[str, Noise] = {
    "normal": lambda random: random.gauss(0, 30),
    "log-normal": lambda random: random.lognormvariate(3, 0.8),
    "spiked": lambda random: random.gauss(0, 20) + (random.random() < 0.05) * random.uniform(200, 1500),
    "bimodal": lambda random: random.gauss(0, 10) + (random.random() < 0.3) * 80,
}
TRUTH_MS, QUICKER_MS, DRIFT_MS = 20.0, 25.0, 300.0


def run(short: bool) -> list[Row]:
    studies = SHORT if short else STUDIES
    missed = {
        (shape, pairs): 1 - _share(studies, pairs, noise, TRUTH_MS, lambda low, high: low <= TRUTH_MS <= high)
        for shape, noise in SHAPES.items()
        for pairs in PAIRS
    }
    rows = [
        Row(f"95 % intervals that miss the truth, {shape} noise, {pairs} pairs", 100 * share, "%", must=most(7))
        for (shape, pairs), share in missed.items()
    ]
    same = [_share(studies, 20, noise, 0.0, lambda low, high: not low <= 0 <= high) for noise in SHAPES.values()]
    what = f"A against itself called different, {len(same)} shapes of noise, {studies} studies of 20 pairs each"
    rows.append(Row(what, 100 * sum(same) / len(same), "%", must=most(5)))
    rows.append(Row("the shape of noise for which it is most often", 100 * max(same), "%"))
    found = _share(studies, 20, lambda random: random.gauss(60, 15), 20.0, lambda low, _: low > 0, quicker_ms=0.0)
    rows.append(Row("20 ms in 60 ± 15 ms found by 20 pairs", 100 * found, "%", "of", 95.0, least_times(1)))
    from tests.bench.study_real import rows as real_rows  # tests take the noise from here, and need no wire for that

    rows += asyncio.run(real_rows(short=short))
    from tests.bench.study_frames import rows as frame_rows

    rows += frame_rows(short=short)
    return [*rows, *_times(*((10, 10) if short else (1000, statistics.EXACT_PAIRS)))]


def _share(
    studies: int,
    pairs: int,
    noise: Noise,
    truth: float,
    holds: Callable[[float, float], bool],
    quicker_ms: float = QUICKER_MS,
) -> float:
    """In what share of the studies it holds of the interval (low, high)."""
    hits = 0
    for number in range(studies):
        random = Random(f"{number}/{pairs}/{truth}")
        differences = [_difference(random, noise, truth, n / pairs, quicker_ms) for n in range(pairs)]
        interval = paired_difference(differences).interval
        assert interval is not None
        hits += holds(interval.low, interval.high)
    return hits / studies


def _difference(random: Random, noise: Noise, truth: float, progress: float, quicker_ms: float) -> float:
    """B - A of one pair; both wait for the load that drifts, and the one asked second is quicker."""
    load = DRIFT_MS * progress
    a, b = (load + noise(random) for _ in range(2))
    quicker = quicker_ms if random.random() < 0.5 else -quicker_ms
    return truth + b - a + quicker


def _times(many: int, counted: int) -> list[Row]:
    """Of many pairs; and of as many as have their distributions counted, which is done once for each number of pairs."""
    return [_time(many), _time(counted)]


def _time(pairs: int) -> Row:
    random = Random(1)
    differences = [random.gauss(20, 60) for _ in range(pairs)]
    times = []
    for _ in range(5):
        statistics.forget()
        begin = perf_counter()
        paired_difference(differences)
        percentile(differences, 0.95)
        times.append((perf_counter() - begin) * 1e3)
    return Row(f"statistics of {pairs} pairs, nothing known before, median of 5", sorted(times)[2], "ms", must=most(50))
