"""Counts a prompt in tokens, piece by piece, and finds what of it the prompt cache already holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from app.simulator.model import tokens
from app.simulator.model.conversation import Memory
from app.simulator.model.models import Model

MIN_CACHED_TOKENS = 1024
OPENAI_CACHE_STEP = 128
IMAGE_TOKENS = 85


@dataclass
class PromptCount:
    """The pieces of a prompt in order, each (its JSON text, its tokens, does a cache breakpoint follow it)."""

    model: Model
    pieces: list[tuple[str, int, bool]] = field(default_factory=list)

    def add(self, value: Any, overhead: int = 0, text: str | None = None) -> None:
        """Count a value: `text` where only that counts (not its JSON wrapping), plus a fixed overhead."""
        ratio = tokens.NEWER_TOKENISER_RATIO if self.model.newer_tokeniser else 1.0
        size = tokens.count(text, ratio) if text is not None else tokens.count_json(value, ratio)
        marked = isinstance(value, dict) and value.get("cache_control") is not None
        self.pieces.append((json.dumps(_unmarked(value), sort_keys=True), size + overhead, marked))

    def add_overhead(self, size: int) -> None:
        """Count tokens that no piece of the request shows."""
        self.pieces.append(("", size, False))

    @property
    def total(self) -> int:
        """All input tokens so far."""
        return sum(size for _, size, _ in self.pieces)

    def marked_prefix(self, memory: Memory, everything: bool) -> tuple[int, int]:
        """(read from, written to) the cache, for explicit breakpoints: what stands before the last one."""
        last = max((number for number, (_, _, marked) in enumerate(self.pieces, 1) if marked), default=0)
        size = self._size(len(self.pieces) if everything else last)
        if size < MIN_CACHED_TOKENS:
            return 0, 0
        seen = memory.seen_before(self._hash(len(self.pieces) if everything else last))
        return (size, 0) if seen else (0, size)

    def automatic_prefix(self, memory: Memory) -> int:
        """What an automatic cache reads: the whole prompt, in steps of 128, once it was seen."""
        if self.total < MIN_CACHED_TOKENS or not memory.seen_before(self._hash(len(self.pieces))):
            return 0
        return self.total // OPENAI_CACHE_STEP * OPENAI_CACHE_STEP

    def _size(self, count: int) -> int:
        return sum(size for _, size, _ in self.pieces[:count])

    def _hash(self, count: int) -> str:
        text = self.model.id + "\0".join(text for text, _, _ in self.pieces[:count])
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unmarked(item) for name, item in value.items() if name != "cache_control"}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value
