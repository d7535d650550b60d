"""How long the GUI thread could not answer, by a timer on it that wants to beat every millisecond."""

from __future__ import annotations

from array import array
from itertools import pairwise
from time import perf_counter_ns

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 1


class Heartbeat(QObject):
    """Beats while it is started. What counts is not how often it was late but how long somebody who touched the window at any
    moment would have waited: a pause of 40 ms is met forty times as often as one of 1 ms."""

    def __init__(self) -> None:
        super().__init__()
        self._beats = array("q")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(lambda: self._beats.append(perf_counter_ns()))

    def start(self) -> None:
        """Forget what was, and beat."""
        del self._beats[:]
        self._beats.append(perf_counter_ns())
        self._timer.start()

    def stop(self) -> None:
        """Beat no more; what was beaten stays."""
        self._timer.stop()
        self._beats.append(perf_counter_ns())

    @property
    def pauses_ms(self) -> list[float]:
        """Each time from one beat to the next, less the beat itself."""
        return [max(0.0, (after - before) / 1e6 - BEAT_MS) for before, after in pairwise(self._beats)]

    @property
    def waits_ms(self) -> list[float]:
        """For each millisecond of the time how long the window would have let somebody wait who touched it then."""
        return [max(0.0, pause - passed) for pause in self.pauses_ms for passed in range(int(pause) + BEAT_MS)]
