"""The log probabilities of an answer's tokens, as the model would tell them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.simulator.model.chance import Weights, seeded
from app.simulator.model.tokens import pieces

_SURE = (0.9, 0.999)
_OTHERS = (
    *(" the", " a", " and", ",", ".", " it", " of", " to", " in", " that", " is", " so", "\n", " not", " I", " one", " ("),
    *("“", ";", " at", " by", " as"),
)


@dataclass(frozen=True)
class TokenLikelihood:
    """A token, its log probability, and the likeliest tokens in its place, best first."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


def likelihoods(said: Sequence[str], first: Weights | None, top: int, mind: str) -> tuple[TokenLikelihood, ...]:
    """Those of an answer in pieces. `first` are the answers that might have been given, None where it was sure of this one."""
    return tuple(
        _drawn(piece, first, top) if number == 0 and first else _sure(piece, top, mind, "".join(said[:number])[-40:])
        for number, piece in enumerate(said)
    )


def _drawn(piece: str, options: Weights, top: int) -> TokenLikelihood:
    """The first token: all answers that begin with it count for it; a little is left for anything else."""
    share: dict[str, float] = {}
    for option, weight in options.items():
        begins = pieces(option)[0]
        share[begins] = share.get(begins, 0.0) + weight * 0.999
    return _told(piece, share | {piece: share.get(piece, 1e-4)}, top)


def _sure(piece: str, top: int, mind: str, before: str) -> TokenLikelihood:
    random = seeded(mind, before, piece)
    mine = random.uniform(*_SURE)
    others = [other for other in _OTHERS if other != piece]
    random.shuffle(others)
    share = {piece: mine}
    left = 1 - mine
    for other in others:
        left *= 0.5
        share[other] = left
    return _told(piece, share, top)


def _told(piece: str, share: Weights, top: int) -> TokenLikelihood:
    ranked = sorted(share.items(), key=lambda item: (-item[1], item[0]))
    return TokenLikelihood(
        piece, _log(share[piece]), tuple((token, _log(weight)) for token, weight in ranked[:top] if weight > 0)
    )


def _log(share: float) -> float:
    return max(-100.0, min(0.0, math.log(share) if share > 0 else -100.0))
