"""Begins a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.shared.session_starter import SessionStarter
from ui.study.load.run import LoadRun
from ui.study.load.setup import LoadSetup
from ui.study.load.view import LoadView

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName


class LoadStarter(SessionStarter[LoadView, LoadRun, LoadSetup]):
    """Sends the load's requests to the endpoints that are chosen."""

    def run(self) -> None:
        """Run all steps; where something is missing, it is said and nothing is sent."""
        self.prepare(self._setup.wanted, self._start)

    def _start(self, choices: dict[SideName, SideChoice]) -> None:
        if plans := self._setup.plans():
            self._run.start(self._services.wire, plans, choices, self._setup.prices, self._services.journal)
