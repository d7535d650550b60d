"""What a study or a load would send at most, before anything is sent: requests, tokens, money; counted as the cap counts."""

from __future__ import annotations

from collections.abc import Mapping

from app.checks.budget import Prices, guessed_tokens
from app.checks.estimate import IS_FREE, Estimate, together
from app.protocols.base import Ask, Target
from app.protocols.registry import protocol
from app.recording.records import SideName
from app.study.load import LoadPlan
from app.study.plan import PAIR, StudyPlan
from app.text import numbers
from app.text.sentences import message, tr

_COST = message(
    "{requests:grouped} requests, about {tokens:grouped} tokens, "
    "{free:if {free}|{usd:if at most {usd}|at a price that is not known}}."
)
_ANYWHERE = Target("http://localhost")


def study_estimate(plan: StudyPlan, prices: Mapping[SideName, Prices]) -> Estimate:
    """What all pairs and warm-ups cost the sides that `prices` names."""
    count = plan.pairs + plan.warmups
    return together(
        {side: _asked(one.protocol, plan.ask(one.model, PAIR, 1), count, plan.max_tokens) for side, one in prices.items()},
        prices,
    )


def load_estimate(plans: Mapping[SideName, LoadPlan], prices: Mapping[SideName, Prices]) -> Estimate:
    """What all steps of a load cost the sides that `plans` names."""
    asked = {}
    for side, plan in plans.items():
        count = sum(plan.requests_of(one) for one in plan.steps)
        asked[side] = _asked(plan.protocol, plan.ask(1), count, plan.max_tokens)
    return together(asked, prices)


def cost_in_words(cost: Estimate) -> str:
    """A sentence on it."""
    usd = numbers.usd(cost.usd) if cost.usd is not None else None
    return tr(_COST, requests=cost.requests, tokens=cost.tokens, free=tr(IS_FREE) if cost.free else "", usd=usd)


def _asked(protocol_id: str, ask: Ask, count: int, max_tokens: int) -> tuple[int, int, int]:
    """So many requests like this one, and their tokens."""
    body = protocol(protocol_id).build(ask, _ANYWHERE).body
    return count, count * guessed_tokens(body), count * max_tokens
