"""Work of some milliseconds a piece, such as drawing a picture: one in a turn of the window's loop, which answers meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QObject, QTimer

TURN_MS = 16


class InTurns(QObject):
    """Pieces of work in the order in which they were asked for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._due: dict[Hashable, Callable[[], object]] = {}
        self._turn = QTimer(self)
        self._turn.setInterval(TURN_MS)
        self._turn.timeout.connect(self._next)

    def soon(self, what: Hashable, work: Callable[[], object]) -> None:
        """Do it in a turn of its own; of several for the same `what` the newest alone."""
        self._due[what] = work
        if not self._turn.isActive():
            self._turn.start()

    @property
    def busy(self) -> bool:
        return self._turn.isActive()

    def finish(self) -> None:
        """All that is due, at once."""
        while self._due:
            self._next()

    def _next(self) -> None:
        work = self._due.pop(next(iter(self._due)))
        if not self._due:
            self._turn.stop()  # before the work, which may fail
        work()
