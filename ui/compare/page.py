"""The Compare page: one request, two endpoints, both answers side by side, and the sentence that says what differs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QSplitter, QVBoxLayout, QWidget

from app.exchange.outcome import Outcome
from app.recording.recording import Recording
from app.recording.records import RunOpened, SideName
from app.scenarios import Plan
from app.store.files import StoreError
from app.store.presets import is_demo
from app.store.profiles import Profile
from app.text.sentences import Span
from ui.compare.after_run import CAME, key_came, notice_after
from ui.compare.before_run import notice_before
from ui.compare.files import RunFiles
from ui.compare.lane import Lane, Place
from ui.compare.linking import PaneLink
from ui.compare.pane.pane import SLOW_EVERY, Pane
from ui.compare.pane.tab_row import TABS
from ui.compare.preparing import offered_keys, prepare
from ui.compare.request.bar import RequestBar, plan_from_ask
from ui.compare.sentence import SentenceView
from ui.compare.session import RunSession
from ui.compare.sides import NAMES, Sides
from ui.compare.time_axis import TimeAxis
from ui.shared.demo import DemoError
from ui.shared.page import FIND_KEYS, RUN_KEYS, SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.services import Services
from ui.widgets.bar import Bar
from ui.widgets.labels import Segment
from ui.widgets.notice import Notice

if TYPE_CHECKING:
    from app.asking.runner import SideChoice
    from app.diagnosis import ProfileChange
    from app.run.differences import Difference
    from app.run.side import Side

HINT = (Span("Ctrl+Enter sends the request to both endpoints. What differs will be said here, in one sentence."),)


class ComparePage(Page):
    """Two panes, what is asked of them above, what differs below.

    Attributes:
        bar: the request. a, b: the panes. axis, sentence: the foot. session: the run that is shown.
        sides: which endpoint and model each has. link: makes the panes turn together. files: the run as a file.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.session = RunSession(self)
        self.bar = RequestBar()
        self.a, self.b = Pane("a"), Pane("b")
        self.panes: dict[SideName, Pane] = {"a": self.a, "b": self.b}
        self.a.tiles.pair(self.b.tiles)
        self.link = PaneLink(self.a, self.b, self)
        self.axis = TimeAxis()
        self.sentence = SentenceView()
        self.notes = Bar()
        self.files = RunFiles(self.session, self.panes, self.notes, self)
        self._file: Path | None = None
        self._asked: dict[SideName, tuple[str, str]] = {}  # endpoint (its uid) and model of the run that is shown
        self._preparing = False
        self._beat = 0
        self._lay_out()
        self._connect()
        self.sides = Sides(services, self.panes, self)
        self.sides.choice_changed.connect(self._on_choice)

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        exports = [
            Command(f"Export the events of side {side.upper()} as {title}…", partial(self.files.export, side, kind), can=can)
            for can in (lambda: self.files.can_export,)
            for side in NAMES
            for kind, title in (("jsonl", "JSON lines"), ("csv", "CSV"))
        ]
        save = Command("&Save run as…", self.files.ask_save, SAVE_KEYS, lambda: self.files.can_save)
        return save, Menu("&Export events", tuple(exports))

    @property
    def menu(self) -> Menu:
        return Menu("&Request", (
            Command("&Run both", self.run, RUN_KEYS, lambda: not self.session.running),
            Command("S&top", self.stop, STOP_KEYS, lambda: self.session.running),
            None,
            Command("Choose endpoint &A", self.a.row.profiles.setFocus, ("Ctrl+L",)),
            Command("Choose endpoint &B", self.b.row.profiles.setFocus, ("Ctrl+Shift+L",)),
            Command("Edit the &prompt", self.bar.prompt.setFocus, ("Ctrl+P",)),
            None,
            Command("&Find in events", self.find_in_events, FIND_KEYS),
            Command("&Copy as curl", self.copy_as_curl, ("Ctrl+Shift+C",)),
        ))  # fmt: skip

    def open_file(self, path: Path) -> bool:
        self.services.tasks.start(self._open(path))
        return True

    async def _open(self, path: Path) -> None:
        if (read := await self.files.read(path)) is not None:
            self.attention_wanted.emit()
            self.show_file(path, *read)

    def take_keyboard(self) -> None:
        self.bar.prompt.setFocus()

    def recolor(self) -> None:
        for pane in self.panes.values():
            pane.recolor()
        self.update()

    async def aclose(self) -> None:
        await self.session.wait()

    # -- building -----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("wide")
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for pane in self.panes.values():
            pane.setMinimumWidth(330)
            split.addWidget(pane)
        split.setSizes([500, 500])
        self._foot = foot = QFrame()
        foot.setObjectName("card")
        inner = QVBoxLayout(foot)
        inner.setContentsMargins(14, 10, 14, 10)
        inner.setSpacing(8)
        inner.addWidget(self.axis)
        inner.addWidget(self.sentence)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 10, 14, 14)
        layout.setSpacing(10)
        layout.addWidget(self.bar)
        layout.addWidget(self.notes)
        layout.addWidget(split, 1)
        layout.addWidget(foot)
        self.sentence.show_spans(HINT, quiet=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_foot()

    def _fit_foot(self) -> None:
        """Where what is asked is unfolded in a window too low for all, what came of the last run goes until it is folded."""
        layout = self.layout()
        assert layout is not None
        self._foot.show()
        self._foot.setVisible(not self.bar.unfold.isChecked() or layout.minimumSize().height() <= self.height())

    def _connect(self) -> None:
        self.bar.unfold.toggled.connect(self._fit_foot)
        self.bar.run_wanted.connect(self.run)
        self.bar.stop_wanted.connect(self.stop)
        self.session.started.connect(self._on_started)
        self.session.flushed.connect(self._on_flushed)
        self.session.finished.connect(self._on_finished)
        self.session.failed.connect(lambda text: self.say(text, "bad"))
        self.axis.event_picked.connect(self._on_picked)
        self.link.event_selected.connect(self._on_event)
        self.services.models.changed.connect(self._on_models)
        for name, pane in self.panes.items():
            self._connect_pane(name, pane)

    def _connect_pane(self, name: SideName, pane: Pane) -> None:
        pane.row.edit_wanted.connect(lambda: self._edit(None))
        pane.row.key_wanted.connect(lambda: self._on_key_pressed(name))
        pane.action_chosen.connect(lambda chosen: self._apply(name, chosen))
        pane.export_wanted.connect(lambda kind: self.files.export(name, kind))

    # -- running ------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Send the request to both endpoints; where something is missing, the pane says it and nothing is sent."""
        if self.session.running or self._preparing:
            return
        if self._file is not None:
            self.close_file()
        if problem := self.bar.problem:
            self.say(problem, "warn")
            self.bar.unfold.setChecked(self.bar.unfold.isChecked() or not self.bar.prompt.isEnabled())
            return
        self._preparing = True
        self.bar.set_running(True)
        self.services.tasks.start(self._prepare_and_start(self.bar.plan))

    def run_demo(self) -> None:
        """Choose the demo's two endpoints and run."""
        for name, profile in zip(NAMES, [one for one in self.services.profiles if is_demo(one)], strict=False):
            self.sides.choose(name, profile.uid)
        self.run()

    async def _prepare_and_start(self, plan: Plan) -> None:
        wanted = {name: (self.sides.profile(name), pane.row.model) for name, pane in self.panes.items()}
        try:
            prepared = await prepare(self.services, wanted, plan, self)
        except DemoError as error:
            return self.say(str(error), "bad")
        finally:
            self._preparing = False
            self.bar.set_running(False)
        if prepared.notices:
            return self._refuse(prepared.notices)
        if prepared.choices:
            self._start(plan, prepared.choices)
        return None

    def _start(self, plan: Plan, choices: dict[SideName, SideChoice]) -> None:
        self.notes.say()
        self.bar.fold()
        self._remember(plan)
        self._asked = {name: (choice.profile.uid, choice.model) for name, choice in choices.items()}
        prices, problem = self.services.load_prices()
        if problem:
            self.say(problem, "warn")
        self.session.start(self.services.runner, plan, choices, prices)

    def _refuse(self, notices: dict[SideName, Notice]) -> None:
        """The panes say why nothing was sent; the run before is no longer shown, since it is not what was asked."""
        self.session.clear()
        for name, notice in notices.items():
            self.panes[name].show_notice(notice)
        for pane in self.panes.values():
            pane.set_tab(0)
        self._say_who_cannot_be_asked()

    def _say_who_cannot_be_asked(self) -> None:
        kept = [name.upper() for name, pane in self.panes.items() if (one := pane.answer.notice) and one.about != CAME]
        said = Span(f"Nothing was sent: {' and '.join(kept)} can't be asked yet. The reason stands above.")
        self.sentence.show_spans((said,) if kept else HINT, quiet=True)

    def _on_choice(self, name: SideName) -> None:
        """A side has another endpoint, model or key: what is shown of the one before says so, what lacked is looked at."""
        profile, pane = self.sides.profile(name), self.panes[name]
        if profile is None or self._file is not None:
            return
        state, notice = self.services.keys.state(profile), pane.answer.notice
        if self.session.sides:
            asked = self._asked.get(name)
            pane.set_asked_other(asked is not None and asked != (profile.uid, pane.row.model))
            if (
                notice is not None
                and notice.about == "key"
                and state.is_there
                and asked is not None
                and asked[0] == profile.uid
            ):
                pane.show_notice(key_came(again=True))
        elif notice is not None and state.kind != "unknown":
            lacking = notice_before(profile, pane.row.model, self.bar.plan, state, offered_keys(self.services, profile))
            came = key_came(again=False) if notice.about in ("key", CAME) and state.is_there else None
            pane.show_notice(lacking or came)
            self._say_who_cannot_be_asked()

    def _remember(self, plan: Plan) -> None:
        if problem := self.services.save_settings(scenario=str(plan.scenario), **self.sides.saved_choices):
            self.say(problem, "warn")

    def stop(self) -> None:
        """End the run; what came is kept."""
        self.session.stop()

    # -- following ----------------------------------------------------------------------------------------------------

    def _on_started(self) -> None:
        sides = self.session.sides
        focused = QApplication.focusWidget()
        if focused is not None and any(pane.answer.isAncestorOf(focused) for pane in self.panes.values()):
            self.bar.run.setFocus()  # a notice's button goes with its notice, and the keyboard would go anywhere
        for name, pane in self.panes.items():
            pane.show_side(sides.get(name), self.session.plan)
            if sides and name not in sides:
                pane.outcome.set_segments(Segment("Not in this file"))
        lanes = Lane(sides.get("a")), Lane(sides.get("b"))
        self.axis.show_lanes(*lanes)
        self.session.follow(lane.advance for lane in lanes)
        self.sentence.show_spans(() if sides else HINT, quiet=not sides)
        self.bar.set_running(self.session.running)
        self.commands_changed.emit()

    def _on_flushed(self) -> None:
        self._beat += 1
        for pane in self.panes.values():
            pane.refresh()
        # The panes' figures follow at beat 0; not all that is slow falls on one beat.
        if self._beat % SLOW_EVERY == 1:
            self._show_sentence()
        elif self._beat % SLOW_EVERY == 2:
            self.axis.refresh()
        elif self._beat % SLOW_EVERY == 3 and self.session.running:
            self._tell_who_failed()

    def _tell_who_failed(self) -> None:
        """A side that failed says why while the other still runs; its buttons come at the end, since they run both again."""
        for name, side in self.session.sides.items():
            pane = self.panes[name]
            failed = side.outcome in (Outcome.FAILED, Outcome.INTERRUPTED) and not side.asking
            if failed and pane.answer.notice is None:
                self._show_reason(pane, side, notice_after(side, None))

    @staticmethod
    def _show_reason(pane: Pane, side: Side, notice: Notice | None) -> None:
        """The notice; where nothing came it comes to the front, since there is nothing to see elsewhere."""
        pane.show_notice(notice)
        if side.outcome in (Outcome.FAILED, Outcome.INTERRUPTED) and not side.events:
            pane.set_tab(0)

    def _on_finished(self) -> None:
        while self.axis.refresh():
            pass
        told = self._differences()
        for name, pane in self.panes.items():
            side = self.session.sides.get(name)
            pane.refresh(told if name == "b" else None, ended=True)
            if side is None:
                pane.show_notice(None)
                continue
            self._show_reason(pane, side, self._notice_of(side))
            if side.outcome is Outcome.FAILED and not side.events:
                self._look_for_models(name, side)
        self._show_sentence()
        self.bar.set_running(False)
        self.commands_changed.emit()

    def _look_for_models(self, name: SideName, side: Side) -> None:
        """A model that the endpoint does not know: its list says which there are.

        Not for a file's run, which is of another time.
        """
        found = side.diagnosis
        if found is not None and found.rule.startswith(("model-", "no-channel")) and self._file is None:
            self.sides.fetch_models(name)

    def _on_models(self, uid: str) -> None:
        """A list came: a side that failed before it was known may name the nearest model now."""
        for name, side in self.session.sides.items():
            profile = self.services.profile(uid)
            if profile is None or self._file is not None or self._asked_uid(name) != uid or side.outcome is not Outcome.FAILED:
                continue
            side.context = msgspec.structs.replace(side.context, models=self.services.models.of(profile))
            shown = self.panes[name].answer.notice
            if shown is None or shown.about != CAME:
                self.panes[name].show_notice(self._notice_of(side))
            self._show_sentence()

    def _asked_uid(self, name: SideName) -> str:
        """The uid of the endpoint whose run is shown on a side, "" for none."""
        return self._asked.get(name, ("", ""))[0]

    def _differences(self) -> dict[str, Difference]:
        a, b = self.session.sides.get("a"), self.session.sides.get("b")
        if a is None or b is None or {a.outcome, b.outcome} != {Outcome.COMPLETED}:
            return {}
        from app.run.differences import differences

        return differences(a, b)

    def _show_sentence(self) -> None:
        sides = list(self.session.sides.values())
        if asking := [side.name.upper() for side in sides if side.asking]:
            said = f"{' and '.join(asking)} found nothing: other paths of the same address are being asked. Esc stops that."
            self.sentence.show_spans((Span(said),), quiet=True)
        elif sides:
            from app.run.compare import compare

            self.sentence.show_spans(compare(sides[0], sides[1] if len(sides) > 1 else None).spans)

    def _notice_of(self, side: Side) -> Notice | None:
        """What went wrong on a side and what helps; a file's run is of another time, and nothing is offered for it."""
        if self._file is not None:
            return notice_after(side, None)
        return notice_after(side, lambda: offered_keys(self.services, self.sides.profile(side.name)))

    # -- what a notice offers ------------------------------------------------------------------------------------------

    def _apply(self, name: SideName, chosen: object) -> None:
        """Do what a button of a notice stands for, and run again."""
        from app.asking.environment import Offer
        from app.diagnosis import ProfileChange

        profile = self.sides.profile(name)
        if isinstance(chosen, Offer) and profile is not None:
            self.services.keys.use_offer(profile, chosen)
            return self.run()
        if not isinstance(chosen, ProfileChange):
            return None
        if chosen.field == "run":
            return self.run()
        if chosen.field == "models":
            return self.panes[name].row.open_models()
        if chosen.field == "key":
            return self._ask_key(name)
        if chosen.field == "edit" or profile is None:
            return self._edit(profile)
        return self._change(name, profile, chosen)

    def _change(self, name: SideName, profile: Profile, change: ProfileChange) -> None:
        from app.asking.changes import apply_change, is_applicable, is_on_another_host

        if change.field == "max_tokens":
            self.bar.set_max_tokens(int(change.value))
        elif change.field == "stream":
            self.bar.set_stream(bool(change.value))
        elif change.field == "model":
            self.panes[name].row.set_model(str(change.value))  # a side has a model of its own
        elif is_applicable(change):
            new = apply_change(profile, change)
            if is_demo(profile):
                self.sides.override(new)
            else:
                try:
                    self.services.save_profile(new)
                except StoreError as error:
                    return self.say(str(error), "bad")
        self.sides.check_model(name)
        changed = self.sides.profile(name)
        if changed is not None and profile.needs_key and is_on_another_host(profile, changed):
            return self.say("The endpoint is on another host now: look at the address before its key goes there.", "warn")
        return self.run()

    def _ask_key(self, name: SideName) -> None:
        """Ask for a side's key. A profile that was said to need none needs one from now on: so the endpoint said."""
        profile = self.sides.profile(name)
        if profile is None or is_demo(profile):
            return None
        if not profile.needs_key:
            profile = msgspec.structs.replace(profile, needs_key=True)
            try:
                self.services.save_profile(profile)
            except StoreError as error:
                return self.say(str(error), "bad")
        return self.services.key_wanted.emit(profile)

    def _on_key_pressed(self, name: SideName) -> None:
        """The key's mark in a pane's head: where none is needed, the endpoint's form says so."""
        profile = self.sides.profile(name)
        if profile is not None and not profile.needs_key:
            return self._edit(profile)
        return self._ask_key(name)

    def _edit(self, profile: Profile | None) -> None:
        self.services.profile_wanted.emit(profile)

    # -- selection ----------------------------------------------------------------------------------------------------

    def _on_picked(self, name: SideName, place: Place) -> None:
        """A click on the axis: the event nearest to it, in its pane."""
        pane = self.panes[name]
        events = TABS.index("Events")
        for each in self.panes.values() if self.link.on else [pane]:
            each.set_tab(events)
        pane.go_to(place.round, place.event)
        pane.event_selected.emit(place.round, place.event)

    def _on_event(self, name: str, number: int, event: int) -> None:
        """The axis marks where the selected event is, on both lanes where they are linked."""
        for side, pane in self.panes.items():
            current = event if side == name else pane.events.table.current_event
            if side != name and not self.link.on:
                continue
            ms = None if current is None else pane.events.model.ms_of(current)
            self.axis.mark(side, None if ms is None else ms + self.axis.lanes[side].offset_ms(number))

    # -- files --------------------------------------------------------------------------------------------------------

    def show_file(self, path: Path, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a run from a file; its endpoints can be read, not changed."""
        self._file = path
        self.sides.show_envelopes({one.envelope.side or "a": one.envelope for one in recordings})
        when = opened.started_utc.replace("T", " ").partition(".")[0]
        said = Segment(f"Opened run of {when} UTC, from file {path.name}", "text", True)
        self.notes.say(said, Segment(str(path.parent)), actions=(("Back to my endpoints", self.close_file),))
        plan = plan_from_ask(opened.ask)
        if plan is not None:
            self.bar.show_plan(plan)
        self.session.show(opened, recordings, plan, self.services.load_prices()[0])

    def offer_unfinished(self, journals: Sequence[Path]) -> None:
        """Runs that a killed window left behind can be opened or thrown away."""
        self.files.offer(journals, self.open_file, lambda path: self.services.journal.discard(path))

    def close_file(self) -> None:
        """Back to one's own endpoints."""
        self._file = None
        self.notes.say()
        self.sides.show()
        if not self.session.running:
            self.session.clear()

    # -- commands -----------------------------------------------------------------------------------------------------

    @property
    def focused_pane(self) -> Pane:
        """The pane that has the keyboard; A where neither has."""
        focused = self.focusWidget()
        return self.b if focused is not None and self.b.isAncestorOf(focused) else self.a

    def find_in_events(self) -> None:
        """Find in the events of the focused pane."""
        pane = self.focused_pane
        events = TABS.index("Events")
        for each in self.panes.values() if self.link.on else [pane]:
            each.set_tab(events)
        pane.events.begin_find()

    def copy_as_curl(self) -> None:
        """The focused pane's request as a curl command, on the clipboard."""
        pane = self.focused_pane if self.focused_pane.exchange else self.a
        if pane.request.copy_as("curl"):
            self.say(f"Copied side {pane.name.upper()}'s request as curl; the key is a variable.", "ok")

    def say(self, text: str, role: str) -> None:
        """Say something above the panes, until it is dismissed or the next run begins."""
        self.notes.say(Segment(text, role), actions=(("Dismiss", self.notes.say),))
