"""What a study would send at most, before anything is sent: requests, tokens, money."""

from __future__ import annotations

from collections.abc import Mapping

from app.checks.budget import BYTES_PER_TOKEN, Prices
from app.checks.estimate import Estimate
from app.protocols.base import Target
from app.protocols.registry import protocol
from app.recording.records import SideName
from app.study.plan import PAIR, StudyPlan

_MORE_TOKENS = 20  # that a prompt grows by before a model sees it, as `Budget.reserve` counts
_ANYWHERE = Target("http://localhost")


def study_estimate(plan: StudyPlan, prices: Mapping[SideName, Prices]) -> Estimate:
    """What all pairs and warm-ups cost the sides that `prices` names, counted as the cap counts them."""
    count, into, out = plan.pairs + plan.warmups, 0, 0
    by_side: dict[SideName, float | None] = {}
    for side, price in prices.items():
        body = protocol(price.protocol).build(plan.ask(price.model, PAIR, 1), _ANYWHERE).body
        tokens = count * (len(body) // BYTES_PER_TOKEN + _MORE_TOKENS)
        by_side[side] = price.usd(tokens, count * plan.max_tokens)
        into, out = into + tokens, out + count * plan.max_tokens
    known = [usd for usd in by_side.values() if usd is not None]
    return Estimate(
        count * len(prices),
        into,
        out,
        sum(known) if len(known) == len(prices) else None,
        tuple(side for side, usd in by_side.items() if usd is None),
    )
