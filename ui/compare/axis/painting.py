"""Draws the axis: scale, phases, events, silences, the bracket. What moves over it, the marks, is not drawn here.

While a run goes on only its events get more: what they stand on is drawn once, and kept as long as it is the same.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap

from ui.compare.axis.bins import LEVELS, Columns, Shades, Tick, opacity, ticks
from ui.compare.axis.labels import Bracket, Dash, Text, block_label, bracket, label_end_ms, labels_of_lane, wait_label
from ui.compare.axis.lane import Kind
from ui.compare.axis.rows import SMALL, Rows, paint_letter, paint_timeless
from ui.compare.axis.scale import LEFT, RIGHT, Scale, scale_labels
from ui.compare.pane.verdict import shown_outcome
from ui.style.look import fill
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.recording.records import SideName
    from ui.compare.axis.lane import Block, Lane

BEYOND = 6  # a tick at the very end has its width


class End(NamedTuple):
    """The sign of an answer that is not whole, where it ended; `role` names a colour of the theme."""

    ms: float
    sign: str
    role: str


class LaneGround(NamedTuple):
    """What stands on a lane besides its events; each block with the moment up to which its words may go."""

    blocks: tuple[tuple[Block, float], ...]
    texts: tuple[Text, ...]
    dashes: tuple[Dash, ...]
    timeless: bool
    end: End | None


class Ground(NamedTuple):
    """All that the events stand on. Where two are equal, so are their pictures."""

    begin_ms: float
    end_ms: float
    size: tuple[int, int]
    ratio: float
    rows: Rows
    lanes: tuple[tuple[SideName, LaneGround], ...]
    bracket: Bracket | None


class AxisPicture:
    """What the axis shows, in the colours and fonts of when it was made.

    Attributes:
        grounds: how many pictures of what the events stand on were drawn.
    """

    def __init__(self) -> None:
        self.grounds = 0
        self._ground: Ground | None = None
        self._drawn = QPixmap()
        self._columns: dict[SideName, Columns] = {"a": Columns(), "b": Columns()}
        self._ticks: list[_Ticks] = []
        self._clip = QRectF()
        self._small, self._bold = QFontMetricsF(font(SMALL)), QFontMetricsF(font(bold=True))

    def fits(self, size: QSize, ratio: float) -> bool:
        """Whether it is of that size, with so many pixels of the screen to one of it."""
        return self._ground is not None and (self._ground.size, self._ground.ratio) == ((size.width(), size.height()), ratio)

    def take(self, lanes: Mapping[SideName, Lane], scale: Scale, rows: Rows, size: QSize, ratio: float) -> None:
        """Show two lanes, of which one at least has something, as they are now."""
        ground = self._look(lanes, scale, rows, size, ratio)
        if ground != self._ground:
            self._ground, self._drawn = ground, self._made(ground, scale)
        counted = [self._columns[name] for name in lanes]
        drawn = ticks([lane.times_ms for lane in lanes.values()], scale, counted)
        self._ticks = [
            _Ticks.of(its, QColor(colors().color(name)), rows.top(name), rows.lane)
            for name, its in zip(lanes, drawn, strict=True)
        ]
        self._clip = QRectF(LEFT - 1, 0, scale.pixels + BEYOND, 10_000)

    def paint(self, painter: QPainter) -> None:
        """What was taken."""
        painter.drawPixmap(0, 0, self._drawn)
        painter.setClipRect(self._clip)
        for one in self._ticks:
            one.paint(painter)
        painter.setClipping(False)

    def _look(self, lanes: Mapping[SideName, Lane], scale: Scale, rows: Rows, size: QSize, ratio: float) -> Ground:
        grounds = tuple((name, self._look_at_lane(lane, scale)) for name, lane in lanes.items())
        gap = bracket(lanes["a"], lanes["b"], scale, self._bold.horizontalAdvance)
        return Ground(scale.begin_ms, scale.end_ms, (size.width(), size.height()), ratio, rows, grounds, gap)

    def _look_at_lane(self, lane: Lane, scale: Scale) -> LaneGround:
        found = lane.blocks
        blocks = tuple((block, label_end_ms(lane, block, found)) for block in found)
        texts, dashes = labels_of_lane(lane, scale, self._small.horizontalAdvance)
        end = None
        if not lane.timeless and lane.broken_off and lane.side is not None:
            sign, _, role = shown_outcome(lane.side)
            end = End(lane.end_ms, sign, role)
        return LaneGround(blocks, tuple(texts), tuple(dashes), lane.timeless, end)

    def _made(self, ground: Ground, scale: Scale) -> QPixmap:
        self.grounds += 1
        made = QPixmap(QSize(*ground.size) * ground.ratio)
        made.setDevicePixelRatio(ground.ratio)
        made.fill(colors().color("surface"))
        painter = QPainter(made)
        _Drawing(painter, ground, scale, self._small, self._bold).draw()
        painter.end()
        return made


class _Drawing:
    """One picture of what the events stand on."""

    def __init__(self, painter: QPainter, ground: Ground, scale: Scale, small: QFontMetricsF, bold: QFontMetricsF) -> None:
        self._painter, self._ground, self._scale, self._rows = painter, ground, scale, ground.rows
        self._theme = colors()
        self._metrics, self._bold = small, bold
        painter.setFont(font(SMALL))

    def draw(self) -> None:
        self._draw_scale()
        for name, lane in self._ground.lanes:
            paint_letter(self._painter, name, self._rows)
            self._painter.setClipRect(QRectF(LEFT - 1, 0, self._scale.pixels + 2, 10_000))
            for block, words_to_ms in lane.blocks:
                self._draw_block(name, block, words_to_ms)
            self._draw_quiet(name, lane)
            self._painter.setClipping(False)
            if lane.timeless:
                paint_timeless(self._painter, name, self._rows, self._scale.pixels)
            elif lane.end is not None:
                self._draw_end(name, lane.end)
        if self._ground.bracket is not None:
            self._draw_bracket(self._ground.bracket)

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

    def _draw_block(self, name: SideName, block: Block, words_to_ms: float) -> None:
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
        if not seen.width():
            return
        to = min(self._scale.x_of(words_to_ms), LEFT + self._scale.pixels) if block.kind is Kind.ENDPOINT else seen.right()
        if label := wait_label(block, seen.left(), seen.right(), to, self._metrics.horizontalAdvance):
            self._draw_words(seen.center().y(), label)

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

    def _draw_quiet(self, name: SideName, lane: LaneGround) -> None:
        middle = self._rows.top(name) + self._rows.lane / 2
        line = QPen(self._theme.color("muted"), 1, Qt.PenStyle.CustomDashLine)
        line.setDashPattern([3, 3])
        self._painter.setPen(line)
        self._painter.drawLines([QLineF(round(one.begin), round(middle), round(one.end), round(middle)) for one in lane.dashes])
        self._painter.setClipping(False)
        for one in lane.texts:
            self._draw_words(middle, one)

    def _draw_words(self, middle: float, words: Text) -> None:
        """`middle`: of the lane, from the top."""
        self._painter.setPen(self._theme.color(words.role))
        base = middle + (self._metrics.ascent() - self._metrics.descent()) / 2
        self._painter.drawText(QPointF(words.x, base), words.text)

    def _draw_end(self, name: SideName, end: End) -> None:
        x = self._scale.x_of(end.ms)
        if not LEFT <= x <= LEFT + self._scale.pixels + 1:
            return
        self._painter.setFont(font(bold=True))
        self._painter.setPen(self._theme.color(end.role))
        area = QRectF(x + 6, self._rows.top(name), RIGHT - 6, self._rows.lane)
        self._painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, end.sign)
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


class _Ticks(NamedTuple):
    """A lane's events as they are drawn: areas in one shade where they stand apart, else a row of pixels that is stretched."""

    color: QColor
    apart: list[QRect]
    area: QRect
    row: QImage | None

    @classmethod
    def of(cls, drawn: list[Tick] | Shades, color: QColor, top: int, high: int) -> _Ticks:
        if isinstance(drawn, list):
            return cls(color, [QRect(one.x, top, one.width, high) for one in drawn], QRect(), None)
        row = shades(drawn.levels, color)
        image = QImage(row, len(drawn.levels), 1, QImage.Format.Format_ARGB32).copy()  # else the bytes had to be kept
        return cls(color, [], QRect(drawn.left, top, image.width(), high), image)

    def paint(self, painter: QPainter) -> None:
        if self.row is not None:
            painter.drawImage(self.area, self.row)
        elif self.apart:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.color)
            painter.drawRects(self.apart)


def shades(levels: bytes, color: QColor) -> bytes:
    """Columns of one pixel as one row of pixels (`Format_ARGB32`): a thousand areas take 3 ms to draw."""
    of_level = [bytes(4)]
    for level in range(1, LEVELS + 1):
        color.setAlphaF(opacity(level))
        of_level.append(color.rgba().to_bytes(4, sys.byteorder))
    return b"".join(map(of_level.__getitem__, levels))
