"""The demo without a window."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.terminal.program import ROOT


def test_the_demo_without_a_display_is_shown_in_the_terminal() -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "app", "--demo"],
        capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0
    assert "no window can be opened here" in done.stderr
    assert "In this run B is" in done.stdout
