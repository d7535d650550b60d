"""A simulator for the commands to ask."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.terminal.program import ROOT


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """`diptych simulate` in the foreground; its root URL."""
    process = subprocess.Popen([sys.executable, "-m", "app", "simulate"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait(60) == 0
