"""A simulator for the commands to ask."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.terminal.program import simulating


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """The root URL of `diptych simulate`."""
    with simulating() as root:
        yield root
