"""When the drift sentinel asks next, and what its day costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.checks.budget import Prices
from app.store.settings import Watch
from app.trend.drift import PLANS
from app.trend.watching import (
    EVERY_S,
    counted,
    is_over,
    next_round,
    round_cost,
    rounds_a_day,
    spent_today,
    tomorrow,
)

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SONNET = Prices("anthropic-messages", "m", {"input": 3.0, "output": 15.0})


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("last", "began", "due"),
    [
        ("", -1, 0),  # never asked: at once
        (at(-1).isoformat(), -5, 5),
        (at(-7).isoformat(), -5, 0),  # it was busy meanwhile
        (at(-50).isoformat(), 0, 120 / 3600),  # eight were missed: one is asked, once the user had the first two minutes
        (at(-50).isoformat(), -5, 0),
        (at(5).isoformat(), -5, 0),  # the clock was set back
        ("long ago", -1, 0),
        ("2026-01-01", 0, 120 / 3600),  # without a zone, as somebody may have written it into the file
    ],
)
def test_what_was_missed_is_not_made_up_for(last: str, began: float, due: float) -> None:
    watch = Watch(on=True, every_s=6 * 3600, last_utc=last)
    assert next_round(watch, NOW, at(began)) == at(due)


def test_a_day_s_cost_is_said_and_capped() -> None:
    cost = round_cost({"b": SONNET})
    assert cost.requests == len(PLANS)
    assert cost.usd == pytest.approx((3 * cost.input_tokens + 15 * cost.output_tokens) / 1e6)
    both = round_cost({"a": SONNET, "b": SONNET})
    assert both.requests == 2 * len(PLANS)
    assert both.usd == pytest.approx(2 * (cost.usd or 0))
    assert round_cost({"b": Prices("anthropic-messages", "nobody's model")}).usd is None
    watch = Watch(cap_usd=3 * (cost.usd or 0))
    for _ in range(3):
        assert not is_over(watch, cost, NOW)
        watch = counted(watch, cost.usd or 0, NOW)
    assert is_over(watch, cost, NOW)
    assert not is_over(watch, cost, tomorrow(NOW))  # another day begins
    assert (spent_today(watch, tomorrow(NOW)), tomorrow(NOW)) == (0.0, at(12))
    assert not is_over(Watch(spent_usd=9.0, day="2026-11-30"), cost, NOW)  # no cap


def test_how_often_is_what_the_settings_take() -> None:
    assert [rounds_a_day(one) for one in EVERY_S] == [48, 24, 8, 4, 2, 1]
    assert min(EVERY_S) >= 600
