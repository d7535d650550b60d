"""What the simulated vendors, and the relays in front of them, remember between requests."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.simulator.model.prompt_cache import PromptCache


@dataclass(frozen=True)
class KeptReply:
    """A reply that a relay keeps: the words of the request it was made for, how often each, and what to send again."""

    words: Counter[str]
    headers: tuple[tuple[str, str], ...]
    frames: tuple[bytes, ...]
    streamed: bool


@dataclass
class Memory:
    """What the simulated vendor remembers between requests: cached prefixes, and stored responses by id.

    Attributes:
        chance: where each request's randomness is drawn from; seeded, the same requests in the same order get the same.
        clock: seconds, for what has a lifetime.
        turns: how many requests were counted, by what they were counted for.
        cache: the prefixes of prompts that are kept.
        replies: what relays keep, by all that must be equal of two requests besides their words.
        responses: the input and output items of a response, by its id.
        pairs: the id of the reasoning item that a function call's item id belongs to.
    """

    chance: Random = field(default_factory=Random)
    clock: Callable[[], float] = time.monotonic
    turns: Counter[str] = field(default_factory=Counter)
    cache: PromptCache = field(default_factory=PromptCache)
    replies: dict[str, list[KeptReply]] = field(default_factory=dict)
    responses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pairs: dict[str, str] = field(default_factory=dict)

    def turn(self, what: str) -> int:
        """Which of its requests this is, from 1."""
        self.turns[what] += 1
        return self.turns[what]

    def draw(self, seed: int | None, where: str) -> Random:
        """The randomness of one request; with a seed, that of its place among those that were asked `where` with it."""
        if seed is None:
            return Random(self.chance.getrandbits(64))
        return Random(f"{seed}/{where}/{self.turn(f'seed {seed} {where}')}")

    def keep_reply(self, place: str, reply: KeptReply, limit: int = 200) -> None:
        """Keep a relay's reply; of a place's that are more than `limit` the oldest are forgotten."""
        self.replies[place] = [*self.replies.get(place, []), reply][-limit:]

    def keep(self, response_id: str, items: list[dict[str, Any]], limit: int = 500) -> None:
        """Store a response's items; the oldest of more than `limit` is forgotten."""
        self.responses[response_id] = items
        while len(self.responses) > limit:
            del self.responses[next(iter(self.responses))]

    def pair(self, call_item_ids: list[str], reasoning_id: str, limit: int = 2000) -> None:
        """Remember which reasoning item function calls belong to; the oldest of more than `limit` are forgotten."""
        self.pairs.update(dict.fromkeys(call_item_ids, reasoning_id))
        while len(self.pairs) > limit:
            del self.pairs[next(iter(self.pairs))]
