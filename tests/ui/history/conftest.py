"""The window as it was closed on the page that is tested here."""

from __future__ import annotations

import pytest

from ui.history.page import HistoryPage
from ui.shell.pages import HISTORY, PageSpec


@pytest.fixture
def closed_on() -> PageSpec[HistoryPage]:
    """History."""
    return HISTORY
