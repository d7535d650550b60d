"""The window's keys before those of the line that one types in."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from shiboken6 import isValid

LINES = QLineEdit, QComboBox
TAKEN = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E)
"""The one key of a command that Qt's lines of text keep for themselves, on X11: it goes to the end there, as End does."""


class KeysFirst(QObject):
    """Leaves that key to the window while a line in it has the keyboard."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if isinstance(old, LINES) and isValid(old):
            old.removeEventFilter(self)
        if isinstance(new, LINES) and new.window() is self.parent():
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.keyCombination() == TAKEN:
            event.ignore()
            return True
        return False
