"""How the simulated model draws: the dials of sampling, and one of several options by their weights."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

Weights = Mapping[str, float]
"""Options and how likely each is; the sum is 1."""
_COLD = 0.01  # below this temperature the likeliest option is taken
_MANY = 0.35  # the Dirichlet concentration of answers: a few of a dozen options are common


@dataclass(frozen=True)
class Dials:
    """What a request says of sampling.

    Attributes:
        seed: with it, the same request draws the same.
        forced: a token that is made certain (`logit_bias` of 100), "" for none.
        logprobs: the log probabilities of the answer's tokens are told, and those of so many likely ones at each place.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int | None = None
    seed: int | None = None
    n: int = 1
    frequency_penalty: float = 0.0
    forced: str = ""
    logprobs: bool = False
    top_logprobs: int = 0


NEUTRAL = Dials()


def draw(weights: Weights, dials: Dials, chance: Random) -> str:
    """One of the options, after temperature, top_k and top_p."""
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if dials.temperature < _COLD:
        return ranked[0][0]
    kept = ranked[: dials.top_k] if dials.top_k else ranked
    shaped = [(option, weight ** (1 / dials.temperature)) for option, weight in kept if weight > 0]
    shaped = _nucleus(shaped, dials.top_p)
    return chance.choices([option for option, _ in shaped], [weight for _, weight in shaped])[0]


def _nucleus(ranked: list[tuple[str, float]], top_p: float) -> list[tuple[str, float]]:
    """The likeliest options whose share reaches `top_p`; always the first."""
    total = sum(weight for _, weight in ranked)
    kept: list[tuple[str, float]] = []
    share = 0.0
    for option, weight in ranked:
        if kept and share >= top_p:
            break
        kept.append((option, weight))
        share += weight / total
    return kept


def spread(options: Sequence[str], *keys: str) -> Weights:
    """A distribution over the options that belongs to these keys alone: a few are common, the rest are rare."""
    random = seeded(*keys)
    raw = [random.gammavariate(_MANY, 1) + 1e-9 for _ in options]
    total = math.fsum(raw)
    return {option: one / total for option, one in zip(options, raw, strict=True)}


def peaked(options: Sequence[str], top: float) -> Weights:
    """A distribution with this share for the first option, and the rest shared by the others alike."""
    rest = (1 - top) / (len(options) - 1) if len(options) > 1 else 0.0
    return dict.fromkeys(options, rest) | {options[0]: top if len(options) > 1 else 1.0}


def seeded(*keys: str) -> Random:
    """Random numbers that belong to these keys, in any process."""
    return Random(hashlib.sha256("\0".join(keys).encode("utf-8", "surrogatepass")).digest())
