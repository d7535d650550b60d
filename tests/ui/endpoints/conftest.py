"""The Endpoints page on a loop of its own, with a real profile store, keys in memory, the real wire and the simulator."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.asking.environment import offers, value_of
from app.asking.verdicts import Verdict
from app.simulator.server.client import Simulator
from app.store.keys import KeyStore
from app.store.presets import demo_profiles
from app.store.profiles import Profile, ProfileStore
from app.wire.client import WireClient
from tests.ui.conftest import delete_now
from ui.endpoints.key_dialogs import Environment
from ui.endpoints.page import EndpointsPage
from ui.shell.event_loop import make_loop
from ui.style.theme import Theme

CANARY = "sk-canary-y7xU0123456789abcdefghij0h"
PATIENCE_S = 60.0


class Desk:
    """A page and what it stands on.

    Attributes:
        environ: what the page takes for the environment.
        keys: in memory unless a test takes another.
        chosen, listed, keys_told, changes: what the page's signals said.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, folder: Path, root: str, wire: WireClient, keys: KeyStore) -> None:
        self._loop = loop
        self.root, self.folder, self.keys = root, folder, keys
        self.environ: dict[str, str] = {}
        self.store = ProfileStore(folder / "profiles.toml")
        self.store.load()
        given = Environment(lambda: offers(self.environ, folder), lambda offer: value_of(offer, self.environ, folder))
        self.page = EndpointsPage(self.store, keys, lambda: wire, lambda: demo_profiles(self.root), offered=given)
        self.chosen: list[tuple[str, str]] = []
        self.listed: list[tuple[str, tuple[str, ...]]] = []
        self.keys_told: list[str] = []
        self.changes: list[int] = []
        self.page.profile_chosen.connect(lambda uid, side: self.chosen.append((uid, side)))
        self.page.models_listed.connect(lambda uid, names: self.listed.append((uid, names)))
        self.page.key_changed.connect(self.keys_told.append)
        self.page.profiles_changed.connect(lambda: self.changes.append(1))
        self.page.resize(1016, 700)
        self.page.show()
        self.settle()

    def play(self, scene: Coroutine[Any, Any, None]) -> None:
        """Run a test's coroutine, and then what it started, to the end: a task must not be left to run without its loop."""

        async def whole() -> None:
            await scene
            await self.until(lambda: not self.page.tasks.running, "the page's tasks")

        self._loop.run_until_complete(asyncio.wait_for(whole(), 2 * PATIENCE_S))

    def settle(self) -> None:
        """Let what was started in the background come to its end."""
        self.play(asyncio.sleep(0))

    async def until(self, met: Callable[[], object], what: str = "") -> None:
        """Wait until a condition is met."""
        end = self._loop.time() + PATIENCE_S
        while not met():
            assert self._loop.time() < end, f"waited in vain for {what or met}"
            await asyncio.sleep(0.005)

    async def dialog(self, kind: type[QWidget]) -> Any:
        """The dialog of that kind, once it is open."""
        await self.until(lambda: self.open_dialog(kind), f"a {kind.__name__}")
        return self.open_dialog(kind)

    def open_dialog(self, kind: type[QWidget]) -> Any:
        """The dialog of that kind that is open now, None without one."""
        return next((one for one in self.page.findChildren(kind) if one.isVisible()), None)

    def add(self, **fields: Any) -> Profile:
        """A saved profile, shown in the form."""
        profile = Profile(**{"name": "Mine", "base_url": f"{self.root}/official", "model": "claude-sonnet-4-6", **fields})
        self.store.save(profile)
        self.page.refresh()
        self.page.select(profile.uid)
        return profile

    def type_url(self, url: str) -> None:
        """Type an address into the form."""
        self.page.form.url.selectAll()
        self.page.form.url.insert(url)
        self.page.form.url.textEdited.emit(self.page.form.url.text())

    async def test_endpoint(self) -> dict[str, Verdict | None]:
        """Press Test and wait for its end: the verdict by question."""
        self.page.panel.button.click()
        await self.tested()
        return {question: row.verdict for question, row in self.page.panel.rows.items()}

    async def tested(self) -> None:
        """Wait until the test has ended."""
        assert self.page.selected is not None
        uid = self.page.selected.uid
        await self.until(lambda: self.page.asker.rows(uid) and not self.page.asker.is_probing(uid), "the test to end")

    def reloaded(self) -> list[Profile]:
        """The profiles as another start would read them."""
        return list(ProfileStore(self.store.path).load())

    def close(self) -> None:
        self._loop.run_until_complete(self.page.aclose())
        self.page.close()
        delete_now(self.page)


def fault_url(root: str, name: str, *, openai: bool = False) -> str:
    """The base URL of a simulated endpoint with a fault."""
    return f"{root}/fault/{name}{'/v1' if openai else ''}"


def append(field: QLineEdit, text: str) -> None:
    """Type at the end of a field."""
    field.end(False)
    QTest.keyClicks(field, text)


@pytest.fixture(scope="module")
def simulator_root() -> Iterator[str]:
    """Where the simulator listens; it runs for all tests of a file."""
    simulator = Simulator()
    root = asyncio.run(simulator.start())
    yield root
    simulator.close()


@pytest.fixture(scope="module")
def shared_wire() -> Iterator[WireClient]:
    client = WireClient()
    client.start()
    yield client
    asyncio.run(client.aclose())


@pytest.fixture
def keys() -> KeyStore:
    """Keys in memory; a file of tests may replace it."""
    store = KeyStore()
    store.use_memory()
    return store


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path, simulator_root: str, shared_wire: WireClient, keys: KeyStore) -> Iterator[Desk]:
    """The page, shown, on a loop of its own."""
    qapp.setQuitOnLastWindowClosed(False)
    loop = make_loop(qapp)
    failures: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _loop, context: failures.append(context))
    Theme(qapp, "light").dress()
    made = Desk(loop, tmp_path, simulator_root, shared_wire, keys)
    yield made
    made.close()
    loop.close()
    asyncio.set_event_loop(None)
    assert not failures, failures
