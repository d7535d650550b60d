"""soak: thousands of exchanges with the simulator, mixed requests, cancels and faults; then nothing may be left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import GET_WEATHER, Ask, Target, UserTurn
from app.protocols.registry import info, protocol, protocol_ids
from app.recording.recording import Recording
from app.recording.records import Envelope, ProfileNote
from app.simulator.faults import list_faults
from app.simulator.server.client import Simulator
from app.simulator.server.urls import base_url, fault_endpoint
from app.wire import child
from app.wire.client import Call, WireClient
from app.wire.commands import Limits, LineName, Network
from tests.bench.frame import Row, exactly, most_times
from tests.bench.memory_use import give_back_memory, resident_mb

EXCHANGES, WARM = 3000, 1500
# Faults that send or unpack to very much: the memory they need for a moment would hide what is left behind.
LEFT_OUT = {"gzip_bomb", "long_line"}
LINES = 12
_QUIET_S = 10.0
LIMITS = Limits(connect_s=5.0, first_byte_s=0.5, silence_s=0.4, total_s=2.0, body_bytes=1 << 20)
KEY = "sk-soak-0123456789abcdef"


def run(short: bool) -> list[Row]:
    """The same exchanges at every run (a seeded choice); memory is compared with that after the first half: until then the
    allocator still grows with the largest answers. What it keeps unused is given back before both looks."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder, "tasks"), 60 if short else EXCHANGES, 30 if short else WARM))


@dataclass
class Count:
    """What there is of things that can leak: here, and in the wire process."""

    tasks: int
    threads: int
    files: int
    children: int
    wire_tasks: int
    wire_threads: int
    wire_files: int


async def _measure(told: Path, exchanges: int, warm: int) -> list[Row]:
    simulator, wire = Simulator(), WireClient()
    _count_tasks_of_wire(told)
    root = await simulator.start()
    try:
        soak = Soak(wire, root)
        await soak.play(warm)
        before, first_mb, first_objects = await _count(wire, told), _memory(wire), len(gc.get_objects())
        await soak.play(exchanges - warm)
        after, last_mb, last_objects = await _count(wire, told), _memory(wire), len(gc.get_objects())
    finally:
        await wire.aclose()
        await simulator.aclose()
    left = len(psutil.Process().children())
    leaks = {name.replace("_", " "): getattr(after, name) - getattr(before, name) for name in Count.__annotations__}
    return [
        Row("exchanges with an end", soak.ended, "", must=exactly(exchanges)),
        *(
            Row(f"{outcome.value}", soak.outcomes.get(outcome, 0), "exchanges")
            for outcome in Outcome
            if outcome in soak.outcomes
        ),
        *(
            Row(f"more {name.replace('_', ' ')} at the end", max(0, grown), "", must=exactly(0))
            for name, grown in leaks.items()
        ),
        Row("processes left when it is closed", left, "", must=exactly(0)),
        Row("objects of this process", last_objects, "", f"after {warm} exchanges", first_objects, most_times(1.1)),
        Row("memory of this process", last_mb[0], "MB", f"after {warm} exchanges", first_mb[0], most_times(1.1)),
        Row("memory of the wire process", last_mb[1], "MB", f"after {warm} exchanges", first_mb[1], most_times(1.1)),
    ]


class Soak:
    """Plays exchanges, each line one after another, all lines at once.

    Attributes:
        ended: how many ended; outcomes: how.
    """

    def __init__(self, wire: WireClient, root: str) -> None:
        self._wire, self._root = wire, root
        self._random = random.Random(7)
        self._faults = ["pad_spaces", *(fault.name for fault in list_faults() if fault.name not in LEFT_OUT)]
        self.ended = 0
        self.outcomes: dict[Outcome, int] = {}

    async def play(self, exchanges: int) -> None:
        """So many exchanges."""
        lines = [f"soak-{number}" for number in range(LINES)]
        left = iter(range(exchanges))

        async def one_line(line: LineName) -> None:
            for _ in left:
                await self._exchange(line)

        await asyncio.gather(*map(one_line, lines))

    async def _exchange(self, line: LineName) -> None:
        choose = self._random
        name = choose.choice(protocol_ids())
        url = base_url(self._root, fault_endpoint(choose.choice(self._faults)), name)
        ask = Ask(
            "claude-sonnet-4-6" if name == "anthropic-messages" else "gpt-5.5", (UserTurn("What is the weather?"),), 1024,
            tools=(GET_WEATHER,) if choose.random() < 0.3 else (), stream=choose.random() < 0.8,
        )  # fmt: skip
        request = protocol(name).build(ask, Target(url, info(name).default_auth, KEY))
        envelope = Envelope(name, ProfileNote("soak", url, name), streamed=ask.stream)
        network = Network(proxy="none", http2=False, keep_connection=choose.random() < 0.5)
        work = asyncio.create_task(self._wire.exchange(Call(envelope, request, line, LIMITS, network, (KEY,))))
        fate = choose.random()
        if fate < 0.1:
            await self._give_up(work, choose.random() * 0.03)
            return
        if fate < 0.2:
            asyncio.get_running_loop().call_later(choose.random() * 0.03, self._wire.cancel, line)
        self._note(await work)

    async def _give_up(self, work: asyncio.Task[Recording], after_s: float) -> None:
        """As the window does when Esc is pressed: the awaiting task is cancelled."""
        await asyncio.wait([work], timeout=after_s)
        work.cancel()
        with suppress(asyncio.CancelledError):
            self._note(await work)
            return
        self.ended += 1
        self.outcomes[Outcome.CANCELLED] = self.outcomes.get(Outcome.CANCELLED, 0) + 1

    def _note(self, recording: Recording) -> None:
        outcome = Exchange(recording).finish().outcome
        self.ended += recording.end is not None
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1


def _count_tasks_of_wire(told: Path) -> None:
    """Have the wire process started as one that tells its tasks."""

    def command(*pipes: int) -> list[str]:
        return [sys.executable, "-m", "tests.bench.counted_wire", str(told), *map(str, pipes)]

    child._command = command


async def _count(wire: WireClient, told: Path) -> Count:
    """When all is quiet: idle connections are dropped first. One that is left then is told by the count of files."""
    wire.drop_connections()
    assert wire.pid is not None
    here, there = psutil.Process(), psutil.Process(wire.pid)
    with suppress(TimeoutError):
        async with asyncio.timeout(_QUIET_S):
            while there.net_connections():  # noqa: ASYNC110 -- nothing tells when they are closed
                await asyncio.sleep(0.01)
    gc.collect()
    wire_tasks = await asyncio.to_thread(_ask_for_tasks, wire.pid, told)
    return Count(
        len(asyncio.all_tasks()), threading.active_count(), here.num_fds(), len(here.children()),
        wire_tasks, there.num_threads(), there.num_fds(),
    )  # fmt: skip


def _ask_for_tasks(pid: int, told: Path) -> int:
    told.unlink(missing_ok=True)
    os.kill(pid, signal.SIGUSR1)
    end = time.monotonic() + 10
    while not (told.is_file() and told.read_text()):
        if time.monotonic() > end:
            raise TimeoutError("the wire process does not tell its tasks")
        time.sleep(0.01)
    return int(told.read_text())


def _memory(wire: WireClient) -> tuple[float, float]:
    """Of this process and the wire's, without what the allocators keep for later (`counted_wire` has given that back)."""
    give_back_memory()
    return resident_mb(), resident_mb(wire.pid)
