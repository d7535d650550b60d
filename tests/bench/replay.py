"""replay: a long run played again at its true pace in the real window; how long each turn of the GUI thread takes meanwhile."""

from __future__ import annotations

import gc
from array import array
from itertools import pairwise
from time import thread_time_ns

from PySide6.QtCore import QObject, Qt, QTimer

from app.recording.records import RunOpened, SideName
from app.scenarios import Plan
from tests.bench.frame import Row, exactly, most, percentile
from tests.bench.long_run import make
from tests.bench.shown import Shown

EVENTS, SHORT_EVENTS = 20_000, 600
FRAME_MS = 33
SIDES: tuple[SideName, ...] = ("a", "b")


class Turns(QObject):
    """What the GUI thread computed between two beats of a timer that is due in every turn of its loop: its own time, so that
    others on the machine are not in it."""

    def __init__(self) -> None:
        super().__init__()
        self._at = array("q")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(lambda: self._at.append(thread_time_ns()))

    def start(self) -> None:
        self._at.append(thread_time_ns())
        self._timer.start()

    def stop(self) -> list[float]:
        """Milliseconds of each turn."""
        self._timer.stop()
        self._at.append(thread_time_ns())
        return [(after - before) / 1e6 for before, after in pairwise(self._at)]


def run(short: bool) -> list[Row]:
    """Both sides have an event each half millisecond; the Events tabs are in front."""
    events = SHORT_EVENTS if short else EVENTS
    with Shown() as shown:
        shown.turn_to("Events")
        return shown.play(_played(shown, events))


async def _played(shown: Shown, events: int) -> list[Row]:
    page = shown.page
    opened = RunOpened("bench", "2026-01-01T00:00:00Z", "0", "streaming", {})
    page.session.show(None, opened, [make(events, side) for side in SIDES], Plan(), shown.window.services.load_prices()[0])
    await shown.ended()
    await shown.until(gc.get_freeze_count, "the end of what follows a start: its look for garbage is none of the replay's")
    drawn: list[float] = []
    page.session.flushed.connect(lambda: drawn.append(page.replaying.player.at_ms))
    turns = Turns()
    page.replaying.toggle()
    turns.start()
    await shown.until(lambda: not page.replaying.player.active, "the end of the replay")
    took = turns.stop()
    rows = sum(pane.events.model.rowCount() for pane in page.panes.values())
    frame = f"replay of {events} events a side"
    return [
        Row(f"{frame}, turns of the GUI thread, p99", percentile(took, 0.99), "ms"),
        Row(f"{frame}, longest turn", max(took), "ms", must=most(FRAME_MS)),
        Row(f"{frame}, turns longer than a frame of {FRAME_MS} ms", sum(one > FRAME_MS for one in took), ""),
        Row(f"{frame}, pictures of different moments", len(set(drawn)), ""),
        Row("rows of both tables at its end", rows, "", must=exactly(2 * events)),
    ]
