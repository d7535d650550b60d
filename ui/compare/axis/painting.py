"""Draws the axis: scale, phases, events, silences, the bracket. What moves over it, the marks, is not drawn here."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen

from app.text.sentences import message, tr
from ui.compare.axis.bins import LEVELS, Tick, opacity, ticks
from ui.compare.axis.labels import Bracket, block_label, bracket, label_end_ms, labels_of_lane
from ui.compare.axis.lane import Kind
from ui.compare.axis.rows import SMALL, Rows, paint_letter
from ui.compare.axis.scale import LEFT, RIGHT, Scale, scale_labels
from ui.compare.pane.verdict import shown_outcome
from ui.style.look import fill
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.recording.records import SideName
    from ui.compare.axis.lane import Block, Lane

NO_TIMES = message("no times")
BEYOND = 6  # a tick at the very end has its width


def paint(painter: QPainter, lanes: Mapping[SideName, Lane], scale: Scale, rows: Rows) -> None:
    """All of it, on two lanes of which one at least has something."""
    Drawing(painter, lanes, scale, rows).draw()


class Drawing:
    """One picture of the axis."""

    def __init__(self, painter: QPainter, lanes: Mapping[SideName, Lane], scale: Scale, rows: Rows) -> None:
        self._painter, self._lanes, self._scale, self._rows = painter, lanes, scale, rows
        self._theme = colors()
        self._metrics = QFontMetricsF(font(SMALL))
        self._bold = QFontMetricsF(font(bold=True))
        painter.setFont(font(SMALL))

    def draw(self) -> None:
        self._draw_scale()
        drawn = ticks([lane.times_ms for lane in self._lanes.values()], self._scale)
        for (name, lane), its in zip(self._lanes.items(), drawn, strict=True):
            paint_letter(self._painter, name, self._rows)
            self._painter.setClipRect(QRectF(LEFT - 1, 0, self._scale.pixels + 2, 10_000))
            for block in lane.blocks:
                self._draw_block(name, lane, block)
            self._draw_quiet(name, lane)
            self._draw_ticks(name, its)
            self._painter.setClipping(False)
            if lane.timeless:
                self._draw_timeless(name)
            elif lane.broken_off:
                self._draw_end(name, lane)
        if found := bracket(self._lanes["a"], self._lanes["b"], self._scale, self._bold.horizontalAdvance):
            self._draw_bracket(found)

    def _draw_scale(self) -> None:
        painter, metrics, scale, rows = self._painter, self._metrics, self._scale, self._rows
        step = scale.step_ms(metrics.horizontalAdvance("000 000") + 44)
        for ms, text in scale_labels(scale.begin_ms, scale.end_ms, step):
            x = scale.x_of(ms)
            fill(painter, QRectF(round(x), rows.head, 1, rows.bottom - rows.head + 3), self._theme.color("border"))
            width = metrics.horizontalAdvance(text)
            painter.setPen(self._theme.color("muted"))
            painter.drawText(QPointF(max(x - width / 2, LEFT - width / 2), rows.bottom + 4 + metrics.ascent()), text)

    def _area(self, name: SideName, begin_ms: float, end_ms: float) -> QRectF:
        """What a time takes up on a lane; of a very long one only a little more than what is in view."""
        left = max(self._scale.x_of(begin_ms), LEFT - 20.0)
        right = min(self._scale.x_of(end_ms), LEFT + self._scale.pixels + 20.0)
        return QRectF(left, self._rows.top(name), max(right - left, 0.0), self._rows.lane)

    def _draw_block(self, name: SideName, lane: Lane, block: Block) -> None:
        area = self._area(name, block.begin_ms, block.begin_ms + block.length_ms)
        if not area.width():
            return
        match block.kind:
            case Kind.CONNECTION | Kind.RECEIVE:
                fill(self._painter, area, self._theme.color(f"{name}_connect"))
            case Kind.ENDPOINT:
                fill(self._painter, area, self._theme.color(f"{name}_wait"))
            case Kind.PATH:
                fill(self._painter, area, self._theme.color(f"{name}_wait"))
                self._hatch(area, self._theme.color(name))
            case Kind.SILENCE:
                self._draw_silence(block, area)
                return
        if block.kind is Kind.PATH:
            return  # no words on a pattern
        seen = area.intersected(QRectF(LEFT, area.top(), self._scale.pixels, area.height()))
        if block.kind is Kind.ENDPOINT and seen.width():
            seen.setRight(max(seen.right(), min(self._scale.x_of(label_end_ms(lane, block)), LEFT + self._scale.pixels)))
        if text := block_label(block, seen.width(), self._metrics.horizontalAdvance):
            self._painter.setPen(self._theme.color("text"))
            self._painter.drawText(seen.adjusted(8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _hatch(self, area: QRectF, color: QColor) -> None:
        """Slanted lines, as sharp as the screen; a brush's pattern is as coarse as its pixels."""
        painter = self._painter
        painter.save()
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 2))
        high = area.height()
        at = area.left() - high
        while at < area.right():
            painter.drawLine(QLineF(at, area.bottom(), at + high, area.top()))
            at += 5
        painter.restore()

    def _draw_silence(self, block: Block, area: QRectF) -> None:
        """Hatched, in no side's colour: nothing of a side is there. Its words stand in the middle, on a ground of their own."""
        hatch = self._theme.color("muted")
        hatch.setAlphaF(0.45)
        self._painter.fillRect(area, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        seen = area.intersected(QRectF(LEFT, area.top(), self._scale.pixels, area.height()))
        text = block_label(block, seen.width(), self._metrics.horizontalAdvance)
        if text:
            width = self._metrics.horizontalAdvance(text) + 12
            ground = QRectF(seen.center().x() - width / 2, area.top(), width, area.height())
            fill(self._painter, ground, self._theme.color("surface"))
            self._painter.setPen(self._theme.color("text"))
            self._painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_quiet(self, name: SideName, lane: Lane) -> None:
        texts, dashes = labels_of_lane(lane, self._scale, self._metrics.horizontalAdvance)
        middle = self._rows.top(name) + self._rows.lane / 2
        line = QPen(self._theme.color("muted"), 1, Qt.PenStyle.CustomDashLine)
        line.setDashPattern([3, 3])
        self._painter.setPen(line)
        self._painter.drawLines([QLineF(round(one.begin), round(middle), round(one.end), round(middle)) for one in dashes])
        for one in texts:
            self._painter.setClipping(False)
            self._painter.setPen(self._theme.color(one.role))
            base = middle + (self._metrics.ascent() - self._metrics.descent()) / 2
            self._painter.drawText(QPointF(one.x, base), one.text)
        self._painter.setClipRect(QRectF(LEFT - 1, 0, self._scale.pixels + BEYOND, 10_000))

    def _draw_ticks(self, name: SideName, drawn: list[Tick]) -> None:
        top, high = self._rows.top(name), self._rows.lane
        color = self._theme.color(name)
        if drawn and drawn[0].width > 1:  # they stand apart, all in one shade
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(color)
            self._painter.drawRects([QRect(one.x, top, one.width, high) for one in drawn])
        elif drawn:
            left, row = shades(drawn, color)
            image = QImage(row, len(row) // 4, 1, QImage.Format.Format_ARGB32)
            self._painter.drawImage(QRect(left, top, image.width(), high), image)

    def _draw_timeless(self, name: SideName) -> None:
        self._painter.setPen(self._theme.color("muted"))
        area = QRectF(LEFT + 8, self._rows.top(name), self._scale.pixels, self._rows.lane)
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, tr(NO_TIMES))

    def _draw_end(self, name: SideName, lane: Lane) -> None:
        """The sign of an answer that is not whole, where it ended."""
        assert lane.side is not None
        x = self._scale.x_of(lane.end_ms)
        if not LEFT <= x <= LEFT + self._scale.pixels + 1:
            return
        shape, _, role = shown_outcome(lane.side)
        self._painter.setFont(font(bold=True))
        self._painter.setPen(self._theme.color(role))
        area = QRectF(x + 6, self._rows.top(name), RIGHT - 6, self._rows.lane)
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shape)
        self._painter.setFont(font(SMALL))

    def _draw_bracket(self, found: Bracket) -> None:
        painter, rows = self._painter, self._rows
        middle = round(rows.head + rows.lane + rows.gap / 2)
        width = self._bold.horizontalAdvance(found.text)
        painter.save()
        painter.setClipRect(QRectF(LEFT - 1, 0, self._scale.pixels + BEYOND, 10_000))
        painter.setPen(QPen(self._theme.color("text"), 1.5))
        a_x, b_x = round(found.a_x), round(found.b_x)
        painter.drawLine(a_x, rows.head + rows.lane + 1, a_x, middle)
        painter.drawLine(b_x, middle, b_x, rows.head + rows.lane + rows.gap - 1)
        left, right = min(a_x, b_x), max(a_x, b_x)
        if left < found.text_x < right:
            painter.drawLine(left, middle, round(found.text_x) - 6, middle)
            painter.drawLine(round(found.text_x + width) + 6, middle, right, middle)
        else:
            painter.drawLine(left, middle, right, middle)
        painter.restore()
        painter.setFont(font(bold=True))
        painter.setPen(self._theme.color("text"))
        painter.drawText(QPointF(found.text_x, middle + (self._bold.ascent() - self._bold.descent()) / 2), found.text)
        painter.setFont(font(SMALL))


def shades(drawn: list[Tick], color: QColor) -> tuple[int, bytes]:
    """Columns of one pixel as one row of pixels (`Format_ARGB32`), and where it begins: a thousand areas take 3 ms to draw."""
    of_level = {}
    for level in range(1, LEVELS + 1):
        color.setAlphaF(opacity(level))
        of_level[level] = color.rgba().to_bytes(4, sys.byteorder)
    left = drawn[0].x
    row = bytearray(4 * (drawn[-1].x + 1 - left))
    for x, _, level in drawn:
        at = 4 * (x - left)
        row[at : at + 4] = of_level[level]
    return left, bytes(row)
