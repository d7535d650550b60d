"""Caps, clauses and shown values of checks: just below each bound, and just above it."""

from __future__ import annotations

import pytest

from app.checks.catalogue.copies import shown
from app.checks.catalogue.thinking import Fate, _by_counts
from app.checks.catalogue.thinking_witness import Said, Witness
from app.checks.estimate import Estimate
from app.checks.registry import by_id
from tests.builders import JSON
from tests.checks.sessions import Sender, session


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


@pytest.mark.parametrize(("gap", "fate"), [(9, Fate.UNKNOWN), (10, Fate.STRIPPED)])
def test_few_tokens_between_two_requests_tell_nothing_of_a_third(gap: int, fate: Fate) -> None:
    assert _by_counts(0, 100 + gap, 100, 100) is fate


@pytest.mark.parametrize(("tokens", "is_reached"), [(4, False), (5, True), (None, False)])
def test_a_block_that_adds_few_tokens_was_left_out(tokens: int | None, is_reached: bool) -> None:
    assert Witness(Said.OTHER, True, tokens).reached is is_reached


async def test_three_pages_of_a_model_list_are_the_most() -> None:
    page = 200, JSON, {"data": [{"type": "model", "id": "m"}], "has_more": True, "last_id": "m"}
    send = Sender(lambda _side, _step, _request: page)
    await session((by_id()["reached"],), send, sides=("b",)).run()
    assert [(step, n) for _, _, step, n in send.sent] == [("models", 1), ("models", 2), ("models", 3)]
