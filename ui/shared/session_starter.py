"""Begins a session: its sides are looked at first, and why nothing can be sent to one is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from app.text.sentences import message, tr
from ui.shared.demo import DemoError
from ui.shared.lacking import Lacking
from ui.shared.preparing import Wanted, prepare
from ui.shared.remedies import Remedies

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from ui.shared.services import Services
    from ui.shared.session_run import SessionRun
    from ui.shared.session_setup import SessionSetup
    from ui.shared.session_view import SessionView

_OWN_AGAIN = message("Your own endpoints and plan are shown again, with what they would cost. Run once more to send.")


V = TypeVar("V", bound="SessionView")
R = TypeVar("R", bound="SessionRun[Any, Any]")
S = TypeVar("S", bound="SessionSetup")


class SessionStarter(Generic[V, R, S]):
    """What goes before each session, one at a time. Who extends it sends, in `run`.

    Attributes:
        preparing: keys are read, the demo is started, or the user is asked something.
    """

    def __init__(self, services: Services, view: V, run: R, setup: S, close_file: Callable[[], None]) -> None:
        """`close_file` takes back what the view shows of a file, so that one's own endpoints and plan stand there."""
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self.preparing = False
        remedies = Remedies(services, view.places, setup.sides, self.run, view.say)
        self._lacking = Lacking(services, setup.sides, view.places, view.notice, remedies)
        setup.changed.connect(self._lacking.look_again)
        run.started.connect(lambda: self._lacking.show({}))
        view.run.clicked.connect(self._on_button)

    def _on_button(self) -> None:
        if self._run.running:
            self._run.stop()
        else:
            self.run()

    def run(self) -> None:
        """Begin; where something is missing, it is said and nothing is sent."""
        raise NotImplementedError

    def prepare(
        self, wanted: Callable[[], Mapping[SideName, Wanted]], start: Callable[[dict[SideName, SideChoice]], object]
    ) -> None:
        """Have `start` send to the sides that are `wanted`, once nothing is missing and the user wants it."""
        if self._run.running or self.preparing:
            return
        if self._run.file is not None:
            self._close_file()
            self._view.say(tr(_OWN_AGAIN), "text")  # what that costs has not been seen yet
            return
        if problem := self._setup.problem:
            self._view.say(problem, "warn")
            self._view.show_fault()
            return
        self.preparing = True
        self._view.run.set_preparing(True)
        self._services.tasks.start(self._prepare_and_start(wanted, start))

    async def _prepare_and_start(
        self, wanted: Callable[[], Mapping[SideName, Wanted]], start: Callable[[dict[SideName, SideChoice]], object]
    ) -> None:
        try:
            prepared = await prepare(self._services, wanted(), self._view)
        except DemoError as error:
            return self._view.say(str(error), "bad")
        finally:
            self.preparing = False
            self._view.run.set_preparing(False)
        if prepared.notices:
            return self._lacking.show(prepared.notices)
        if not prepared.choices:
            return None
        self._view.notes.say()
        if problem := self._setup.save() or self._setup.prices_problem:
            self._view.say(problem, "warn")
        start(prepared.choices)
        return None
