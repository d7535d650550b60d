"""The history page for the benchmark `history`: from a click, or a key in its search, until its runs are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter_ns

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from tests.bench.frame import Must, Row, median, most
from tests.bench.heartbeat import Heartbeat
from tests.bench.shown import Shown
from ui.history.page import HistoryPage
from ui.shell.pages import HISTORY

REPEATS = 5


class _Painted(QObject):
    """Notes when a widget was painted with something else to show than at `begin`; None is nothing to show."""

    def __init__(self, widget: QWidget, to_show: Callable[[], object]) -> None:
        super().__init__(widget)
        self._to_show, self._before = to_show, to_show()
        self.painted_ns = 0
        widget.installEventFilter(self)

    def begin(self) -> None:
        self._before, self.painted_ns = self._to_show(), 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        found = self._to_show()
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
    view = page.view
    painted = _Painted(view.list.viewport(), lambda: page.found)
    trend = _Painted(view.strip.picture, view.strip.isVisible)  # the strip is hidden until it has one
    await shown.until(lambda: painted.painted_ns, "the page to be painted")
    rows = [Row("the page painted, at its first time", (painted.painted_ns - begun) / 1e6, "ms", must=_most(100, short))]
    await shown.until(lambda: page.counted is not None, "the runs to be counted")
    await shown.until(lambda: trend.painted_ns, "the trend of the newest pair to be painted")
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
