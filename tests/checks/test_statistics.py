"""Exact tests and bounds, held against slow references that try everything."""

from __future__ import annotations

from itertools import combinations, product
from math import comb, sqrt
from random import Random

import pytest

from app.checks.statistics import (
    clopper_pearson,
    fisher_exact,
    mcnemar_exact,
    total_variation,
    two_sample,
    unseen_bound,
    wilson,
)


def _fisher_by_dealing(a: int, b: int, c: int, d: int) -> float:
    """Deal the hits to all places and count the tables that are no likelier than the one seen."""
    places, hits = a + b + c + d, a + c
    dealt = [sum(place < a + b for place in one) for one in combinations(range(places), hits)]
    often = {x: dealt.count(x) for x in set(dealt)}
    return sum(count for count in often.values() if count <= often[a]) / len(dealt)


TABLES = [(3, 0, 0, 3), (4, 0, 0, 4), (5, 0, 0, 5), (2, 3, 4, 1), (0, 2, 2, 3), (1, 1, 1, 1), (0, 0, 2, 2)]


@pytest.mark.parametrize("table", TABLES)
def test_fisher(table: tuple[int, int, int, int]) -> None:
    assert fisher_exact(*table) == pytest.approx(_fisher_by_dealing(*table))


def test_fisher_all_against_none() -> None:
    assert [round(fisher_exact(n, 0, 0, n), 3) for n in (3, 4, 5)] == [0.1, 0.029, 0.008]


def test_mcnemar() -> None:
    for only_a, only_b in product(range(5), repeat=2):
        n = only_a + only_b
        outcomes = [sum(one) for one in product((0, 1), repeat=n)]
        rare = [one for one in outcomes if abs(2 * one - n) >= abs(only_a - only_b)]
        assert mcnemar_exact(only_a, only_b) == pytest.approx(len(rare) / len(outcomes))
    assert mcnemar_exact(0, 5) > 0.05 > mcnemar_exact(0, 6)


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (1, 10), (5, 20), (50, 50), (0, 0), (7, 7)])
def test_bounds_hold_what_they_promise(hits: int, n: int) -> None:
    low, high = clopper_pearson(hits, n)
    assert 0 <= low <= (hits / n if n else 0) <= high <= 1

    def tail(first: int, last: int, share: float) -> float:
        return sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(first, last + 1))

    if hits and n:
        assert tail(hits, n, low) == pytest.approx(0.025)
    if hits < n:
        assert tail(0, hits, high) == pytest.approx(0.025)
    near_low, near_high = wilson(hits, n)
    assert 0 <= near_low <= near_high <= 1
    for share in (near_low, near_high):  # Wilson's are the shares that lie 1.96 standard errors of their own away
        if n and 0 < share < 1:
            assert abs(hits / n - share) / sqrt(share * (1 - share) / n) == pytest.approx(1.959964, abs=1e-5)


def test_not_seen_in_n() -> None:
    assert [round(unseen_bound(n), 3) for n in (10, 20, 50)] == [0.259, 0.139, 0.058]
    assert unseen_bound(0) == 1


def _two_sample_by_dealing(a: dict[str, list[str]], b: dict[str, list[str]]) -> float:
    """Every way to deal each question's answers to the two sides."""

    def apart(pool: list[str], ours: tuple[int, ...]) -> int:
        mine = [pool[place] for place in ours]
        theirs = [one for place, one in enumerate(pool) if place not in ours]
        return sum(abs(mine.count(word) - theirs.count(word)) for word in set(pool))

    pools = {one: a[one] + b[one] for one in a}
    seen = sum(apart(pools[one], tuple(range(len(a[one])))) for one in a)
    dealt = [[apart(pools[one], ours) for ours in combinations(range(len(pools[one])), len(a[one]))] for one in a]
    sums = [sum(one) for one in product(*dealt)]
    return sum(one >= seen for one in sums) / len(sums)


@pytest.mark.parametrize("seed", range(8))
def test_two_sample_is_the_exact_permutation_test(seed: int) -> None:
    random = Random(seed)
    a = {question: [random.choice("xyz") for _ in range(3)] for question in "pqr"}
    b = {question: [random.choice("xyzw"[seed % 2 :]) for _ in range(3)] for question in "pqr"}
    assert two_sample(a, b) == pytest.approx(_two_sample_by_dealing(a, b))


def test_two_sample_leaves_the_surplus_out() -> None:
    assert two_sample({"p": ["x", "y", "z"]}, {"p": ["x"]}) == two_sample({"p": ["x"]}, {"p": ["x"]}) == 1
    assert two_sample({"p": ["x"]}, {"q": ["y"]}) == 1
    assert two_sample({"p": ["x"] * 6}, {"p": ["y"] * 6}) == pytest.approx(2 / comb(12, 6))


def test_total_variation() -> None:
    assert total_variation({"p": ["x", "y"], "q": ["z"]}, {"p": ["x", "x"], "q": ["w"]}) == 0.75
    assert total_variation({}, {}) == 0
