"""The same steps on two endpoints: step after step in turn, never both at a time, since they would share our own work."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from app.recording.records import SideName
from app.study.load import Load


class LoadSides:
    """Runs the loads of the sides, whose steps are the same. One side may end before the other."""

    def __init__(self, loads: Mapping[SideName, Load]) -> None:
        self.loads = dict(loads)

    async def run(self) -> None:
        """All steps; who is first changes from step to step. Cancelling keeps those that were whole."""
        names = list(self.loads)
        try:
            for number, step in enumerate(next(iter(self.loads.values())).plan.steps):
                for name in names if number % 2 == 0 else reversed(names):
                    if not self.loads[name].ended:
                        await self.loads[name].take(step)
                    if self.loads[name].ended == "cap":  # which is one for all
                        return self._end("cap")
        except asyncio.CancelledError:
            self._end("stopped")
            raise

    def _end(self, why: str) -> None:
        for one in self.loads.values():
            one.ended = one.ended or why
