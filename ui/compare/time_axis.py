"""The common time axis: both sides on one scale in milliseconds, phases as blocks, content events as ticks."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.text import numbers
from ui.compare.lane import Block, ContentEvent, Lane
from ui.compare.pane.side_view import shown_outcome
from ui.style.look import fill
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip

if TYPE_CHECKING:
    from app.recording.records import SideName

LANE_HEIGHT = 18
LANE_GAP = 7
LEFT = 34
RIGHT = 18
TOP = 4
BURST_EVENTS = 6
_WEIGHTS = (0.2, 0.38, 0.5, 0.68)
_STEPS = (1, 2, 5, 10)


def scale_labels(end_ms: float, step_ms: float) -> list[tuple[float, str]]:
    """Where the scale has its lines, in ms, and what stands below each: in seconds from ten on, as finely as the step is."""
    unit_ms, unit = (1000.0, "s") if end_ms >= 10_000 else (1.0, "ms")
    decimals = max(0, -math.floor(math.log10(step_ms / unit_ms) + 1e-9))
    at = [step_ms * number for number in range(math.floor(end_ms * 1.0001 / step_ms) + 1)]
    return [(ms, numbers.grouped(ms / unit_ms, decimals) if ms else f"0 {unit}") for ms in at]


class TimeAxis(QWidget):
    """Two lanes and a scale.

    Signals:
        event_picked: a click; the side and the content event nearest to it, a `ContentEvent`.
    """

    event_picked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lanes: dict[SideName, Lane] = {"a": Lane(), "b": Lane()}
        self._scale_ms = 0.0
        self._marks: dict[SideName, float] = {}
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Time axis of both sides")

    def show_lanes(self, a: Lane, b: Lane) -> None:
        self.lanes = {"a": a, "b": b}
        self._scale_ms = 0.0
        self._marks = {}
        self.refresh()

    def refresh(self) -> bool:
        """Take over what came since; True while there is more to take in."""
        more = [lane.advance() for lane in self.lanes.values()]
        end = max(lane.end_ms for lane in self.lanes.values())
        if end > self._scale_ms:
            self._scale_ms = end if not self._runs() else max(end, self._grown(end))
        elif not self._runs():
            self._scale_ms = end
        told = [f"{name.upper()}: {'; '.join(block.words for block in lane.blocks)}" for name, lane in self.lanes.items()]
        self.setAccessibleDescription(". ".join(told))
        self.update()
        return any(more)

    def mark(self, side: SideName, ms: float | None) -> None:
        """Mark the selected event's time on a lane; None for none."""
        if ms is None:
            self._marks.pop(side, None)
        else:
            self._marks[side] = ms
        self.update()

    def _runs(self) -> bool:
        return any(lane.side is not None and lane.side.outcome == "running" for lane in self.lanes.values())

    def _grown(self, end: float) -> float:
        """A scale with room to grow, so that a live axis moves in steps and not at every frame."""
        return max(1_000.0, end * 1.25)

    @property
    def is_empty(self) -> bool:
        return self._scale_ms <= 0

    def sizeHint(self) -> QSize:
        return QSize(400, TOP + 2 * LANE_HEIGHT + LANE_GAP + 6 + round(QFontMetricsF(font(0.85)).height()))

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_scale(painter)
        for number, (name, lane) in enumerate(self.lanes.items()):
            self._paint_lane(painter, name, lane, TOP + number * (LANE_HEIGHT + LANE_GAP))

    def _paint_scale(self, painter: QPainter) -> None:
        if self.is_empty:
            return
        painter.setFont(font(0.85))
        theme, metrics = colors(), QFontMetricsF(font(0.85))
        step = self._step(metrics)
        bottom = TOP + 2 * LANE_HEIGHT + LANE_GAP
        for at, text in scale_labels(self._scale_ms, step):
            x = self._x(at)
            fill(painter, QRectF(x, TOP, 1, bottom - TOP + 3), theme.color("border"))
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, LEFT - 6), self.width() - width)
            painter.setPen(theme.color("muted"))
            painter.drawText(round(left), round(bottom + 4 + metrics.ascent()), text)

    def _step(self, metrics: QFontMetricsF) -> float:
        room = max(1.0, (self.width() - LEFT - RIGHT) / (metrics.horizontalAdvance("00 000") + 44))
        wanted = self._scale_ms / room
        power = 1.0
        while power * 10 < wanted:
            power *= 10
        return next(power * step for step in _STEPS if power * step >= wanted or step == _STEPS[-1])

    def _paint_lane(self, painter: QPainter, name: SideName, lane: Lane, top: int) -> None:
        theme = colors()
        painter.setFont(font(0.9, bold=True))
        painter.setPen(theme.color(name))
        painter.drawText(QRectF(0, top, LEFT - 12, LANE_HEIGHT), Qt.AlignmentFlag.AlignCenter, name.upper())
        if self.is_empty:
            empty = theme.color(name)
            empty.setAlphaF(0.1)
            fill(painter, QRectF(LEFT, top, self.width() - LEFT - RIGHT, LANE_HEIGHT), empty)
            return
        for block in lane.blocks:
            if block.silent:
                self._paint_silence(painter, block, top)
            else:
                self._paint_block(painter, name, block, top)
        self._paint_ticks(painter, name, lane, top)
        if lane.broken_off:
            self._paint_end(painter, lane, top)
        if (ms := self._marks.get(name)) is not None:
            fill(painter, QRectF(self._x(ms) - 1, top - 3, 3, LANE_HEIGHT + 6), theme.color("text"))

    def _paint_block(self, painter: QPainter, name: SideName, block: Block, top: int) -> None:
        left, right = self._x(block.begin_ms), self._x(block.begin_ms + block.length_ms)
        color, area = colors().color(name), QRectF(left, top, max(right - left, 1.0), LANE_HEIGHT)
        color.setAlphaF(_WEIGHTS[block.weight])
        fill(painter, area, color)
        painter.setFont(font(0.85))
        metrics = QFontMetricsF(font(0.85))
        text = f"{block.name} {numbers.grouped(block.length_ms, 0 if block.length_ms >= 10 else 1)}"
        shown = next((one for one in (text, block.name) if metrics.horizontalAdvance(one) + 10 <= right - left), "")
        painter.setPen(colors().color("text"))
        painter.drawText(area.adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_silence(self, painter: QPainter, block: Block, top: int) -> None:
        """Hatched, in no side's colour: nothing of a side is there. Its words stand in the middle, on a ground of their own."""
        left, right = self._x(block.begin_ms), self._x(block.begin_ms + block.length_ms)
        theme, metrics = colors(), QFontMetricsF(font(0.85))
        area = QRectF(left, top, max(right - left, 1.0), LANE_HEIGHT)
        hatch = theme.color("muted")
        hatch.setAlphaF(0.45)
        painter.fillRect(area, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        width = metrics.horizontalAdvance(block.words) + 12
        if width <= area.width():
            ground = QRectF(area.center().x() - width / 2, top, width, LANE_HEIGHT)
            fill(painter, ground, theme.color("surface"))
            painter.setFont(font(0.85))
            painter.setPen(theme.color("text"))
            painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, block.words)

    def _paint_end(self, painter: QPainter, lane: Lane, top: int) -> None:
        """The sign of an answer that is not whole, where it ended."""
        assert lane.side is not None
        shape, _, role = shown_outcome(lane.side)
        painter.setFont(font(0.9, bold=True))
        painter.setPen(colors().color(role))
        painter.drawText(QRectF(self._x(lane.end_ms) + 6, top, RIGHT - 6, LANE_HEIGHT), Qt.AlignmentFlag.AlignVCenter, shape)

    def _paint_ticks(self, painter: QPainter, name: SideName, lane: Lane, top: int) -> None:
        """One tick a pixel, however many events share it (a burst is wider): what is drawn does not grow with the stream."""
        color, times = colors().color(name), lane.times_ms
        per_pixel = self._scale_ms / max(1, self.width() - LEFT - RIGHT)
        index, count = 0, len(times)
        while index < count:
            x = round(self._x(times[index]))
            after = max(index + 1, bisect_left(times, (x + 2 - LEFT) * per_pixel, index))
            painter.fillRect(x, top, 2 if after - index < BURST_EVENTS else 5, LANE_HEIGHT, color)
            index = after

    def _x(self, ms: float) -> float:
        return LEFT + ms / self._scale_ms * (self.width() - LEFT - RIGHT) if self._scale_ms else LEFT

    # -- pointing -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.words_at(event.pos())), self)
            return True
        return bool(super().event(event))

    def words_at(self, position: QPoint) -> str:
        """What is at a point: the time, and the phase or event there."""
        if self.is_empty:
            return "Both sides will stand here on one time axis."
        ms = self._ms(position.x())
        name = self._lane_at(position.y())
        lane = self.lanes[name]
        block = next((one for one in lane.blocks if one.begin_ms <= ms <= one.begin_ms + one.length_ms), None)
        if block is not None:
            return f"{name.upper()}: {block.words}"
        near = lane.nearest(ms)
        if near is None:
            return f"{name.upper()}: {numbers.milliseconds(ms)}"
        at, place = near
        preview = self._preview(lane, place)
        return f"{name.upper()}: event {place.event + 1} at {numbers.grouped(at, 1)} ms{preview}\nClick to see it."

    @staticmethod
    def _preview(lane: Lane, place: ContentEvent) -> str:
        if lane.side is None or place.round > len(lane.side.rounds):
            return ""
        one = lane.side.rounds[place.round - 1]
        return f" · {one.protocol.preview(one.events.event(place.event))[:80]}"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.is_empty:
            return super().mousePressEvent(event)
        name = self._lane_at(event.position().y())
        near = self.lanes[name].nearest(self._ms(event.position().x()))
        if near is not None:
            self.event_picked.emit(name, near[1])
        return None

    def _lane_at(self, y: float) -> SideName:
        return "a" if y < TOP + LANE_HEIGHT + LANE_GAP / 2 else "b"

    def _ms(self, x: float) -> float:
        return max(0.0, (x - LEFT) / max(1, self.width() - LEFT - RIGHT) * self._scale_ms)
