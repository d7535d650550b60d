"""Asks which of several shall be taken, without waiting for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QInputDialog, QWidget

from app.text.visible import one_line, visible


def choose(parent: QWidget, title: str, question: str, choices: Sequence[tuple[str, Callable[[], object]]]) -> None:
    """Each choice is what it is called, and what is done with it."""
    dialog = QInputDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setLabelText(visible(question).replace("&", "&&"))
    titles = [f"{number}. {one_line(visible(said), 80)}" for number, (said, _) in enumerate(choices, start=1)]
    dialog.setComboBoxItems(titles)
    dialog.textValueSelected.connect(lambda chosen: choices[titles.index(chosen)][1]())
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
