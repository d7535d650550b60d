"""Begins a session: looks at both sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.shared.preparation import Preparation

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.checks.run import CheckRun
    from ui.checks.setup import Setup
    from ui.checks.view import ChecksView
    from ui.shared.services import Services


class CheckStarter:
    """Sends the checks to the endpoints that are chosen."""

    def __init__(
        self, services: Services, view: ChecksView, run: CheckRun, setup: Setup, close_file: Callable[[], None]
    ) -> None:
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self._preparation = Preparation(services, view, view, view.top.places, setup, self.run, view.top.run)
        view.top.run.clicked.connect(self._on_button)
        run.started.connect(self._preparation.nothing_lacks)

    @property
    def preparing(self) -> bool:
        """Whether keys are read, the demo is started, or the user is asked something."""
        return self._preparation.going_on

    def _on_button(self) -> None:
        if self._run.running:
            self._run.stop()
        else:
            self.run()

    def run(self) -> None:
        """Ask all checks that are chosen; where something is missing, it is said and nothing is sent."""
        if self._run.running or self.preparing:
            return
        if self._run.file is not None:
            self._close_file()
        if problem := self._setup.problem:
            self._view.say(problem, "warn")
            self._view.card.cap.setFocus()
            return
        self._preparation.begin(lambda: self._setup.wanted, self._start)

    def _start(self, choices: dict[SideName, SideChoice]) -> None:
        self._run.start(self._services.wire, self._setup.plan(), choices, self._setup.prices, self._services.journal)
