"""Diptych's side of `ttft`: loads as `diptych load` runs them, one wire process for all, and what its recordings say.

`python -m tests.bench.ttft_load PORT CONCURRENCY:REQUESTS...` tells a line for each load: the first tokens in milliseconds by
the request's number, the stamps of all content on the wall clock, and the memory of the wire process.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from typing import Any

from app.asking.loading import Loading
from app.asking.runner import SideChoice
from app.clock import now_ns
from app.exchange.exchange import Exchange
from app.store.profiles import Profile
from app.study.load import LoadPlan, since_left
from app.wire.client import WireClient
from tests.bench.children import end_with_parent, tell
from tests.bench.memory_use import resident_mb

_LOOK_S = 0.1


class Plan(LoadPlan, frozen=True):
    """A load of one step, of as many requests as are wanted."""

    requests: int = 0

    def requests_of(self, step: float) -> int:
        return self.requests


class Kept(Loading):
    """A load that keeps its exchanges by the number of the request."""

    def __init__(self, wire: WireClient, plan: LoadPlan, choice: SideChoice) -> None:
        super().__init__(wire, plan, choice)
        self.exchanges: dict[int, Exchange] = {}

    async def _ask(self, number: int, place: int) -> Exchange:
        one = self.exchanges[number] = await super()._ask(number, place)
        return one


async def main(port: int, loads: list[tuple[int, int]]) -> None:
    """One wire process a load, so that each begins as `diptych load` does."""
    profile = Profile("bench", "openai-chat", f"http://127.0.0.1:{port}/v1", auth="bearer", proxy="none", keep_connection=True)
    for at_a_time, requests in loads:
        async with contextlib.aclosing(WireClient()) as wire:
            wire.start()
            await asyncio.sleep(1.0)
            plan = Plan("openai-chat", "bench", (float(at_a_time),), max_tokens=64, requests=requests)
            kept = Kept(wire, plan, SideChoice(profile, "bench", "sk-bench-0123456789abcdef"))
            idle_mb = resident_mb(wire.pid)
            looking = asyncio.create_task(_highest(wire))
            await kept.run()
            looking.cancel()
            tell(idle_mb=idle_mb, highest_mb=await looking, **_said(kept))


async def _highest(wire: WireClient) -> float:
    """The most memory of the wire process until this is cancelled."""
    highest = 0.0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            highest = max(highest, resident_mb(wire.pid))
            await asyncio.sleep(_LOOK_S)
    return highest


def _said(kept: Kept) -> dict[str, Any]:
    apart_ns = time.time_ns() - now_ns()
    first = {number: since_left(one.timing.ttft, one) for number, one in kept.exchanges.items() if number}
    stamps = {number: [ns + apart_ns for ns in one.events.content_since(0)[0]] for number, one in kept.exchanges.items()}
    return {"first": first, "stamps": stamps, "ended": kept.load.ended}


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    asyncio.run(main(int(sys.argv[1]), [(int(a), int(b)) for a, b in (one.split(":") for one in sys.argv[2:])]))
