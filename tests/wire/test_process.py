"""The process itself: what it is given, what it leaves, and what happens when it dies."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from app.recording.recording import Recording
from app.recording.records import EndKind, Record
from app.simulator.server.client import keyless_environment
from app.wire.child import child_environment
from app.wire.client import WireClient
from tests.wire.conftest import KEY, Ask, asker
from tests.wire.servers import CHUNKED_HEAD, OK_HEAD, PATIENCE_S, answering, chunk, serving

OK = answering(OK_HEAD + b"Content-Length: 2\r\n\r\nok")
STALLED = answering(CHUNKED_HEAD, chunk(b"data: 1\n\n"), hold=True)


@pytest.fixture
async def own() -> AsyncIterator[WireClient]:
    """A client of one's own, whose process may die."""
    client = WireClient()
    yield client
    await client.aclose()


def once_streaming(event: asyncio.Event) -> Callable[[Recording, list[Record]], None]:
    """Sets the event when the body has begun."""

    def on_records(recording: Recording, _: list[Record]) -> None:
        if len(recording.body):
            event.set()

    return on_records


def open_files() -> int:
    return psutil.Process().num_fds()


@pytest.mark.skipif(os.name != "posix", reason="counts file descriptors")
async def test_nothing_is_left_behind() -> None:
    await asyncio.get_running_loop().run_in_executor(None, int)  # the loop's own threads and files exist from here on
    async with serving(OK) as served:
        before, threads = open_files(), threading.active_count()
        for _ in range(3):
            client = WireClient()
            await asker(client)(served.url)
            pid = client.pid
            assert pid is not None
            await client.aclose()
            assert not psutil.pid_exists(pid)
            assert client.pid is None
        assert threading.active_count() == threads
    gc.collect()
    assert open_files() <= before


async def test_closing_ends_what_runs(own: WireClient) -> None:
    running = asyncio.Event()
    async with serving(STALLED) as served:
        task = asyncio.ensure_future(asker(own)(served.url, on_records=once_streaming(running)))
        await running.wait()
        await own.aclose()
        recording = await task
        await served.hung_up.wait()
    assert recording.end is not None
    assert recording.end.kind is EndKind.CANCELLED


async def test_a_client_that_never_ran_closes() -> None:
    await WireClient().aclose()


async def test_a_killed_process_interrupts_and_the_next_run_works(own: WireClient) -> None:
    def kill_in_mid_stream(recording: Recording, _: list[Record]) -> None:
        if len(recording.body) and recording.end is None:
            assert own.pid is not None
            os.kill(own.pid, signal.SIGKILL)

    ask = asker(own)
    async with serving(STALLED) as served, serving(STALLED) as other:
        one, two = await asyncio.gather(ask(served.url, side="a", on_records=kill_in_mid_stream), ask(other.url, side="b"))
        await served.hung_up.wait()
    for recording in (one, two):
        assert recording.end is not None
        assert recording.end.kind is EndKind.INTERRUPTED
        assert recording.end.message == "the wire process was ended by signal 9"
    assert bytes(one.body.data) == b"data: 1\n\n"
    async with serving(OK) as served:
        again = await ask(served.url)
    assert again.end is not None
    assert again.end.kind is EndKind.WHOLE


async def test_a_process_killed_between_runs_is_replaced(own: WireClient) -> None:
    own.start()
    first = own.pid
    assert first is not None
    child = own._child
    assert child is not None
    os.kill(first, signal.SIGKILL)
    child._reader.join()
    assert own.pid is None
    async with serving(OK) as served:
        recording = await asker(own)(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert own.pid not in (None, first)


async def test_a_process_that_can_t_start_is_an_interruption(own: WireClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/no/such/python")
    recording = await asker(own)("http://127.0.0.1:1/")
    assert recording.end is not None
    assert recording.end.kind is EndKind.INTERRUPTED
    assert "can't be started" in recording.end.message


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
async def test_the_key_is_in_no_argument_and_no_variable(own: WireClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "MY_OWN_NAME", "OPENAI_AUTH_TOKEN"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    async with serving(OK) as served:
        await asker(own)(served.url)
        assert served.heads
        assert KEY.encode() in served.heads[0]
    folder = Path(f"/proc/{own.pid}")
    environ = (folder / "environ").read_bytes()
    assert KEY.encode() not in environ
    assert KEY.encode() not in (folder / "cmdline").read_bytes()
    assert b"HTTPS_PROXY=http://proxy.test:3128" in environ


@pytest.mark.skipif(sys.platform != "linux", reason="psutil tells it on Linux alone")
async def test_a_crash_leaves_no_core(own: WireClient) -> None:
    async with serving(OK) as served:
        await asker(own)(served.url)
    assert own.pid is not None
    assert psutil.Process(own.pid).rlimit(psutil.RLIMIT_CORE)[0] == 0


NOT_PYTHONS_OWN = (
    "PYTHON_API_KEY",
    "PYTHONKEY",
    "LC_SECRET_API_KEY",
    "LC_",
    "DYLD_API_KEY",
    "_PYI_API_KEY",
    "_MEI_TOKEN",
    "PATH_KEY",
)


def test_the_environment_is_an_allow_list() -> None:
    given = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "https_proxy": "x",
        "XDG_CURRENT_DESKTOP": "KDE",
        "ANYTHING": "secret",
        "XDG_SEAT": "x",
    }
    given |= dict.fromkeys(NOT_PYTHONS_OWN, "secret")
    assert child_environment(given) == {"PATH": "/bin", "LC_ALL": "C", "https_proxy": "x", "XDG_CURRENT_DESKTOP": "KDE"}
    assert keyless_environment(given) == {"PATH": "/bin", "LC_ALL": "C"}


async def test_it_ignores_a_package_of_the_same_name_in_the_folder(
    own: WireClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    async with serving(OK) as served:
        recording = await asker(own)(served.url)
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE


async def test_reading_does_not_wait_for_a_slow_window(ask: Ask) -> None:
    """The loop that takes records is stopped while 32 MB come; the wire stamps and takes them all the same.

    The server can end only when the wire has read everything: far more than pipes and socket buffers hold.
    """
    body = b"x" * (32 << 20)
    served_all = threading.Event()

    def serve_once(listener_ready: threading.Event, ports: list[int]) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as listener:
            ports.append(listener.getsockname()[1])
            listener_ready.set()
            peer, _ = listener.accept()
            with peer:
                while not peer.recv(1 << 16).endswith(b"}"):
                    pass
                peer.sendall(OK_HEAD + b"Content-Length: %d\r\n\r\n" % len(body))
                peer.sendall(body)
                served_all.set()

    def on_records(recording: Recording, _: list[Record]) -> None:
        if recording.head is not None and not served_all.is_set():
            assert served_all.wait(PATIENCE_S)  # the window is busy; it must not matter

    ready = threading.Event()
    ports: list[int] = []
    thread = threading.Thread(target=serve_once, args=(ready, ports))
    thread.start()
    ready.wait()
    recording = await ask(f"http://127.0.0.1:{ports[0]}/", on_records=on_records)
    thread.join()
    assert recording.end is not None
    assert recording.end.kind is EndKind.WHOLE
    assert len(recording.body.data) == len(body)


async def test_it_ends_when_its_command_pipe_closes(own: WireClient) -> None:
    """As when the window is killed: nobody says goodbye."""
    async with serving(STALLED) as served:
        running = asyncio.Event()
        task = asyncio.ensure_future(asker(own)(served.url, on_records=once_streaming(running)))
        await running.wait()
        child = own._child
        assert child is not None
        child._writer.close()
        recording = await task
        await served.hung_up.wait()
    assert recording.end is not None
    assert recording.end.kind is EndKind.CANCELLED


def test_its_start_loads_no_command_line_of_httpx() -> None:
    """Nor what that brings, which is here: httpx would import it. Collections go on after the start."""
    code = """
import asyncio, gc, importlib.util, sys
import app.wire.process as process
async def serve(*_):
    print([name for name in ("click", "pygments") if importlib.util.find_spec(name) is None])
    print(sorted({"click", "pygments", "rich", "h2", "httpx"} & set(sys.modules)), gc.isenabled())
process._serve = serve
process.main(["0", "1"])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n['h2', 'httpx'] True\n"
