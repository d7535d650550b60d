"""The Study page: how much later is B, where, and how sure is that? The same asked of both endpoints in many pairs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.shared.page import RUN_KEYS, SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.services import ShownExchange
from ui.study.files import StudyFiles
from ui.study.following import StudyFollower
from ui.study.rows import CHOICES
from ui.study.run import StudyRun
from ui.study.setup import Setup
from ui.study.starting import StudyStarter
from ui.study.view import StudyView

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from ui.shared.services import Services

_TITLE = "Pair {number} of the study"


class StudyPage(Page):
    """Puts the page together, and says what can be done on it.

    Attributes:
        view: the widgets. run: the study that is shown. setup: what the next one is set to.
        follower, starter, files: what is done with them.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = view = StudyView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.run = StudyRun(self)
        self.setup = Setup(services, view.places, view.plan, self)
        self.files = StudyFiles(view, self.run, self.setup)
        self.follower = StudyFollower(view, self.run, self.setup, self)
        self.starter = StudyStarter(services, view, self.run, self.setup, self.files.close)
        view.gallery.pair_wanted.connect(self.show_pair)
        view.gallery.said.connect(view.say)
        for signal in (self.run.started, self.run.finished):
            signal.connect(self.commands_changed)
        self.run.failed.connect(lambda text: view.say(text, "bad"))

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        return (Command("&Save study as…", self.files.ask_save, SAVE_KEYS, lambda: self.files.can_save),)

    @property
    def menu(self) -> Menu:
        rows = {name: place.row for name, place in self.view.places.items()}
        measures = tuple(Command(title, partial(self.follower.choose, number)) for number, title in enumerate(CHOICES))
        return Menu("&Study", (
            Command("&Run the study", self.start, RUN_KEYS, lambda: not self.run.running),
            Command("S&top", self.stop, STOP_KEYS, lambda: self.run.running),
            Command("A a&gainst A", self.starter.run_itself, can=lambda: not self.run.running),
            None,
            Command("Choose endpoint &A", rows["a"].profiles.setFocus, ("Ctrl+L",)),
            Command("Choose endpoint &B", rows["b"].profiles.setFocus, ("Ctrl+Shift+L",)),
            Command("Edit the &plan", self.edit_plan, ("Ctrl+P",)),
            None,
            Menu("&Measure", measures),
        ))  # fmt: skip

    def open_file(self, path: Path) -> bool:
        self.services.tasks.start(self._open(path))
        return True

    async def _open(self, path: Path) -> None:
        await self.files.read(path, self.services.run_read.emit)

    def take_keyboard(self) -> None:
        self.view.run.setFocus()

    def recolor(self) -> None:
        self.view.recolor()

    def stop(self) -> None:
        self.run.stop()

    async def aclose(self) -> None:
        await self.run.wait()
        await self.follower.aclose()

    # -- what can be done ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Ask all pairs; where something is missing, it is said and nothing is sent."""
        self.starter.run()

    def edit_plan(self) -> None:
        """Unfold the plan and put the keyboard into its first field."""
        self.view.plan.unfold()
        self.view.plan.pairs.setFocus()

    async def show_file(self, path: Path, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a study that another page has read."""
        await self.files.show(path, opened, recordings)

    def show_pair(self, number: int) -> None:
        """Have a pair shown where exchanges are looked at."""
        opened = self.run.opened
        pair = next((one for one in self.run.pairs if one.number == number), None)
        if opened is None or pair is None:
            return
        both = tuple(one.recording for one in (pair.a, pair.b) if one is not None)
        if both:
            title = _TITLE.format(number=number)
            self.services.exchange_wanted.emit(ShownExchange(title, opened, both, "b" if pair.b is not None else "a"))
