"""The commands ask by a wire process that is kept."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _kept_wire(wire_of_commands: None) -> None:
    """For all tests of the commands."""
