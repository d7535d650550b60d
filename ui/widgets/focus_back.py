"""The keyboard goes back to where it was when something that took its place is closed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class FocusBack:
    """Made before something else takes the keyboard."""

    def __init__(self, window: QWidget) -> None:
        self._had: QWidget | None = window.focusWidget()

    def give(self) -> None:
        """Give the keyboard back, where what had it is still there and in view."""
        if self._had is not None and isValid(self._had) and self._had.isVisible():
            self._had.setFocus()
