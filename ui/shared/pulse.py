"""When a page that follows something shows it anew: soon after it went on, and once a second while it runs."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

FLUSH_MS = 100
TICK_MS = 1_000


class Pulse(QObject):
    """Signals:
    beat: it is time to show it.
    """

    beat = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._flush, self._tick = QTimer(self), QTimer(self)
        self._flush.setSingleShot(True)
        self._tick.setInterval(TICK_MS)
        for timer in (self._flush, self._tick):
            timer.timeout.connect(self.beat)

    def start(self) -> None:
        """From now on time passes."""
        self._tick.start()

    def stop(self) -> None:
        """Nothing is due any more."""
        self._tick.stop()
        self._flush.stop()

    def soon(self, ms: int = FLUSH_MS) -> None:
        """It went on: show it in so many milliseconds, unless that is due already."""
        if not self._flush.isActive():
            self._flush.start(ms)
