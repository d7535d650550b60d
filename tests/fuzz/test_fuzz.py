"""Each target on its seeds and on a short, repeatable run of mutations."""

from __future__ import annotations

import zlib
from itertools import islice

import pytest

from tests.fuzz.mutation import mutations
from tests.fuzz.seeds import SEEDS
from tests.fuzz.targets import PAIRS, TARGETS
from tests.thorough import THOROUGH

RUNS = 2000 if THOROUGH else 120


@pytest.mark.parametrize("name", TARGETS)
def test_mutations(name: str) -> None:
    target = TARGETS[name]
    for seed in SEEDS[name]:
        target(seed)
    for data in islice(mutations(SEEDS[name], zlib.crc32(name.encode())), RUNS // 3 if name in PAIRS else RUNS):
        target(data)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_at_all(name: str) -> None:
    for data in (b"", b"\0", b"\0\0", b"\xff" * 3):
        TARGETS[name](data)
