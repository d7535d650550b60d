"""Processes that are kept from test to test, for tests that are not about them: starting one takes longer than most of these.

Closing one only makes it free for the next test, of another module too. What a module's tests did not close is ended after the
last of them, and the rest at the end of all.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path

from app.simulator.server.client import Simulator
from app.wire.child import WireChild, child_environment
from app.wire.client import WireClient

_FEW = 2
QUICK = (sys.executable, "-P", str(Path(__file__).with_name("quick_simulator.py")))
"""What starts a simulator. -P: this folder has rooms that are called as modules of Python are."""


class KeptWire(WireClient):
    """Closing cancels what runs and closes the idle connections, as ending the process would.

    Its pid is None until the process is wanted again.

    Attributes:
        free: who had it has closed it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.free = False
        self._is_wanted = False

    @property
    def pid(self) -> int | None:
        return self.kept_pid if self._is_wanted else None

    @property
    def kept_pid(self) -> int | None:
        """That of the process, whoever wants it; None where it does not run."""
        return super().pid

    async def aclose(self) -> None:
        with self._lock:
            running = list(self._open.values())
        for one in running:
            one.cancel()
        self.drop_connections()
        self._is_wanted = False
        self.free = not running

    async def end(self) -> None:
        """What closing is for others."""
        await super().aclose()

    def _running_child(self) -> WireChild:
        self._is_wanted = True
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
        is_quick: it answers faster than anybody reads.
    """

    def __init__(self, is_quick: bool) -> None:
        super().__init__(command=QUICK if is_quick else None)
        self.free = False
        self.is_quick = is_quick
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
    """The kept processes."""

    def __init__(self) -> None:
        self._wires: list[tuple[dict[str, str], KeptWire]] = []
        self._simulators: list[KeptSimulator] = []

    @property
    def pids(self) -> set[int]:
        """Of those that run."""
        pids = [*(wire.kept_pid for _, wire in self._wires), *(one.pid for one in self._simulators)]
        return {pid for pid in pids if pid is not None}

    def wire(self) -> KeptWire:
        """A free one that was started with the variables of now (but for where the test's home is), or a new one."""
        home = os.environ.get("HOME") or "~"
        variables = {name: value.replace(home, "~") for name, value in child_environment(os.environ).items()}
        for started_with, one in self._wires:
            if one.free and started_with == variables:
                one.free = False
                return one
        self._wires.append((variables, KeptWire()))
        return self._wires[-1][1]

    def simulator(self, *, is_quick: bool = True) -> KeptSimulator:
        """A free one, or a new one."""
        for one in self._simulators:
            if one.free and one.is_quick == is_quick:
                one.free = False
                return one
        self._simulators.append(KeptSimulator(is_quick))
        return self._simulators[-1]

    def end_all_but_free(self, most: int = _FEW) -> None:
        """End those that nobody closed, and of the free ones all but the first few: each has its own variables."""
        wires = [one for one in self._wires if one[1].free][:most]
        simulators = [one for one in self._simulators if one.free][:most]
        for started in self._wires:
            if started not in wires:
                asyncio.run(started[1].end())
        for simulator in self._simulators:
            if simulator not in simulators:
                simulator.close()
        self._wires, self._simulators = wires, simulators

    def end(self) -> None:
        """End them all."""
        self.end_all_but_free(0)
