"""The demo's endpoints: always offered, and started when one of them is first asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.store.presets import demo_profiles, is_demo
from app.text.sentences import tr

if TYPE_CHECKING:
    from app.simulator.server.client import Simulator
    from app.store.profiles import Profile

NO_ADDRESS = "http://127.0.0.1:0"


class DemoError(Exception):
    """The demo endpoints do not run; the text is a sentence for the user."""


class Demo:
    """The process of the demo's endpoints, one for the window.

    Attributes:
        manner: how its relay behaves, by the name in `app.simulator.demo_relay`; "" for as usual.
        failed: it was to be started last, and could not be.
    """

    def __init__(self, simulator: Simulator | None = None) -> None:
        """`simulator` may run already; by default one is made when it is needed."""
        self._simulator = simulator
        self._starting: asyncio.Task[str] | None = None
        self.manner = ""
        self.failed = False

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The demo's endpoints; before they were started their address is one that does not answer."""
        return self._profiles(self._root or NO_ADDRESS)

    @property
    def _root(self) -> str:
        return self._simulator.root if self._simulator is not None else ""

    def _profiles(self, root: str) -> tuple[Profile, ...]:
        if not self.manner:
            return demo_profiles(root)
        from app.simulator.demo_relay import address, words

        return demo_profiles(root, address(self.manner), words(self.manner))

    def lacks_address(self, profile: Profile) -> bool:
        """Whether it is one of these, and they do not run: what it has for an address is none to show or to copy."""
        return is_demo(profile) and not self._root

    async def started(self, profile: Profile) -> Profile:
        """The profile with an address that answers: where it is one of the demo's, that is started unless it runs.

        Raises DemoError.
        """
        if not is_demo(profile):
            return profile
        root = await self._start()
        return next(one for one in self._profiles(root) if one.uid == profile.uid)

    async def _start(self) -> str:
        from app.simulator.server.client import Simulator, SimulatorError

        if self._simulator is None:
            self._simulator = Simulator()
        if self._starting is None or (self._starting.done() and not self._simulator.alive):
            self._starting = asyncio.ensure_future(self._simulator.start())
        try:
            root = await asyncio.shield(self._starting)
        except (SimulatorError, OSError) as error:
            self._starting, self.failed = None, True
            raise DemoError(tr("The demo endpoints could not be started: {error}", error=error)) from error
        self.failed = False
        return root

    async def aclose(self) -> None:
        """End it where it runs."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._simulator is not None:
            await self._simulator.aclose()
