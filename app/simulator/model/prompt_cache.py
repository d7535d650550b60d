"""The prompt cache: what of a prompt's beginning an account's earlier requests left there (PROTOCOLS 3 and 8.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from app.simulator.model.prompt_count import Piece, PromptCount

SHORT_S, LONG_S = 300, 3600
OPENAI_STEP, OPENAI_MINIMUM = 128, 1024
_MOST_ENTRIES = 20_000


@dataclass
class PromptCache:
    """Which prefixes are cached: their digests, each with its lifetime and the time at which it ends. A use begins it anew."""

    _entries: dict[str, tuple[float, float]] = field(default_factory=dict)

    def has(self, digest: str, now_s: float) -> bool:
        """Is it there? One that is lives on for its lifetime."""
        lifetime_s, ends_s = self._entries.get(digest, (0.0, 0.0))
        if ends_s <= now_s:
            self._entries.pop(digest, None)
            return False
        self._entries[digest] = (lifetime_s, now_s + lifetime_s)
        return True

    def put(self, digest: str, lifetime_s: float, now_s: float) -> None:
        """Keep a prefix; the oldest of too many are forgotten."""
        self._entries.pop(digest, None)
        self._entries[digest] = (lifetime_s, now_s + lifetime_s)
        while len(self._entries) > _MOST_ENTRIES:
            del self._entries[next(iter(self._entries))]


@dataclass(frozen=True)
class Cached:
    """Tokens that were read from the cache, and written to it; `written_1h` of the latter for an hour."""

    read: int = 0
    written: int = 0
    written_1h: int = 0


def at_breakpoints(cache: PromptCache, owner: str, count: PromptCount, minimum: int, now_s: float) -> Cached:
    """The cache with explicit breakpoints: the longest prefix that is there is read, what follows up to the last
    breakpoint is written. `owner` is the account and the model."""
    ends = list(_prefixes(owner, count.pieces))
    marked = [
        (size, digest, piece.lifetime_s) for (size, digest), piece in zip(ends, count.pieces, strict=True) if piece.lifetime_s
    ]
    marked = [one for one in marked if one[0] >= minimum]
    if not marked:
        return Cached()
    last = marked[-1][0]
    read = next((size for size, digest in reversed(ends) if minimum <= size <= last and cache.has(digest, now_s)), 0)
    written = 0
    written_1h = 0
    reached = read
    for size, digest, lifetime_s in marked:
        if size > reached:
            written += size - reached
            written_1h += size - reached if lifetime_s == LONG_S else 0
            reached = size
        if size > read:
            cache.put(digest, lifetime_s, now_s)
    return Cached(read, written, written_1h)


def automatic(cache: PromptCache, owner: str, count: PromptCount, lifetime_s: float, now_s: float) -> int:
    """The cache without breakpoints: every prefix of so many steps is kept, and the longest that is there is read."""
    if count.total <= OPENAI_MINIMUM:
        return 0
    steps = [one for one in _steps(owner, count) if one[0] < count.total]
    read = next((size for size, digest in reversed(steps) if cache.has(digest, now_s)), 0)
    for _, digest in steps:
        cache.put(digest, lifetime_s, now_s)
    return read


def _prefixes(owner: str, pieces: list[Piece]) -> Iterator[tuple[int, str]]:
    """The size and digest of what ends with each piece."""
    running = hashlib.sha256(owner.encode())
    for piece, size in zip(pieces, accumulate(piece.size for piece in pieces), strict=True):
        running.update(b"\0" + piece.text.encode("utf-8", "surrogatepass"))
        yield size, running.hexdigest()


def _steps(owner: str, count: PromptCount) -> Iterator[tuple[int, str]]:
    """The size and digest of each prefix that is a multiple of the step, from the smallest that is cached."""
    running = hashlib.sha256(owner.encode())
    size, due = 0, OPENAI_MINIMUM
    for token, cost in _tokens(count):
        running.update(b"\0" + token.encode("utf-8", "surrogatepass"))
        size += cost
        while size >= due:
            yield due, running.hexdigest()
            due += OPENAI_STEP


def _tokens(count: PromptCount) -> Iterator[tuple[str, int]]:
    for piece in count.pieces:
        left = piece.size
        for token in count.tokenizer.pieces(piece.text):
            cost = min(count.tokenizer.cost(token), left)
            left -= cost
            yield token, cost
        yield "", left
