"""Garbage is collected on the window's thread alone: what is collected may be Qt's, which no other thread may destroy.

WORKAROUND: Python collects on whichever thread happens to allocate, here also on those that read frames and ask the keyring,
and PySide6 6.11.3 destroys a `QObject` there. One that dies on another thread leaves its timers with Qt's event loop ("Timers
cannot be stopped from another thread"), which then sends them to freed memory.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

INTERVAL_MS = 500
# Below as many new containers a look is not worth its while; Python's own threshold.
YOUNG = 700
# A full collection walks all there is: at most so much of the time goes to it.
FULL_SHARE = 0.01
# What is left of a full collection that took longer is left out of those that follow, so that none stops the window for long.
LONG_NS = 4_000_000
# All of it is looked at again after so long where the window is not in use, and after many times as long where it is.
AGAIN_NS, AGAIN_IN_USE_NS = 600 * 10**9, 3600 * 10**9


class Collector(QObject):
    """Collects now and then, on the thread that made it, for as long as its parent lives; Python's own collecting is off.

    What there is already is taken for lasting and left out: walking all modules would stop the window for long. So is what
    outlived a full collection that took long, such as what a page has loaded; when nobody looks, all of that is looked through.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.collect()
        gc.freeze()
        self._full_from_ns = 0
        self._kept_out_ns: int | None = None  # since when something is left out that was not there at the start
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """All garbage, or only the young where that was done not long ago; nothing where little was made."""
        if gc.get_count()[0] < YOUNG:
            return
        now_ns = time.monotonic_ns()
        if now_ns < self._full_from_ns:
            gc.collect(0)
            return
        everything = self._all_is_due(now_ns)
        if everything:
            gc.unfreeze()
            self._kept_out_ns = None
        begun_ns = time.thread_time_ns()  # not what else the machine did meanwhile
        gc.collect()
        took_ns = time.thread_time_ns() - begun_ns
        if everything:
            gc.freeze()
        elif took_ns > LONG_NS:
            gc.freeze()
            self._kept_out_ns = self._kept_out_ns or now_ns
        self._full_from_ns = time.monotonic_ns() + int(took_ns / FULL_SHARE)

    def _all_is_due(self, now_ns: int) -> bool:
        """Whether it is time to look through what was left out since the start."""
        if self._kept_out_ns is None:
            return False
        in_use = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        return now_ns - self._kept_out_ns >= (AGAIN_IN_USE_NS if in_use else AGAIN_NS)
