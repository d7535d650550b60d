"""The window: the rail, the page in view and the menus; files that are opened or dropped; what is asked before it closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QWhatsThisClickedEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QMainWindow,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from app.text import numbers
from app.text.sentences import message, tr
from ui.shared.ask_file import ask_which, runs
from ui.shared.dropped_files import accept_files, local_files
from ui.shared.page import Command, Page
from ui.shell import dialogs
from ui.shell.closing import UnsavedQuestions
from ui.shell.first_size import fit_screen
from ui.shell.keys_first import KeysFirst
from ui.shell.menus import Menus
from ui.shell.notifier import Notifier
from ui.shell.pages import COMPARE, PAGES, PageSpec
from ui.shell.rail import Rail
from ui.style.painting import hear_of_faults

if TYPE_CHECKING:
    from ui.shared.services import Services
    from ui.shell.settings import SettingsDialog
    from ui.style.theme import Mode, Theme

SCHEMES: tuple[tuple[Mode, str], ...] = (
    ("system", message("Colours of the &system")),
    ("light", message("&Light")),
    ("dark", message("&Dark")),
)

P = TypeVar("P", bound=Page)

LONG_S = 5.0  # what takes longer is not waited for at the screen


class MainWindow(QMainWindow):
    """Pages are equals here: what is pressed, dropped or closed goes to the page in view, by what every `Page` has.

    Signals:
        closed: the window was closed; the program may end.
        language_wanted: the settings name another language.
    """

    closed = Signal()
    language_wanted = Signal()

    def __init__(self, services: Services, theme: Theme, specs: Sequence[PageSpec[Any]] = PAGES) -> None:
        super().__init__()
        self.services, self.theme = services, theme
        self._specs = tuple(specs)
        self._made: dict[PageSpec[Any], Page] = {}
        self._completes = self._unseen_end = False
        self._stack = QStackedWidget()
        self._rail = Rail([(tr(spec.title), spec.icon) for spec in self._specs])
        self._menus = Menus(self)
        self._notifier = Notifier(services.tasks, self)
        self._on_notified: Callable[[], object] = lambda: None
        self._unsaved = UnsavedQuestions(self, self._turn_to)
        self.setWindowTitle("Diptych")
        self.setAcceptDrops(True)
        KeysFirst(self)
        self._lay_out()
        self._fill_menus()
        self._rail.page_chosen.connect(lambda number: self.show_page(self._specs[number]))
        self._rail.settings_wanted.connect(lambda: self.open_settings())
        self._notifier.clicked.connect(self._on_notification_clicked)
        theme.changed.connect(self._recolor)
        hear_of_faults(self._on_paint_fault)
        first = self.show_page(self._last_page())
        self._restore_geometry()
        first.take_keyboard()

    def _lay_out(self) -> None:
        center = QWidget()
        row = QHBoxLayout(center)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail)
        row.addWidget(self._stack, 1)
        self.setCentralWidget(center)

    def _fill_menus(self) -> None:
        menus, modes = self._menus, [mode for mode, _ in SCHEMES]
        menus.fill_file(Command(tr("&Open run…"), self.ask_open, ("Ctrl+O",)), Command(tr("&Quit"), self.close, ("Ctrl+Q",)))
        menus.fill_view(
            [Command(tr(spec.title), partial(self.show_page, spec), (f"Ctrl+{spec.number}",)) for spec in self._specs],
            [
                Command(tr("&Presentation"), self.present, ("F11",)),
                Command(tr("&Larger text"), partial(self.step_text, 1), ("Ctrl++", "Ctrl+=")),
                Command(tr("S&maller text"), partial(self.step_text, -1), ("Ctrl+-",)),
                Command(tr("&Usual text size"), self.reset_text, ("Ctrl+0",)),
            ],
            [Command(tr(title), partial(self.set_scheme, mode)) for mode, title in SCHEMES],
            modes.index(self.theme.mode),
            Command(tr("Se&ttings…"), self.open_settings, ("Ctrl+,",)),
        )
        menus.fill_help([
            Command(tr("&Commands…"), self.open_palette, ("Ctrl+K",)),
            Command(tr("&Words and what they mean"), self.open_help, ("F1",)),
            Command(tr("What is &this?"), self.explain, ("Shift+F1",)),
            Command(tr("&Keyboard shortcuts"), lambda: dialogs.open_keys(menus.actions, self)),
            Command(tr("What's &new"), lambda: dialogs.open_news(self)),
            Command(tr("Check for a newer &version…"), lambda: dialogs.open_newest(self.services, self)),
            Command(tr("&About Diptych"), lambda: dialogs.open_about(self)),
        ])  # fmt: skip

    def _on_paint_fault(self, kind: str) -> None:
        from ui.widgets.toast import toast

        said = tr("A part of the window can’t be drawn ({kind}). What was run and saved is safe.", kind=kind)
        toast(self, said, role="bad", button=(tr("Dismiss"), lambda: None))

    # -- pages --------------------------------------------------------------------------------------------------------

    def page(self, spec: PageSpec[P]) -> P:
        """A page, made now where it was not."""
        if spec not in self._made:
            page = self._made[spec] = spec.make(self.services, self._stack)
            page.restore_layout(self.services.settings.layouts.get(spec.title, {}))
            self._stack.addWidget(page)
            self._menus.add_page(page)
            page.attention_wanted.connect(lambda: self.show_page(spec))
            page.title_changed.connect(self._show_title)
            page.work_ended.connect(partial(self._on_work_ended, spec))
            if self._completes:
                self.services.tasks.start(_complete(page))
        made: P = self._made[spec]  # type: ignore[assignment]  # what its own spec made
        return made

    def completing(self) -> Iterator[None]:
        """Make what the pages did not need for the first picture, a step at each `next`, between which the window answers.

        A page that is made from now on goes on by itself.
        """
        self._completes = True
        for page in tuple(self._made.values()):
            yield from page.completing()

    def make_pages_ready(self) -> None:
        """Make what a run needs and nobody sees yet."""
        for page in self._made.values():
            page.make_ready()

    def show_page(self, spec: PageSpec[P]) -> P:
        page = self.page(spec)
        self._stack.setCurrentWidget(page)
        self._rail.press(self._specs.index(spec))
        self._menus.show_page(page)
        self._show_title()
        return page

    def _show_title(self) -> None:
        """What the page in view is about, then the program's name."""
        in_view = self._stack.currentWidget()
        about = in_view.title if isinstance(in_view, Page) else ""
        if self._unseen_end:
            about = about or next(tr(spec.title) for spec, made in self._made.items() if made is in_view)
            self.setWindowTitle(tr("✓ {about}, Diptych", about=about))
        else:
            self.setWindowTitle(tr("{about}, Diptych", about=about) if about else "Diptych")

    def _on_work_ended(self, spec: PageSpec[Any], seconds: float) -> None:
        """Who went elsewhere while it took long is called back, and the title says so until they look."""
        if seconds >= LONG_S and not self.isActiveWindow():
            self._unseen_end = True
            self._show_title()
            ended = tr("{page}: ended after {time}", page=tr(spec.title), time=numbers.duration(round(seconds)))
            self.call_back(ended, self._made[spec].title, partial(self.show_page, spec))

    def call_back(self, title: str, text: str, work: Callable[[], object]) -> None:
        """Tell somebody who looks elsewhere, by the task bar and a notification. A click on that brings the window to the front
        and does `work`."""
        if self.isActiveWindow():
            return
        QApplication.alert(self)
        if self.services.settings.notify:
            self._on_notified = work
            self._notifier.show(title, text)

    def _on_notification_clicked(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        self._on_notified()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self._notifier.take_back()
            if self._unseen_end:
                self._unseen_end = False
                self._show_title()

    def _last_page(self) -> PageSpec[Any]:
        """The one that the window was closed with; the first where that is not known."""
        return next((spec for spec in self._specs if spec.title == self.services.settings.page), self._specs[0])

    def _turn_to(self, page: Page) -> None:
        self.show_page(next(spec for spec, made in self._made.items() if made is page))

    # -- commands -----------------------------------------------------------------------------------------------------

    def open_palette(self) -> None:
        """All that the user can do or reach now, filtered as they type; what is another page's turns to that."""
        in_view = self._stack.currentWidget()
        self.page(COMPARE)  # has what most are looking for, also where the window began elsewhere
        specs = sorted(self._specs, key=lambda one: self._made.get(one) is not in_view)
        found = [self._turning(spec, one) for spec in specs for one in self._reachable(spec)]
        dialogs.open_palette(self._menus.actions, found, self, self)

    def _reachable(self, spec: PageSpec[Any]) -> Iterable[Command]:
        """What the palette finds on a page; it is not made for that."""
        made = self._made.get(spec)
        return made.reachable() if made is not None else spec.unmade(self.services, partial(self.page, spec))

    def _turning(self, spec: PageSpec[Any], command: Command) -> Command:
        def work() -> None:
            self.show_page(spec)
            command.work()

        return msgspec.structs.replace(command, work=work)

    def open_settings(self, at: str = "") -> SettingsDialog:
        """The settings, at one of them where its title is given."""
        dialog = dialogs.open_settings(self.services, self.theme, self, at)
        dialog.waits_for = lambda: self.busy
        dialog.language_chosen.connect(self.language_wanted)
        return dialog

    def open_help(self, at: str = "") -> None:
        """What the words mean, at one where it or a label of it is given."""
        dialogs.open_help(self._menus.actions, self, at)

    def explain(self) -> None:
        """Help at the word of what the mouse is on, else of what has the keyboard; where that has none, help as it begins."""
        from ui.widgets.copy_menu import word_under_mouse

        self.open_help(word_under_mouse(self))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on a button presses it, as Space does: Qt leaves that to dialogs. Ctrl+Enter is the run's alone: where it does
        nothing, neither does the button."""
        button, plain = self.focusWidget(), (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() in plain and not event.isAutoRepeat()
        if enter and isinstance(button, QAbstractButton) and not isinstance(button, QCheckBox | QRadioButton):
            button.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QWhatsThisClickedEvent):  # something in the window wants a word explained
            self.open_help(event.href())
            return True
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            from ui.shell.escape import step_back

            page = self._stack.currentWidget()
            if isinstance(page, Page) and step_back(self, page):
                event.accept()
                return True
        return bool(super().event(event))

    def set_scheme(self, mode: Mode) -> None:
        """Take a colour scheme and remember it."""
        self.theme.set_mode(mode)
        self.services.save_settings(theme=mode)

    def step_text(self, steps: int) -> None:
        """Larger or smaller text, everywhere, and remember it."""
        self.services.save_settings(text_percent=self.theme.step_text(steps))

    def reset_text(self) -> None:
        self.theme.set_text_percent(100)
        self.services.save_settings(text_percent=100)

    def present(self) -> None:
        """Show the run of the Compare page to a room; the window fills the screen until it is left."""
        dialogs.open_presentation(self.show_page(COMPARE), self)

    def _recolor(self) -> None:
        self._menus.choose_scheme([mode for mode, _ in SCHEMES].index(self.theme.mode))
        self._rail.recolor()
        for page in self._made.values():
            page.recolor()

    # -- files --------------------------------------------------------------------------------------------------------

    def ask_open(self) -> None:
        if (path := ask_which(self, tr("Open run"), runs())) is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Hand a file to the page in view, and where that does not take it to the first one."""
        self.open_files([path])

    def open_files(self, paths: Sequence[Path]) -> None:
        """The same of several, at least one."""
        in_view = self._stack.currentWidget()
        if not (isinstance(in_view, Page) and in_view.open_files(paths)):
            self.page(self._specs[0]).open_files(paths)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        accept_files(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.open_files(files)

    # -- the end ------------------------------------------------------------------------------------------------------

    def _restore_geometry(self) -> None:
        fit_screen(self)
        saved = self.services.settings.window_geometry
        if saved:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(saved.encode("ascii", "replace"))))

    def keep_layout(self) -> None:
        """Size, place, page and what the pages keep of themselves; of those that were not made what was kept before."""
        made = {spec.title: page.layout_kept() for spec, page in self._made.items()}
        shown = next(spec.title for spec, page in self._made.items() if page is self._stack.currentWidget())
        geometry = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        layouts = {**self.services.settings.layouts, **made}
        sides = dict(self.services.chosen_sides)
        self.services.save_settings(window_geometry=geometry, page=shown, layouts=layouts, **sides)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._unsaved.may_close((tr(spec.title), page) for spec, page in self._made.items()):
            event.ignore()
            return
        self.keep_layout()
        for page in self._made.values():
            page.stop()
        event.accept()
        self.closed.emit()

    # -- another language ---------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something goes on that ends by itself."""
        return any(page.working for page in self._made.values())

    async def take_over(self, before: MainWindow) -> None:
        """Show what another window shows that goes, page by page; its layout was kept before this one was made."""
        for spec, page in before._made.items():
            await self.page(spec).take_over(page)
        for _ in self.completing():
            pass

    async def aclose_pages(self) -> None:
        """Wait for the end of all that the pages run: another window goes on with the services."""
        for page in self._made.values():
            page.stop()
            await page.aclose()

    async def aclose(self) -> None:
        """After the window was closed: wait for the end of all that its pages and the services run."""
        for page in self._made.values():
            await page.aclose()
        await self.services.aclose()


async def _complete(page: Page) -> None:
    for _ in page.completing():
        await asyncio.sleep(0)
