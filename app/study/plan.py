"""What a study asks: so many pairs, each the same request to A and to B, in an order that is drawn."""

from __future__ import annotations

from random import Random

import msgspec

from app.protocols.base import Ask, UserTurn
from app.recording.records import SideName

DEFAULT_PAIRS, DEFAULT_WARMUPS = 20, 2
DEFAULT_MAX_TOKENS = 64
# A list that does not end before the limit does, so that every answer is of the same length.
DEFAULT_PROMPT = "Count from 1 to 500 in digits, separated by commas, and write nothing else."
PAIR, WARMUP = "pair", "warmup"
SIDES: tuple[SideName, SideName] = ("a", "b")


class StudyPlan(msgspec.Struct, frozen=True):
    """A study, as its file keeps it.

    Attributes:
        pairs: how many count. warmups: how many go before that do not. seed: what the order and the prompts are drawn with.
        kept: connections are kept from request to request, else each request opens one.
        same_prompt: all pairs ask the same, to see what a cache does; else each has a number of its own in front.
        max_tokens: the length of each answer. pause_s: between two pairs.
        protocols, models: by side.
        cap_usd, cap_tokens: None for no cap.
        left_out: why it ended before its last pair: "stopped", "cap", "fails"; "" where it did not.
    """

    seed: int
    protocols: dict[SideName, str]
    models: dict[SideName, str]
    pairs: int = DEFAULT_PAIRS
    warmups: int = DEFAULT_WARMUPS
    kept: bool = False
    same_prompt: bool = False
    prompt: str = DEFAULT_PROMPT
    max_tokens: int = DEFAULT_MAX_TOKENS
    pause_s: float = 0.0
    cap_usd: float | None = None
    cap_tokens: int | None = None
    left_out: str = ""

    def order(self, step: str, n: int) -> tuple[SideName, SideName]:
        """Which side goes first in a pair. There is no fixed order: always A first finds a difference where there is none."""
        return ("a", "b") if Random(f"{self.seed}/order/{step}/{n}").random() < 0.5 else ("b", "a")

    def words(self, step: str, n: int) -> str:
        """What both sides of a pair are asked. What makes a prompt its own stands first: caches go by the beginning."""
        if self.same_prompt:
            return self.prompt
        return f"Request {Random(f'{self.seed}/prompt/{step}/{n}').randrange(10**9):09d}. {self.prompt}"

    def ask(self, model: str, step: str, n: int) -> Ask:
        """The request that both sides of a pair are sent, each for its own model."""
        return Ask(model, (UserTurn(self.words(step, n)),), self.max_tokens, stream=True)
