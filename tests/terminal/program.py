"""The program as others use it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.__main__ import main
from app.simulator.server.urls import base_url

ROOT = Path(__file__).parents[2]
CANARY = "sk-ant-canary-7f3a9c51e8d24b60"


def diptych(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, with the test's home."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True, text=True, timeout=120, env=os.environ | environment, cwd=ROOT, check=False,
    )  # fmt: skip


def called(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same within this process, which is quicker; the wire process is one of its own all the same."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(err):
        code = main(list(arguments))
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


@contextmanager
def simulating() -> Iterator[str]:
    """`diptych simulate` in the foreground; its root URL."""
    process = subprocess.Popen([sys.executable, "-m", "app", "simulate"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert found
    yield found[0]
    process.send_signal(signal.SIGINT)
    process.stdout.close()
    assert process.wait(60) == 0


def side_options(side: str, root: str, endpoint: str, protocol: str) -> list[str]:
    model = "claude-sonnet-4-6" if protocol == "anthropic-messages" else "gpt-5.5"
    url = base_url(root, endpoint, protocol)
    return [f"--{side}-url", url, f"--{side}-protocol", protocol, f"--{side}-model", model, f"--{side}-key-env", "CANARY_KEY"]


def run_json(
    root: str, *more: str, a: str = "official", b: str = "", protocol: str = "anthropic-messages"
) -> tuple[int, dict[str, Any]]:
    sides = side_options("a", root, a, protocol) + (side_options("b", root, b, protocol) if b else [])
    done = called("run", *sides, "--json", *more, CANARY_KEY=CANARY)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
