"""How long work has gone on, for the window's title and for who looks elsewhere when it ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from app.clock import now_ns


class WorkClock(QObject):
    """Follows what begins and ends.

    Signals:
        changed: `title` is another.
        ended: it has ended, after so many seconds.
    """

    changed = Signal()
    ended = Signal(float)

    def __init__(self, running: Callable[[], bool], signals: tuple[SignalInstance, ...], parent: QObject) -> None:
        """`running` says whether it goes on; it is asked whenever one of `signals` is emitted."""
        super().__init__(parent)
        self._running = running
        self._begun_ns: int | None = None
        self._second = QTimer(self)
        self._second.setInterval(1_000)
        self._second.timeout.connect(self.changed)
        for signal in signals:
            signal.connect(self._look)

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self._begun_ns is not None

    @property
    def title(self) -> str:
        """How long it has gone on; "" where nothing does."""
        return "" if self._begun_ns is None else f"▶ {(now_ns() - self._begun_ns) // 1_000_000_000} s"

    def _look(self) -> None:
        begun, running = self._begun_ns, self._running()
        if running is (begun is not None):
            return
        self._begun_ns = now_ns() if running else None
        if running:
            self._second.start()
        else:
            self._second.stop()
        self.changed.emit()
        if begun is not None and not running:
            self.ended.emit((now_ns() - begun) / 1e9)
