"""The figures of a study: a line a measure, both medians, the difference, its interval, and all intervals on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.text import numbers
from app.text.sentences import tr
from ui.study.figure_table import LEFT, MIDDLE, RIGHT, FigureTable, paint_text
from ui.study.points import ticks_text
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font, text_scale

if TYPE_CHECKING:
    from ui.study.rows import Row

ROW, HEAD, INSET, INDENT = 26, 30, 16, 18
FIGURE, INTERVAL, WIDE_P95, WIDE_DRAWN = 68, 124, 900, 640


class Columns(msgspec.Struct, frozen=True):
    """Where columns begin and how wide they are, in pixels; a width of 0 for one that is left out."""

    title: tuple[float, float]
    a: tuple[float, float]
    a_p95: tuple[float, float]
    b: tuple[float, float]
    b_p95: tuple[float, float]
    difference: tuple[float, float]
    interval: tuple[float, float]
    drawn: tuple[float, float]


def columns_for(width: int, scale: float = 1.0) -> Columns:
    """The columns of a table of that width: where it is narrow the p95 go first, then what is drawn.

    `scale`: that of the text, of which the figures are as wide.
    """
    scale = max(1.0, scale)
    figure, interval = round(FIGURE * scale), round(INTERVAL * scale)
    p95 = figure if width >= WIDE_P95 * scale else 0
    drawn = max(120, round(0.21 * width)) if width >= WIDE_DRAWN * scale else 0
    title = width - 2 * INSET - 3 * figure - 2 * p95 - interval - drawn - 12 * (drawn > 0) - 12
    placed, left = [], float(INSET)
    for each, gap in (
        (title, 0),
        (figure, 0),
        (p95, 0),
        (figure, 0),
        (p95, 0),
        (figure, 12),
        (interval, 12 * (drawn > 0)),
        (drawn, 0),
    ):
        placed.append((left, float(max(0, each))))
        left += max(0, each) + gap
    return Columns(*placed)


class StudyTable(FigureTable["Row"]):
    """Paints the rows of a study."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._level = ""
        super().__init__(tr("Figures of the pairs"), HEAD, ROW, lambda: self.text, parent)

    @property
    def text(self) -> str:
        """The table with tabs between its cells, as it is copied."""
        head = ("ms", tr("A median"), tr("A p95"), tr("B median"), tr("B p95"), "B − A", self._level)
        lines = [(one.title, one.a, one.a_p95, one.b, one.b_p95, one.difference, one.interval or one.note) for one in self.rows]
        return "\n".join("\t".join(line) for line in (head, *lines))

    def show_rows(self, rows: Sequence[Row], level: str) -> None:
        """Show these; `level` names the intervals'."""
        if tuple(rows) != self.rows or level != self._level:
            self._level = level
            self.take_rows(rows)

    # -- painting -----------------------------------------------------------------------------------------------------

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        columns, scale = columns_for(self.width(), text_scale()), _Scale.of(self.rows)
        self._paint_head(painter, columns, scale)
        for number, row in enumerate(self.rows):
            self._paint_row(painter, columns, scale, row, self.head_height + self.row_height * number)

    def _paint_head(self, painter: QPainter, columns: Columns, scale: _Scale | None) -> None:
        small = font(0.9)
        cells = (
            (columns.title, "ms", LEFT), (columns.a, tr("A median"), RIGHT), (columns.a_p95, "p95", RIGHT),
            (columns.b, tr("B median"), RIGHT), (columns.b_p95, "p95", RIGHT), (columns.difference, "B − A", RIGHT),
            (columns.interval, self._level, LEFT),
        )  # fmt: skip
        for place, text, align in cells:
            paint_text(painter, place, 0, self.head_height, text, align, "muted", small)
        if scale is not None and columns.drawn[1]:
            for value in scale.ticks:
                x = scale.x(value, columns.drawn)
                paint_text(
                    painter,
                    (x - 30, 60),
                    0,
                    self.head_height,
                    numbers.signed(ticks_text(value, scale.step), value),
                    MIDDLE,
                    "muted",
                    small,
                )
        fill(painter, QRectF(1, self.head_height - 1, self.width() - 2, 1), colors().color("border"))

    def _paint_row(self, painter: QPainter, columns: Columns, scale: _Scale | None, row: Row, top: int) -> None:
        quiet, normal, bold = "muted" if row.part and not row.strong else "text", font(), font(bold=True)
        title = columns.title[0] + (INDENT if row.part else 0), columns.title[1] - (INDENT if row.part else 0)
        paint_text(painter, title, top, self.row_height, row.title, LEFT, quiet, bold if row.strong else normal)
        paint_text(painter, columns.a, top, self.row_height, row.a, RIGHT, "text", normal)
        paint_text(painter, columns.b, top, self.row_height, row.b, RIGHT, "text", normal)
        for place, text in ((columns.a_p95, row.a_p95), (columns.b_p95, row.b_p95)):
            paint_text(painter, place, top, self.row_height, text, RIGHT, "muted", normal)
        if row.note:
            left = columns.difference[0] + 24
            paint_text(painter, (left, self.width() - left - INSET), top, self.row_height, row.note, LEFT, "muted", normal)
            return
        paint_text(
            painter,
            columns.difference,
            top,
            self.row_height,
            row.difference,
            RIGHT,
            "text",
            bold if not row.part or row.strong else normal,
        )
        paint_text(painter, columns.interval, top, self.row_height, row.interval, LEFT, quiet, normal)
        if scale is not None and columns.drawn[1]:
            _paint_drawn(painter, columns.drawn, scale, row, top, self.row_height)


def _paint_drawn(painter: QPainter, place: tuple[float, float], scale: _Scale, row: Row, top: int, height: int) -> None:
    theme = colors()
    for value in scale.ticks:
        fill(painter, QRectF(scale.x(value, place), top, 1, height), theme.color("muted" if value == 0 else "border"))
    if row.drawn is None:
        return
    low, middle, high = (scale.x(one, place) for one in (row.drawn.low, row.drawn.middle, row.drawn.high))
    thick = 4 if row.strong else 3
    fill(painter, QRectF(low, top + (height - thick) / 2, max(2.0, high - low), thick), theme.color("b"))
    painter.setPen(QPen(theme.color("text"), 2))
    painter.drawLine(round(middle), top + 8, round(middle), top + height - 8)


class _Scale(msgspec.Struct, frozen=True):
    """The one scale of all drawn intervals, in ms; 0 is always on it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    step: float

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Scale | None:
        drawn = [one.drawn for one in rows if one.drawn is not None]
        if not drawn:
            return None
        low, high = min(0.0, *(one.low for one in drawn)), max(0.0, *(one.high for one in drawn))
        step = _step((high - low) or 1.0)
        first, last = -(-low // step) if low else 0, high // step
        return cls(low, high or (step if not low else 0.0), tuple(step * n for n in range(round(first), round(last) + 1)), step)

    def x(self, value: float, place: tuple[float, float]) -> float:
        room = place[1] - 40
        return place[0] + 20 + room * (value - self.low) / ((self.high - self.low) or 1.0)


def _step(room: float) -> float:
    """A round distance of ticks, of which no more than four fit."""
    power = 10.0 ** floor(log10(room))
    return next(power * one for one in (0.2, 0.5, 1, 2, 5) if room / (power * one) <= 4)
