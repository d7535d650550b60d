"""The history page for the benchmark `history`: from a click, or a key in its search, until its runs are painted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter_ns

from PySide6.QtCore import QEvent, QObject, QTimer

from tests.bench.frame import Must, Row, median, most
from tests.bench.heartbeat import Heartbeat
from tests.bench.shown import Shown
from ui.history.page import HistoryPage
from ui.shell.pages import HISTORY

SETTLED_S = 1.0
REPEATS = 5


class _Painted(QObject):
    """Notes when the list was painted with what was found after `begin`."""

    def __init__(self, page: HistoryPage) -> None:
        super().__init__(page)
        self._page, self._before = page, page.found
        self.painted_ns = 0
        page.view.list.viewport().installEventFilter(self)

    def begin(self) -> None:
        self._before, self.painted_ns = self._page.found, 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        found = self._page.found
        if event.type() is QEvent.Type.Paint and found is not None and found is not self._before and not self.painted_ns:
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        self.painted_ns = self.painted_ns or perf_counter_ns()


def page_rows(searches: Sequence[str], short: bool) -> list[Row]:
    """The history is where Diptych keeps it. What was imported before is so for a user who has the window open a second."""
    with Shown() as shown:
        return shown.play(_scene(shown, searches, short))


async def _scene(shown: Shown, searches: Sequence[str], short: bool) -> list[Row]:
    await shown.until(lambda: not shown.window.services.tasks.running, "the window to have warmed up")
    heart = Heartbeat()
    heart.start()
    begun = perf_counter_ns()
    page = shown.window.show_page(HISTORY)
    painted = _Painted(page)
    await shown.until(lambda: painted.painted_ns, "the page to be painted")
    rows = [Row("the page painted, at its first time", (painted.painted_ns - begun) / 1e6, "ms", must=_most(100, short))]
    await shown.until(lambda: page.counted is not None, "the runs to be counted")
    await asyncio.sleep(0.1 if short else SETTLED_S)  # what comes behind it: the trend of the newest pair
    heart.stop()
    rows.append(Row("the window's longest pause meanwhile", max(heart.pauses_ms), "ms"))
    for words in searches:
        took, pauses = [], []
        for _ in range(1 if short else REPEATS):
            page.view.search.clear()
            await _found(shown, page, painted, page.search_soon)
            heart.start()
            took.append(await _found(shown, page, painted, partial(page.view.search.setText, words)))
            heart.stop()
            pauses += heart.pauses_ms
        rows.append(Row(f"search as one types, {words}: painted", median(took), "ms", must=_most(150, short)))
        rows.append(Row("the window's longest pause meanwhile", max(pauses), "ms"))
    return rows


async def _found(shown: Shown, page: HistoryPage, painted: _Painted, begin: Callable[[], object]) -> float:
    """How long it took until what was found then was painted, ms; it is counted when this ends."""
    painted.begin()
    begun = perf_counter_ns()
    begin()
    await shown.until(lambda: painted.painted_ns, "what was found to be painted")
    await shown.until(lambda: page.counted is not None, "it to be counted")
    return (painted.painted_ns - begun) / 1e6


def _most(ms: float, short: bool) -> Must | None:
    return None if short else most(ms)
