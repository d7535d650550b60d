"""The table of a load, painted: a step a row, the figures of each side beside each other, what is to be said at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.text.sentences import tr
from ui.study.figure_table import LEFT, RIGHT, FigureTable, paint_text
from ui.study.load.rows import COLUMNS, Cell, LoadRow
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font, text_scale
from ui.widgets.badge import paint_badge

if TYPE_CHECKING:
    from app.recording.records import SideName

ROW, HEAD, INSET, STEP = 27, 58, 16, 74
FIGURE, LEAST_FIGURE, DIFFERENCE, LEAST_NOTE, BADGE = 66, 50, 78, 120, 18
P99 = COLUMNS.index("p99")


class Places(msgspec.Struct, frozen=True):
    """Where columns begin and how wide they are, in pixels: of each side those of `COLUMNS`, of width 0 where left out."""

    step: tuple[float, float]
    sides: dict[SideName, tuple[tuple[float, float], ...]]
    difference: tuple[float, float]
    note: tuple[float, float]


def places_for(width: float, sides: Sequence[SideName], scale: float = 1.0) -> Places:
    """The columns of a table of that width: where it is narrow the p99 go, then all are narrower, then the notes go.

    `scale`: that of the text, of which the figures are as wide.
    """
    scale = max(1.0, scale)
    difference, step = round(DIFFERENCE * scale) if len(sides) > 1 else 0, round(STEP * scale)
    room = width - 2 * INSET - step - difference
    count = len(COLUMNS) * max(1, len(sides))
    has_p99 = room - count * FIGURE * scale >= 0
    count -= 0 if has_p99 else max(1, len(sides))
    figure = min(FIGURE * scale, max(LEAST_FIGURE * scale, room / count))
    left, placed = float(INSET + step), {}
    for side in sides:
        columns = []
        for number in range(len(COLUMNS)):
            wide = figure if has_p99 or number != P99 else 0
            columns.append((left, wide))
            left += wide
        placed[side] = tuple(columns)
    note = width - left - difference - INSET - 14
    return Places(
        (INSET, step), placed, (left, difference), (left + difference + 14, note if note >= LEAST_NOTE * scale else 0)
    )


class LoadTable(FigureTable[LoadRow]):
    """Paints the rows of a load."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._names: dict[SideName, str] = {}
        self._unit = tr("at once")
        super().__init__(tr("Figures of the steps"), HEAD, ROW, lambda: self.text, parent)

    @property
    def text(self) -> str:
        """The table with tabs between its cells, as it is copied."""
        head = [self._unit, *(f"{name.upper()} {tr(title)}" for name in self._names for title in COLUMNS), tr("B − A, p50"), ""]
        lines = [head]
        for row in self.rows:
            cells = [cell.text for name in self._names for cell in row.sides.get(name, (Cell(),) * len(COLUMNS))]
            lines.append([row.step, *cells, row.difference, row.note])
        return "\n".join("\t".join(line) for line in lines)

    def show_rows(self, rows: Sequence[LoadRow], names: Mapping[SideName, str], unit: str) -> None:
        """Show these; `names` are the endpoints', `unit` what a step is counted in."""
        if (tuple(rows), dict(names), unit) == (self.rows, self._names, self._unit):
            return
        self._names, self._unit = dict(names), unit
        self.take_rows(rows)

    # -- painting -----------------------------------------------------------------------------------------------------

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = places_for(self.width(), list(self._names), text_scale())
        self._paint_head(painter, places)
        for number, row in enumerate(self.rows):
            self._paint_row(painter, places, row, self.head_height + self.row_height * number)

    def _paint_head(self, painter: QPainter, places: Places) -> None:
        small, line = font(0.9), self.head_height // 2
        top = self.head_height - line
        for name, columns in places.sides.items():
            begin, end = columns[0][0], columns[-1][0] + columns[-1][1]
            title = QFontMetricsF(font()).elidedText(self._names[name], Qt.TextElideMode.ElideRight, end - begin - BADGE - 34)
            wide = QFontMetricsF(font()).horizontalAdvance(title)
            paint_badge(painter, QRectF(end - wide - BADGE - 8, (top - BADGE) / 2 + 2, BADGE, BADGE), name, scale=0.8, radius=4)
            paint_text(painter, (end - wide - 2, wide + 2), 2, top, title, RIGHT, "text", font())
            for column, said in zip(columns, COLUMNS, strict=True):
                paint_text(painter, column, top, line, tr(said), RIGHT, "muted", small)
        paint_text(painter, places.step, top, line, self._unit, LEFT, "muted", small)
        paint_text(painter, places.difference, top, line, tr("B − A, p50"), RIGHT, "muted", small)
        fill(painter, QRectF(1, self.head_height - 1, self.width() - 2, 1), colors().color("border"))

    def _paint_row(self, painter: QPainter, places: Places, row: LoadRow, top: int) -> None:
        normal, bold = font(), font(bold=True)
        if row.within:
            fill(painter, QRectF(1, top, self.width() - 2, self.row_height), colors().color("select"))
        paint_text(painter, places.step, top, self.row_height, row.step, LEFT, "text", bold)
        for name, columns in places.sides.items():
            for column, cell in zip(columns, row.sides.get(name, ()), strict=False):
                paint_text(painter, column, top, self.row_height, cell.text, RIGHT, cell.role, bold if cell.bold else normal)
        paint_text(painter, places.difference, top, self.row_height, row.difference, RIGHT, "text", normal)
        paint_text(painter, places.note, top, self.row_height, row.note, LEFT, "muted", font(0.9))
