"""How long work goes on is said while it does, and told once it has ended."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal

from ui.shared import work_clock
from ui.shared.work_clock import WorkClock


class Work(QObject):
    changed = Signal()
    running = False

    def go(self, *, on: bool) -> None:
        self.running = on
        self.changed.emit()


def test_it_counts_and_tells_the_end_once(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [5_000_000_000]
    monkeypatch.setattr(work_clock, "now_ns", lambda: now[0])
    work, ended, titles = Work(), list[float](), list[str]()
    clock = WorkClock(lambda: work.running, (work.changed,), work)
    clock.ended.connect(ended.append)
    clock.changed.connect(lambda: titles.append(clock.title))
    work.go(on=False)  # a file was opened, say
    work.go(on=True)
    now[0] += 4_900_000_000
    work.changed.emit()
    assert (clock.title, ended) == ("▶ 4 s", [])
    work.go(on=False)
    work.changed.emit()
    assert (clock.title, ended, titles) == ("", [4.9], ["▶ 0 s", ""])
