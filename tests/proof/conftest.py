"""One simulator and one wire process for this folder, and the exchanges of its tables, made once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from app.exchange.exchange import Exchange
from app.simulator.server.client import Simulator
from app.wire.client import WireClient
from tests.proof.asking import Asking, Job
from tests.proof.rows import ROWS, Row, limits_of
from tests.proof.wild import WILD, Wild


# From the first test of the folder on: what starts within a module counts as left behind by it.
@pytest.fixture(scope="session", autouse=True)
def asking() -> Iterator[Asking]:
    """Both processes, started."""
    simulator, wire = Simulator(), WireClient()
    wire.start()
    yield Asking(asyncio.run(simulator.start()), wire)
    asyncio.run(wire.aclose())
    simulator.close()


@pytest.fixture(scope="session")
def asked(asking: Asking) -> dict[str, Exchange]:
    """The exchange of each row, by its name."""
    return asking.batch({row.name: _ask(row) for row in ROWS})


def _ask(row: Row) -> Job[Exchange]:
    more: dict[str, Any] = {"stream": row.stream, "limits": limits_of(row), "path": row.path, "beta": row.beta}
    return lambda asker: asker.fault(row.protocol, row.knobs, row.kind, **more)


@pytest.fixture(scope="session")
def met(asking: Asking) -> dict[str, Exchange]:
    """The exchange of each answer met in the wild, by its name."""
    return asking.batch({name: _meet(one) for name, one in WILD.items()})


def _meet(one: Wild) -> Job[Exchange]:
    return lambda asker: asker.scripted(one.protocol, one.body, one.head, one.kind, stream=one.stream)
