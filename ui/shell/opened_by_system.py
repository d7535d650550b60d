"""What the Finder wants opened, which macOS tells a running program, also at its start. Elsewhere a command names the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class OpenedBySystem(QObject):
    """Gives each such file to `opened`, as long as the application lives."""

    def __init__(self, app: QApplication, opened: Callable[[Path], object]) -> None:
        super().__init__(app)
        self._opened = opened
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():  # an address has none
            self._opened(Path(event.file()))
            return True
        return False
