"""Parts of a painted widget, each a stop of the keyboard and heard by itself: they paint nothing but the ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.labels import plain_tip

_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1,
    Qt.Key.Key_Home: -1_000, Qt.Key.Key_End: 1_000,
}  # fmt: skip
_MORE = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Stop(QWidget):
    """One part. The mouse does not see it."""

    heard_as = "item"

    def __init__(self, stops: Stops, parent: QWidget) -> None:
        super().__init__(parent)
        self._stops = stops
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colors().color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._stops.put()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._stops.step(self, _STEPS[key])
        elif key in _MORE:
            QToolTip.showText(self.mapToGlobal(QPoint(8, self.height())), plain_tip(self.accessibleDescription()), self)
        else:
            super().keyPressEvent(event)


class Stops:
    """The parts of one widget: Tab goes to the first, the arrow keys to the others, Space tells more of one."""

    def __init__(self, painted: QWidget, rects: Callable[[], Sequence[QRect]]) -> None:
        """`rects` says where the parts are that are shown, in their order."""
        self._painted, self._rects = painted, rects
        self._named: tuple[tuple[str, str], ...] = ()
        # The first is made at once, so that Tab comes to it where the widget stands.
        self.parts = [Stop(self, painted)]
        self.parts[0].hide()

    def name(self, named: Sequence[tuple[str, str]]) -> None:
        """Have as many parts, each with what it is called and what more is told of it; () for none."""
        if tuple(named) == self._named:
            return
        before, self._named = self._named, tuple(named)
        while len(self.parts) < len(named):
            part = Stop(self, self._painted)
            QWidget.setTabOrder(self.parts[-1], part)
            self.parts.append(part)
        for part, one, was in zip_longest(self.parts[: len(named)], named, before[: len(named)]):
            if one != was:
                part.setAccessibleName(one[0])
                part.setAccessibleDescription(one[1])
        if len(named) != len(before):
            self.put()

    def put(self) -> None:
        """Stop them anew."""
        rects = self._rects()[: len(self._named)]
        for number, part in enumerate(self.parts):
            shown = number < len(rects)
            part.setFocusPolicy(_policy(number) if shown else Qt.FocusPolicy.NoFocus)
            if shown:
                part.setGeometry(rects[number])
            part.setVisible(shown)

    def step(self, part: Stop, steps: int) -> None:
        """Go on by so many, as far as there are some."""
        shown = [one for one in self.parts if not one.isHidden()]
        shown[min(max(shown.index(part) + steps, 0), len(shown) - 1)].setFocus(Qt.FocusReason.TabFocusReason)


def _policy(number: int) -> Qt.FocusPolicy:
    return Qt.FocusPolicy.ClickFocus if number else Qt.FocusPolicy.StrongFocus
