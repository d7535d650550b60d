"""The table of a load, painted: a step a row, the figures of each side beside each other, what is to be said at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFont, QFontMetricsF, QGuiApplication, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip, QWidget

from ui.study.load.rows import COLUMNS, Cell, LoadRow
from ui.style.look import fill
from ui.style.theme import colors, font
from ui.widgets.labels import plain_tip
from ui.widgets.stops import Stop, Stops

if TYPE_CHECKING:
    from app.recording.records import SideName

ROW, HEAD, INSET, STEP = 27, 58, 16, 74
FIGURE, LEAST_FIGURE, DIFFERENCE, LEAST_NOTE, BADGE = 66, 50, 78, 120, 18
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
P99 = COLUMNS.index("p99")


class Places(msgspec.Struct, frozen=True):
    """Where columns begin and how wide they are, in pixels: of each side those of `COLUMNS`, of width 0 where left out."""

    step: tuple[float, float]
    sides: dict[SideName, tuple[tuple[float, float], ...]]
    difference: tuple[float, float]
    note: tuple[float, float]


def places_for(width: float, sides: Sequence[SideName]) -> Places:
    """The columns of a table of that width: where it is narrow the p99 go, then all are narrower, then the notes go."""
    difference = DIFFERENCE if len(sides) > 1 else 0
    room = width - 2 * INSET - STEP - difference
    count = len(COLUMNS) * max(1, len(sides))
    has_p99 = room - count * FIGURE >= 0
    count -= 0 if has_p99 else max(1, len(sides))
    figure = min(FIGURE, max(LEAST_FIGURE, room / count))
    left, placed = float(INSET + STEP), {}
    for side in sides:
        columns = []
        for number in range(len(COLUMNS)):
            wide = figure if has_p99 or number != P99 else 0
            columns.append((left, wide))
            left += wide
        placed[side] = tuple(columns)
    note = width - left - difference - INSET - 14
    return Places((INSET, STEP), placed, (left, difference), (left + difference + 14, note if note >= LEAST_NOTE else 0))


class LoadTable(QFrame):
    """Paints the rows; each says more where the mouse is, and where the keyboard."""

    heard_as = "list"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.rows: tuple[LoadRow, ...] = ()
        self._names: dict[SideName, str] = {}
        self._unit = "at once"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Figures of the steps")
        self._stops = Stops(self, self._rects)
        copy = QAction("&Copy table", self)
        copy.triggered.connect(lambda _=False: QGuiApplication.clipboard().setText(self.text))
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def text(self) -> str:
        """The table with tabs between its cells, as it is copied."""
        head = [self._unit, *(f"{name.upper()} {title}" for name in self._names for title in COLUMNS), "B − A, p50", ""]
        lines = [head]
        for row in self.rows:
            cells = [cell.text for name in self._names for cell in row.sides.get(name, (Cell(),) * len(COLUMNS))]
            lines.append([row.step, *cells, row.difference, row.note])
        return "\n".join("\t".join(line) for line in lines)

    def show_rows(self, rows: Sequence[LoadRow], names: Mapping[SideName, str], unit: str) -> None:
        """Show these; `names` are the endpoints', `unit` what a step is counted in."""
        if (tuple(rows), dict(names), unit) == (self.rows, self._names, self._unit):
            return
        self.rows, self._names, self._unit = tuple(rows), dict(names), unit
        self.setAccessibleDescription("\n".join(one.words for one in rows))
        self._stops.name([(one.words, one.tip) for one in rows])
        self.updateGeometry()
        self.update()

    @property
    def stops(self) -> list[Stop]:
        """Where the keyboard stops, one after the other."""
        return self._stops.parts

    def _rects(self) -> list[QRect]:
        return [QRect(1, HEAD + ROW * number, self.width() - 2, ROW) for number in range(len(self.rows))]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stops.put()

    def sizeHint(self) -> QSize:
        return QSize(400, HEAD + ROW * max(1, len(self.rows)) + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = (event.pos().y() - HEAD) // ROW
            tip = self.rows[number].tip if event.pos().y() >= HEAD and number < len(self.rows) else ""
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return bool(super().event(event))

    # -- painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = places_for(self.width(), list(self._names))
        self._paint_head(painter, places)
        for number, row in enumerate(self.rows):
            self._paint_row(painter, places, row, HEAD + ROW * number)

    def _paint_head(self, painter: QPainter, places: Places) -> None:
        small, top = font(0.9), HEAD - 28
        for name, columns in places.sides.items():
            begin, end = columns[0][0], columns[-1][0] + columns[-1][1]
            title = QFontMetricsF(font()).elidedText(self._names[name], Qt.TextElideMode.ElideRight, end - begin - BADGE - 34)
            wide = QFontMetricsF(font()).horizontalAdvance(title)
            _badge(painter, QRectF(end - wide - BADGE - 8, 8, BADGE, BADGE), name)
            _text(painter, (end - wide - 2, wide + 2), 8, BADGE, title, RIGHT, "text", font())
            for column, said in zip(columns, COLUMNS, strict=True):
                _text(painter, column, top, 28, said, RIGHT, "muted", small)
        _text(painter, places.step, top, 28, self._unit, LEFT, "muted", small)
        _text(painter, places.difference, top, 28, "B − A, p50", RIGHT, "muted", small)
        fill(painter, QRectF(1, HEAD - 1, self.width() - 2, 1), colors().color("border"))

    def _paint_row(self, painter: QPainter, places: Places, row: LoadRow, top: int) -> None:
        normal, bold = font(), font(bold=True)
        if row.within:
            fill(painter, QRectF(1, top, self.width() - 2, ROW), colors().color("select"))
        _text(painter, places.step, top, ROW, row.step, LEFT, "text", bold)
        for name, columns in places.sides.items():
            for column, cell in zip(columns, row.sides.get(name, ()), strict=False):
                _text(painter, column, top, ROW, cell.text, RIGHT, cell.role, bold if cell.bold else normal)
        _text(painter, places.difference, top, ROW, row.difference, RIGHT, "text", normal)
        _text(painter, places.note, top, ROW, row.note, LEFT, "muted", font(0.9))


def _badge(painter: QPainter, place: QRectF, side: SideName) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors().color(side))
    painter.drawRoundedRect(place, 4, 4)
    painter.setPen(colors().color("on_side"))
    painter.setFont(font(0.8, bold=True))
    painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), side.upper())


def _text(
    painter: QPainter, place: tuple[float, float], top: float, height: float, text: str, align: Qt.AlignmentFlag, role: str,
    chosen: QFont,
) -> None:  # fmt: skip
    if place[1] <= 0 or not text:
        return
    painter.setFont(chosen)
    painter.setPen(colors().color(role))
    shown = QFontMetricsF(chosen).elidedText(text, Qt.TextElideMode.ElideRight, place[1])
    painter.drawText(QRectF(place[0], top, place[1], height), int(align), shown)
