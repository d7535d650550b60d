"""The real window, offscreen, as a user has it: built by the program's own composition root, driven by its own widgets."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication

from app.recording.recording import Recording
from app.recording.records import SideName
from app.store.profiles import Profile
from tests.bench.streams import SENT
from ui.compare.page import ComparePage
from ui.compare.tabs import TABS
from ui.shell.application import after_the_first_picture, build_window
from ui.shell.event_loop import make_loop
from ui.shell.main_window import MainWindow
from ui.shell.pages import COMPARE
from ui.style.theme import application_arguments

PATIENCE_S = 120.0
T = TypeVar("T")


class Shown:
    """A window that is shown, and the loop it lives on.

    Attributes:
        window: 1280 x 820.
    """

    def __init__(self) -> None:
        instance = QApplication.instance()
        self._app = instance if isinstance(instance, QApplication) else QApplication(application_arguments("diptych"))
        self._app.setQuitOnLastWindowClosed(False)
        self.loop = make_loop(self._app)
        self.window: MainWindow = build_window(self._app)
        self.window.resize(1280, 820)
        self.window.show()
        self.window.services.tasks.start(after_the_first_picture(self.window, offer=True, demo=False))

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        self.window.close()
        self.loop.run_until_complete(self.window.aclose())
        self.loop.close()

    @property
    def page(self) -> ComparePage:
        return self.window.page(COMPARE)

    def play(self, scene: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the window's loop."""
        return self.loop.run_until_complete(scene)

    async def until(self, met: Callable[[], object], what: str) -> None:
        """Wait until a condition is met. Raises TimeoutError with `what`."""
        end = self.loop.time() + PATIENCE_S
        while not met():
            if self.loop.time() > end:
                raise TimeoutError(f"waited in vain for {what}")
            await asyncio.sleep(0.002)

    def ask(self, port: int, paths: Sequence[str], protocol: str = "anthropic-messages") -> None:
        """Choose two endpoints of a server on this machine: side A's path, then side B's."""
        services = self.window.services
        sides: tuple[SideName, ...] = ("a", "b")
        for name, path in zip(sides, paths, strict=True):
            profile = Profile(
                f"side {name}", protocol, f"http://127.0.0.1:{port}{path}", "bench", http2=False, proxy="none", needs_key=False,
                uid=f"bench-{name}",
            )  # fmt: skip
            services.save_profile(profile)
            services.models.keep(profile, (profile.model,))  # else the window asks the server for its list meanwhile
            self.page.panes[name].row.profile_chosen.emit(profile.uid)

    def turn_to(self, tab: str) -> None:
        """Bring a tab of both panes to the front."""
        for pane in self.page.panes.values():
            pane.set_tab(TABS.index(tab))

    async def begin(self) -> None:
        """Press Run, and wait until both sides are under way."""
        self.page.bar.run.click()
        await self.until(lambda: self.page.session.running, "the run to begin")

    async def ended(self) -> None:
        """Until the run has ended and was read to its end."""
        session = self.page.session
        await self.until(lambda: not session.running and not session.following, "the run to end")

    @property
    def recordings(self) -> list[Recording]:
        """Those of the run that is shown, side A's first."""
        return self.page.session.recordings


def errors_ns(recording: Recording) -> list[int]:
    """For each event of the benchmarks' server the time from its sending to our stamp of the read that completed it."""
    body = recording.body
    return [body.stamps[bisect_right(body.ends, one.end() - 1)] - int(one[2]) for one in SENT.finditer(body.data)]


def numbers(recording: Recording) -> list[int]:
    """The numbers of the events that came, in their order."""
    return [int(one[1]) for one in SENT.finditer(recording.body.data)]
