"""`diptych replay`: what it says, what it serves, and what it can't."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import httpx
import pytest

from app.recording.records import RunOpened
from app.store.run_file import save_run
from tests.builders import stream
from tests.terminal.program import called, running


def test_it_says_where_and_serves_the_chosen_side_until_it_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "run.diptych"
    a, b = stream(side="a", words=2), stream(side="b", words=3)
    save_run(file, RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [a, b])
    with running("-m", "app", "replay", str(file), "--side", "b", "--speed", "100") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert "1 answer, 100 times as fast as it came." in first
        root = re.search(r"http://127\.0\.0\.1:\d+", first)
        assert root is not None
        assert f"base URL {root[0]}," in process.stdout.readline()
        assert f"curl -N {root[0]}/v1/messages" in process.stdout.readline()
        assert httpx.post(f"{root[0]}/v1/messages", json={}).content == bytes(b.body.data)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 0
    assert said == "POST /v1/messages: answer 1 of 1, status 200\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.sse",), "none.sse: No such file"),
        (("empty.json",), "it is empty"),
        (("one.diptych", "--side", "b"), "has no side b"),
    ],
)
def test_what_can_t_be_served_is_said(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty.json").write_bytes(b"")
    save_run(tmp_path / "one.diptych", RunOpened("1", "", "0", "streaming", {}), [stream(words=1)])
    done = called("replay", str(tmp_path / words[0]), *words[1:])
    assert done.returncode
    assert said in done.stderr


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    save_run(tmp_path / "one.diptych", RunOpened("1", "", "0", "streaming", {}), [stream(words=1)])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = called("replay", str(tmp_path / "one.diptych"), "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} can't be listened on" in done.stderr
