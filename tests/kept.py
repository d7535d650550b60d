"""Processes that are kept from test to test, for tests that are not about them: starting one takes longer than most of these.

Closing one only makes it free for the next test; those of a module are ended after its last test.
"""

from __future__ import annotations

import asyncio
import os
import threading

from app.simulator.server.client import Simulator
from app.wire.child import WireChild, child_environment
from app.wire.client import WireClient


class KeptWire(WireClient):
    """Closing cancels what runs and closes the idle connections, as ending the process would.

    Attributes:
        free: who had it has closed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.free = False

    async def aclose(self) -> None:
        with self._lock:
            running = list(self._open.values())
        for one in running:
            one.cancel()
        self.drop_connections()
        self.free = not running

    async def end(self) -> None:
        """What closing is for others."""
        await super().aclose()

    def _running_child(self) -> WireChild:
        before = set(threading.enumerate())
        child = super()._running_child()
        for thread in set(threading.enumerate()) - before:
            if thread.name.startswith("wire-"):
                thread.name = f"kept-{thread.name}"
        return child


class KeptSimulator(Simulator):
    """Its root is "" until it is started again.

    Attributes:
        free: who had it has closed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.free = False
        self._kept_root = ""
        self._starting = False

    async def start(self) -> str:
        if self.pid is None:
            self._starting = True
            self._kept_root = await super().start()
            self._starting = False
        self.root = self._kept_root
        return self.root

    async def aclose(self) -> None:
        self.root = ""
        self.free = not self._starting  # one whose start was cancelled is started all the same, by a thread


class Kept:
    """The kept processes of a module's tests."""

    def __init__(self) -> None:
        self._wires: list[tuple[dict[str, str], KeptWire]] = []
        self._simulators: list[KeptSimulator] = []

    def wire(self) -> KeptWire:
        """A free one that was started with the variables of now (but for the test's home), or a new one."""
        variables = child_environment({name: value for name, value in os.environ.items() if name != "HOME"})
        for started_with, one in self._wires:
            if one.free and started_with == variables:
                one.free = False
                return one
        self._wires.append((variables, KeptWire()))
        return self._wires[-1][1]

    def simulator(self) -> KeptSimulator:
        """A free one, or a new one."""
        for one in self._simulators:
            if one.free:
                one.free = False
                return one
        self._simulators.append(KeptSimulator())
        return self._simulators[-1]

    def end(self) -> None:
        """End them all."""
        for _, wire in self._wires:
            asyncio.run(wire.end())
        for simulator in self._simulators:
            simulator.close()
