"""Says what could not be done, where no place of a page is meant for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.text.visible import visible

MOST_NAMED = 4


def complain(parent: QWidget, title: str, text: str) -> None:
    """Open a box over `parent`, without waiting for its end."""
    from PySide6.QtWidgets import QMessageBox  # not needed to show the window

    title = visible(title)
    box = QMessageBox(QMessageBox.Icon.Warning, title, "", QMessageBox.StandardButton.Ok, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(title)
    box.setInformativeText(visible(text))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def complain_of_some(parent: QWidget, title: str, problems: Sequence[str], many: str) -> None:
    """The same of several: the first are named, and where they are more, `many` says how many they are."""
    said = [*problems[:MOST_NAMED], many] if len(problems) > MOST_NAMED else problems
    complain(parent, title, "\n".join(said))
