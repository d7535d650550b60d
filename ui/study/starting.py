"""Begins a study: looks at both sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.text.sentences import message, tr
from ui.shared.preparation import Preparation

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services
    from ui.study.run import StudyRun
    from ui.study.setup import Setup
    from ui.study.view import StudyView

_OWN_AGAIN = message("Your own endpoints and plan are shown again, with what they would cost. Run once more to send.")


class StudyStarter:
    """Sends the study's requests to the endpoints that are chosen."""

    def __init__(
        self, services: Services, view: StudyView, run: StudyRun, setup: Setup, close_file: Callable[[], None]
    ) -> None:
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self._preparation = Preparation(services, view, view, view.places, setup, self.run, view.run)
        view.run.clicked.connect(self._on_button)
        view.itself.clicked.connect(self.run_itself)
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
        """Ask all pairs; where something is missing, it is said and nothing is sent."""
        self._begin(itself=False)

    def run_itself(self) -> None:
        """The same with A on both sides: what "no difference" looks like on this network."""
        self._begin(itself=True)

    def _begin(self, *, itself: bool) -> None:
        if self._run.running or self.preparing:
            return
        if self._run.file is not None:
            self._close_file()
            self._view.say(tr(_OWN_AGAIN), "text")  # what that costs has not been seen yet
            return
        if problem := self._setup.problem:
            self._view.say(problem, "warn")
            self._view.plan.unfold()
            return
        self._preparation.begin(partial(self._setup.wanted, itself=itself), partial(self._start, itself))

    def _start(self, itself: bool, choices: dict[SideName, SideChoice]) -> None:
        if self._run.exchanges:
            self._view.plan.draw_seed()
        if (plan := self._setup.plan(itself=itself)) is not None:
            self._run.start(self._services.wire, plan, choices, self._setup.prices, self._services.journal)
