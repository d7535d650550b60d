"""Begins a session of checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.checks.run import CheckRun
from ui.checks.setup import Setup
from ui.checks.view import ChecksView
from ui.shared.session_starter import SessionStarter

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName


class CheckStarter(SessionStarter[ChecksView, CheckRun, Setup]):
    """Sends the checks to the endpoints that are chosen."""

    def run(self) -> None:
        """Ask all checks that are chosen; where something is missing, it is said and nothing is sent."""
        self.prepare(self._setup.wanted, self._start)

    def _start(self, choices: dict[SideName, SideChoice]) -> None:
        self._run.start(self._services.wire, self._setup.plan(), choices, self._setup.prices, self._services.journal)
