"""The stage that a module's checks are played on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.checks.play import Stage
from tests.kept import Kept


@pytest.fixture(scope="module")
def stage(kept: Kept) -> Iterator[Stage]:
    """One simulator and one wire process for all plays of a module."""
    wire, simulator = kept.wire(), kept.simulator()
    yield Stage(wire, simulator)
    asyncio.run(wire.aclose())
    asyncio.run(simulator.aclose())
