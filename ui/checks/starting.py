"""Begins a session: looks at both sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ui.shared.demo import DemoError
from ui.shared.lacking import Lacking
from ui.shared.preparing import prepare
from ui.shared.remedies import Remedies

if TYPE_CHECKING:
    from ui.checks.run import CheckRun
    from ui.checks.setup import Setup
    from ui.checks.view import ChecksView
    from ui.shared.services import Services


class CheckStarter:
    """Sends the checks to the endpoints that are chosen.

    Attributes:
        preparing: keys are read, the demo is started, or the user is asked something.
    """

    def __init__(
        self, services: Services, view: ChecksView, run: CheckRun, setup: Setup, close_file: Callable[[], None]
    ) -> None:
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self.preparing = False
        remedies = Remedies(services, view.top.places, setup.sides, self.run, view.say)
        self._lacking = Lacking(services, setup.sides, view.top.places, view.notice, remedies)
        view.top.run.clicked.connect(self._on_button)
        setup.changed.connect(self._lacking.look_again)
        run.started.connect(lambda: self._lacking.show(None, None))

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
        self.preparing = True
        self._services.tasks.start(self._prepare_and_start())

    async def _prepare_and_start(self) -> None:
        try:
            prepared = await prepare(self._services, self._setup.wanted, self._view)
        except DemoError as error:
            return self._view.say(str(error), "bad")
        finally:
            self.preparing = False
        if prepared.notices:
            name, notice = next(iter(prepared.notices.items()))
            return self._lacking.show(name, notice)
        if not prepared.choices:
            return None
        self._view.notes.say()
        if problem := self._setup.save() or self._setup.prices_problem:
            self._view.say(problem, "warn")
        services, plan = self._services, self._setup.plan()
        return self._run.start(services.wire, plan, prepared.choices, self._setup.prices, services.journal)
