"""Ranks and percentiles, held against slow references that try everything."""

from __future__ import annotations

from itertools import product
from random import Random
from statistics import median

import pytest

from app.study import statistics
from app.study.statistics import (
    Interval,
    level_at_any_look,
    paired_difference,
    pairs_to_see,
    percentile,
    signed_rank_interval,
    signed_rank_p,
    spread,
    walsh,
)


def values(n: int, seed: int = 1, middle: float = 0.0) -> list[float]:
    random = Random(seed)
    return sorted(random.gauss(middle, 1) for _ in range(n))


def means(ordered: list[float]) -> list[float]:
    return sorted((one + other) / 2 for at, one in enumerate(ordered) for other in ordered[at:])


@pytest.mark.parametrize("n", [1, 2, 3, 6, 15])
def test_each_mean_is_found_by_its_rank(n: int) -> None:
    ordered = values(n)
    assert [walsh(ordered, rank) for rank in range(1, n * (n + 1) // 2 + 1)] == means(ordered)


@pytest.mark.parametrize("few", [[-4.0, -1.0, 0.0, 0.5, 3.0], [0.0, 1e-80, 1.0], [-1e300, -1.0, 1e300]])
def test_each_mean_of_many_equal_values_is_found_by_its_rank(few: list[float]) -> None:
    """More are the same than can be told apart one by one; and none is only nearly what it is."""
    random = Random(3)
    ordered = sorted(random.choice(few) for _ in range(24))
    assert [walsh(ordered, rank) for rank in range(1, 301)] == means(ordered)


def test_of_a_thousand_values_the_middle_means() -> None:
    ordered = values(1000)
    every = means(ordered)
    assert [walsh(ordered, rank) for rank in (1, 31, 250_250, 250_251, 500_500)] == [
        every[rank - 1] for rank in (1, 31, 250_250, 250_251, 500_500)
    ]


def test_means_of_equal_values() -> None:
    assert [walsh([1.0, 1.0, 3.0], rank) for rank in range(1, 7)] == [1.0, 1.0, 1.0, 2.0, 2.0, 3.0]


@pytest.mark.parametrize("n", [3, 6, 8])
def test_the_p_value_is_that_of_all_signs(n: int) -> None:
    sizes = list(range(1, n + 1))
    sums = [sum(rank for rank, sign in zip(sizes, signs, strict=True) if sign) for signs in product((0, 1), repeat=n)]
    most = n * (n + 1) // 2
    for signs in ((1,) * n, (1, 0) * (n // 2) + (1,) * (n % 2), (0,) * (n - 1) + (1,)):
        differences = [rank if sign else -rank for rank, sign in zip(sizes, signs, strict=True)]
        seen = sum(one for one in differences if one > 0)
        less = min(seen, most - seen)
        assert signed_rank_p(differences) == pytest.approx(min(1.0, 2 * sum(one <= less for one in sums) / len(sums)))


def test_p_of_nothing_and_of_ties() -> None:
    assert signed_rank_p([0.0, 0.0]) == 1.0
    assert signed_rank_p([1.0] * 10) < 0.01
    assert signed_rank_p([1.0, -1.0] * 10) == pytest.approx(1.0)


@pytest.mark.parametrize("n", [6, 7, 10, 20])
def test_the_interval_is_of_what_the_test_does_not_reject(n: int) -> None:
    ordered = values(n, seed=n)
    interval = signed_rank_interval(ordered)
    assert interval is not None
    inside = (interval.high - interval.low) * 1e-6
    for edge, sign in ((interval.low, 1), (interval.high, -1)):
        assert signed_rank_p([one - (edge - sign * inside) for one in ordered]) <= 0.05
        assert signed_rank_p([one - (edge + sign * inside) for one in ordered]) > 0.05
    assert interval.achieved >= 0.95


def test_five_pairs_reach_no_level_of_95_percent() -> None:
    assert paired_difference(values(5)).interval is None
    six = paired_difference(values(6)).interval
    assert six is not None
    assert six.achieved == pytest.approx(1 - 2 / 64)


@pytest.mark.parametrize("n", [1, 2, 9, 10])
def test_hodges_lehmann_is_the_median_of_the_means(n: int) -> None:
    assert paired_difference(values(n, middle=5)).estimate == pytest.approx(median(means(values(n, middle=5))))


def test_the_normal_distribution_goes_on_where_counting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    ordered = values(200)
    exact = signed_rank_interval(ordered)
    monkeypatch.setattr(statistics, "EXACT_PAIRS", 100)
    statistics._critical.cache_clear()
    near = signed_rank_interval(ordered)
    statistics._critical.cache_clear()
    assert exact is not None
    assert near is not None
    assert near.low == pytest.approx(exact.low, abs=0.005)
    assert near.high == pytest.approx(exact.high, abs=0.005)


def test_a_late_request_in_twenty_moves_the_interval_little() -> None:
    quiet = values(20)
    spiked = sorted([*quiet[:-1], 1000.0])
    a, b = signed_rank_interval(quiet), signed_rank_interval(spiked)
    assert a is not None
    assert b is not None
    assert b.half_width < 2 * a.half_width


def test_a_percentile_by_nearest_rank_and_when_it_has_an_interval() -> None:
    assert percentile(range(1, 21), 0.95).value == 19
    assert percentile([7.0], 0.5).value == 7.0
    assert percentile(range(71), 0.95).interval is None
    found = percentile(range(1, 73), 0.95).interval
    assert found is not None
    assert found.high == 72
    assert found.achieved >= 0.95
    middle = percentile(range(1, 7), 0.5).interval
    assert middle is not None
    assert (middle.low, middle.high) == (1, 6)
    assert middle.achieved == pytest.approx(1 - 2 / 64)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.95])
def test_a_percentile_s_interval_holds_it_as_often_as_it_says(share: float) -> None:
    random, hits, tries = Random(3), 0, 300
    for _ in range(tries):
        found = percentile([random.random() for _ in range(100)], share).interval
        assert found is not None
        hits += found.holds(share)
    assert hits / tries > 0.92


def test_what_a_difference_needs() -> None:
    interval = Interval(-10.0, 10.0, 0.95, 0.951)
    assert pairs_to_see(5.0, interval, 20) == 80
    assert pairs_to_see(50.0, interval, 20) == 20
    assert level_at_any_look(0.95, 20) == pytest.approx(0.9975)
    assert spread([1.0, 2.0, 9.0]) == 1.0


def test_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no pairs"):
        paired_difference([])
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)
