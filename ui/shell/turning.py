"""The window in another language: built anew beside the one that is shown, which then goes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.text.languages import language
from ui.shared.tasks import Tasks
from ui.shell.collector import Collector

if TYPE_CHECKING:
    from ui.shared.services import Services
    from ui.shell.main_window import MainWindow
    from ui.shell.settings import SettingsDialog
    from ui.style.theme import Theme

LOOK_MS = 250  # how often is looked whether what runs has ended


class ShownWindow(QObject):
    """Holds the window that is shown, and turns to the language that its settings name once nothing runs.

    Attributes:
        window: another one after each turn.

    Signals:
        closed: the window was closed; the program may end.
        turned: `window` is another.
    """

    closed = Signal()
    turned = Signal()

    def __init__(
        self,
        window: MainWindow,
        build: Callable[[Services, Theme], MainWindow],
        speak: Callable[[str], str],
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """`build` makes one that is not shown yet. `speak` takes the settings' language ("" for the system's), which is spoken
        from then on, and gives its code; one that is not there changes nothing. `ready`: the window may go.
        """
        super().__init__()
        self.window = window
        self._build, self._speak, self._ready = build, speak, ready
        self._tasks = Tasks()
        self._look_again = QTimer(self)
        self._look_again.setInterval(LOOK_MS)
        self._look_again.timeout.connect(self._look)
        self._follow(window)

    def _follow(self, window: MainWindow) -> None:
        window.closed.connect(self.closed)
        window.language_wanted.connect(self._look)

    def close(self) -> None:
        """Ask the window to close."""
        self.window.close()

    @property
    def turning(self) -> bool:
        """Whether a turn is awaited, or goes on."""
        return self._look_again.isActive() or bool(self._tasks.running)

    def _look(self) -> None:
        """Turn now where nothing runs, else look again soon."""
        if self.window.busy or not self._ready():
            self._look_again.start()
        elif not self._tasks.running:
            self._look_again.stop()
            self._tasks.start(self._turn())

    async def _turn(self) -> None:
        old, before = self.window, language()
        if self._speak(old.services.settings.language) == before:
            return
        old.keep_layout()
        settings = _settings_of(old)
        new = self._build(old.services.renewed(), old.theme)
        new.setWindowIcon(old.windowIcon())
        if not old.windowState() & (Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen):
            new.setGeometry(old.geometry())  # what is restored from the settings is moved into the screen
        await new.take_over(old)
        self.window = new
        self._follow(new)
        new.show()
        if settings is not None:
            undo = settings.undo
            settings.close()
            new.open_settings("Language").offer_undo(undo)
        await self._drop(old, new)
        self.turned.emit()

    async def _drop(self, old: MainWindow, new: MainWindow) -> None:
        """The other window, and its services with all that is connected to them; what both share goes on."""
        old.hide()
        for collector in old.findChildren(Collector):
            collector.setParent(new)
        await old.aclose_pages()
        await old.services.tasks.aclose()
        old.services.deleteLater()
        old.deleteLater()

    async def aclose(self) -> None:
        """After the window was closed: wait for the end of all that it runs."""
        self._look_again.stop()
        await self._tasks.aclose()
        await self.window.aclose()


def _settings_of(window: MainWindow) -> SettingsDialog | None:
    """Those that are open over it."""
    if "ui.shell.settings" not in sys.modules:
        return None
    from ui.shell.settings import SettingsDialog

    return next((one for one in window.findChildren(SettingsDialog) if one.isVisible()), None)
