"""A slider over the time of a run, on a scale that something else draws: its place is a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider

from app.text import numbers
from app.text.sentences import tr
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

STEPS = 50  # an arrow key goes so much of the whole
TRACK, KNOB = 3.0, 6.0


class TimeScale(Protocol):
    """Where a moment stands, in the slider's own pixels: a time axis has such a scale."""

    def x_of(self, ms: float) -> float: ...

    def ms_of(self, x: float) -> float: ...


class MomentSlider(QSlider):
    """A slider over milliseconds, as wide as what has the scale; `margins` are the pixels beside the scale, left and right.

    Signals:
        sought: the user moved it; the moment.
        play_wanted: Space was pressed.
    """

    sought = Signal(float)
    play_wanted = Signal()

    def __init__(self, scale: TimeScale, margins: tuple[float, float], parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._scale, self._margins = scale, margins
        self._at_ms, self._end_ms, self._told = 0.0, 0.0, False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("The moment of the run, in milliseconds"))

    @property
    def at_ms(self) -> float:
        return self._at_ms

    def show_moment(self, at_ms: float, end_ms: float, *, told: bool) -> None:
        """Stand at a moment; `told`: say which beside the knob."""
        if (at_ms, end_ms, told) == (self._at_ms, self._end_ms, self._told):
            return
        self._at_ms, self._end_ms, self._told = at_ms, end_ms, told
        self.setRange(0, round(end_ms))
        self.setValue(round(at_ms))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, max(26, round(QFontMetricsF(font(0.88)).height()) + 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    # -- painting -----------------------------------------------------------------------------------------------------

    def x_of(self, ms: float) -> float:
        """Where a moment stands; one that is not in view stands at the edge."""
        left, right = self.edges
        return min(max(self._scale.x_of(ms), left), right)

    @property
    def edges(self) -> tuple[float, float]:
        """Where the track begins and where it ends."""
        left, right = self._margins[0], self.width() - self._margins[1]
        return max(left, min(right, self._scale.x_of(0.0))), max(left, min(right, self._scale.x_of(self._end_ms)))

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self.edges
        middle, x = self.height() / 2, self.x_of(self._at_ms)
        fill(painter, QRectF(left, middle - TRACK / 2, right - left, TRACK), theme.color("border"))
        fill(painter, QRectF(left, middle - TRACK / 2, x - left, TRACK), theme.color("ink"))
        if not self._end_ms:
            return
        if self.hasFocus():
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.setPen(QPen(theme.color("ink"), 2))
        painter.setBrush(theme.color("surface"))
        painter.drawEllipse(QPointF(x, middle), KNOB, KNOB)
        if self._told:
            self._paint_moment(painter, x)

    def _paint_moment(self, painter: QPainter, x: float) -> None:
        """Right of the knob, or left of it where there is no room."""
        theme, small = colors(), font(0.88)
        text = f"{numbers.grouped(self._at_ms, 1)} ms" if self._end_ms < 10_000 else f"{self._at_ms / 1e3:.2f} s"
        width = QFontMetricsF(small).horizontalAdvance(text) + 8
        left = x + KNOB + 4 if x + KNOB + 4 + width <= self.width() else x - KNOB - 4 - width
        area = QRectF(left, 0, width, self.height())
        fill(painter, area, theme.color("surface"))
        painter.setFont(small)
        painter.setPen(theme.color("text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    # -- moving -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._end_ms:
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._end_ms:
            self._seek_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _seek_to(self, x: float) -> None:
        left, right = self.edges
        self.sought.emit(self._end_ms if x >= right else max(0.0, self._scale.ms_of(max(x, left))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._end_ms / STEPS
        to = {
            Qt.Key.Key_Left: self._at_ms - step, Qt.Key.Key_Right: self._at_ms + step,
            Qt.Key.Key_PageUp: self._at_ms - 5 * step, Qt.Key.Key_PageDown: self._at_ms + 5 * step,
            Qt.Key.Key_Home: 0.0, Qt.Key.Key_End: self._end_ms,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if to is not None:
            self.sought.emit(min(max(to, 0.0), self._end_ms))
        elif event.key() == Qt.Key.Key_Space:
            self.play_wanted.emit()
        else:
            super().keyPressEvent(event)
