"""Begins a study."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ui.shared.session_starter import SessionStarter
from ui.study.run import StudyRun
from ui.study.setup import Setup
from ui.study.view import StudyView

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services


class StudyStarter(SessionStarter[StudyView, StudyRun, Setup]):
    """Sends the study's requests to the endpoints that are chosen."""

    def __init__(
        self, services: Services, view: StudyView, run: StudyRun, setup: Setup, close_file: Callable[[], None]
    ) -> None:
        super().__init__(services, view, run, setup, close_file)
        view.itself.clicked.connect(self.run_itself)

    def run(self) -> None:
        """Ask all pairs; where something is missing, it is said and nothing is sent."""
        self._ask(itself=False)

    def run_itself(self) -> None:
        """The same with A on both sides: what "no difference" looks like on this network."""
        self._ask(itself=True)

    def _ask(self, *, itself: bool) -> None:
        self.prepare(partial(self._setup.wanted, itself=itself), partial(self._start, itself))

    def _start(self, itself: bool, choices: dict[SideName, SideChoice]) -> None:
        if self._run.exchanges:
            self._view.plan.draw_seed()
        if (plan := self._setup.plan(itself=itself)) is not None:
            self._run.start(self._services.wire, plan, choices, self._setup.prices, self._services.journal)
