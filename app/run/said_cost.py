"""What an endpoint itself says that an answer cost: its own word, never mixed with what the price list makes of the counts."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from app.protocols.reading import Usage

_MOST_USD = 1e6  # beyond it no answer costs anything: another number stands there


class SaidCost(NamedTuple):
    """In US dollars, as OpenRouter (its credits), LiteLLM and Perplexity write `usage.cost`.

    `upstream_usd` is what the upstream charges a key of the caller's own besides (OpenRouter's `is_byok`); None where it is not
    said, or nobody's but the endpoint's.
    """

    usd: float
    upstream_usd: float | None = None


def said_cost(usages: Iterable[Usage | None]) -> SaidCost | None:
    """The sum over the rounds; None where one of them did not say."""
    said = [_of(usage.raw) if usage else None for usage in usages]
    if not said or any(one is None for one in said):
        return None
    told = [one for one in said if one is not None]
    upstream = [one.upstream_usd for one in told if one.upstream_usd is not None]
    return SaidCost(sum(one.usd for one in told), sum(upstream) if upstream else None)


def _of(raw: dict[str, object]) -> SaidCost | None:
    cost = raw.get("cost")
    usd = _usd(cost.get("total_cost") if isinstance(cost, dict) else cost)  # Perplexity's has its parts beside it
    if usd is None:
        return None
    match raw:
        case {"is_byok": True, "cost_details": {"upstream_inference_cost": upstream}}:
            return SaidCost(usd, _usd(upstream))
    return SaidCost(usd)


def _usd(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value) if 0 <= value <= _MOST_USD else None
