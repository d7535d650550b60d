"""A button that says how long the endpoint wants to be left alone; it can be pressed all the while."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget

from app.clock import now_ns
from app.text.sentences import message, tr
from ui.widgets.labels import plain_tip

TICK_MS = 200
TIP = message("The endpoint asked to be left alone for that long. Pressed earlier, it will probably refuse again.")


class CountdownButton(QPushButton):
    """`title`, then how long it is to `at_ns` (by `clock`, the program's own); after that the title alone."""

    def __init__(self, title: str, at_ns: int, clock: Callable[[], int] = now_ns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._at_ns, self._clock = title, at_ns, clock
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        self.tick()

    @property
    def counting(self) -> bool:
        """Whether the time has not come yet."""
        return self._timer.isActive()

    def tick(self) -> None:
        """Say how long it is now."""
        left_s = math.ceil((self._at_ns - self._clock()) / 1e9)
        if left_s > 0:
            self.setText(tr("{title} in {left:duration}", title=self._title, left=left_s))
            self.setToolTip(plain_tip(tr(TIP)))
            return
        self._timer.stop()
        self.setText(self._title)
        self.setToolTip("")
