"""`diptych --demo` where no window can be opened: the same comparison, in the terminal."""

from __future__ import annotations

import asyncio

from app.asking.runner import SideChoice
from app.recording.records import SideName
from app.scenarios import Plan
from app.terminal.demo_server import demo_endpoints
from app.terminal.playing import play_run, report


def command() -> int:
    """Run the demo's two endpoints side by side. 0: it is a show, the relay's faults included."""
    asyncio.run(_command())
    return 0


async def _command() -> None:
    async with demo_endpoints(True) as profiles:
        sides: tuple[SideName, SideName] = ("a", "b")
        choices = {side: SideChoice(profile, profile.model) for side, profile in zip(sides, profiles, strict=False)}
        report(await play_run(Plan(), choices))
