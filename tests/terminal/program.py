"""The program as others use it."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stderr, redirect_stdout
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
def running(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Python with these words, beside the test. It ends with the block at the latest: what a test that failed left behind, the
    tests after it would be told of.
    """
    with subprocess.Popen(
        [sys.executable, *words], stdin=DEVNULL, stdout=PIPE, stderr=PIPE, text=True, env=os.environ | environment, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


@asynccontextmanager
async def running_program(*arguments: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program likewise, for a test that serves it by its own event loop."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", *arguments,
        stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=os.environ | environment, cwd=ROOT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@contextmanager
def simulating() -> Iterator[str]:
    """`diptych simulate` in the foreground; its root URL."""
    with running("-m", "app", "simulate") as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found
        yield found[0]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0


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
