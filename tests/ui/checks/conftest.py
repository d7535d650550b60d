"""The window as it was closed on the page that is tested here."""

from __future__ import annotations

import pytest

from ui.checks.page import ChecksPage
from ui.shell.pages import CHECKS, PageSpec


@pytest.fixture
def closed_on() -> PageSpec[ChecksPage]:
    """Checks."""
    return CHECKS
