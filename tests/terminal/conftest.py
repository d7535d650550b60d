"""A simulator for the commands to ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from app.terminal import playing
from app.terminal.commands import check, mirror, models
from app.terminal.commands import test as endpoint_test
from tests.kept import Kept


@pytest.fixture(scope="module")
def simulator(kept: Kept) -> Iterator[str]:
    """The root URL of a simulator as `diptych simulate` starts it; its process may have served another module."""
    one = kept.simulator()
    yield asyncio.run(one.start())
    asyncio.run(one.aclose())


@pytest.fixture(autouse=True)
def _kept_wire(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that are called in this process find their wire process running. Those that are started have their own."""
    for command in (playing, check, models, mirror, endpoint_test):
        monkeypatch.setattr(command, "WireClient", kept.wire)
