"""Cards that hold a picture each, and what loads that which draws: it takes about a second, once they are first seen."""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.labels import PlainLabel

HEIGHT, DELAY_MS = 216, 20


class Card(QFrame):
    """A title, a note at its right, and the picture."""

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._title, self._note = PlainLabel(title, bold=True), PlainLabel(note, role="muted", scale=0.9)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._note)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 12, 8)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self._empty = QWidget()
        self._column.addWidget(self._empty, 1)
        self.setMinimumHeight(HEIGHT)
        self.setMinimumWidth(120)

    def say(self, title: str, note: str) -> None:
        self._title.setText(title)
        self._note.setText(note)

    def put(self, picture: QWidget) -> None:
        self._empty.hide()
        self._column.addWidget(picture, 1)


class DrawingLoader(QObject):
    """Imports what draws, a step at a time, so that the window answers between two of them.

    Signals:
        loaded: all of it is there.
    """

    loaded = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: list[str] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(DELAY_MS)
        self._soon.timeout.connect(self._load)

    def start(self) -> None:
        """Begin after what is being shown was painted."""
        self._soon.start()

    def _load(self) -> None:
        if self._steps is None:
            from ui.study.pictures import STEPS

            self._steps = list(STEPS)
        if not self._steps:
            return self.loaded.emit()
        import_module(self._steps.pop(0))
        return self._soon.start()
