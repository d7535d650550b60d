"""The demo's endpoints, for as long as a command needs them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from app.simulator.server.client import Simulator
from app.store.presets import demo_profiles
from app.store.profiles import Profile


@contextlib.asynccontextmanager
async def demo_endpoints(wanted: bool) -> AsyncIterator[tuple[Profile, ...]]:
    """The demo's profiles while its endpoints run; none where they are not wanted."""
    if not wanted:
        yield ()
        return
    simulator = Simulator()
    try:
        yield demo_profiles(await simulator.start())
    finally:
        await simulator.aclose()
