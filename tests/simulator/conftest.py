"""The simulator for the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.kept import Kept


@pytest.fixture(scope="module")
def root(kept: Kept) -> Iterator[str]:
    """The root URL of a running simulator, at its usual pace; it may have served another module."""
    one = kept.simulator(is_quick=False)
    yield asyncio.run(one.start())
    asyncio.run(one.aclose())
