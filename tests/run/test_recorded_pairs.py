"""Recorded answers of real endpoints beside each other: what differs, the same words, and a replay keep their laws."""

from __future__ import annotations

from itertools import islice

import pytest

from app.exchange.exchange import Exchange
from app.recording.records import SideName
from app.run.side import Side
from tests.builders import recording
from tests.fuzz.pairs import hold_differing, hold_linked, hold_replayed
from tests.protocols import stored
from tests.thorough import THOROUGH

MOST_BYTES = 40_000
PAIRS = 200 if THOROUGH else 8


def sides(*pair: stored.Exchange) -> dict[SideName, Side]:
    """Two recorded streams, their bytes as they would come: a piece of 200 bytes each 3 ms."""
    found: dict[SideName, Side] = {}
    names: tuple[SideName, ...] = ("a", "b")
    for name, one in zip(names, pair, strict=True):
        body = one["body"].encode()
        pieces = [(600.0 + at / 70, body[at : at + 200]) for at in range(0, len(body), 200)]
        made = recording(pieces, side=name, protocol=one["protocol"])
        found[name] = Side(name, [Exchange(made).finish()])
    return found


@pytest.mark.parametrize("step", [1, 7])
def test_recorded_streams_in_pairs(step: int) -> None:
    """Neighbours, and such as are far apart: other protocols too."""
    streams = [one for one in stored.exchanges() if one["stream"] and 0 < len(one["body"]) < MOST_BYTES]
    every = max(1, len(streams) // PAIRS)
    for at in islice(range(0, len(streams) - step, every), PAIRS):
        pair = streams[at], streams[at + step]
        hold_differing(sides(*pair))
        hold_linked(sides(*pair))
        hold_replayed(sides(*pair))
