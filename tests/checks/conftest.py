"""The stage that a module's checks are played on."""

from __future__ import annotations

import pytest

from tests.checks.play import Stage
from tests.kept import Kept


@pytest.fixture(scope="module")
def stage(kept: Kept) -> Stage:
    """One simulator and one wire process for all plays of a module."""
    return Stage(kept.wire(), kept.simulator())
