"""One simulator process for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from app.simulator.server.client import Simulator


@pytest.fixture(scope="module")
def root(_no_process_left_behind: None) -> Iterator[str]:
    """The root URL of a running simulator."""
    simulator = Simulator()
    yield asyncio.run(simulator.start())
    simulator.close()
