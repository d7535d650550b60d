"""Begins a session: looks at both sides first, and says why nothing can be sent to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from ui.shared.before_run import notice_before
from ui.shared.demo import DemoError
from ui.shared.preparing import offered_keys, prepare
from ui.shared.remedies import Remedies

if TYPE_CHECKING:
    from app.recording.records import SideName
    from ui.checks.run import CheckRun
    from ui.checks.setup import Setup
    from ui.checks.view import ChecksView
    from ui.shared.services import Services
    from ui.widgets.notice import Notice


class CheckStarter:
    """Sends the checks to the endpoints that are chosen.

    Attributes:
        preparing: keys are read, the demo is started, or the user is asked something.
    """

    def __init__(
        self, services: Services, view: ChecksView, run: CheckRun, setup: Setup, close_file: Callable[[], None]
    ) -> None:
        self._services, self._view, self._run, self._setup, self._close_file = services, view, run, setup, close_file
        self._lacking: SideName | None = None  # the side whose notice is shown
        self.preparing = False
        self._remedies = Remedies(services, view.top.places, setup.sides, self.run, view.say)
        view.top.run.clicked.connect(self._on_button)
        view.notice.chosen.connect(self._on_notice)
        setup.changed.connect(self._look_again)
        run.started.connect(lambda: self._show_notice(None, None))

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
            return self._show_notice(name, notice)
        if not prepared.choices:
            return None
        self._view.notes.say()
        if problem := self._setup.save() or self._setup.prices_problem:
            self._view.say(problem, "warn")
        services, plan = self._services, self._setup.plan()
        return self._run.start(services.wire, plan, prepared.choices, self._setup.prices, services.journal)

    # -- what is missing ----------------------------------------------------------------------------------------------

    def _show_notice(self, name: SideName | None, notice: Notice | None) -> None:
        self._lacking = name
        if name is not None and notice is not None:
            notice = msgspec.structs.replace(notice, title=f"{name.upper()}: {notice.title}")
        self._view.notice.show_notice(notice)

    def _on_notice(self, chosen: object) -> None:
        if self._lacking is not None:
            self._remedies.apply(self._lacking, chosen)

    def _look_again(self) -> None:
        """Another endpoint, model or key: whether a side that could not be asked still can't."""
        name = self._lacking
        if name is None:
            return None
        profile = self._setup.sides.profile(name)
        if self._setup.sides.is_none(name):
            return self._show_notice(None, None)
        if profile is None:
            return None
        state = self._services.keys.state(profile)
        if state.kind == "unknown":
            return None
        model = self._view.top.places[name].row.model
        notice = notice_before(profile, model, state, offered_keys(self._services, profile))
        return self._show_notice(name if notice is not None else None, notice)
