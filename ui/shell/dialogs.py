"""The window's own dialogs, each imported when it is first opened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.store.files import config_folder
from app.text.sentences import tr

if TYPE_CHECKING:
    from ui.compare.page import ComparePage
    from ui.shared.page import Command
    from ui.shared.services import Services
    from ui.shell.settings import SettingsDialog
    from ui.style.theme import Theme


class Window(Protocol):
    """What is asked of the window to open one."""

    def open_settings(self, at: str = "") -> object: ...

    def open_help(self, at: str = "") -> None: ...


def open_palette(actions: Sequence[QAction], reachable: Iterable[Command], window: QWidget, opens: Window) -> None:
    """Whatever can be done or shown, found as you type: the menus' commands, what the pages have, settings, words."""
    from app.text.glossary import WORDS
    from ui.shell.palette import CommandPalette, Reach, reaches_of
    from ui.shell.settings_table import NAMES

    reaches = reaches_of(actions)
    reaches += [Reach(one.title, one.about, next(iter(one.keys), ""), one.work) for one in reachable if one.can()]
    reaches += [Reach(tr(title), tr("setting"), "", partial(opens.open_settings, title)) for title in NAMES]
    reaches += [
        Reach(one.title, tr("word of help: {meaning}", meaning=one.plain), "", partial(opens.open_help, one.name))
        for one in WORDS
    ]
    CommandPalette(reaches, window).open()


def open_help(actions: Sequence[QAction], window: QWidget, at: str = "") -> None:
    """The words and the keys; `at` names one of the words, one of its labels, or the keys."""
    from app.text.glossary import word_of
    from ui.shell.help import HelpDialog

    dialog = window.findChild(HelpDialog) or HelpDialog(actions, window)
    word = word_of(at)
    dialog.open_at(word.name if word is not None else at)
    _show(dialog)
    dialog.activateWindow()


def open_keys(actions: Sequence[QAction], window: QWidget) -> None:
    """Those that have a key."""
    from ui.shell.help import KEYS

    open_help(actions, window, KEYS)


def open_news(window: QWidget) -> None:
    """What this version brought."""
    from ui.shell import news

    news.open_news(window)


def open_newest(services: Services, window: QWidget) -> None:
    from ui.shell.newest import NewestDialog

    _show(NewestDialog(services, parent=window))


def open_about(window: QWidget) -> None:
    from ui.shell.about import AboutDialog

    _show(AboutDialog(window))


def open_settings(services: Services, theme: Theme, window: QWidget, at: str = "") -> SettingsDialog:
    """The settings; what is changed there counts at once. `at` is the title of the one to go to."""
    from ui.shell.settings import SettingsDialog

    folders = (config_folder(), services.journal.folder)
    problem = services.settings_store.problem
    dialog = SettingsDialog(services.settings, services.save_settings, services.key_store, folders, problem, window)
    dialog.theme_chosen.connect(theme.set_mode)
    dialog.motion_chosen.connect(theme.set_reduced_motion)
    dialog.text_chosen.connect(theme.set_text_percent)
    dialog.delete_wanted.connect(lambda: _ask_delete_all(services, window))
    dialog.open()
    dialog.go_to(at)
    return dialog


def _ask_delete_all(services: Services, window: QWidget) -> None:
    from ui.shell.deleting import ask_delete_all

    services.tasks.start(ask_delete_all(services, window))


def open_presentation(page: ComparePage, window: QWidget) -> None:
    """The page's run for a room: over the whole screen, until it is left."""
    from ui.present.presentation import Presentation

    was = window.windowState()
    shown = Presentation(page, window)
    shown.left.connect(lambda: window.setWindowState(was))
    window.setWindowState(was | Qt.WindowState.WindowFullScreen)


def _show(dialog: QWidget) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
