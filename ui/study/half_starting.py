"""Begins what a half of the Study page does: looks at the sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.text.sentences import message, tr
from ui.shared.preparation import Preparation

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.preparing import Wanted
    from ui.shared.services import Services
    from ui.study.half_run import HalfRun
    from ui.study.half_view import HalfView
    from ui.study.load.setup import LoadSetup
    from ui.study.setup import Setup

_OWN_AGAIN = message("Your own endpoints and plan are shown again, with what they would cost. Run once more to send.")


V = TypeVar("V", bound="HalfView[Any, Any, Any]")
R = TypeVar("R", bound="HalfRun[Any, Any]")
S = TypeVar("S", "Setup", "LoadSetup")


class HalfStarter(Generic[V, R, S]):
    """What both halves do before anything is sent. Who extends it sends it, in `run`."""

    def __init__(self, services: Services, view: V, run: R, setup: S, close_file: Callable[[], None]) -> None:
        self._services, self._view, self._run, self._close_file = services, view, run, close_file
        self._setup: S = setup
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
        """Send; where something is missing, it is said and nothing is sent."""
        raise NotImplementedError

    def begin(
        self, wanted: Callable[[], Mapping[SideName, Wanted]], start: Callable[[dict[SideName, SideChoice]], object]
    ) -> None:
        """Have `start` send to the sides that are `wanted`, once nothing is missing."""
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
        self._preparation.begin(wanted, start)
