"""A client in a process of its own: what it is given, and what ends it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

import pytest

from app.__main__ import HELPERS
from app.asking import client_run
from app.asking.caller import Caller, Purpose
from app.asking.client_driver import play
from app.asking.client_run import drive
from app.checks.client_job import Job, report_of, request
from app.protocols.ids import MESSAGES
from app.store.profiles import Profile
from app.wire.client import WireClient

KEY = "sk-ant-canary-7f3a9c51e8d24b60"
JOB = Job("anthropic", MESSAGES, "m", ("minimal",), "hi", "use it", "look_up", "The code is 1.", 16)


def caller() -> Caller:
    return Caller(WireClient(), Profile("x", MESSAGES, "http://127.0.0.1:9", auth="x-api-key"), KEY)


def test_a_package_that_is_not_there_is_told() -> None:
    answer = play({"job": {"package": "no_such_package_at_all", "kinds": ["minimal"]}})
    assert report_of(json.dumps(answer).encode()).version == ""


def starting(monkeypatch: pytest.MonkeyPatch, script: str) -> list[subprocess.Popen[bytes]]:
    """From now on this script is run in place of the driver; the processes."""
    started: list[subprocess.Popen[bytes]] = []
    start = client_run._start

    def noted() -> subprocess.Popen[bytes]:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(client_run, "_command", lambda: [sys.executable, "-c", script])
    monkeypatch.setattr(client_run, "_start", noted)
    return started


async def test_the_key_is_in_no_argument_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    seen = (
        "import json, os, sys; order = json.load(sys.stdin); "
        "told = json.dumps([dict(os.environ), sys.argv]); key = order['key']; "
        "print(json.dumps({'diptych': {'package': 'p', 'version': str(key in told) + ' ' + str(len(key))}}))"
    )
    starting(monkeypatch, seen)
    one = await drive(caller(), request(JOB, "http://127.0.0.1:9"), Purpose("check-b-1", "checks"))
    assert report_of(bytes(one.decoded.data)).version == f"False {len(KEY)}"
    assert KEY not in " ".join(client_run._command())


async def test_a_client_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started = starting(monkeypatch, "import time; time.sleep(600)")
    monkeypatch.setattr(client_run, "LONGEST_S", 0.2)
    monkeypatch.setattr(client_run, "STARTING_S", 0.0)
    one = await drive(caller(), request(JOB, "http://127.0.0.1:9"), Purpose("check-b-1", "checks"))
    assert report_of(bytes(one.decoded.data)).broken.startswith("it was ended after")
    assert started[0].poll() is not None


async def test_stopping_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started = starting(monkeypatch, "import time; time.sleep(600)")
    task = asyncio.create_task(drive(caller(), request(JOB, "http://127.0.0.1:9"), Purpose("check-b-1", "checks")))
    await asyncio.sleep(0)  # it starts the process before it waits for anything
    assert started
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(started[0].wait, 30) != 0


async def test_a_client_that_crashes_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    starting(monkeypatch, "import sys; sys.exit(7)")
    one = await drive(caller(), request(JOB, "http://127.0.0.1:9"), Purpose("check-b-1", "checks"))
    assert report_of(bytes(one.decoded.data)).broken == "its process ended with 7"


def test_a_packaged_build_can_start_it() -> None:
    assert HELPERS[client_run.HIDDEN_SUBCOMMAND] == "app.asking.client_driver"
    done = subprocess.run(
        [sys.executable, "-m", "app", client_run.HIDDEN_SUBCOMMAND],
        input=json.dumps({"job": {"package": "no_such_package_at_all"}}), env=dict(os.environ),
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["diptych"]["version"] == ""
