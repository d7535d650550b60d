"""Where the columns of the table of checks stand, and how a line of it is painted."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from app.checks.verdict import NAMES
from app.text.sentences import tr
from ui.checks.entries import Cell, Entry, Fold, Kind
from ui.shared.verdict_looks import LOOKS
from ui.style.look import fill
from ui.style.theme import Colors, colors, font
from ui.widgets.unfolding import FOLDED, UNFOLDED

INSET = 16.0
INDENT = 14.0
ROW_ROOM = 9
NARROW = 1000


class Columns(msgspec.Struct, frozen=True):
    """The widths of the columns, 0 for one that is not there; `narrow`: what a check means stands below its name."""

    check: float
    a: float
    b: float
    measured: float
    meaning: float
    narrow: bool

    @property
    def lefts(self) -> tuple[float, float, float, float, float]:
        """Where each begins."""
        at = INSET
        places = []
        for width in (self.check, self.a, self.b, self.measured, self.meaning):
            places.append(at)
            at += width
        return places[0], places[1], places[2], places[3], places[4]


def columns_for(width: float, *, against: bool) -> Columns:
    """The columns of a table of that width. Fonts are larger for some: the widths follow theirs."""
    metrics = QFontMetricsF(font(bold=True))
    verdict = max(metrics.horizontalAdvance(f"{LOOKS[one][0]} {tr(said)}") for one, said in NAMES.items()) + 22
    a, room = verdict if against else 0.0, max(200.0, width - 2 * INSET)
    if width >= NARROW:
        check = min(330.0, 0.24 * room)
        measured = min(330.0, (0.2 if against else 0.16) * room)
        return Columns(check, a, verdict, measured, room - check - a - verdict - measured, narrow=False)
    measured = 0.28 * room if room > a + verdict + 330 else 0.0
    return Columns(room - a - verdict - measured, a, verdict, measured, 0.0, narrow=True)


def row_height(entry: Entry, *, narrow: bool) -> int:
    """How high a line is; not of what is unfolded."""
    line = round(QFontMetricsF(font()).height())
    return line + ROW_ROOM + (line + 2 if narrow and entry.kind is Kind.CHECK and entry.meaning else 0)


class LinePainter:
    """Paints the lines of one repaint."""

    def __init__(self, painter: QPainter, columns: Columns) -> None:
        self._painter, self._columns = painter, columns
        self._colors: Colors = colors()
        self._plain, self._bold, self._small = font(), font(bold=True), font(0.94)

    def paint(self, entry: Entry, area: QRectF, *, current: bool, focused: bool) -> None:
        """One line of a group or a check."""
        theme, top = self._colors, QRectF(area)
        top.setHeight(row_height(entry, narrow=False))
        if current:
            fill(self._painter, area, theme.color("select"))
        if entry.kind is Kind.GROUP and area.top() > 0:
            self._painter.setPen(QPen(theme.color("border"), 1))
            self._painter.drawLine(area.topLeft(), area.topRight())
        if entry.kind is Kind.GROUP:
            self._group(entry, top)
        else:
            self._check(entry, top, area, current=current)
        if current and focused:
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.setPen(QPen(theme.color("a"), 1))
            self._painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    def _group(self, entry: Entry, top: QRectF) -> None:
        x = self._columns.lefts[0]
        if entry.fold is not None:
            self._text(FOLDED if entry.fold is Fold.FOLDED else UNFOLDED, x, INDENT, top, "muted", self._small)
        x += INDENT
        x += self._text(entry.title, x, self._end_of_check(x, entry), top, "text", self._bold) + 10
        x += self._text(entry.counted, x, self._end_of_check(x, entry), top, "muted", self._small)
        if entry.quiet:
            x += self._text(" · ", x, 40, top, "muted", self._small)
            underlined = QFont(self._small)
            underlined.setUnderline(True)
            self._text(entry.quiet, x, self._end_of_check(x, entry), top, "muted", underlined)
        self._cells(entry, top)

    def quiet_area(self, entry: Entry, area: QRectF) -> QRectF:
        """Where the words of a group stand that list the checks it only counts."""
        if not entry.quiet:
            return QRectF()
        small = QFontMetricsF(self._small)
        x = self._columns.lefts[0] + INDENT + QFontMetricsF(self._bold).horizontalAdvance(entry.title) + 10
        x += small.horizontalAdvance(entry.counted + " · ")
        return QRectF(x, area.top(), small.horizontalAdvance(entry.quiet), area.height())

    def _end_of_check(self, x: float, entry: Entry) -> float:
        """How much room a group's words have: up to its verdicts, or to the end where it has none."""
        beside = entry.a is not None or entry.b is not None
        end = self._columns.lefts[1] if beside else self._columns.lefts[3] + self._columns.measured
        return max(0.0, end - x - 8)

    def _check(self, entry: Entry, top: QRectF, area: QRectF, *, current: bool) -> None:
        x = self._columns.lefts[0] + INDENT
        self._text(entry.title, x, self._columns.check - INDENT - 10, top, "text", self._bold if current else self._plain)
        self._cells(entry, top)
        if self._columns.narrow and entry.meaning:
            below = QRectF(area)
            below.setTop(top.bottom() - 6)
            self._text(entry.meaning, x, area.width() - x - INSET, below, "muted", self._small)

    def _cells(self, entry: Entry, top: QRectF) -> None:
        columns = self._columns
        _, a, b, measured, meaning = columns.lefts
        if columns.a:
            self._cell(entry.a, a, columns.a, top)
        self._cell(entry.b, b, columns.b, top)
        if columns.measured:
            self._text(entry.measured, measured, columns.measured - 12, top, "text", self._plain)
        if columns.meaning:
            self._text(entry.meaning, meaning, columns.meaning, top, "muted", self._plain)

    def _cell(self, cell: Cell | None, x: float, width: float, top: QRectF) -> None:
        if cell is not None:
            quiet = cell.role == "muted"
            self._text(cell.text, x, width - 6, top, cell.role, self._plain if quiet else self._bold)

    def _text(self, text: str, x: float, width: float, area: QRectF, role: str, chosen: QFont) -> float:
        """Draw a text, shortened where it is too long; how wide it became."""
        metrics = QFontMetricsF(chosen)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        painter = self._painter
        painter.setFont(chosen)
        painter.setPen(self._colors.color(role))
        drawn = metrics.horizontalAdvance(shown)
        painter.drawText(QRectF(x, area.top(), drawn + 4, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return drawn
