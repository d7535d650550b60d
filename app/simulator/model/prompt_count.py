"""Counts a prompt in tokens, piece by piece, in the order in which the model reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from app.simulator.model.tokens import Tokenizer

IMAGE_TOKENS = 85


@dataclass(frozen=True)
class Piece:
    """A piece of a prompt: what it says, and its tokens. `lifetime_s`: how long a cache keeps all up to its end, 0 for none."""

    text: str
    size: int
    lifetime_s: int = 0


@dataclass
class PromptCount:
    """The pieces of a prompt, counted by one tokenizer."""

    tokenizer: Tokenizer
    pieces: list[Piece] = field(default_factory=list)

    def add(self, value: Any, overhead: int = 0, text: str | None = None, lifetime_s: int = 0) -> None:
        """Count a value: `text` where only that counts (not its JSON wrapping), plus a fixed overhead."""
        said = json.dumps(_unmarked(value), sort_keys=True, ensure_ascii=False) if text is None else text
        size = self.tokenizer.count(text) if text is not None else self.tokenizer.count_json(value)
        self.pieces.append(Piece(said, size + overhead, lifetime_s))

    def add_attachment(self, value: Any, shown: str, lifetime_s: int = 0) -> None:
        """Count a picture or a document by the words that it shows; a cache knows it by its data."""
        size = IMAGE_TOKENS + self.tokenizer.count(shown)
        self.pieces.append(Piece(json.dumps(_unmarked(value), sort_keys=True), size, lifetime_s))

    def add_overhead(self, size: int) -> None:
        """Count tokens that no piece of the request shows."""
        self.pieces.append(Piece("", size))

    def add_hidden(self, said: str, size: int) -> None:
        """Count what the model reads of an opaque value."""
        self.pieces.append(Piece(said, size))

    @property
    def total(self) -> int:
        """All input tokens so far."""
        return sum(piece.size for piece in self.pieces)


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unmarked(item) for name, item in value.items() if name != "cache_control"}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value
