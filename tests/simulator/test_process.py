"""The simulator's process: its start, its environment, and its end with its parent."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.simulator.server.client import Simulator, SimulatorError, keyless_environment
from app.simulator.server.process import faults_table, main
from tests.simulator.raw import MESSAGES, ask, request

CANARY = "sk-canary-4711"
# A parent that starts a simulator, says its pid, and is then killed with no chance to clean up.
PARENT = """
import asyncio, sys, time
from app.simulator.server.client import Simulator
simulator = Simulator()
asyncio.run(simulator.start())
print(simulator.pid, flush=True)
sys.stdin.read()
"""


async def test_start_and_end() -> None:
    simulator = Simulator()
    root = await simulator.start()
    process = psutil.Process(simulator.pid)
    assert await simulator.start() == root, "a second start leaves it as it is"
    assert simulator.alive
    assert ask(root, "official", "/v1/models", method="GET").status == 200
    await simulator.aclose()
    assert not simulator.alive
    assert not process.is_running()


async def test_it_ends_while_streams_are_open() -> None:
    simulator = Simulator()
    root = await simulator.start()
    process = psutil.Process(simulator.pid)
    with socket.create_connection(("127.0.0.1", int(root.rpartition(":")[2])), timeout=60) as sock:
        sock.sendall(b"GET /fault/silent_after_headers/v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 200")
        await simulator.aclose()
        assert not process.is_running()


def test_an_interrupt_ends_the_foreground_quietly() -> None:
    command = [sys.executable, "-m", "app.simulator.server.process", "--stay"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=60) as sock:
            sock.sendall(b"GET /fault/silent_after_headers/v1/models HTTP/1.1\r\nhost: x\r\n\r\n")
            assert sock.recv(100).startswith(b"HTTP/1.1 200")
            process.send_signal(signal.SIGINT)
            output, complaints = process.communicate(timeout=60)
    assert (process.returncode, output, complaints) == (0, b"", b"")


def test_it_ends_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdin is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    gone, alive = psutil.wait_procs([child], timeout=60)
    parent.stdin.close()
    parent.stdout.close()
    assert gone
    assert not alive


async def test_no_key_reaches_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "MY_RELAY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, CANARY)
    simulator = Simulator()
    await simulator.start()
    process = psutil.Process(simulator.pid)
    told = [*process.environ().values(), *process.cmdline()]
    await simulator.aclose()
    assert not [text for text in told if CANARY in text]
    assert "MY_RELAY" not in keyless_environment({"MY_RELAY": CANARY})


async def test_faults_in_force_everywhere() -> None:
    simulator = Simulator(faults=["error_529", "retry_after=3"])
    root = await simulator.start()
    answer = ask(root, "official", "/v1/messages", request(MESSAGES))
    await simulator.aclose()
    assert (answer.status, answer.headers["retry-after"]) == (529, "3")


async def test_a_start_that_fails_says_so() -> None:
    simulator = Simulator(command=[sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(SimulatorError, match="exit code 3"):
        await simulator.start()
    assert not simulator.alive


async def test_a_program_that_isn_t_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="can't be started: No such file"):
        await Simulator(command=[str(tmp_path / "none")]).start()


def test_a_parent_that_is_gone_at_the_start_is_met_with_silence() -> None:
    """The pipes of a window that was killed in its first second."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "app.simulator.server.process"],
        stdin=subprocess.DEVNULL, stdout=write, stderr=subprocess.PIPE, cwd=Path(__file__).parents[2], timeout=60, check=False,
    )  # fmt: skip
    os.close(write)
    assert done.stderr == b""


def test_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fault", "no_such_fault"]) == 2
    assert "no_such_fault" in capsys.readouterr().err


def test_the_table_of_faults_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list-faults"]) == 0
    printed = capsys.readouterr().out
    assert printed == faults_table()
    assert "cut_after_n=5" in printed
