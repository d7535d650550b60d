"""The menu bar: what the window can do, and what the page in view can. Its actions are also the palette's and the keys'."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu

from app.text.sentences import tr
from ui.shared.page import Command, Entry, Menu, Page
from ui.shell.mnemonics import distinct, letters

# What Qt's text fields delete by, on X11: the key of a command that can't be done now must not fall through to one.
FIELDS_DELETE_BY = ("Ctrl+D", "Ctrl+K", "Ctrl+U")


class _Block(msgspec.Struct):
    """What one page has in the menus: all of it comes and goes with the page; `commands` may be switched off, and `menus`."""

    actions: list[QAction] = msgspec.field(default_factory=list)
    commands: list[tuple[QAction, Command]] = msgspec.field(default_factory=list)
    menus: list[QMenu] = msgspec.field(default_factory=list)
    held: list[tuple[QShortcut, Command]] = msgspec.field(default_factory=list)
    shown: bool = True

    def show(self, shown: bool) -> None:
        """Have it in the menus, or not: what is not there has no key either."""
        self.shown = shown
        for action in (*self.actions, *(menu.menuAction() for menu in self.menus)):
            action.setVisible(shown)
        self.hold()

    def hold(self) -> None:
        """Keep the keys of commands that can't be done now from text fields."""
        for held, command in self.held:
            held.setEnabled(self.shown and not command.can())


class Menus:
    """Builds the menus of a window. A page's own are made with it, and are there while it is in view: its keys with them."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._blocks: dict[Page, _Block] = {}
        # WORKAROUND: PySide 6.11 takes what a widget's method returned (the window, as the next of the focus chain) for that
        # widget's child. Where the widget is deleted, whatever Qt itself made below the window is lost to Python: menus and
        # actions are therefore made here, and a menu's own action and the menu bar are asked for anew each time.
        self._file, self._view, self._help = (QMenu(title, window) for title in (tr("&File"), tr("&View"), tr("&Help")))
        for menu in (self._file, self._view, self._help):
            window.menuBar().addMenu(menu)
        self._before_quit = self._separator()
        self._file_letters: set[str] = set()
        self._file.addAction(self._before_quit)

    # -- the window's own ---------------------------------------------------------------------------------------------

    def fill_file(self, opening: Command, closing: Command) -> None:
        """The File menu: what stands before the page's entries, and what behind them."""
        self._file_letters = letters((opening.title, closing.title))
        self._file.insertAction(self._before_quit, self._action(opening))
        self._file.addAction(self._action(closing))

    def fill_view(
        self, pages: Iterable[Command], sizes: Iterable[Command], schemes: Iterable[Command], chosen: int, last: Command
    ) -> None:
        """The View menu: the pages, then presentation and size of text, then the colour schemes, of which the one of that index
        is `chosen`, then the settings."""
        groups = tuple(pages), tuple(sizes), tuple(schemes)
        titles = iter(distinct([one.title for one in (*groups[0], *groups[1], *groups[2], last)]))
        for commands in groups[:2]:
            for command in commands:
                self._view.addAction(self._action(command, next(titles)))
            self._view.addAction(self._separator())
        self._schemes = QActionGroup(self._window)
        for command in groups[2]:
            action = self._action(command, next(titles))
            action.setCheckable(True)
            self._schemes.addAction(action)
            self._view.addAction(action)
        self.choose_scheme(chosen)
        self._view.addAction(self._separator())
        self._view.addAction(self._action(last, next(titles)))

    def choose_scheme(self, chosen: int) -> None:
        """Mark the colour scheme of that index as the one in use."""
        self._schemes.actions()[chosen].setChecked(True)

    def fill_help(self, commands: Iterable[Command]) -> None:
        for command in commands:
            self._help.addAction(self._action(command))

    # -- the pages' ---------------------------------------------------------------------------------------------------

    def add_page(self, page: Page) -> None:
        """Put a page's entries in, hidden until `show_page`."""
        block = self._blocks[page] = _Block()
        entries = page.file_entries
        self._fill(block, entries, lambda action: self._file.insertAction(self._before_quit, action), self._file_letters)
        if (own := page.menu) is not None:
            (title,) = distinct([own.title], letters(menu.title() for menu in (self._file, self._view, self._help)))
            menu = self._menu(block, own, title)
            self._window.menuBar().insertMenu(self._view.menuAction(), menu)
        block.show(False)
        page.commands_changed.connect(lambda: self._refresh(block))

    def show_page(self, page: Page) -> None:
        """Have this page's entries, and those of no other."""
        for other, block in self._blocks.items():
            block.show(other is page)
        self._refresh(self._blocks[page])

    @staticmethod
    def _refresh(block: _Block) -> None:
        for action, command in block.commands:
            action.setEnabled(command.can())
        for menu in block.menus:
            menu.setEnabled(any(action.isEnabled() for action in menu.actions() if not action.isSeparator()))
        block.hold()

    def _fill(
        self, block: _Block, entries: Iterable[Entry], add: Callable[[QAction], object], taken: Iterable[str] = ()
    ) -> None:
        """`taken`: the letters that other entries of that menu have."""
        entries = tuple(entries)
        titles = distinct([entry.title if entry is not None else "" for entry in entries], taken)
        for entry, title in zip(entries, titles, strict=True):
            match entry:
                case None:
                    action = self._separator()
                    block.actions.append(action)
                case Menu():
                    action = self._menu(block, entry, title).menuAction()
                case Command():
                    action = self._action(entry, title)
                    block.actions.append(action)
                    block.commands.append((action, entry))
                    for keys in set(entry.keys).intersection(FIELDS_DELETE_BY):
                        block.held.append((QShortcut(QKeySequence(keys), self._window), entry))
            add(action)

    def _menu(self, block: _Block, described: Menu, title: str) -> QMenu:
        menu = QMenu(title, self._window)
        self._fill(block, described.entries, menu.addAction)
        block.menus.append(menu)
        return menu

    def _action(self, command: Command, title: str = "") -> QAction:
        """`title`: the command's own with another letter."""
        action = QAction(title or command.title, self._window)
        action.triggered.connect(lambda _=False: command.work())
        action.setShortcuts([QKeySequence(keys) for keys in command.keys])
        return action

    def _separator(self) -> QAction:
        action = QAction(self._window)
        action.setSeparator(True)
        return action

    # -- all of them --------------------------------------------------------------------------------------------------

    @property
    def actions(self) -> list[QAction]:
        """Every action that is there now, in the order of the menus; some may be switched off."""
        return list(_actions_in(self._window.menuBar().actions()))


def _actions_in(actions: Iterable[QAction]) -> Iterator[QAction]:
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _actions_in(menu.actions())
        elif action.isVisible() and not action.isSeparator():
            yield action
