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
from app.store.profiles import Profile, ProfileStore
from app.store.settings import SettingsStore
from app.wire.client import WireClient
from tests.kept import Kept
from tests.ui.conftest import PATIENCE_S, delete_now, release_keys, until
from ui.endpoints.form.form import EndpointForm
from ui.endpoints.page import EndpointsPage
from ui.endpoints.verdict_panel import VerdictPanel
from ui.endpoints.view import EndpointsView
from ui.shared.demo import Demo
from ui.shared.key_states import Environment
from ui.shared.services import Services
from ui.style.theme import Theme

CANARY = "sk-canary-y7xU0123456789abcdefghij0h"


class Desk:
    """The page, and the services that it stands on.

    Attributes:
        environ: what the page takes for the environment.
        keys: in memory unless a test takes another.
        chosen, keys_told, changes: what the services' signals said.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        folder: Path,
        simulator: Simulator,
        wire: WireClient,
        keys: KeyStore,
        theme: Theme,
    ) -> None:
        self._loop = loop
        self.root, self.folder, self.keys = simulator.root, folder, keys
        self.environ: dict[str, str] = {}
        self.store = ProfileStore(folder / "profiles.toml")
        given = Environment(lambda: offers(self.environ, folder), lambda offer: value_of(offer, self.environ, folder))
        settings = SettingsStore(folder / "settings.toml")
        self.services = Services(self.store, settings, keys, demo=Demo(simulator), environment=given)
        self.services.wire = wire
        self.page = EndpointsPage(self.services)
        self.chosen: list[tuple[str, str]] = []
        self.keys_told: list[str] = []
        self.changes: list[int] = []
        self.services.side_wanted.connect(lambda uid, side: self.chosen.append((uid, side)))
        self.services.keys.key_changed.connect(self.keys_told.append)
        self.services.profiles_changed.connect(lambda: self.changes.append(1))
        theme.apply_style_sheet()
        self.page.resize(1016, 700)
        self.page.show()
        release_keys(self.page)
        self.settle()

    @property
    def view(self) -> EndpointsView:
        return self.page.view

    @property
    def form(self) -> EndpointForm:
        return self.page.view.form

    @property
    def panel(self) -> VerdictPanel:
        return self.page.view.panel

    @property
    def selected(self) -> Profile:
        """The profile in the form, as it is on screen."""
        assert self.page.selection.profile is not None
        return self.page.selection.profile

    @property
    def listed(self) -> tuple[str, ...]:
        """The model list that is known of the selected endpoint."""
        return self.services.models.of(self.selected) or ()

    def tests(self, profile: Profile) -> bool:
        """Whether the profile's test goes on."""
        return self.page.tests.is_running(profile.uid)

    def play(self, scene: Coroutine[Any, Any, None]) -> None:
        """Run a test's coroutine, and then what it started, to the end: a task must not be left to run without its loop."""

        async def whole() -> None:
            await scene
            await self.until(lambda: not self.page.tasks.running and not self.services.tasks.running, "the tasks")

        self._loop.run_until_complete(asyncio.wait_for(whole(), 2 * PATIENCE_S))

    def settle(self) -> None:
        """Let what was started in the background come to its end."""
        self.play(asyncio.sleep(0))

    async def until(self, met: Callable[[], object], what: str = "") -> None:
        """Wait until a condition is met."""
        await until(met, what)

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
        if not self._loop.is_running():
            self.settle()  # the key is looked up
        return profile

    def type_url(self, url: str) -> None:
        """Type an address into the form."""
        self.form.url.selectAll()
        self.form.url.insert(url)
        self.form.url.textEdited.emit(self.form.url.text())

    async def test_endpoint(self) -> dict[str, Verdict | None]:
        """Press Test and wait for its end: the verdict by question."""
        self.panel.button.click()
        await self.tested()
        return {question: row.verdict for question, row in self.panel.rows.items()}

    async def tested(self) -> None:
        """Wait until the test has ended."""
        uid = self.selected.uid
        await self.until(lambda: self.page.tests.rows(uid) and not self.page.tests.is_running(uid), "the test to end")

    def reloaded(self) -> list[Profile]:
        """The profiles as another start would read them."""
        return list(ProfileStore(self.store.path).load())

    def close(self) -> None:
        self._loop.run_until_complete(self.page.aclose())
        self._loop.run_until_complete(self.services.tasks.aclose())
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
def simulator(kept: Kept) -> Iterator[Simulator]:
    """It runs for all tests of a file, and may have served another's."""
    one = kept.simulator()
    asyncio.run(one.start())
    yield one
    asyncio.run(one.aclose())


@pytest.fixture
def keys() -> KeyStore:
    """Keys in memory; a file of tests may replace it."""
    store = KeyStore()
    store.use_memory()
    return store


@pytest.fixture
def desk(
    qapp: QApplication,
    tmp_path: Path,
    simulator: Simulator,
    wire: WireClient,
    keys: KeyStore,
    loop: asyncio.AbstractEventLoop,
) -> Iterator[Desk]:
    """The page, shown, on a loop of its own."""
    made = Desk(loop, tmp_path, simulator, wire, keys, Theme(qapp, "light"))
    yield made
    made.close()
