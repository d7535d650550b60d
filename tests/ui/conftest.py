"""The real window for tests: offscreen, with its own event loop, taken down again at the end."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager
from functools import cached_property
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget
from shiboken6 import isValid

from app.store.files import config_folder, private_folder
from app.store.profiles import Profile, ProfileStore
from app.store.settings import Settings, SettingsStore
from app.text.languages import language
from tests.kept import Kept
from ui.compare.first.first import First
from ui.compare.page import ComparePage
from ui.shared import services
from ui.shared.demo import Demo
from ui.shared.services import Services
from ui.shell.application import build_window
from ui.shell.event_loop import make_loop
from ui.shell.main_window import MainWindow
from ui.shell.pages import COMPARE, PageSpec
from ui.style.theme import application_arguments

PATIENCE_S = 60.0
# To look each few milliseconds for seconds costs more than what is waited for.
_PAUSES_S = (0.005, 0.005, 0.008, 0.012, 0.016)
COMPLETED = ("✓ A drop-in", "! Works, with losses", "✕ Breaks", "– No verdict")
"""What the line of a side that completed begins with."""


def behind(mark: str) -> tuple[str, ...]:
    """The same behind what says whose run it is."""
    return tuple(f"{mark} {one}" for one in COMPLETED)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """The application is made as the program makes it."""
    return application_arguments("diptych")


class Ui:
    """A window and the loop it lives on. Tests are coroutines, so that they run as the window's own code does.

    Attributes:
        window: shown, 1280 x 820.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, app: QApplication) -> None:
        self._loop = loop
        self._app = app
        self.window: MainWindow = build_window(app, language())
        self.window.resize(1280, 820)
        self.window.show()
        release_keys(self.window)

    @property
    def page(self) -> ComparePage:
        return self.window.page(COMPARE)

    def play(self, scene: Coroutine[Any, Any, None]) -> None:
        """Run a test's coroutine to its end."""
        self._loop.run_until_complete(asyncio.wait_for(scene, 2 * PATIENCE_S))

    async def until(self, met: Callable[[], object], what: str = "") -> None:
        """As `until` below."""
        await until(met, what)

    async def demo_root(self) -> str:
        """Where the demo's simulator listens, started now where it does not run: faults are below it."""
        demo = self.window.services.demo
        return (await demo.started(demo.profiles[0])).base_url.rsplit("/", 1)[0]

    def ask_briefly(self) -> None:
        """Want a short answer, where what it says does not matter: the demo writes as fast as people read."""
        self.page.bar.max_tokens.setValue(24)

    async def run(self) -> None:
        """Press Run and wait until both sides were read to the end."""
        async with self.begins():
            self.page.bar.run.click()
        await self.ended()

    @asynccontextmanager
    async def begins(self) -> AsyncIterator[None]:
        """Wait, at the end of it, until the run has begun that is asked for within it."""
        begun, session = asyncio.Event(), self.page.session  # a short run can have ended before a busy machine lets us look
        session.started.connect(begun.set)
        yield
        await asyncio.wait_for(begun.wait(), PATIENCE_S)
        session.started.disconnect(begun.set)

    async def ended(self) -> None:
        """Wait until the run that is shown has ended and was read."""
        await self.until(lambda: not self.page.session.following and not self.page.session.running, "the run to end")

    def close(self) -> None:
        """Close the window and end all that it started."""
        self.window.close()
        self._loop.run_until_complete(self.window.aclose())
        delete_now(self.window)


async def until(met: Callable[[], object], what: str = "") -> None:
    """Wait until a condition is met; fails with `what` where it never is."""
    loop = asyncio.get_running_loop()
    end, pauses = loop.time() + PATIENCE_S, chain(_PAUSES_S, repeat(_PAUSES_S[-1]))
    while not met():
        assert loop.time() < end, f"waited in vain for {what or met}"
        await asyncio.sleep(next(pauses))


def release_keys(widget: QWidget) -> None:
    """Where a test ended with Ctrl+F, say, Qt takes Ctrl for held until the next key: what is gone to then is not selected."""
    QTest.keyRelease(widget, Qt.Key.Key_Control)


def save_profiles(*profiles: Profile) -> None:
    """Save profiles as an earlier start would have; before the window opens."""
    private_folder(config_folder())
    store = ProfileStore()
    store.load()
    for profile in profiles:
        store.save(profile)


def delete_now(widget: QWidget) -> None:
    """Not when the next test's loop runs: what is left of this test shall be garbage when it has ended."""
    widget.deleteLater()
    QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """As in the program, no thread but this one collects: a loop that ended still has timers, which may die only here.

    Not a fixture: pytest keeps a test's fixtures, and with them its loop, until the last of them is taken down. pytest calls
    it for all tests, and only the window's need it; what there was before a test is frozen, since walking thousands of other
    tests takes longer than most of them.
    """
    if Path(__file__).parent not in item.path.parents:
        return (yield)
    gc.disable()
    gc.freeze()
    done = yield
    gc.collect()
    for left in QApplication.topLevelWidgets():  # by tests of a widget alone: they would be polished again with each window
        if type(left).__module__.startswith("ui.") and isValid(left) and left.findChild(QGraphicsView) is None:
            delete_now(left)  # not what pyqtgraph made, which crashes where it is not deleted in the order that it wants
    gc.enable()
    return done


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[asyncio.AbstractEventLoop]:
    """A loop of its own for what is shown; what goes wrong on it unheard fails the test."""
    qapp.setQuitOnLastWindowClosed(False)
    made = make_loop(qapp)
    failures: list[dict[str, Any]] = []
    made.set_exception_handler(lambda _loop, context: failures.append(context))
    yield made
    qapp.setStyleSheet("")  # as at a start of the program: the next window gets it when it is built, which takes half the time
    made.close()
    asyncio.set_event_loop(None)
    assert not failures, failures


@pytest.fixture
def closed_on() -> PageSpec[Any] | None:
    """The page that the window before was closed on, so that this one begins with it alone; None: with Compare, as at first.

    A folder of tests of another page names that: making Compare takes longer than all the rest.
    """
    return None


@pytest.fixture
def ui(
    qapp: QApplication,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    closed_on: PageSpec[Any] | None,
    loop: asyncio.AbstractEventLoop,
) -> Iterator[Ui]:
    """The real window on a loop of its own. Its processes may have served the window before it.

    As after a first run the panes have the room of the first screen, and all of the page is made. That screen is there with the
    mark `first_start` alone: making it takes a quarter of what the window does.
    """
    begins = request.node.get_closest_marker("first_start") is not None
    if not begins:
        monkeypatch.setattr(First, "_show", lambda _: None)
    kept_wire = cached_property(lambda _: kept.wire())
    kept_wire.__set_name__(Services, "wire")
    monkeypatch.setattr(Services, "wire", kept_wire)
    monkeypatch.setattr(services, "Demo", lambda: Demo(kept.simulator()))
    if closed_on is not None:
        SettingsStore().change(Settings(), page=closed_on.title)
    made = Ui(loop, qapp)
    if not begins:
        for _ in made.window.completing():
            pass
    yield made
    made.close()
