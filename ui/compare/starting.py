"""Starts a run: looks at both sides first, and has the panes say why nothing can be sent to one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.exchange.outcome import Outcome
from app.scenarios import Scenario
from app.store.presets import is_demo
from app.text.sentences import message, spans, tr
from ui.compare.after_run import CAME, key_came
from ui.compare.view import HINT, CompareView
from ui.shared.before_run import notice_before
from ui.shared.demo import DemoError
from ui.shared.preparing import offered_keys, prepare
from ui.shared.sides import NAMES, Sides

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.asking.runner import SideChoice
    from app.recording.records import SideName
    from app.scenarios import Plan
    from app.store.profiles import Profile
    from ui.compare.files import RunFiles
    from ui.compare.following import RunFollower
    from ui.compare.marks import RunMarks
    from ui.compare.request.remembered import Remembered
    from ui.compare.session import RunSession
    from ui.shared.key_states import KeyState
    from ui.shared.services import Services
    from ui.widgets.notice import Notice


class RunStarter(QObject):
    """Sends what the request bar asks to the endpoints of both sides.

    Attributes:
        preparing: keys are read, the demo is started, or the user is asked something.

    Signals:
        refused: nothing was sent; the panes say why.
    """

    refused = Signal()

    def __init__(
        self,
        services: Services,
        view: CompareView,
        session: RunSession,
        sides: Sides,
        files: RunFiles,
        follower: RunFollower,
        marks: RunMarks,
        remembered: Remembered,
    ) -> None:
        super().__init__(view)
        self._services, self._view, self._session, self._sides, self._files = services, view, session, sides, files
        self._follower, self._marks, self._remembered = follower, marks, remembered
        self._lacking: dict[SideName, Notice | None] = {}  # sides that could not be asked, and why they still can't
        self.preparing = False
        session.started.connect(lambda: self._lacking.clear())
        sides.choice_changed.connect(self._on_choice)
        session.finished.connect(self._on_finished)
        self._tell_protocols()

    def run(self, names: tuple[SideName, ...] = NAMES) -> None:
        """Send the request to both endpoints, or to one; where something is missing, the pane says it and nothing is sent."""
        bar = self._view.bar
        if self._session.running or self.preparing:
            return
        if self._session.borrowed:
            self._files.close(keeps_request=True)
            self._view.say(tr("Your own endpoints are asked, with the request that was read."), "ok")
        if problem := bar.problem:
            self._view.say(problem, "warn")
            bar.unfold.setChecked(bar.unfold.isChecked() or not bar.prompt.isEnabled())
            return
        self.preparing = True
        bar.set_running(True)
        bar.run.set_preparing(True)  # there is nothing to stop yet
        self._services.tasks.start(self._prepare_and_start(bar.plan, names))

    def run_demo(self) -> None:
        """Choose the demo's two endpoints and run."""
        for name, profile in zip(NAMES, [one for one in self._services.profiles if is_demo(one)], strict=False):
            self._sides.choose(name, profile.uid)
        self.run()

    async def _prepare_and_start(self, plan: Plan, names: tuple[SideName, ...]) -> None:
        wanted = {name: (self._sides.profile(name), self._view.panes[name].row.model) for name in names}
        try:
            prepared = await prepare(self._services, wanted, self._view, needs_model=plan.needs_model)
            await asyncio.sleep(0)  # the run is shown in a turn of its own
        except DemoError as error:
            return self._view.say(str(error), "bad")
        finally:
            self.preparing = False
            self._view.bar.set_running(False)
            self._view.bar.run.set_preparing(False)
        if prepared.notices:
            return self._refuse(prepared.notices)
        if prepared.choices:
            self._start(plan, prepared.choices)
        return None

    def _start(self, plan: Plan, choices: dict[SideName, SideChoice]) -> None:
        self._view.notes.say()
        self._view.bar.fold()
        prices, problem = self._services.load_prices()
        if problem:
            self._view.say(problem, "warn")
        self._session.start(self._services.runner, plan, choices, prices)
        self._services.tasks.start(self._remember(plan, self._sides.saved_choices))

    async def _remember(self, plan: Plan, sides: Mapping[str, object]) -> None:
        """What was sent is what is asked at the next start."""
        problem = await self._services.save_beside(**self._remembered.changes(plan, sent=True), **sides)
        self._remembered.note_sent()
        if problem:
            self._view.say(problem, "warn")

    # -- what is missing ----------------------------------------------------------------------------------------------

    def _refuse(self, notices: dict[SideName, Notice]) -> None:
        """The panes say why nothing was sent, above what is shown of the run before, which stays and is marked."""
        self._lacking = {**notices}
        for name, notice in notices.items():
            self._view.panes[name].show_notice(notice)
        for pane in self._view.panes.values():
            pane.set_tab(0)
        self._say_who_cannot_be_asked()
        self.refused.emit()

    def _say_who_cannot_be_asked(self) -> None:
        kept = [name.upper() for name, notice in self._lacking.items() if notice is not None]
        self._marks.set_refused(bool(kept))
        if kept:
            template = message("Nothing was sent: {sides:list} can't be asked yet. The reason stands above.")
            self._view.sentence.show_spans(spans(template, {"sides": kept}), quiet=True)
        elif self._session.sides:
            self._follower.show_sentence()
        else:
            self._view.sentence.show_spans(spans(HINT, {}), quiet=True)

    def _tell_protocols(self) -> None:
        profiles = {name: self._sides.profile(name) for name in NAMES}
        self._view.bar.fields.set_protocols({name: one.protocol for name, one in profiles.items() if one is not None})

    def _on_finished(self) -> None:
        """A body of one's own that was refused is to be changed: it comes back into view."""
        plan, failed = self._session.plan, any(one.outcome is Outcome.FAILED for one in self._session.sides.values())
        if failed and plan is not None and plan.scenario is Scenario.CUSTOM and not self._session.borrowed:
            self._view.bar.unfold.setChecked(True)

    def _on_choice(self, name: SideName) -> None:
        """A side has another endpoint, model or key: what lacked is looked at."""
        self._tell_protocols()
        profile, pane = self._sides.profile(name), self._view.panes[name]
        if profile is None:
            return
        state, notice = self._services.keys.state(profile), pane.answer.notice
        if name in self._lacking:
            if state.kind != "unknown":
                self._look_again(name, profile, state)
        elif notice is not None and notice.about == "key" and state.is_there:
            asked = self._session.asked.get(name)
            if asked is not None and asked[0] == profile.uid:
                pane.show_notice(key_came(again=True))

    def _look_again(self, name: SideName, profile: Profile, state: KeyState) -> None:
        """Whether a side that could not be asked still can't."""
        pane, before = self._view.panes[name], self._session.sides.get(name)
        notice = pane.answer.notice
        offered = offered_keys(self._services, profile)
        lacking = notice_before(profile, pane.row.model, state, offered, needs_model=self._view.bar.plan.needs_model)
        self._lacking[name] = lacking
        came = None
        if notice is not None and notice.about in ("key", CAME) and state.is_there:
            came = key_came(again=False)
        pane.show_notice(lacking or came or (self._follower.notice_of(before) if before is not None else None))
        self._say_who_cannot_be_asked()
