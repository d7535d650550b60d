"""The processes that commands need are kept."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _kept(processes_of_commands: None) -> None:
    """For all tests of the commands."""
