"""The statistics that verdicts rest on: exact tests and bounds, without tables and without chance of their own.

A permutation test that is computed exactly (over all permutations, not over a sample of them) gives the same number whenever a
recording is judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import comb, sqrt
from statistics import NormalDist

_STEPS = 100  # of a bisection: more than a double can tell apart


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """The two-sided p-value of a table of two rows (a, b) and (c, d): all tables as rare as this one, or rarer."""
    first, column, total = a + b, a + c, a + b + c + d
    ways: dict[int, int] = {
        x: comb(first, x) * comb(total - first, column - x) for x in range(column + 1) if column - x <= total - first
    }
    seen = ways[a]
    return min(1.0, sum(one for one in ways.values() if one <= seen) / comb(total, column))


def mcnemar_exact(only_a: int, only_b: int) -> float:
    """The two-sided p-value of paired answers, of which so many were right on one side alone. 1 for no such pair."""
    n, few = only_a + only_b, min(only_a, only_b)
    return min(1.0, 2 * sum(comb(n, k) for k in range(few + 1)) / float(2**n))


def wilson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Between which shares the true one lies, by Wilson's score; (0, 1) for n 0."""
    if not n:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = hits / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / n + spread / (4 * n))
    return max(0.0, middle - half) if hits else 0.0, min(1.0, middle + half) if hits < n else 1.0


def clopper_pearson(hits: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Between which shares the true one lies, with at least that level whatever it is; (0, 1) for n 0."""
    if not n:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = _where(lambda share: _at_least(hits, n, share) >= tail) if hits else 0.0
    high = _where(lambda share: _at_least(hits + 1, n, share) >= 1 - tail) if hits < n else 1.0
    return low, high


def unseen_bound(n: int, level: float = 0.95) -> float:
    """What was not seen in n tries happens, at this level, in no more than this share of them (at random; 1 for n 0)."""
    return 1 - (1 - level) ** (1 / n) if n else 1.0


def _at_least(hits: int, n: int, share: float) -> float:
    return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(hits, n + 1))


def _where(begins: Callable[[float], bool]) -> float:
    """The smallest share in 0..1 from which on it holds."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if begins(middle) else (middle, high)
    return high


Samples = Mapping[str, Sequence[Hashable]]
"""Answers by the question that they answer."""


def two_sample(a: Samples, b: Samples) -> float:
    """The p-value of two samples of answers being drawn from one and the same source, question by question.

    The statistic is the sum over all questions of the L1 distance between both sides' counts of answers; its distribution is
    that over all ways to deal each question's answers out to two sides, exactly. Of each question the surplus of the side
    with more answers is left out. 1 where there is nothing to compare.
    """
    seen, ways = 0, {0: 1}
    for question in sorted(a.keys() & b.keys()):
        size = min(len(a[question]), len(b[question]))
        ours, theirs = Counter(a[question][:size]), Counter(b[question][:size])
        seen += distance(ours, theirs)
        ways = _sums(ways, _distances((ours + theirs).values(), size))
    return sum(count for apart, count in ways.items() if apart >= seen) / sum(ways.values())


def distance(ours: Counter[Hashable], theirs: Counter[Hashable]) -> int:
    """The L1 distance of two counts."""
    return sum(abs(ours[one] - theirs[one]) for one in ours.keys() | theirs.keys())


def _distances(pooled: Iterable[int], size: int) -> dict[int, int]:
    """In how many ways `size` of the pooled answers (so many of each) can be dealt to one side, by the distance it makes."""
    ways: dict[tuple[int, int], int] = {(0, 0): 1}  # (dealt so far, distance so far) to the number of ways
    for count in pooled:
        more: Counter[tuple[int, int]] = Counter()
        for (dealt, apart), number in ways.items():
            for one in range(min(count, size - dealt) + 1):
                more[dealt + one, apart + abs(2 * one - count)] += number * comb(count, one)
        ways = more
    return {apart: number for (dealt, apart), number in ways.items() if dealt == size}


def _sums(first: Mapping[int, int], second: Mapping[int, int]) -> dict[int, int]:
    """The ways of the sum of two independent distances."""
    sums: Counter[int] = Counter()
    for one, ways in first.items():
        for other, more in second.items():
            sums[one + other] += ways * more
    return sums


def total_variation(a: Samples, b: Samples) -> float:
    """How far two samples lie apart, 0 (alike) to 1 (nothing in common), the mean over the questions; too large by chance."""
    parts = [
        distance(Counter(a[one][:size]), Counter(b[one][:size])) / (2 * size)
        for one in a.keys() & b.keys()
        if (size := min(len(a[one]), len(b[one])))
    ]
    return sum(parts) / len(parts) if parts else 0.0
