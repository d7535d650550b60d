"""Cards that hold a picture each, and what loads that which draws: it takes about a second, once they are first seen."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from importlib import import_module
from types import ModuleType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.shared.tasks import Tasks
from ui.widgets.labels import PlainLabel

HEIGHT, DELAY_MS = 216, 20

IMPORTING = threading.Lock()
"""Held while what draws is imported, in whichever thread: its modules import each other in circles, and of two threads that
each wait for a module of the other's, Python gives one a module that is half there."""


def import_drawing(name: str) -> ModuleType:
    """A module of what draws, whole; waits for another thread that imports some of it."""
    with IMPORTING:
        return import_module(name)


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
    """Imports what draws, once the rest is painted; what takes long, beside the window, which answers meanwhile.

    Signals:
        loaded: all of it is there.
    """

    loaded = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = Tasks()
        self._begun = False

    def start(self) -> None:
        """Begin, where it has not begun."""
        if not self._begun:
            self._begun = True
            self._tasks.start(self._load())

    async def _load(self) -> None:
        from ui.study.pictures import STEPS

        for name, takes_long in STEPS:
            await asyncio.sleep(DELAY_MS / 1e3)
            with suppress(
                ImportError
            ):  # a built program may lack what pyqtgraph does without; what it needs, the pictures ask for
                if takes_long:
                    await asyncio.to_thread(import_drawing, name)
                else:
                    import_drawing(name)
        self.loaded.emit()

    async def aclose(self) -> None:
        """Wait until nothing is loaded any more."""
        await self._tasks.aclose()
