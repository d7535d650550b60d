"""Holds the window open while endpoints have changes that are not saved, until the user says what shall become of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget


class LeaveGuard(QObject):
    """Asks when a window is to be closed; a second wish to close it while the question stands (a signal) is followed."""

    def __init__(self, window: QWidget, unsaved: Callable[[], Sequence[str]], save: Callable[[], bool]) -> None:
        """`unsaved` gives the names of what has changes, `save` saves all of it; False where something could not be."""
        super().__init__(window)
        self._window, self._unsaved, self._save = window, unsaved, save
        self._asking = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.Close or watched is not self._window or self._asking or not self._unsaved():
            return bool(super().eventFilter(watched, event))
        event.ignore()
        self._ask()
        return True

    def _ask(self) -> None:
        from ui.endpoints.unsaved import UnsavedDialog

        self._asking = True
        dialog = UnsavedDialog(self._unsaved(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda result: self._settle(result, save=dialog.saves))
        dialog.open()

    def _settle(self, result: int, *, save: bool) -> None:
        if result == QDialog.DialogCode.Accepted and (not save or self._save()):
            self._window.close()
        self._asking = False
