"""Caps, clauses and shown values of checks: just below each bound, and just above it."""

from __future__ import annotations

import pytest

from app.checks.catalogue.copies import shown
from app.checks.estimate import Estimate


@pytest.mark.parametrize(("usd", "cap"), [(0.0, 0.05), (0.001, 0.05), (0.06, 0.15), (None, None)])
def test_a_cap_in_money(usd: float | None, cap: float | None) -> None:
    assert Estimate(usd=usd).fitting_cap_usd == (None if cap is None else pytest.approx(cap))


@pytest.mark.parametrize(("tokens", "cap"), [(0, 10_000), (10, 10_000), (9_000, 20_000)])
def test_a_cap_in_tokens(tokens: int, cap: int) -> None:
    assert Estimate(input_tokens=tokens).fitting_cap_tokens == cap


def test_what_a_copy_says_is_shown_so_far() -> None:
    one, other = (shown("x" * length) for length in (58, 70))
    assert len(one) in (58, 60)
    assert len(other) == 60
    assert other.endswith("…")
