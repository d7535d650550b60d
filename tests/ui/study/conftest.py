"""The window as it was closed on the page that is tested here."""

from __future__ import annotations

import pytest

from ui.shell.pages import STUDY, PageSpec
from ui.study.page import StudyPage


@pytest.fixture
def closed_on() -> PageSpec[StudyPage]:
    """Study."""
    return STUDY
