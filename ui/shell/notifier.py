"""A notification on the desktop, for who looks elsewhere while something ends. Without a place for one, nothing is said."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from app.text.sentences import tr

if TYPE_CHECKING:
    import asyncio

    from ui.shared.tasks import Tasks

BUS = "DBUS_SESSION_BUS_ADDRESS"
TOKEN = "XDG_ACTIVATION_TOKEN"  # with it a click there may bring the window to the front under Wayland; Qt reads it


class Notifier(QObject):
    """Shows one notification at a time: by the session's D-Bus where there is one (Linux), else by an icon in the tray, which
    is there as long as its notification (Windows, macOS).

    Signals:
        clicked: the one that is shown.
    """

    clicked = Signal()

    def __init__(self, tasks: Tasks, window: QWidget) -> None:
        super().__init__(window)
        self._tasks, self._window = tasks, window
        self._on_bus: asyncio.Task[None] | None = None
        self._tray: QSystemTrayIcon | None = None

    def show(self, title: str, text: str) -> None:
        """Show it in place of the one before. Both are plain text. Never waits, never raises."""
        self.take_back()
        if address := os.environ.get(BUS):
            self._on_bus = self._tasks.start(self._show_on_bus(address, title, text))
        elif QSystemTrayIcon.isSystemTrayAvailable():
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.messageClicked.connect(self.clicked)
            self._tray.show()
            self._tray.showMessage(title, text, self._window.windowIcon())

    def take_back(self) -> None:
        """Take away the one that is shown; nothing where there is none."""
        if self._on_bus is not None:
            self._on_bus.cancel()
        if self._tray is not None:
            self._tray.hide()
            self._tray.deleteLater()
        self._on_bus = self._tray = None

    async def _show_on_bus(self, address: str, title: str, text: str) -> None:
        from ui.shell.bus_notification import shown_until_gone

        with suppress(Exception):  # no daemon, another bus, a broken one: each library on the way has errors of its own
            token = await shown_until_gone(address, title, text, tr("Show"))
            if token is not None:
                self._on_bus = None  # it is gone
                self._take_click(token)

    def _take_click(self, token: str) -> None:
        if token:
            os.environ[TOKEN] = token
        self.clicked.emit()
        os.environ.pop(TOKEN, None)  # no child process needs it
