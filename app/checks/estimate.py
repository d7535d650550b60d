"""What a session would send at most, before anything is sent: requests, tokens, money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from app.checks.budget import Prices
from app.checks.check import Check, Control
from app.recording.records import SideName
from app.text.sentences import message

CAP_TIMES = 2  # a cap above what is expected: prompts grow with tools and turns, and a busy server is asked again
LEAST_CAP_USD = 0.05
LEAST_CAP_TOKENS = 10_000
IS_FREE = message("free: the demo runs on this machine")


class Estimate(msgspec.Struct, frozen=True):
    """Of all sides together. `usd` is None where a side has no price; those sides are `unpriced`. `free`: there is a side, and
    nobody pays for what any of them is asked."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    unpriced: tuple[SideName, ...] = ()
    free: bool = False

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def fitting_cap_usd(self) -> float | None:
        """A cap that lets all of it through, rounded up to five cents; None where money can't be counted."""
        if self.usd is None:
            return None
        return cap_of(self.usd * CAP_TIMES)

    @property
    def fitting_cap_tokens(self) -> int:
        """The same in tokens, rounded up to ten thousand."""
        return max(LEAST_CAP_TOKENS, -(-self.tokens * CAP_TIMES // 10_000) * 10_000)

    def fitting_cap_text(self, *, in_usd: bool) -> str:
        """Either, as a field holds it: of tokens, too, where money can't be counted."""
        usd = self.fitting_cap_usd if in_usd else None
        return f"{usd:.2f}" if usd is not None else str(self.fitting_cap_tokens)


def as_caps(value: float | None, *, in_usd: bool) -> tuple[float | None, int | None]:
    """A cap as plans keep it, one of money and one of tokens: at most one is there, and neither for None."""
    if value is None:
        return None, None
    return (value, None) if in_usd else (None, round(value))


def cap_of(usd: float) -> float:
    """A cap that lets so much through, rounded up to five cents."""
    return max(LEAST_CAP_USD, -(-usd // 0.05) * 0.05)


def estimate(checks: Iterable[Check], prices: Mapping[SideName, Prices]) -> Estimate:
    """What these checks cost the sides that `prices` names. One that needs a control is not asked without it."""
    asked = [one for one in checks if "a" in prices or one.control is not Control.NEEDED]
    requests = sum(one.cost.requests for one in asked)
    into, out = sum(one.cost.input_tokens for one in asked), sum(one.cost.output_tokens for one in asked)
    return together(dict.fromkeys(prices, (requests, into, out)), prices)


def together(asked: Mapping[SideName, tuple[int, int, int]], prices: Mapping[SideName, Prices]) -> Estimate:
    """What is asked of each side (requests, input tokens, output tokens), at its own prices."""
    by_side = {side: prices[side].usd(into, out) for side, (_, into, out) in asked.items()}
    known = [usd for usd in by_side.values() if usd is not None]
    requests, into, out = (sum(counts) for counts in zip(*asked.values(), strict=True)) if asked else (0, 0, 0)
    return Estimate(
        requests,
        into,
        out,
        sum(known) if len(known) == len(by_side) else None,
        tuple(side for side, usd in by_side.items() if usd is None),
        bool(asked) and all(prices[side].free for side in asked),
    )
