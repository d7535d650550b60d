"""The Compare page: one request, two endpoints, both answers side by side, and the sentence that says what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.recording.records import SESSION_SCENARIOS
from app.store.history.place import history_path
from app.store.journal import journal_folder
from app.store.run_file import SUFFIX, is_run
from app.text.sentences import tr
from ui.compare.first.first import First
from ui.compare.naming import RunName
from ui.compare.request.remembered import Remembered
from ui.compare.session import RunSession
from ui.compare.tabs import TABS
from ui.compare.view import CompareView
from ui.shared.ask_file import ask_which, runs
from ui.shared.dropped_files import accept_files, local_files
from ui.shared.page import FIND_KEYS, RUN_KEYS, SAVE_KEYS, STOP_KEYS, Command, Entry, Menu, Page
from ui.shared.sides import NAMES
from ui.widgets.late import Part

if TYPE_CHECKING:
    from app.recording.recording import Recording
    from app.recording.records import RunOpened, SideName
    from ui.compare.axis.time_axis import TimeAxis
    from ui.compare.captures import CaptureSides
    from ui.compare.client_choice import MyClient
    from ui.compare.diff.opening import DiffOpening
    from ui.compare.exporting import RunExports
    from ui.compare.files import RunFiles
    from ui.compare.findings.opening import FindingsOpening
    from ui.compare.following import RunFollower
    from ui.compare.linking import PaneLink
    from ui.compare.marks import RunMarks
    from ui.compare.pane.pane import Pane
    from ui.compare.remedies import RunRemedies
    from ui.compare.replay.replaying import RunReplaying
    from ui.compare.request.chip import Chip
    from ui.compare.request.demo_chooser import DemoChooser
    from ui.compare.request.preview import RequestPreview
    from ui.compare.request.taking import RequestTaking
    from ui.compare.spine.linked import SpineLink
    from ui.compare.starting import RunStarter
    from ui.shared.services import Services, ShownExchange
    from ui.shared.sides import Sides
    from ui.widgets.sentence import SentenceView


class ComparePage(Page):
    """Puts the page together, and says what can be done on it.

    What the first picture does not show is made by `complete`: the first time that something of it is wanted, and at the latest
    while the user looks at that picture. Where the first screen covers it, that is all that is below the request too.

    Attributes:
        view: the widgets; bar, a, b, panes, axis, sentence, notes are the view's.
        session: the run that is shown. sides: which endpoint and model each side has.
        link: makes the panes turn together; spine_link: shows how.
        run_name: what the run is called. remembered: the request of the last time. first: the first screen.
        captures: answers from elsewhere as sides. taking: requests from elsewhere as the custom one.
        exports, files, starter, follower, marks, remedies, replaying, preview, demo_chooser: what is done with them.
    """

    a: Part[Pane] = Part()
    b: Part[Pane] = Part()
    panes: Part[dict[SideName, Pane]] = Part()
    axis: Part[TimeAxis] = Part()
    sentence: Part[SentenceView] = Part()
    link: Part[PaneLink] = Part()
    spine_link: Part[SpineLink] = Part()
    sides: Part[Sides] = Part()
    files: Part[RunFiles] = Part()
    exports: Part[RunExports] = Part()
    taking: Part[RequestTaking] = Part()
    captures: Part[CaptureSides] = Part()
    my_client: Part[MyClient] = Part()
    follower: Part[RunFollower] = Part()
    marks: Part[RunMarks] = Part()
    starter: Part[RunStarter] = Part()
    remedies: Part[RunRemedies] = Part()
    replaying: Part[RunReplaying] = Part()
    demo_chooser: Part[DemoChooser] = Part()
    diff: Part[DiffOpening] = Part()
    findings: Part[FindingsOpening] = Part()
    preview: Part[RequestPreview] = Part()

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.view = view = CompareView(self)
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.bar, self.notes = view.bar, view.notes
        self.session = RunSession(self)
        clock = self.follow_work(lambda: self.session.running, self.session.started, self.session.finished)
        self.run_name = RunName(self.session, clock, self)
        self.run_name.changed.connect(self.title_changed)
        self.remembered = Remembered(services, view.bar)
        self._kept: Mapping[str, int | str] = {}  # of how it was turned and moved
        view.fill = self._fill
        view.bar.wanted.connect(self.complete)
        view.bar.run_wanted.connect(self.run)
        view.bar.stop_wanted.connect(self.session.stop)
        view.bar.files_dropped.connect(lambda paths: self.taking.take_files(paths))
        self._is_seen = self._is_complete = False
        self.first = First(services, self)
        if self.first.screen is None:
            view.complete(lambda: self._is_seen)

    def complete(self) -> None:
        self.view.complete()

    def completing(self) -> Iterator[None]:
        return self.view.completing()

    def make_ready(self) -> None:
        self.view.bar.make_ready()

    def _fill(self) -> Iterator[None]:
        """All that works on the panes, the spine, the axis and the sentence, which are there now: first what is seen of it.

        Who follows the session's signals is called in the order of these lines.
        """
        from ui.compare.client_choice import MyClient
        from ui.compare.linking import PaneLink
        from ui.compare.request.demo_chooser import DemoChooser
        from ui.compare.spine.linked import SpineLink
        from ui.shared.sides import Sides

        services, view, session = self.services, self.view, self.session
        self.a, self.b, self.panes, self.axis, self.sentence = view.a, view.b, view.panes, view.axis, view.sentence
        self.link = PaneLink(view.panes, view.axis)
        self.spine_link = SpineLink(view, self.link)
        self.sides = Sides(services, view.panes, self)
        self.my_client = MyClient(services, view, session, self.sides)
        view.bar.fields.slot.addWidget(self.my_client.choice)
        self.my_client.choice.resized.connect(view.bar.fields.arrange)
        self.demo_chooser = DemoChooser(services, view, self.sides, self.run, self)
        view.spine.swap.clicked.connect(self.sides.swap)
        self.sides.frozen_changed.connect(view.spine.swap.setDisabled)
        self._is_seen = True
        self._show_kept()
        yield
        from ui.compare.captures import CaptureSides
        from ui.compare.exporting import RunExports
        from ui.compare.files import RunFiles
        from ui.compare.request.taking import RequestTaking

        self.files = RunFiles(services, view, session, self.sides, self.run_name)
        self.files.folder = str(self._kept.get("folder", ""))
        self.exports = RunExports(view, session, self.files)
        self.taking = RequestTaking(services, view)
        self.captures = CaptureSides(services, view, session, self.sides, self.files, self.taking)
        yield
        from ui.compare.following import RunFollower

        self.follower = RunFollower(services, view, session, self.sides)
        session.finished.connect(self.link.prepare)
        session.turned.connect(self.link.prepare)
        self.my_client.tell(self.follower)
        yield
        from ui.compare.marks import RunMarks
        from ui.compare.remedies import RunRemedies
        from ui.compare.starting import RunStarter

        self.marks = RunMarks(view, session, self.sides)
        self.starter = RunStarter(services, view, session, self.sides, self.files, self.follower, self.marks, self.remembered)
        self.files.run_again = self.starter.run
        self.remedies = RunRemedies(services, view, self.sides, self.run)
        yield
        from ui.compare.replay.replaying import RunReplaying

        self.replaying = RunReplaying(view, session)
        self.replaying.changed.connect(self.commands_changed)
        self.first.follow(self.starter)
        session.started.connect(self.first.leave)
        yield
        from ui.compare.diff.opening import DiffOpening
        from ui.compare.findings.opening import FindingsOpening
        from ui.compare.request.preview import RequestPreview

        self.diff = DiffOpening(services, view, session, self.sides)
        self.diff.changed.connect(self.commands_changed)
        view.spine.part_wanted.connect(self.diff.open)
        self.findings = FindingsOpening(services, view, session)
        self.my_client.choice.chosen.connect(lambda _: self.findings.refresh())
        self.preview = RequestPreview(services, view, self.sides, self)
        self.come_back(self.sides.begun_saved, view.say)
        session.started.connect(self.commands_changed)
        session.finished.connect(self.commands_changed)
        self._is_complete = True

    # -- what the window asks of a page -------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self.run_name.title

    @property
    def file_entries(self) -> tuple[Entry, ...]:
        can_save, can_export = self._of_run(lambda: self.files.can_save), self._of_run(lambda: self.exports.can)
        save = Command(tr("&Save run as…"), lambda: self.files.ask_save(), SAVE_KEYS, can_save)
        earlier = Command(tr("Open an &earlier run…"), self.open_earlier, can=runs_were_kept)
        captures = Menu(tr("Open &capture"), (
            *(Command(tr("As side &{side}…", side=side.upper()), partial(self._open_capture, side)) for side in NAMES),
            Command(tr("&Paste a captured answer"), lambda: self.captures.paste(), ("Ctrl+Shift+V",)),
        ))  # fmt: skip
        picture = Command(tr("Export a &picture…"), lambda: self.exports.ask_picture(), ("Ctrl+Shift+S",), can_export)
        export = Command(tr("E&xport…"), lambda: self.exports.ask(), ("Ctrl+E",), can_export)
        return (earlier, captures, save, export, picture)

    @property
    def menu(self) -> Menu:
        can_replay, can_differ = self._of_run(lambda: self.replaying.can), self._of_run(lambda: self.diff.can)
        return Menu(tr("&Request"), (
            Command(tr("&Run both"), self.run, RUN_KEYS, lambda: not self.session.running),
            Command(tr("Run only &A"), lambda: self.starter.run(("a",)), (), lambda: not self.session.running),
            Command(tr("Run only &B"), lambda: self.starter.run(("b",)), (), lambda: not self.session.running),
            Command(tr("S&top"), self.stop, STOP_KEYS, lambda: self.session.running or self.session.replay is not None),
            Command(tr("R&eplay the run"), lambda: self.replaying.toggle(), ("Ctrl+R",), can_replay),
            Command(tr("Show what &differs"), lambda: self.diff.toggle(), ("Ctrl+D",), can_differ),
            None,
            Command(tr("Choose endpoint A"), lambda: self.a.row.profiles.setFocus(), ("Ctrl+L",)),
            Command(tr("Choose endpoint B"), lambda: self.b.row.profiles.setFocus(), ("Ctrl+Shift+L",)),
            Command(tr("Make A wi&der"), partial(self.view.widen, "a"), ("Ctrl+Alt+Right",)),
            Command(tr("Make B wid&er"), partial(self.view.widen, "b"), ("Ctrl+Alt+Left",)),
            Command(tr("S&wap the sides"), lambda: self.sides.swap(), (), lambda: not self._are_frozen),
            Command(tr("Choose &my client"), lambda: self.my_client.open()),
            Command(tr("Edit the &prompt"), self.bar.prompt.setFocus, ("Ctrl+P",)),
            Command(tr("Ta&ke a request from a file…"), lambda: self.taking.ask(), (), lambda: not self.session.running),
            None,
            Menu(tr("Ta&bs"), tuple(
                Command(tr(title), partial(self.turn_to, number), (f"Alt+{number + 1}",))
                for number, title in enumerate((*TABS, "Findings"))
            )),
            Command(tr("&Find"), self.begin_find, FIND_KEYS),
            Command(tr("&Copy as curl"), self.copy_as_curl, ("Ctrl+Shift+C",)),
        ))  # fmt: skip

    @property
    def _are_frozen(self) -> bool:
        return self._is_complete and self.sides.frozen

    def _open_capture(self, side: SideName) -> None:
        self.captures.ask(side)

    def _of_run(self, can: Callable[[], bool]) -> Callable[[], bool]:
        """Whether something can be done that needs a run: there is none before the page is complete."""
        return lambda: self._is_complete and can()

    def reachable(self) -> Iterable[Command]:
        from ui.compare.reachable import reachable

        return reachable(self)

    def edit_field(self, chip: Chip) -> None:
        """Edit a field of the request, whatever covers it now."""
        self.first.leave()
        self.uncover()
        self.bar.fields.edit(chip)

    def turn_to(self, tab: int) -> None:
        """Turn the focused pane to a tab, and what is linked with it, as by a press of that."""
        self.view.focused_pane.tabs.button(tab).click()

    def open_file(self, path: Path) -> bool:
        self.services.tasks.start(self._open(path))
        return True

    def open_files(self, paths: Sequence[Path]) -> bool:
        """One is opened, several are a side each, or endpoints' settings."""
        if len(paths) > 1:
            self.attention_wanted.emit()
            self.captures.drop(paths, None)
            return True
        return self.open_file(paths[0])

    def open_kept(self, number: int) -> None:
        """Open the one of that number in the history."""
        self.services.tasks.start(self._open_kept(number))

    async def _open_kept(self, number: int) -> None:
        if (read := await self.files.read_kept(number)) is not None:
            self.services.run_read.emit(None, *read)

    async def _open(self, path: Path) -> None:
        if not is_run(path):
            self.attention_wanted.emit()
            await self.captures.take(path, None)
            return
        if (read := await self.files.read(path)) is None:
            return
        if read[0].scenario not in SESSION_SCENARIOS:
            self.attention_wanted.emit()
            await self.show_read(path, *read)
        else:
            self.services.run_read.emit(path, *read)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """One capture becomes the side on whose half it was dropped, two a side each; a saved run is opened."""
        paths = local_files(event.mimeData())
        event.acceptProposedAction()
        if len(paths) == 1 and is_run(paths[0]):
            self.open_file(paths[0])
        elif paths:
            self.captures.drop(paths, "a" if event.position().x() * 2 < self.width() else "b")

    def take_keyboard(self) -> None:
        if self.first.screen is not None:
            self.first.screen.take_keyboard()
        else:
            self.bar.prompt.setFocus()

    def layout_kept(self) -> dict[str, int | str]:
        if not self._is_complete:
            return dict(self._kept)
        kept = {"link": self.link.mode.value, "folder": self.files.folder, "share": self.view.share}
        tabs = {f"tab_{name}": pane.own_tab for name, pane in self.panes.items()}
        heights = {f"details_{name}": height for name, pane in self.panes.items() if (height := pane.views.details_height)}
        return {**tabs, **kept, **heights}

    def restore_layout(self, kept: Mapping[str, int | str]) -> None:
        self._kept = kept
        if self._is_seen:
            self._show_kept()
        if self._is_complete:
            self.files.folder = str(kept.get("folder", ""))

    def _show_kept(self) -> None:
        """What is kept of how the page was turned and moved."""
        from ui.compare.link_mode import Link

        kept = self._kept
        if kept.get("link") in list(Link):
            self.link.set_mode(Link(str(kept["link"])))
        for name, pane in self.panes.items():
            tab = kept.get(f"tab_{name}")
            if isinstance(tab, int) and 0 <= tab < len(TABS):
                pane.set_tab(tab)
            if isinstance(height := kept.get(f"details_{name}"), int):
                pane.views.details_height = height
        if isinstance(share := kept.get("share"), int):
            self.view.set_share(share)

    @property
    def working(self) -> bool:
        return super().working or (self._is_complete and self.starter.preparing)

    async def take_over(self, before: Page) -> None:
        assert isinstance(before, ComparePage)
        self.first.take_over(before.first)
        before.session.show_whole()
        if before._is_complete:
            self.files.take_over(before.files)
        self.bar.show_plan(before.bar.plan)

    def recolor(self) -> None:
        self.view.recolor()
        if self._is_complete:
            self.diff.recolor()

    def uncover(self) -> bool:
        for cover in (self.diff, self.findings) if self._is_complete else ():
            if cover.is_open:
                cover.close()
                return True
        return False

    def stop(self) -> None:
        """End the run, what came is kept; or leave a replay."""
        self.session.stop()
        self.session.show_whole()

    async def aclose(self) -> None:
        if not self.session.borrowed:
            self.remembered.save()
        await self.session.wait()

    # -- what can be done ---------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Send the request to both endpoints; where something is missing, the pane says it and nothing is sent."""
        self.starter.run()

    def run_demo(self) -> None:
        self.first.leave()
        self.starter.run_demo()

    def show_file(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        self.files.show(path, opened, recordings)

    async def show_read(self, path: Path | None, opened: RunOpened, recordings: list[Recording]) -> None:
        """Show a run that was read, the one that goes on stopped."""
        await self.files.stop()
        self.show_file(path, opened, recordings)

    async def borrow(self, shown: ShownExchange) -> None:
        """Show an exchange that another page has; its own run that goes on is stopped."""
        await self.files.stop()
        self.files.borrow(shown)
        if shown.diff:
            self.session.finished.connect(lambda *_: self.diff.open(), Qt.ConnectionType.SingleShotConnection)

    def offer_unfinished(self, journals: Sequence[Path]) -> None:
        """Runs that a killed window left behind can be opened or thrown away."""
        self.files.offer(journals, self.open_file)

    def open_earlier(self) -> None:
        """To the history; where there is none, ask which of the files that were kept shall be shown again."""
        if history_path().exists():
            self.services.history_wanted.emit()
        elif (path := ask_which(self, tr("Open an earlier run"), runs(), journal_folder())) is not None:
            self.open_file(path)

    def begin_find(self) -> None:
        """Find in the tab of the focused pane; where that has no text, in its events."""
        pane = self.view.focused_pane
        if not pane.begin_find():
            self.link.show_events(pane)
            pane.begin_find()

    def copy_as_curl(self) -> None:
        """The focused pane's request as a curl command, on the clipboard."""
        focused = self.view.focused_pane
        self.copy_as(focused if focused.exchange else self.a, "curl")

    def copy_as(self, pane: Pane, kind: str) -> None:
        """A pane's request as one of `LANGUAGES`, on the clipboard."""
        from app.formats.request_code import LANGUAGES
        from ui.compare.pane.request_view import CANT_SEND

        named = LANGUAGES[kind]
        if pane.request.copy_as(kind):
            said = tr("Copied side {side}'s request as {kind}; the key is a variable.", side=pane.name.upper(), kind=named)
            self.view.say(said, "ok")
        else:
            self.view.say(tr(CANT_SEND, kind=named), "warn")


def runs_were_kept() -> bool:
    """Whether there are runs that can be opened again."""
    return history_path().exists() or next(journal_folder().glob(f"*{SUFFIX}"), None) is not None
