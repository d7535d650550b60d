"""The presentation's slider with play and speed: over the whole width, both first words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.run.replay import AS_FAST_AS_IT_COMES, SPEEDS
from app.text import numbers
from app.text.sentences import tr
from ui.present.look import GROUND, color, draw_right, type_of
from ui.present.measures import Measures
from ui.style.look import fill
from ui.style.painting import painted
from ui.widgets.moment_slider import MomentSlider

if TYPE_CHECKING:
    from app.recording.records import SideName

PLAY_WIDTH, SPEED_WIDTH, TOTAL_WIDTH = 44, 64, 92


class _Scale:
    """The whole of the run over the slider's width."""

    def __init__(self, knob: float = 11.0) -> None:
        self.knob, self.width, self.end_ms = knob, 100.0, 1.0

    def x_of(self, ms: float) -> float:
        return self.knob + ms / max(self.end_ms, 1e-6) * (self.width - 2 * self.knob)

    def ms_of(self, x: float) -> float:
        return (x - self.knob) / max(1.0, self.width - 2 * self.knob) * self.end_ms


class StageSlider(MomentSlider):
    """The slider, painted to be seen from the back row."""

    def __init__(self, parent: QWidget) -> None:
        self.scale = _Scale()
        super().__init__(self.scale, (self.scale.knob, self.scale.knob), parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._firsts: dict[SideName, float] = {}

    def show_run(self, at_ms: float, end_ms: float, firsts: dict[SideName, float]) -> None:
        self.scale.width, self.scale.end_ms, self._firsts = self.width(), end_ms, firsts
        self.show_moment(at_ms, end_ms, told=False)
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill(painter, QRectF(self.rect()), GROUND)
        left, right = self.edges
        middle, x = self.height() / 2, self.x_of(self.at_ms)
        for begin, end, role in ((left, right, "border"), (left, x, "text")):
            painter.setPen(QPen(color(role), 6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(begin, middle), QPointF(end, middle))
        for name, ms in self._firsts.items():
            fill(painter, QRectF(self.x_of(ms) - 1.5, middle - 16, 3, 9), color(name))
        painter.setPen(QPen(color("text"), 4))
        painter.setBrush(GROUND)
        painter.drawEllipse(QPointF(x, middle), 8.5, 8.5)


class Foot(QWidget):
    """Signals:
    play_pressed, speed_pressed: what was clicked. sought: the slider was moved; the moment.
    """

    play_pressed = Signal()
    heard_as = "group"
    speed_pressed = Signal()
    sought = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.slider = StageSlider(self)
        self.slider.sought.connect(self.sought)
        self._playing, self._speed, self._end_ms, self._can = False, 1.0, 0.0, False
        self._measures = Measures(1.0, lanes=True, keys=True)
        self.setAccessibleName(tr("Replay"))

    def show_run(
        self, at_ms: float, end_ms: float, firsts: dict[SideName, float], *, playing: bool, speed: float, measures: Measures
    ) -> None:
        """Stand at a moment; `end_ms` 0 where there is nothing to be played."""
        self._playing, self._speed, self._end_ms, self._measures = playing, speed, end_ms, measures
        self._can = end_ms > 0
        self._place()
        self.slider.setVisible(self._can)
        self.slider.show_run(at_ms, end_ms, firsts)
        self.update()

    def _place(self) -> None:
        left = PLAY_WIDTH + 12 + SPEED_WIDTH + 4
        self.slider.setGeometry(left, 0, max(40, self.width() - left - TOTAL_WIDTH), self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._can and x < PLAY_WIDTH:
            self.play_pressed.emit()
        elif self._can and PLAY_WIDTH + 12 <= x < PLAY_WIDTH + 12 + SPEED_WIDTH:
            self.speed_pressed.emit()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill(painter, QRectF(self.rect()), GROUND)
        if not self._can:
            return
        middle = self.height() / 2
        painter.setPen(color("muted"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        play, speed = QRectF(0.5, middle - 17, PLAY_WIDTH, 34), QRectF(PLAY_WIDTH + 12.5, middle - 17, SPEED_WIDTH, 34)
        painter.drawRoundedRect(play, 6, 6)
        painter.drawRoundedRect(speed, 6, 6)
        self._paint_play(painter, play)
        said = "max" if self._speed == AS_FAST_AS_IT_COMES else f"×{self._speed:g}"
        painter.setFont(type_of(15))
        painter.setPen(color("text"))
        painter.drawText(speed, Qt.AlignmentFlag.AlignCenter, said)
        seconds = self._end_ms / 1e3
        total = f"{numbers.grouped(seconds, 1 if seconds < 99.95 else 0)} s"
        draw_right(painter, self.width(), middle + 7, total, type_of(max(17, self._measures.px(18))), "text")

    def _paint_play(self, painter: QPainter, area: QRectF) -> None:
        x, y = area.center().x(), area.center().y()
        if self._playing:
            fill(painter, QRectF(x - 5, y - 6, 3.5, 12), color("text"))
            fill(painter, QRectF(x + 1.5, y - 6, 3.5, 12), color("text"))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("text"))
            painter.drawPolygon([QPointF(x - 4, y - 6), QPointF(x + 6, y), QPointF(x - 4, y + 6)])


def next_speed(speed: float) -> float:
    """The one after, the first after the last."""
    return SPEEDS[(SPEEDS.index(speed) + 1) % len(SPEEDS)]
