"""The window as it was closed on the page that is tested here."""

from __future__ import annotations

import pytest

from ui.mirror.page import MirrorPage
from ui.shell.pages import MIRROR, PageSpec


@pytest.fixture
def closed_on() -> PageSpec[MirrorPage]:
    """Relay."""
    return MIRROR
