"""What changed over days is seen once there is evidence, said with its counts, and never where nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace as replaced

from app.store.history.entry import Entry, Kind, Listed, SideEntry, Traits
from app.trend.change_points import Point, can_change, cuts_in
from app.trend.series import Measure
from app.trend.trend import LEVEL, _worth_a_word, trend_of
from app.trend.words import says

BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
TRAITS = Traits("nginx", ("content-type", "request-id"), "msg_*24", True, 100, 20)
Fields = dict[str, Any]


def listed(number: int, a: Fields, b: Fields | None = None, *, per_day: int = 2, request: str = "Say it") -> Listed:
    begun = BEGIN + timedelta(days=number // per_day, minutes=20 * (number % per_day))
    given: Fields = {"outcome": "completed", "ttft_ms": 500.0, "total_ms": 2000.0, "cost_usd": 0.01, "traits": TRAITS}
    sides = [SideEntry("a", "Official", model="m", **{**given, **a})]
    if b is not None:
        sides.append(SideEntry("b", "Relay", model="m", **{**given, **b}))
    stamp = begun.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return Listed(number + 1, Entry(f"id{number}", stamp, Kind.RUN, "streaming", request, sides=tuple(sides)))


def relay(count: int, of: Callable[[int], Fields], **more: Any) -> list[Listed]:
    return [listed(number, {}, of(number), **more) for number in range(count)]


def lacking(one: bool) -> Fields:
    return {"traits": replaced(TRAITS, sends_usage=not one), "findings": ("C1",) if one else ()}


def test_usage_that_comes_and_goes_is_told_with_its_day() -> None:
    found = relay(40, lambda number: lacking(14 <= number < 28))
    trend = trend_of(found, "Relay", zone=UTC)
    usage = [one for one in trend.changes if one.measure is Measure.USAGE]
    assert [(one.since_day, one.before, one.after, one.again, one.last) for one in usage] == [
        ("2026-11-15", "no", "yes", True, True),
        ("2026-11-08", "yes", "no", False, False),
    ]
    assert (usage[0].run_before, usage[0].run_after) == (28, 29)
    assert "Since Sunday 15 November, Relay sends usage again: 12 of 12 answers; before, 0 of 14." in says(trend, 2026)
    assert any("have finding C1 no longer, as before: 0 of 12; before, 14 of 14." in one for one in says(trend))


@pytest.mark.parametrize(
    ("of", "measure", "said"),
    [
        (lambda late: {"ttft_ms": 900.0 if late else 500.0}, Measure.TTFT, "later. It is 900 ms, and was 500 ms"),
        (lambda late: {"served": "big-2" if late else "big-1"}, Measure.SERVED, "name the model big-2, not big-1: 16 of 16"),
        (
            lambda late: {"traits": replaced(TRAITS, input_tokens=140 if late else 100)},
            Measure.INPUT_TOKENS, "counts 140 input tokens for the same request, not 100: 16 of 16",
        ),
        (
            lambda late: {"traits": replaced(TRAITS, headers=("content-type", "via") if late else TRAITS.headers)},
            Measure.HEADERS, "sends other headers (new: via) (gone: request-id): 16 of 16",
        ),
        (
            lambda late: {"outcome": "failed" if late else "completed"},
            Measure.SUCCESS, "0 of 16 runs on Relay are completed; before, 24 of 24",
        ),
    ],
)  # fmt: skip
def test_each_change_has_its_sentence(of: Callable[[bool], Fields], measure: Measure, said: str) -> None:
    trend = trend_of(relay(40, lambda number: of(number >= 24)), "Relay", zone=UTC)
    assert measure in [one.measure for one in trend.changes]
    assert all(one.since_day == "2026-11-13" for one in trend.changes)
    assert any(said in one for one in says(trend)), says(trend)


def test_of_a_pair_what_both_did_is_told_as_shared() -> None:
    slow = [
        listed(number, {"ttft_ms": 1000.0 if number >= 24 else 500.0}, {"ttft_ms": 1500.0 if number >= 24 else 700.0})
        for number in range(40)
    ]
    trend = trend_of(slow, "Official", other="Relay", zone=UTC)
    assert {(one.side, one.measure, one.shared) for one in trend.changes} == {
        ("a", Measure.TTFT, True),
        ("b", Measure.TTFT, True),
    }
    offset = relay(40, lambda number: {"traits": replaced(TRAITS, input_tokens=100 + 12 * (number >= 24))})
    found = trend_of(offset, "Official", other="Relay", zone=UTC)
    assert "Relay counts 12 input tokens more than Official" in "".join(says(found))
    assert not any(one.shared for one in found.changes)


def test_other_requests_and_other_models_are_no_change() -> None:
    """A person who begins to ask something longer, or with tools, has changed nothing of the endpoint."""
    early = relay(24, lambda _: {"ttft_ms": 300.0, "findings": ()})
    late = [listed(number, {}, {"ttft_ms": 3000.0, "findings": ("T1",)}, request="Other") for number in range(24, 48)]
    trend = trend_of([*early, *late], "relay", zone=UTC)
    assert (len(trend.sides[0].runs), trend.changes) == (48, [])
    assert trend_of(early, "Relay", "another").sides[0].runs == ()
    assert says(trend_of([], "Relay")) == ["No run of it is in the history."]


def test_too_little_is_no_evidence() -> None:
    """Two runs of another kind after twenty are not enough, nor is a slow day, however often it was looked at."""
    assert trend_of(relay(22, lambda number: lacking(number >= 20)), "Relay", zone=UTC).changes == []
    busy = relay(60, lambda number: {"ttft_ms": 900.0 if number >= 40 else 500.0}, per_day=20)
    assert trend_of(busy, "Relay", zone=UTC).changes == []


def noise(random: Random, days: int) -> list[Listed]:
    """Nothing changes: days are slower and faster, a fifth of the answers is another upstream's, and requests alternate."""
    found, number = [], 0
    for _ in range(days):
        load = random.lognormvariate(0, 0.3)
        for _ in range(2):
            other, flaw = random.random() < 0.2, random.random() < 0.1
            traits = Traits(
                "x" if other else "y", ("a",) if other else ("a", "b"), "msg_*24", not flaw, 112 if other else 100, 9
            )
            fields = {
                "ttft_ms": 500 * load * random.lognormvariate(0, 0.2), "total_ms": 3000 * load * random.lognormvariate(0, 0.3),
                "cost_usd": random.lognormvariate(-4, 0.2), "traits": traits, "findings": ("C1",) if flaw else (),
                "served": "m-1" if other else "m-2", "outcome": "failed" if random.random() < 0.05 else "completed",
            }  # fmt: skip
            found.append(listed(number, {}, fields, request=random.choice(("one", "two"))))
            number += 1
    return found


def test_nothing_that_changed_gives_few_alarms() -> None:
    """`python -m tests.trend.false_alarms` plays a thousand of these; here as many as tell that the level is kept at all."""
    random = Random(5)
    alarms = sum(bool(trend_of(noise(random, 15), "Relay", zone=UTC).changes) for _ in range(20))
    assert alarms <= 3  # of 20 at 5 %: more have a chance of 2 %


def test_a_cut_is_found_where_it_is() -> None:
    points = [Point("yes" if number < 9 else "no") for number in range(18)]
    (cut,) = cuts_in(points, LEVEL / 10)
    assert (cut.at, cut.p) == (9, 0.001)
    assert cuts_in([Point(str(number)) for number in range(30)], LEVEL) == []  # a fact that is another each time is none


@pytest.mark.parametrize(("kinds", "is_trait"), [(8, True), (9, False)])
def test_a_fact_of_more_than_eight_kinds_is_no_trait(kinds: int, is_trait: bool) -> None:
    assert can_change([Point(f"kind {number % kinds}") for number in range(30)]) is is_trait


@pytest.mark.parametrize(("now_ms", "told"), [(599.9, False), (600.0, True)])
def test_a_time_that_is_a_fifth_longer_is_worth_a_word(now_ms: float, told: bool) -> None:
    assert _worth_a_word(Measure.TTFT, 500.0, now_ms) is _worth_a_word(Measure.TTFT, now_ms, 500.0) is told
