"""The demo without a window."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
@pytest.mark.parametrize("arguments", ["run --a 'Demo official'", "--demo"])
def test_too_few_files_are_a_sentence(arguments: str) -> None:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    for limit in (8, 10, 12):  # it depends on the machine what it is enough for
        done = subprocess.run(
            ["sh", "-c", f"ulimit -n {limit}; exec '{sys.executable}' -m app {arguments}"],
            capture_output=True, text=True, env=environment, cwd=ROOT, check=False, timeout=120,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 1)
        if limit == 8:
            assert "Too many open files" in done.stderr or "too few files" in done.stderr
