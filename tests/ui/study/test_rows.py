"""The table and the pictures of a study, as data."""

from __future__ import annotations

import msgspec

from app.exchange.timing import Unmeasured
from app.study.figures import FEW, difference_text
from app.study.result import study_result
from app.study.session import Pair
from tests.study.studies import Ms, made_pairs
from tests.ui.study.made import noisy
from ui.study.points import phases_of, points_of, staircase
from ui.study.rows import Row, rows_of, tail_of


def _rows(first_token_ms: Ms, count: int) -> tuple[dict[str, Row], list[Pair]]:
    pairs = made_pairs(first_token_ms, count)
    return {one.id: one for one in rows_of(study_result(pairs), pairs)}, pairs


def test_the_first_token_has_its_parts_below_it_and_the_rest_follows() -> None:
    rows, pairs = _rows(noisy, 20)
    assert list(rows) == [
        "ttft", "connection", "own", "send", "wait", "head_to_token", "left_over", "ttfb", "ttfo", "total", "output_rate",
        "gap", "completed",
    ]  # fmt: skip
    difference = study_result(pairs).ttft.difference
    assert difference is not None
    assert difference.interval is not None
    ttft = rows["ttft"]
    assert ttft.difference == difference_text(difference.estimate)
    assert ttft.interval == f"+{difference.interval.low:.0f} to +{difference.interval.high:.0f}"
    assert ttft.drawn is not None
    assert (ttft.drawn.low, ttft.drawn.high) == (difference.interval.low, difference.interval.high)
    parts = ["connection", "own", "send", "wait", "head_to_token", "left_over"]
    assert [one.id for one in rows.values() if one.part] == parts
    assert [one.id for one in rows.values() if one.strong] == ["ttft", "wait"]  # the whole difference is there


def test_a_p95_needs_twenty_runs_and_says_why_it_has_no_interval() -> None:
    few, _ = _rows(noisy, 19)
    assert (few["ttft"].a_p95, few["ttft"].b_p95) == ("", "")
    assert "no p95 from 19 runs: it is shown from 20 on" in few["ttft"].tip
    some, _ = _rows(noisy, 20)
    assert some["ttft"].a_p95
    assert "without an interval, which needs 72 runs; there are 20" in some["ttft"].tip
    many, _ = _rows(noisy, 80)
    assert ", between " in many["ttft"].tip


def test_the_slow_end_is_told_with_its_interval_or_the_reason_why_there_is_none() -> None:
    pairs = made_pairs(lambda side, n: None if side == "b" and n > 19 else 500.0 + n, 80)
    said = tail_of(study_result(pairs))
    assert said == (
        "Slow first tokens: A p95 576, between 572 and 580 (95 %); B no p95 from 19 runs: it is shown from 20 on. No verdict"
        " rests on these."
    )
    assert tail_of(study_result([])) == ""


def test_nothing_is_shown_that_was_not_measured() -> None:
    rows, _ = _rows(lambda side, n: noisy(side, n) if side == "a" else None, 8)
    assert (rows["ttft"].b, rows["ttft"].difference, rows["ttft"].interval, rows["ttft"].drawn) == ("–", "–", "", None)
    assert "left_over" not in rows
    assert (rows["completed"].a, rows["completed"].b) == ("8 / 8", "0 / 8")
    assert rows["completed"].note == "A 68 % to 100 %, B 0 % to 32 % (Wilson); B: 401 8 ×"
    assert rows["completed"].tip.endswith("B: 401 Unauthorized, 8 ×")
    assert "B: 0 % to 32 % of such runs would (Wilson, 95 %)" in rows["completed"].tip
    empty, _ = _rows(noisy, 0)
    assert {one.a for one in empty.values()} == {"–"}


def test_a_measure_that_no_run_has_says_why() -> None:
    pairs = made_pairs(noisy, 7)
    for pair in pairs:
        assert pair.b is not None
        pair.b._timing = msgspec.structs.replace(pair.b.timing, output_rate=None, no_rate=Unmeasured.BURSTS)
    rows = {one.id: one for one in rows_of(study_result(pairs), pairs)}
    assert rows["output_rate"].note == "B: not measurable in 7 of 7 (in bursts)"
    assert (rows["output_rate"].b, rows["output_rate"].difference) == ("–", "–")


def test_too_few_pairs_have_no_interval() -> None:
    rows, _ = _rows(noisy, 5)
    assert rows["ttft"].interval == FEW
    assert rows["ttft"].drawn is None


def test_a_difference_that_rounds_to_nothing_has_no_sign() -> None:
    assert [difference_text(one) for one in (0.0, -0.04, 3.26, -12.0)] == ["±0", "±0", "+3.3", "−12"]


def test_each_run_is_a_point_and_failures_stay_in_their_place() -> None:
    pairs = made_pairs(lambda side, n: None if (side, n) == ("b", 2) else 500.0 + n, 3)
    points = points_of(study_result(pairs).ttft, pairs, 20)
    assert [(one.pair, one.side, one.value) for one in points.runs] == [
        (1, "a", 501.0), (1, "b", 501.0), (2, "a", 502.0), (2, "b", None), (3, "a", 503.0), (3, "b", 503.0),
    ]  # fmt: skip
    assert points.runs[3].tip == "Pair 2, B (asked second): failed, 401 Unauthorized"
    assert points.runs[0].tip == "Pair 1, A (asked first): 501 ms"
    assert [(one.pair, one.value, one.height) for one in points.steps] == [(1, 0.0, 0), (3, 0.0, 1)]
    assert points.pairs == 20


def test_a_run_on_its_way_is_no_failure() -> None:
    pairs = made_pairs(lambda side, n: 500.0, 1)
    pairs[0].b = None
    assert [one.side for one in points_of(study_result(pairs).ttft, pairs, 1).runs] == ["a"]


def test_phases_are_the_parts_that_were_measured_at_their_medians() -> None:
    pairs = made_pairs(lambda side, n: 500.0 if side == "a" else 700.0, 3)
    assert [(one.side, one.id, one.ms) for one in phases_of(study_result(pairs))] == [
        ("a", "connection", 100.0), ("a", "send", 1.0), ("a", "wait", 350.0), ("a", "head_to_token", 49.0),
        ("b", "connection", 100.0), ("b", "send", 1.0), ("b", "wait", 550.0), ("b", "head_to_token", 49.0),
    ]  # fmt: skip
    assert phases_of(study_result(pairs))[2].tip == "A, path and endpoint: 350 ms, the median"
    assert phases_of(study_result([])) == ()


def test_runs_from_another_stack_are_marked() -> None:
    pairs = made_pairs(noisy, 20)
    for number in (4, 10):
        one = pairs[number - 1].b
        assert one is not None
        one.reading.model = "other"
    points = points_of(study_result(pairs).ttft, pairs, 20)
    marked = [one for one in points.runs if one.other]
    assert [(one.pair, one.side) for one in marked] == [(4, "b"), (10, "b")]
    assert marked[0].tip.endswith(" ms, from another stack")
    assert {one.pair for one in points.steps if one.other} == {4, 10}


def test_a_part_opens_the_pair_that_is_nearest_to_it() -> None:
    pairs = made_pairs(noisy, 9)
    found = {(one.side, one.id): one for one in phases_of(study_result(pairs), pairs)}
    one = found["b", "wait"]
    run = pairs[one.pair - 1].b
    assert run is not None
    assert run.timing.wait == one.ms


def test_no_square_covers_another() -> None:
    pairs = made_pairs(noisy, 60)
    steps = points_of(study_result(pairs).ttft, pairs, 60).steps
    width = (max(one.value for one in steps) - min(0.0, *(one.value for one in steps))) / 28
    for one in steps:
        beside = [other.value for other in steps if other.height == one.height and other is not one]
        assert all(abs(one.value - other) >= width for other in beside)


def test_the_staircase_rises_at_each_value() -> None:
    assert staircase([2.0, 4.0], 0.0, 5.0) == ([0.0, 2.0, 2.0, 4.0, 4.0, 5.0], [0.0, 0.0, 50.0, 50.0, 100.0, 100.0])
