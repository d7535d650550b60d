"""What a session would cost, before it is sent."""

from __future__ import annotations

import msgspec

from app.checks.budget import Prices
from app.checks.check import Control
from app.checks.estimate import estimate
from tests.checks.sessions import MESSAGES, check

PRICED = Prices(MESSAGES, "m", {"input": 1.0, "output": 10.0})
UNPRICED = Prices(MESSAGES, "nobody-knows-this-model")


def test_both_sides_are_counted() -> None:
    found = estimate([check("x", steps=2), check("y")], {"a": PRICED, "b": PRICED})
    assert (found.requests, found.input_tokens, found.output_tokens, found.tokens) == (6, 80, 40, 120)
    assert found.usd is not None
    assert abs(found.usd - (80 * 1.0 + 40 * 10.0) / 1e6) < 1e-12


def test_a_check_that_needs_the_control_is_not_counted_without_it() -> None:
    checks = [check("x"), check("y", control=Control.NEEDED)]
    assert estimate(checks, {"b": PRICED}).requests == 1
    assert estimate(checks, {"a": PRICED, "b": PRICED}).requests == 4


def test_a_side_without_a_price_leaves_the_money_open_and_the_cap_to_tokens() -> None:
    found = estimate([check("x")], {"a": PRICED, "b": UNPRICED})
    assert (found.usd, found.unpriced, found.fitting_cap_usd) == (None, ("b",), None)
    assert found.fitting_cap_tokens == 10_000


def test_the_demo_is_free_and_only_the_other_side_is_counted() -> None:
    free = msgspec.structs.replace(PRICED, free=True)
    alone, beside = estimate([check("x")], {"b": PRICED}), estimate([check("x")], {"a": free, "b": PRICED})
    assert (beside.usd, beside.free, beside.tokens) == (alone.usd, False, 2 * alone.tokens)
    both = estimate([check("x")], {"a": free, "b": msgspec.structs.replace(UNPRICED, free=True)})
    assert (both.usd, both.free, both.unpriced) == (0.0, True, ())
    assert not estimate([check("x")], {}).free


def test_the_cap_lets_all_through_with_room() -> None:
    many = estimate([check(str(number), steps=300) for number in range(60)], {"b": PRICED})
    assert many.usd is not None
    assert many.fitting_cap_usd is not None
    assert 2 * many.usd <= many.fitting_cap_usd < 2 * many.usd + 0.051
    assert 2 * many.tokens <= many.fitting_cap_tokens < 2 * many.tokens + 10_001
    assert estimate([check("x")], {"b": PRICED}).fitting_cap_usd == 0.05
