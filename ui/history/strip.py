"""The strip above the list: a measure of one endpoint or a pair over days, each run and the median, and what changed when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.text import numbers
from app.text.sentences import message, tr
from app.text.visible import one_line, visible
from ui.history.lines import short_day
from ui.history.watching import WatchPanel
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import ElidedLabel, plain_tip
from ui.widgets.segmented import Segmented
from ui.widgets.segments import Segment

if TYPE_CHECKING:
    from app.trend.trend import Day, Run, Trend

HEIGHT, BESIDE = 178, 5.0  # BESIDE: from a line to its words
WIDE = 900  # below this the watch is in the menu alone
MEASURES = (message("First token"), message("Total"), message("Cost"), message("Success"))
_FIELDS = ("ttft_ms", "total_ms", "cost_usd")
_WHOLE = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)  # Chinese is higher than the Latin font's line


def run_value(run: Run, measure: int) -> float | None:
    """What is drawn of a run; None where it is not known, and of success, which is a share of a day."""
    if measure == len(_FIELDS) or run.outcome != "completed":
        return None
    value: float | None = getattr(run, _FIELDS[measure])
    return value


def day_value(day: Day, measure: int) -> float | None:
    """The median of a day; of success the share in percent."""
    if measure == len(_FIELDS):
        return 100.0 * day.completed / day.runs if day.runs else None
    value: float | None = getattr(day, _FIELDS[measure])
    return value


def said(value: float, measure: int) -> str:
    """A value with its unit."""
    if measure == len(_FIELDS):
        return numbers.percent(value)
    return numbers.usd(value) if _FIELDS[measure] == "cost_usd" else numbers.milliseconds(value)


def top_of(highest: float) -> float:
    """Where the scale ends: a round number not below the highest value, half of which is round too."""
    if highest <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(highest))
    return next(part * unit for part in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10, 12) if part * unit >= highest)


def changes_of(trend: Trend) -> list[tuple[str, str]]:
    """The days since which something is otherwise, the first first, and what that is in a few words."""
    from app.trend.words import brief_of

    by_day: dict[str, list[str]] = {}
    for one in reversed(trend.changes):
        by_day.setdefault(one.since_day, []).append(brief_of(one, one.side.upper(), "A" if one.side == "b" else "B"))
    return [(day, tr(", ").join(dict.fromkeys(changed))) for day, changed in sorted(by_day.items())]


def beside(lines: Sequence[float], widths: Sequence[float], end: float) -> list[tuple[float, float]]:
    """Where the words of each line begin, and how much room they have: behind it, or where there is more room before it."""
    placed, taken = [], 0.0  # taken: up to where there are words
    for x, wanted, following in zip(lines, widths, [*lines[1:], end], strict=False):
        behind, before = following - x - 2 * BESIDE, x - 2 * BESIDE - taken
        room = min(wanted, behind if wanted <= behind or before <= behind else before)
        at = x + BESIDE if wanted <= behind or before <= behind else x - BESIDE - room
        placed.append((at, max(0.0, room)))
        taken = max(x, at + room)
    return placed


class TrendStrip(QFrame):
    """Shows a `Trend`; hidden where there are fewer than two runs."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setFixedHeight(HEIGHT)
        self.measures = Segmented([tr(one) for one in MEASURES], tr("What is shown over days"), style="rounds")
        self.about, self.says = ElidedLabel(), ElidedLabel()
        self.picture, self.watch = _Picture(), WatchPanel()
        top = QHBoxLayout()
        top.addWidget(self.measures)
        top.addWidget(self.about, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(top)
        column.addWidget(self.picture, 1)
        column.addWidget(self.says)
        row.addLayout(column, 1)
        row.addWidget(self.watch)
        self.measures.chosen.connect(self.picture.show_measure)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.watch.setVisible(self.width() >= WIDE)

    def show_trend(self, trend: Trend | None, sentences: Sequence[str] = ()) -> None:
        """Show it; None for none."""
        enough = trend is not None and max((len(side.runs) for side in trend.sides), default=0) > 1
        self.setVisible(enough)
        if trend is None or not enough:
            return
        names = [f"{side.side.upper()} {one_line(side.name, 40)}" for side in trend.sides]
        about = tr("{names:commas}: day by day, each run and the median", names=names)
        self.about.set_segments(Segment(visible(about), "muted", yields=True))
        self.says.set_segments(*(Segment(visible(one), "text", yields=True) for one in sentences))
        self.says.setToolTip(plain_tip("\n".join(sentences)))
        self.picture.show_trend(trend)


class _Picture(QWidget):
    heard_as = "chart"

    def __init__(self) -> None:
        super().__init__()
        self._trend: Trend | None = None
        self._measure = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Over days"))

    def show_trend(self, trend: Trend) -> None:
        self._trend = trend
        self._tell()

    def show_measure(self, measure: int) -> None:
        self._measure = measure
        self._tell()

    def _tell(self) -> None:
        if self._trend is not None:
            ends = (tr("{side}: {words}", side=one.side.upper(), words=said(value, self._measure)) for one in self._trend.sides
                    if (value := self._last(one.days)) is not None)  # fmt: skip
            last = tr(
                "{measure}, the last day: {ends:or not known}", measure=tr(MEASURES[self._measure]), ends=tr(", ").join(ends)
            )
            changes = (tr("since {day} {text}", day=_day_title(day), text=text) for day, text in changes_of(self._trend))
            self.setAccessibleDescription(tr("; ").join((last, *changes)))
        self.update()

    def _last(self, days: Sequence[Day]) -> float | None:
        return next((value for day in reversed(days) if (value := day_value(day, self._measure)) is not None), None)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        trend, theme, small = self._trend, colors(), font(0.88)
        days = sorted({day.day for side in trend.sides for day in side.days}) if trend is not None else []
        values = [
            value
            for side in (trend.sides if trend is not None else ())
            for value in (
                *(run_value(one, self._measure) for one in side.runs), *(day_value(one, self._measure) for one in side.days),
            )
            if value is not None
        ]  # fmt: skip
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        if trend is None or not values:
            painter.setPen(theme.color("muted"))
            painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, tr("Not known of these runs."))
            return
        high = top_of(max(values))
        line = metrics.height()
        left = max(metrics.horizontalAdvance(said(high * part, self._measure)) for part in (0.5, 1.0)) + 12
        right = max(metrics.horizontalAdvance("B " + said(high, self._measure)) + 16, 60.0)
        area = QRectF(left, line, self.width() - left - right, self.height() - 2 * line - 4)
        painter.setPen(theme.color("muted"))
        for part in (0.0, 0.5, 1.0):
            y = area.bottom() - part * area.height()
            fill(painter, QRectF(area.left(), y, area.width(), 1), theme.color("border"))
            painter.setPen(theme.color("muted"))
            text = QRectF(0, y - line / 2, left - 8, line)
            painter.drawText(text, Qt.AlignmentFlag.AlignRight, said(high * part, self._measure) if part else "0")
        step = area.width() / len(days)
        begins = {day: area.left() + step * number for number, day in enumerate(days)}
        self._days(painter, days, begins, step, area, metrics)
        for side in trend.sides:
            self._side(painter, side.side, side.runs, side.days, begins, step, area, high)
        self._changes(painter, trend, begins, area, metrics)
        self._ends(painter, trend, area, high, line)

    def _days(
        self,
        painter: QPainter,
        days: Sequence[str],
        begins: dict[str, float],
        step: float,
        area: QRectF,
        metrics: QFontMetricsF,
    ) -> None:
        painter.setPen(colors().color("muted"))
        end = -1e9
        for day in days:
            title = _day_title(day)
            width, middle = metrics.horizontalAdvance(title), begins[day] + step / 2
            if middle - width / 2 > end + 8:
                end = middle + width / 2
                painter.drawText(QRectF(middle - width / 2, area.bottom() + 3, width + 2, metrics.height()), _WHOLE, title)

    def _side(
        self, painter: QPainter, name: str, runs: Sequence[Run], days: Sequence[Day], begins: dict[str, float], step: float,
        area: QRectF, high: float,
    ) -> None:  # fmt: skip
        theme = colors()
        of_day: dict[str, list[float]] = {}
        for run in runs:
            if (value := run_value(run, self._measure)) is not None:
                of_day.setdefault(run.day, []).append(value)
        painter.setPen(Qt.PenStyle.NoPen)
        tone = theme.color(name)
        tone.setAlpha(150)
        painter.setBrush(tone)
        for day, found in of_day.items():
            for number, value in enumerate(found):
                place = QRectF(0, 0, 5, 5)
                x = begins[day] + step * (number + 1) / (len(found) + 1)
                place.moveCenter(QPointF(x, area.bottom() - value / high * area.height()))
                if name == "a":
                    painter.drawEllipse(place)
                else:
                    painter.drawRect(place)
        points = [
            QPointF(begins[day.day] + step / 2, area.bottom() - value / high * area.height())
            for day in days
            if (value := day_value(day, self._measure)) is not None
        ]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color(name), 2))
        painter.drawPolyline(QPolygonF(points))

    def _changes(
        self, painter: QPainter, trend: Trend, begins: dict[str, float], area: QRectF, metrics: QFontMetricsF
    ) -> None:  # fmt: skip
        lines = [(begins[day], text) for day, text in changes_of(trend) if day in begins]
        places = beside([x for x, _ in lines], [metrics.horizontalAdvance(text) + 2 for _, text in lines], self.width())
        painter.setPen(QPen(colors().color("text"), 1, Qt.PenStyle.DashLine))
        for (x, text), (at, room) in zip(lines, places, strict=True):
            painter.drawLine(QPointF(x, area.top() - 4), QPointF(x, area.bottom()))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(at, 0, room, metrics.height()), _WHOLE, shown)

    def _ends(self, painter: QPainter, trend: Trend, area: QRectF, high: float, line: float) -> None:
        ends = sorted(
            (area.bottom() - last / high * area.height(), side.side, last) for side in trend.sides
             if (last := self._last(side.days)) is not None
        )  # fmt: skip
        below = -1e9
        painter.setFont(font(0.88, bold=True))
        for y, name, last in ends:
            top = max(y - line / 2, below)
            below = top + line
            painter.setPen(colors().color(f"{name}_text"))
            text = f"{name.upper()} {said(last, self._measure)}"
            painter.drawText(QRectF(area.right() + 8, top, self.width() - area.right() - 8, line), text)


def _day_title(day: str) -> str:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return short_day(found)
