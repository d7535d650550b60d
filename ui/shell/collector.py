"""Garbage is collected on the window's thread alone: what is collected may be Qt's, which no other thread may destroy.

WORKAROUND: Python collects on whichever thread happens to allocate, here also on those that read frames and ask the keyring,
and PySide6 6.11.3 destroys a `QObject` there. One that dies on another thread leaves its timers with Qt's event loop ("Timers
cannot be stopped from another thread"), which then sends them to freed memory.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500
# Below as many new containers a look is not worth its while; Python's own threshold.
YOUNG = 700
# A full collection walks all there is: at most so much of the time goes to it.
FULL_SHARE = 0.01


class Collector(QObject):
    """Collects now and then, on the thread that made it, for as long as its parent lives; Python's own collecting is off.

    What there is already is taken for lasting and left out: walking all modules would stop the window for long.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._full_from_ns = 0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """All garbage, or only the young where that was done not long ago; nothing where little was made."""
        if gc.get_count()[0] < YOUNG:
            return
        begun_ns = time.monotonic_ns()
        if begun_ns < self._full_from_ns:
            gc.collect(0)
            return
        gc.collect()
        ended_ns = time.monotonic_ns()
        self._full_from_ns = ended_ns + int((ended_ns - begun_ns) / FULL_SHARE)
