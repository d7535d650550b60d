"""The demo's endpoints, for as long as a command needs them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from app.simulator.server.client import Simulator, SimulatorError
from app.store.presets import demo_profiles
from app.store.profiles import Profile
from app.terminal.usage import CantBeDoneError
from app.text.sentences import tr


@contextlib.asynccontextmanager
async def demo_endpoints(wanted: bool) -> AsyncIterator[tuple[Profile, ...]]:
    """The demo's profiles while its endpoints run; none where they are not wanted. Raises CantBeDoneError."""
    if not wanted:
        yield ()
        return
    simulator = Simulator()
    try:
        try:
            profiles = demo_profiles(await simulator.start())
        except SimulatorError as error:
            raise CantBeDoneError(tr("the demo endpoints could not be started: {why}", why=error)) from error
        yield profiles
    finally:
        await simulator.aclose()
