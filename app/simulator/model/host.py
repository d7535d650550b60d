"""Who answers: what an answer depends on besides the body of its request."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from app.simulator.model import prompt_cache
from app.simulator.model.memory import Memory
from app.simulator.model.models import Model
from app.simulator.model.prompt_count import PromptCount
from app.simulator.model.tokens import Tokenizer, other_than

THINKING_CONTROLS = "thinking-binding-controls-2026-08-01"
FINE_GRAINED_TOOLS = "fine-grained-tool-streaming-2025-05-14"
CONTEXT_MANAGEMENT = "context-management-2025-06-27"


@dataclass(frozen=True)
class Host:
    """The vendor's side of one request. What a relay does with accounts, headers and counts changes it.

    Attributes:
        account: whose key reaches the vendor, as an opaque word; "" for none.
        chance: all randomness of the answer; ids are not drawn from it.
        betas: the values of `anthropic-beta` that reach the vendor.
        other_tokenizer: another one counts than the model's own.
        signatures_checked: whether replayed thinking must be this vendor's own, and unchanged.
        elsewhere: another stack answers than usual.
        cache: which of the account's prompt caches is used.
    """

    memory: Memory
    account: str
    chance: Random
    betas: frozenset[str] = frozenset()
    other_tokenizer: bool = False
    signatures_checked: bool = True
    elsewhere: bool = False
    cache: str = ""

    def tokenizer(self, model: Model) -> Tokenizer:
        """What prompt and answer are counted by."""
        return other_than(model.tokenizer) if self.other_tokenizer else model.tokenizer

    def count(self, model: Model) -> PromptCount:
        """A prompt's count, to be filled."""
        return PromptCount(self.tokenizer(model))

    def cached_at_breakpoints(self, model: Model, count: PromptCount) -> prompt_cache.Cached:
        """What the prompt reads from the cache and writes to it, where breakpoints say what is kept."""
        memory = self.memory
        return prompt_cache.at_breakpoints(memory.cache, self._owner(model), count, model.cache_minimum, memory.clock())

    def cached_automatically(self, model: Model, count: PromptCount, key: str, lifetime_s: float) -> int:
        """What the prompt reads from the cache, where that keeps what it likes. `key`: requests of another are elsewhere."""
        memory = self.memory
        return prompt_cache.automatic(memory.cache, f"{self._owner(model)}/{key}", count, lifetime_s, memory.clock())

    def _owner(self, model: Model) -> str:
        return f"{self.account}/{self.cache}/{model.id}"
