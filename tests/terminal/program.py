"""The program in a process of its own, as other programs use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.simulator.server.urls import base_url

ROOT = Path(__file__).parents[2]
CANARY = "sk-ant-canary-7f3a9c51e8d24b60"


def diptych(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, with the test's home."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True, text=True, timeout=120, env=os.environ | environment, cwd=ROOT, check=False,
    )  # fmt: skip


def side_options(side: str, root: str, endpoint: str, protocol: str) -> list[str]:
    model = "claude-sonnet-4-6" if protocol == "anthropic-messages" else "gpt-5.5"
    url = base_url(root, endpoint, protocol)
    return [f"--{side}-url", url, f"--{side}-protocol", protocol, f"--{side}-model", model, f"--{side}-key-env", "CANARY_KEY"]


def run_json(
    root: str, *more: str, a: str = "official", b: str = "", protocol: str = "anthropic-messages"
) -> tuple[int, dict[str, Any]]:
    sides = side_options("a", root, a, protocol) + (side_options("b", root, b, protocol) if b else [])
    done = diptych("run", *sides, "--json", *more, CANARY_KEY=CANARY)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
