"""How far something long is, in a small window of its own that comes where it does take long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.text.sentences import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QProgressDialog, QWidget

SHOWN_AFTER_MS = 400


@contextmanager
def progress_of(parent: QWidget, doing: str, count: int, *, can_stop: bool = True) -> Iterator[QProgressDialog]:
    """`doing` says what, `count` is when it is done; 0 where nobody knows. How it ended is said behind it, when it is gone."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QProgressDialog  # most of what is done is short

    made = QProgressDialog(doing, tr("Stop"), 0, count, parent)
    if not can_stop:
        made.setCancelButton(None)
    for label in made.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
    made.setWindowTitle("Diptych")
    made.setWindowModality(Qt.WindowModality.NonModal)
    made.setMinimumDuration(SHOWN_AFTER_MS)
    made.setAutoClose(False)
    made.setValue(0)
    try:
        yield made
    finally:
        made.reset()  # else it may come up yet
        made.hide()
        made.deleteLater()
