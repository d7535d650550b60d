"""Asks the window what a figure or a line means: its help opens at that word."""

from __future__ import annotations

from PySide6.QtGui import QWhatsThisClickedEvent
from PySide6.QtWidgets import QApplication, QWidget


def ask_word(near: QWidget, label: str) -> None:
    """Have a label's word explained. The event goes up through the parents, as a link in Qt's own What's This does."""
    QApplication.sendEvent(near, QWhatsThisClickedEvent(label))
