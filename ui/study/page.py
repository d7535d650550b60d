"""The Study page: how much later is B, where, and how sure is that? And how many at once does an endpoint serve?"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedLayout, QWidget

from app.recording.records import LOAD_SCENARIO
from app.report.write import NAMES
from app.store.run_file import is_run
from app.text.sentences import message, tr
from ui.shared.page import RUN_KEYS, SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.services import ShownExchange
from ui.study.files import StudyFiles
from ui.study.following import StudyFollower
from ui.study.modes import LOAD, PAIRS
from ui.study.plan_fields import OF_LOAD, OF_PAIRS, reachable
from ui.study.rows import CHOICES
from ui.study.run import StudyRun
from ui.study.setup import Setup
from ui.study.starting import StudyStarter
from ui.study.view import StudyView

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from ui.shared.services import Services
    from ui.study.load.files import LoadFiles
    from ui.study.load.half import LoadHalf
    from ui.study.load.view import LoadView

_TITLE = message("Pair {number} of the study")


class StudyPage(Page):
    """Puts the page together, and says what can be done on it. Its commands are those of the half in view.

    Attributes:
        view: the widgets of the pairs. run: the study that is shown. setup: what the next one is set to.
        follower, starter, files: what is done with them.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = view = StudyView(self)
        self._load: LoadHalf | None = None
        self._halves = QStackedLayout(self)
        self._halves.addWidget(view)
        self.run = StudyRun(self)
        self.setup = Setup(services, view.places, view.plan, self)
        self.files = StudyFiles(view, self.run, self.setup)
        self.follower = StudyFollower(view, self.run, self.setup, self)
        self.starter = StudyStarter(services, view, self.run, self.setup, self.files.close)
        view.modes.chosen.connect(self.choose_mode)
        view.gallery.pair_wanted.connect(self.show_pair)
        view.besides.pair_wanted.connect(self.show_pair)
        view.gallery.said.connect(view.say)
        self._reports = [
            Command(tr("Report as {name}…", name=tr(name)), partial(self._ask_report, suffix), can=lambda: self._files.can_save)
            for suffix, name in NAMES.items()
        ]
        for signal in (self.run.started, self.run.finished):
            signal.connect(self._on_commands)
        self.follow_work(lambda: self.run.running, self.run.started, self.run.finished)
        self._fill_reports(view)
        self.run.failed.connect(lambda text: view.say(text, "bad"))
        self.come_back(self.setup.sides.begun_saved, view.say)

    # -- its halves ---------------------------------------------------------------------------------------------------

    @property
    def mode(self) -> int:
        """Which half is in view: `PAIRS` or `LOAD`."""
        return self._halves.currentIndex()

    @property
    def load(self) -> LoadHalf:
        """The other half, made when it is first needed."""
        if self._load is None:
            from ui.study.load.half import LoadHalf

            self._load = made = LoadHalf(self.services)
            self._halves.addWidget(made)
            made.view.modes.chosen.connect(self.choose_mode)
            made.commands_changed.connect(self._on_commands)
            self.come_back(made.setup.sides.begun_saved, made.view.say)
            self.follow_work(lambda: made.run.running, made.run.started, made.run.finished)
            self._fill_reports(made.view)
        return self._load

    def choose_mode(self, mode: int) -> None:
        """Show pairs, or load. What runs goes on."""
        switch = (self.load.view if mode == LOAD else self.view).modes
        for one in (self.view.modes, *((self._load.view.modes,) if self._load is not None else ())):
            one.set_index(mode)
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._halves.setCurrentIndex(mode)
        if had_focus:
            switch.setFocus()
        self._on_commands()

    @property
    def _half(self) -> StudyPage | LoadHalf:
        """Whose commands count."""
        return self.load if self.mode == LOAD else self

    @property
    def _files(self) -> StudyFiles | LoadFiles:
        return self._half.files

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        save = Command(tr("&Save study as…"), self._ask_save, SAVE_KEYS, lambda: self._files.can_save)
        sides: tuple[tuple[str, SideName], ...] = ((tr("Endpoint &A…"), "a"), (tr("Endpoint &B…"), "b"))
        locust = tuple(Command(title, partial(self._ask_locust, side), can=lambda: self.mode == LOAD) for title, side in sides)
        return save, Menu(tr("&Report"), tuple(self._reports)), Menu(tr("Export for &Locust"), locust)

    @property
    def menu(self) -> Menu:
        measures = tuple(Command(tr(title), partial(self.follower.choose, number)) for number, title in enumerate(CHOICES))
        return Menu(tr("&Study"), (
            Command(tr("&Run the study"), self.start, RUN_KEYS, lambda: not self._half.run.running),
            Command(tr("S&top"), self._stop_half, STOP_KEYS, lambda: self._half.run.running),
            Command(tr("A a&gainst A"), self.starter.run_itself, can=lambda: self.mode == PAIRS and not self.run.running),
            None,
            Command(tr("&Pairs"), partial(self.choose_mode, PAIRS), can=lambda: self.mode != PAIRS),
            Command(tr("&Load"), partial(self.choose_mode, LOAD), can=lambda: self.mode != LOAD),
            None,
            Command(tr("Choose endpoint &A"), partial(self._choose_endpoint, "a"), ("Ctrl+L",)),
            Command(tr("Choose endpoint &B"), partial(self._choose_endpoint, "b"), ("Ctrl+Shift+L",)),
            Command(tr("Edit the p&lan"), self.edit_plan, ("Ctrl+P",)),
            None,
            Menu(tr("&Measure"), measures),
        ))  # fmt: skip

    def reachable(self) -> Iterable[Command]:
        return reachable(self.edit_field, self._can_edit)

    def open_file(self, path: Path) -> bool:
        if not is_run(path):
            return False
        self.services.tasks.start(self._open(path))
        return True

    async def _open(self, path: Path) -> None:
        await self.files.read(path, self.services.run_read.emit)

    def take_keyboard(self) -> None:
        self._half.view.run.setFocus()

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, StudyPage)
        await self.files.take_over(before.files)
        if before._load is not None:
            await self.load.files.take_over(before._load.files)
        self.choose_mode(before.mode)

    def recolor(self) -> None:
        self.view.recolor()
        if self._load is not None:
            self._load.view.recolor()

    def stop(self) -> None:
        self.run.stop()
        if self._load is not None:
            self._load.run.stop()

    async def aclose(self) -> None:
        await self.run.wait()
        await self.follower.aclose()
        await self.view.gallery.loader.aclose()
        if self._load is not None:
            await self._load.run.wait()
            await self._load.view.gallery.loader.aclose()

    def _on_commands(self) -> None:
        self.view.report.setEnabled(self.files.can_save)
        if self._load is not None:
            self._load.view.report.setEnabled(self._load.files.can_save)
        self.commands_changed.emit()

    def _fill_reports(self, view: StudyView | LoadView) -> None:
        """The same entries behind a half's button."""
        menu = view.report.menu()
        for name, command in zip(NAMES.values(), self._reports, strict=True):
            menu.addAction(tr("{name}…", name=tr(name))).triggered.connect(lambda _=False, one=command: one.work())
        self._on_commands()

    # -- what can be done ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Ask all pairs, or run all steps; where something is missing, it is said and nothing is sent."""
        self._half.starter.run()

    def _stop_half(self) -> None:
        self._half.run.stop()

    def _choose_endpoint(self, side: SideName) -> None:
        self._half.view.places[side].row.profiles.setFocus()

    def edit_plan(self) -> None:
        """Unfold the plan and put the keyboard into its first field."""
        self.edit_field(self.mode, next(iter(OF_LOAD if self.mode == LOAD else OF_PAIRS)))

    def edit_field(self, mode: int, name: str) -> None:
        """Turn to a half of the page, with the keyboard in that field of its plan."""
        self.choose_mode(mode)
        self._half.view.plan.edit(name)

    def _can_edit(self, mode: int) -> bool:
        """Whether a plan may be changed; one that nobody has seen yet may."""
        if mode == PAIRS:
            return self.view.plan.fields.isEnabled()
        return self._load is None or self._load.view.plan.fields.isEnabled()

    def _ask_save(self) -> None:
        self._files.ask_save()

    def _ask_report(self, suffix: str) -> None:
        self._files.ask_report(suffix)

    def _ask_locust(self, side: SideName) -> None:
        self.load.files.ask_locust(side)

    async def show_file(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a study or a load that another page has read."""
        if opened.scenario == LOAD_SCENARIO:
            self.choose_mode(LOAD)
            await self.load.files.show(path, opened, recordings)
        else:
            self.choose_mode(PAIRS)
            await self.files.show(path, opened, recordings)

    def show_pair(self, number: int) -> None:
        """Have a pair shown where exchanges are looked at."""
        opened = self.run.opened
        pair = next((one for one in self.run.pairs if one.number == number), None)
        if opened is None or pair is None:
            return
        both = tuple(one.recording for one in (pair.a, pair.b) if one is not None)
        if both:
            title = partial(tr, _TITLE, number=number)
            self.services.exchange_wanted.emit(ShownExchange(title, opened, both, "b" if pair.b is not None else "a"))
