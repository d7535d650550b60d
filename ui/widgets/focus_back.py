"""The keyboard: back where it was when what took its place is closed, and held for parts that go for a while."""

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


class FocusHeld:
    """The keyboard of parts that go for a while: their host has it until they are back. Qt would give it to what comes next in
    the order of Tab, a button somewhere else."""

    def __init__(self, host: QWidget) -> None:
        self._host = host
        self._left: QWidget | None = None

    def show(self, part: QWidget, shown: bool) -> None:
        """Show a part of the host, or hide it."""
        if not shown:
            self.take(part)
        part.setVisible(shown)
        if shown and part is self._left:
            self._left = None
            if self._host.hasFocus():
                part.setFocus()

    def take(self, part: QWidget) -> None:
        """Have the keyboard, where a part that is about to be hidden has it."""
        focused = self._host.window().focusWidget()
        if focused is not None and (part is focused or part.isAncestorOf(focused)) and not part.isHidden():
            self._left = part
            self._host.setFocus()
