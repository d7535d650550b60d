"""The statistics of a study against scipy's; development only: scipy is no dependency, and no test runs this.

    uv run --isolated --no-project --python 3.11 --with scipy --with msgspec python -m tests.study.against_scipy

Seen with scipy 1.17.1 on Python 3.11, 400 studies of 6 to 50 pairs: p of the exact signed-rank test and Hodges-Lehmann's
estimate the same to the last digit, p with ties within 4e-16 of scipy's, every end of an interval where scipy's test turns (to
1e-6 ms), Wilson's interval within 3e-16, intervals of quantiles of 20 to 1000 values between the same ranks, and none where
scipy has none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from random import Random
from typing import Any

from app.checks.statistics import wilson
from app.study.statistics import paired_difference, percentile, signed_rank_p

STUDIES = 400
LEVEL = 0.95
SHARES = (0.5, 0.95, 0.99)


def main() -> None:
    """Print the largest deviation of each."""
    stats: Any = import_module("scipy.stats")
    version = import_module("scipy").__version__
    say(f"scipy {version}, {STUDIES} studies each, level {LEVEL}")
    for name, deviation in (
        ("signed-rank p, exact", max(_p_values(stats))),
        ("signed-rank p, exact, with ties by the normal one", max(_p_of_ties(stats))),
        ("ends of signed-rank intervals that scipy's test does not turn at", sum(_turns(stats))),
        ("Hodges-Lehmann, ms", max(_estimates())),
        ("Wilson's interval", max(_wilson(stats))),
        ("ranks of quantile intervals", max(_quantiles(stats))),
    ):
        say(f"{name}: {deviation:.3g}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _studies() -> Iterator[list[float]]:
    for number in range(STUDIES):
        random = Random(number)
        yield [random.gauss(random.uniform(-30, 30), 40) for _ in range(random.randint(6, 50))]


def _p_values(stats: Any) -> Iterator[float]:
    for one in _studies():
        yield abs(signed_rank_p(one) - stats.wilcoxon(one, method="exact").pvalue)


def _p_of_ties(stats: Any) -> Iterator[float]:
    for one in _studies():
        rounded = [float(round(value / 10)) for value in one]
        sizes = [abs(value) for value in rounded if value]
        if len(set(sizes)) < len(sizes):  # else ours is exact
            theirs = stats.wilcoxon([value for value in rounded if value], method="approx", correction=True).pvalue
            yield abs(signed_rank_p(rounded) - theirs)


def _turns(stats: Any) -> Iterator[int]:
    """Within the interval scipy's exact test must not reject, and beyond either end it must."""
    for one in _studies():
        interval = paired_difference(one, LEVEL).interval
        assert interval is not None
        for end, outward in ((interval.low, -1.0), (interval.high, 1.0)):
            for step, rejected in ((1e-6, True), (-1e-6, False)):
                shifted = [value - (end + outward * step) for value in one]
                yield bool(stats.wilcoxon(shifted, method="exact").pvalue <= 1 - LEVEL) is not rejected


def _estimates() -> Iterator[float]:
    numpy: Any = import_module("numpy")
    for one in _studies():
        means = [(first + second) / 2 for at, first in enumerate(one) for second in one[at:]]
        yield abs(paired_difference(one).estimate - float(numpy.median(means)))


def _wilson(stats: Any) -> Iterator[float]:
    for n in (1, 5, 20, 100, 1000):
        for hits in range(0, n + 1, max(1, n // 20)):
            theirs = stats.binomtest(hits, n).proportion_ci(LEVEL, method="wilson")
            yield max(abs(wilson(hits, n)[0] - theirs.low), abs(wilson(hits, n)[1] - theirs.high))


def _quantiles(stats: Any) -> Iterator[int]:
    """By how many ranks an end differs; one that only one of the two has counts as all ranks."""
    for n in (20, 72, 73, 100, 200, 500, 1000):
        values = [float(rank) for rank in range(1, n + 1)]
        for share in SHARES:
            ours = percentile(values, share, LEVEL).interval
            theirs = stats.quantile_test(values, p=share).confidence_interval(LEVEL)
            ends = (theirs.low, theirs.high)
            if ours is None:
                yield 0 if any(end != end for end in ends) else n
            else:
                yield max(
                    int(abs(mine - end)) if end == end else n for mine, end in zip((ours.low, ours.high), ends, strict=True)
                )


if __name__ == "__main__":
    main()
