"""The window's own dialogs, each imported when it is first opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.store.files import config_folder

if TYPE_CHECKING:
    from ui.compare.page import ComparePage
    from ui.shared.services import Services
    from ui.style.theme import Theme


def open_palette(actions: Sequence[QAction], window: QWidget) -> None:
    """All commands, filtered as you type."""
    from ui.shell.palette import CommandPalette

    CommandPalette(actions, window).open()


def open_shortcuts(actions: Sequence[QAction], window: QWidget) -> None:
    """Those that have a key."""
    from ui.shell.shortcuts import ShortcutsDialog

    _show(ShortcutsDialog(actions, window))


def open_about(window: QWidget) -> None:
    from ui.shell.about import AboutDialog

    _show(AboutDialog(window))


def open_settings(services: Services, theme: Theme, window: QWidget) -> None:
    """The settings; what is changed there counts at once."""
    from ui.shell.settings import SettingsDialog

    folders = (("Profiles and settings", config_folder()), ("Folder of runs", services.journal.folder))
    problem = services.settings_store.problem
    dialog = SettingsDialog(services.settings, services.save_settings, services.key_store, folders, problem, window)
    dialog.theme_chosen.connect(theme.set_mode)
    dialog.open()


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
