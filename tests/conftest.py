"""What every test gets: a home of its own, no display, and a check that nothing is left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
import trustme
from hypothesis import settings
from hypothesis.internal.conjecture.providers import _get_local_constants

from app.text.languages import ENGLISH, use_language
from app.wire.client import WireClient
from tests.in_language import comparisons
from tests.in_language import option as language_option
from tests.kept import Kept
from tests.thorough import THOROUGH
from tests.workers import add_option, run_in_workers
from ui.shell.light_imports import import_lightly

# As the program does, before pytest-qt imports Qt: an import within a function costs a tenth of what it does otherwise.
import_lightly()
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)  # what a test would say on the desktop of who runs it
# Python keeps what it compiled: else each of the hundreds of processes that tests start would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A shell starts what it runs in the background with Ctrl+C ignored, and every child would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The machines are shared and noisy: an example that takes long is no failure.
settings.register_profile("diptych", deadline=None, max_examples=200 if THOROUGH else 40)
settings.load_profile("diptych")

# Variables that would make a test depend on the machine: keys, addresses, proxies.
_LEAKING = ("_API_KEY", "_AUTH_TOKEN", "_BASE_URL", "_PROXY", "_proxy")

_PLACES = {
    "HOME": "",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "DIPTYCH_CONFIG_DIR": "config/diptych",
}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What collection makes stays until the end: no collector walks it, neither while it grows nor from test to test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`-n N` and `--language CODE`."""
    add_option(parser)
    language_option.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Not the language of the machine."""
    language_option.begin(config)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """The tests run in forks of this process."""

    def gather_constants() -> None:
        """Hypothesis draws from those of our sources too, which each fork would read for itself: for 5 s, and 0.7 s where
        its cache has them."""
        if any(item.get_closest_marker("hypothesis") for item in session.items):
            _get_local_constants()

    return run_in_workers(session, gather_constants)


@pytest.fixture(scope="session")
def _empty_homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Makes an empty folder, or hands out the one before where it is empty still: most tests write nothing, and 15 000 folders
    cost more than what many of the tests do."""
    last: list[Path] = []

    def empty_home() -> Path:
        if not last or not last[-1].is_dir() or any(last[-1].iterdir()):
            last[:] = [tmp_path_factory.mktemp("home")]
        return last[-1]

    return empty_home


@pytest.fixture(autouse=True)
def _own_home(_empty_homes: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's configuration, data, keys or `.env`, nor another test's."""
    home = _empty_homes()
    for name in [name for name in os.environ if name.endswith(_LEAKING)]:
        monkeypatch.delenv(name)
    put_home(home, monkeypatch)
    monkeypatch.chdir(home)


def put_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the user's folders in this one."""
    for name, place in _PLACES.items():
        monkeypatch.setenv(name, str(home / place))


@pytest.fixture(autouse=True)
def _language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the test before spoke."""
    code: str = request.config.getoption("--language")
    if code != ENGLISH and request.node.get_closest_marker("english"):
        code = ENGLISH
        monkeypatch.setenv("DIPTYCH_LANG", code)
        monkeypatch.setattr(comparisons, "by_meaning", False)
    use_language(code)


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    """A thread that outlives its test fails it."""
    threads = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in threads and not _is_pooled(thread)]
    for thread in left:
        thread.join(30)
    assert not [thread.name for thread in left if thread.is_alive()], "threads left behind"


class _QuietSubtests:
    """pytest's own, but that those that pass tell nothing: thousands of reports are made, sent and counted else."""

    def __init__(self, own: pytest.Subtests) -> None:
        self._own = own

    @contextmanager
    def test(self, msg: str | None = None, **kwargs: object) -> Iterator[None]:
        """As pytest's."""
        try:
            yield
        except BaseException:
            with self._own.test(msg, **kwargs):
                raise


@pytest.fixture
def subtests(subtests: pytest.Subtests) -> _QuietSubtests:
    """In place of pytest's."""
    return _QuietSubtests(subtests)


@pytest.fixture(scope="session")
def _all_kept() -> Iterator[Kept]:
    made = Kept()
    yield made
    made.end()


@pytest.fixture(autouse=True, scope="module")
def _no_process_left_behind(_all_kept: Kept) -> Iterator[None]:
    """A child process that outlives its module's tests fails the last of them (asking for each test would cost seconds)."""
    before = _children()
    yield
    _all_kept.end_all_but_free()
    new = []
    for pid in _children() - before - _all_kept.pids:
        with suppress(psutil.NoSuchProcess):  # a thread of ours has seen it end meanwhile
            new.append(psutil.Process(pid))
    _, alive = psutil.wait_procs(new, timeout=30)
    assert not [" ".join(process.cmdline()) for process in alive if process.status() != psutil.STATUS_ZOMBIE], "processes left"


def _children() -> set[int]:
    """The processes that this one started. Linux tells them at once; to look through all there are takes milliseconds."""
    with suppress(OSError):
        told = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
        if told:
            return {int(pid) for pid in " ".join(told).split()}
    return {process.pid for process in psutil.Process().children()}


@pytest.fixture(scope="module")
def wire(_all_kept: Kept) -> Iterator[WireClient]:
    """A client whose process is kept from test to test: an exchange belongs to the loop that awaits it. The process may have
    served another module."""
    client = _all_kept.wire()
    client.start()
    yield client
    asyncio.run(client.aclose())


@pytest.fixture(scope="module")
def kept(_all_kept: Kept) -> Kept:
    """Wire processes and simulators that are kept from test to test."""
    return _all_kept


@pytest.fixture(scope="module")
def simulator(kept: Kept) -> Iterator[str]:
    """The root URL of a simulator as `diptych simulate` starts it; its process may have served another module."""
    one = kept.simulator()
    yield asyncio.run(one.start())
    asyncio.run(one.aclose())


@pytest.fixture
def processes_of_commands(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that are called in this process find their wire process and the demo running. Those that are started have their
    own."""
    from app.terminal import demo_server, playing
    from app.terminal.commands import check, drift, load, mirror, models, study, test

    for command in (playing, check, drift, load, mirror, models, study, test):
        monkeypatch.setattr(command, "WireClient", kept.wire)
    monkeypatch.setattr(demo_server, "Simulator", kept.simulator)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Signs the certificates of the servers that tests start."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its certificate as a profile names it."""
    path: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def _is_pooled(thread: threading.Thread) -> bool:
    """asyncio's default executor keeps its threads until the loop closes; pytest-asyncio closes it after us.

    Those of a kept wire process end with its module.
    """
    return thread.name.startswith(("asyncio_", "ThreadPoolExecutor", "kept-"))


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of recordings and transcripts beside the checkout."""
    return Path(__file__).resolve().parents[2] / "shared"
