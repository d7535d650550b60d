"""The Checks page: will my code work there? Questions to one endpoint, beside the official one as the control."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.checks.registry import step_words
from app.report.write import NAMES
from app.store.run_file import is_run
from app.text.sentences import message, tr
from ui.checks.files import CheckFiles
from ui.checks.filter_row import FILTERS
from ui.checks.following import CheckFollower
from ui.checks.run import CheckRun
from ui.checks.setup import Setup
from ui.checks.starting import CheckStarter
from ui.checks.view import ChecksView
from ui.shared.page import FIND_KEYS, RUN_KEYS, SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.services import ShownExchange

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened
    from ui.checks.requests import RequestLine
    from ui.shared.services import Services

_TITLE = message("Exchange {number} of the checks: “{title}”, {step}")


class ChecksPage(Page):
    """Puts the page together, and says what can be done on it.

    Attributes:
        view: the widgets. run: the session that is shown. setup: what the next one is set to.
        follower, starter, files: what is done with them.
    """

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = view = ChecksView(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.run = CheckRun(self)
        self.setup = Setup(services, view.top, view.card, self)
        self.files = CheckFiles(view, self.run, self.setup)
        self.follower = CheckFollower(view, self.run, self.setup, self)
        self.follower.go_on = self.go_on
        self.starter = CheckStarter(services, view, self.run, self.setup, self.files.close)
        self.follower.exchange_wanted.connect(self._show_exchange)
        self.follower.curl_wanted.connect(self.files.copy_as_curl)
        self.follower.again_wanted.connect(self._ask_again)
        self._reports = [
            Command(
                tr("Report as {name}…", name=tr(name)), partial(self.files.ask_report, suffix), can=lambda: self.files.can_save
            )
            for suffix, name in NAMES.items()
        ]
        self._fill_reports()
        for signal in (self.run.started, self.run.finished):
            signal.connect(self._on_commands)
        self.follow_work(lambda: self.run.running, self.run.started, self.run.finished)
        self.run.failed.connect(lambda text: view.say(text, "bad"))
        self.come_back(self.setup.sides.begun_saved, view.say)
        self.follower.refresh()

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        save = Command(tr("&Save checks as…"), self.files.ask_save, SAVE_KEYS, lambda: self.files.can_save)
        return save, Menu(tr("&Report"), tuple(self._reports))

    @property
    def menu(self) -> Menu:
        top = self.view.top
        titles = (
            tr("&All checks"),
            tr("Checks that &failed"),
            tr("Checks that &differ"),
            tr("Checks that do not &tell"),
            tr("Checks &not done"),
        )
        lists = tuple(Command(title, partial(self._filter, number)) for number, title in enumerate(titles))
        return Menu(tr("&Checks"), (
            Command(tr("&Run the checks"), self.start, RUN_KEYS, lambda: not self.run.running),
            Command(tr("S&top"), self.stop, STOP_KEYS, lambda: self.run.running),
            Command(tr("Ask what was &left out"), self.go_on, can=lambda: self.run.can_ask and bool(self.run.left_out)),
            None,
            Command(tr("Choose endpoint &A"), top.a.row.profiles.setFocus, ("Ctrl+L",)),
            Command(tr("Choose endpoint &B"), top.b.row.profiles.setFocus, ("Ctrl+Shift+L",)),
            Command(tr("Choose my &client"), top.clients.setFocus),
            None,
            Command(tr("F&ind a check"), self.find_check, FIND_KEYS),
            Menu(tr("&List"), lists),
        ))  # fmt: skip

    def open_file(self, path: Path) -> bool:
        if not is_run(path):
            return False
        self.services.tasks.start(self._open(path))
        return True

    async def _open(self, path: Path) -> None:
        await self.files.read(path, self.services.run_read.emit)

    def take_keyboard(self) -> None:
        self.view.top.run.setFocus()

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, ChecksPage)
        run = before.run
        if run.opened is not None and run.file is not None:
            await self.files.show(run.file, run.opened, run.recordings)
        else:
            self.run.take_over(run)

    def recolor(self) -> None:
        self.view.recolor()

    def stop(self) -> None:
        self.run.stop()

    async def aclose(self) -> None:
        await self.run.wait()

    def _fill_reports(self) -> None:
        """The same entries behind the button beside Run."""
        menu = self.view.top.report.menu()
        for name, command in zip(NAMES.values(), self._reports, strict=True):
            menu.addAction(tr("{name}…", name=tr(name))).triggered.connect(lambda _=False, one=command: one.work())
        self._on_commands()

    def _on_commands(self) -> None:
        self.view.top.report.setEnabled(self.files.can_save)
        self.commands_changed.emit()

    # -- what can be done ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Ask all checks that are chosen; where something is missing, it is said and nothing is sent."""
        self.starter.run()

    def go_on(self) -> None:
        """Ask what was left out when it was stopped, or the cap was reached."""
        if self.view.card.hasFocus() or self.view.card.isAncestorOf(QApplication.focusWidget() or self):
            self.view.top.run.setFocus()  # the link that was pressed goes
        self.run.ask_again(self.run.left_out)

    async def show_file(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a session that another page has read."""
        await self.files.show(path, opened, recordings)

    def _ask_again(self, check: str) -> None:
        self.view.table.lines.setFocus()  # the link that was pressed goes while it runs
        self.run.ask_again([check])

    def find_check(self) -> None:
        """Put the keyboard into the field that finds a check."""
        self.view.filters.find_field.setFocus()
        self.view.filters.find_field.selectAll()

    def _filter(self, number: int) -> None:
        self.view.filters.filters.set_index(number)
        self.view.filters.filter_chosen.emit(FILTERS[number])

    def _show_exchange(self, line: RequestLine, as_bytes: bool) -> None:
        """Have an exchange shown where exchanges are looked at, beside the other side's of the same step."""
        opened, envelope = self.run.opened, line.exchange.recording.envelope
        if opened is None:
            return
        recordings = [
            one.recording
            for side in ("a", "b")
            for one in self.run.book.of(envelope.check, side)
            if one.recording.envelope.step == envelope.step and one.recording.envelope.round == envelope.round
        ]
        number, check, step = self.run.book.number(line.exchange), envelope.check, envelope.step
        title = self.run.rows[check].check.title if check in self.run.rows else ""

        def said() -> str:
            return tr(_TITLE, number=number, title=tr(title) if title else check, step=step_words(check, step))

        self.services.exchange_wanted.emit(
            ShownExchange(said, opened, tuple(recordings), line.side, as_bytes=as_bytes, event=line.event)
        )
