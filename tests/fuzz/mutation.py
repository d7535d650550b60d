"""A plain mutation loop, for where no coverage-guided fuzzer is installed and for the suite's short, repeatable run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence

from tests.fuzz.seeds import WORDS

MAX_BYTES = 1 << 14


def mutations(seeds: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Endlessly: a seed with one to six changes. The same `seed` gives the same sequence."""
    chance = random.Random(seed)
    while True:
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 6)):
            chance.choice(_CHANGES)(data, chance)
        yield bytes(data[:MAX_BYTES])


def _at(data: bytearray, chance: random.Random) -> int:
    return chance.randint(0, len(data))


def _flip(data: bytearray, chance: random.Random) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    del data[at : at + chance.randint(1, 40)]


def _end(data: bytearray, chance: random.Random) -> None:
    del data[_at(data, chance) :]


def _repeat(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    data[at:at] = data[at : at + chance.randint(1, 400)]


def _swap(data: bytearray, chance: random.Random) -> None:
    blocks = bytes(data).split(b"\n\n")
    chance.shuffle(blocks)
    data[:] = b"\n\n".join(blocks)


def _insert(data: bytearray, chance: random.Random) -> None:
    at = _at(data, chance)
    data[at:at] = chance.choice(WORDS)


def _replace(data: bytearray, chance: random.Random) -> None:
    """One JSON value by another."""
    at = data.find(b":", _at(data, chance))
    if at >= 0:
        end = min([found for mark in (b",", b"}") if (found := data.find(mark, at)) >= 0], default=len(data))
        data[at + 1 : end] = chance.choice(WORDS)


_CHANGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _cut,
    _end,
    _repeat,
    _swap,
    _insert,
    _replace,
    _replace,
)
