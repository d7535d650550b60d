"""Begins a load: looks at both sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.text.sentences import message, tr
from ui.shared.preparation import Preparation

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services
    from ui.study.load.run import LoadRun
    from ui.study.load.setup import LoadSetup
    from ui.study.load.view import LoadView

_OWN_AGAIN = message("Your own endpoints and plan are shown again, with what they would cost. Run once more to send.")


class LoadStarter:
    """Sends the load's requests to the endpoints that are chosen."""

    def __init__(
        self, services: Services, view: LoadView, run: LoadRun, setup: LoadSetup, close_file: Callable[[], None]
    ) -> None:
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self._preparation = Preparation(services, view, view, view.places, setup, self.run, view.run)
        view.run.clicked.connect(self._on_button)
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
        """Run all steps; where something is missing, it is said and nothing is sent."""
        if self._run.running or self.preparing:
            return
        if self._run.file is not None:
            self._close_file()
            self._view.say(tr(_OWN_AGAIN), "text")  # what that costs has not been seen yet
            return
        if problem := self._setup.problem:
            self._view.say(problem, "warn")
            if self._view.plan.fault:
                self._view.plan.unfold()
            return
        self._preparation.begin(self._setup.wanted, self._start)

    def _start(self, choices: dict[SideName, SideChoice]) -> None:
        if plans := self._setup.plans():
            self._run.start(self._services.wire, plans, choices, self._setup.prices, self._services.journal)
