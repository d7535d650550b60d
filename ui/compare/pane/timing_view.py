"""The Timing tab: phases with bars on one scale for both sides, the pace of the stream, the facts of the connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from app.text.sentences import message, tr
from ui.compare.pane.timing_rows import Group, Row, beside, scale_of, timing_groups
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import PlainLabel, plain_tip
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange
    from app.recording.records import SideName
    from ui.widgets.copying import Copy

DIFFERENCE = "B − A, ms"
EMPTY = message(
    "Where the time went will stand here: name, connect, TLS, send, wait, receive, and the facts of the connection."
)


class PhaseBar(QWidget):
    """A phase or a moment on a scale that all bars of both sides share."""

    def __init__(self, side: SideName, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._place: tuple[float, float, float] | None = None
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_row(self, row: Row, scale_ms: float) -> None:
        """Take the place of a row; `scale_ms` is the whole width."""
        place = None if row.begin_ms is None or row.length_ms is None else (row.begin_ms, row.length_ms, scale_ms)
        if place != self._place:
            self._place = place
            self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._place is None or self._place[2] <= 0:
            return
        begin, length, scale = self._place
        left, width = begin / scale * (self.width() - 3), length / scale * (self.width() - 3)
        painter, color = QPainter(self), colors().color(self._side)
        if not length:
            painter.fillRect(QRectF(left, self.height() / 2 - 6, 2, 12), color)
            return
        color.setAlphaF(0.55)
        painter.fillRect(QRectF(left, self.height() / 2 - 4, max(width, 1.5), 8), color)


class TimingView(QScrollArea):
    """The times and the connection of one exchange, beside the other side's of the same round."""

    def __init__(self, side: SideName, other: Callable[[], Exchange | None], parent: QWidget | None = None) -> None:
        """`other` gives what the times are set beside, None for nothing."""
        super().__init__(parent)
        self.setObjectName("plainPage")
        self.setAccessibleName(tr("Timing"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side: SideName = side
        self._other = other
        self._exchange: Exchange | None = None
        self._cells: list[tuple[PlainLabel, PlainLabel, tuple[PhaseBar, PlainLabel] | None]] = []
        self._kinds: list[tuple[str, ...]] = []
        self._page = QWidget()
        self._page.setObjectName("plainPage")
        self.setWidget(self._page)
        WholeRows(self)
        self.show_exchange(None)

    def show_exchange(self, exchange: Exchange | None) -> None:
        self._exchange = exchange
        self.refresh()

    def refresh(self) -> None:
        other = self._other()
        groups, scale = self._groups(other)
        kinds = [(group.title, str(other is not None), *(f"{row.name} {row.kind}" for row in group.rows)) for group in groups]
        if kinds != self._kinds or not groups:
            self._build(groups)
            self._kinds = kinds
        rows = [row for group in groups for row in group.rows]
        for row, (name, value, timed) in zip(rows, self._cells, strict=True):
            name.setToolTip(plain_tip(row.tip))
            value.setText(row.value)
            if timed is not None:
                bar, difference = timed
                bar.show_row(row, scale)
                difference.setText(row.difference)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """The line that is pointed at, and all of them."""
        from ui.widgets.copying import Copy

        rows = [row for group in self._groups(self._other())[0] for row in group.rows]
        page = self.widget()
        y = page.mapFrom(self, at).y() if at is not None and page is not None else -1
        for row, (name, value, timed) in zip(rows, self._cells, strict=False):
            cells = (name, value, *(timed or ()))
            if any(one.geometry().top() <= y <= one.geometry().bottom() for one in cells if not one.isHidden()):
                yield Copy(tr("Copy {text:quoted}", text=row.value), partial(str, row.value), tr(row.name))
                yield Copy(tr("Copy the row"), partial(_line_of, row))
                break
        if rows:
            yield Copy(tr("Copy all times of this side"), lambda: "\n".join(map(_line_of, rows)))

    def _groups(self, other: Exchange | None) -> tuple[list[Group], float]:
        """The lines, and how long the scale is."""
        if self._exchange is None:
            return [], 0.0
        groups = timing_groups(self._exchange) if other is None else beside(self._side, self._exchange, other)
        return groups, max(scale_of(groups), scale_of(timing_groups(other)) if other is not None else 0.0)

    def _build(self, groups: list[Group]) -> None:
        """Lay the lines out anew: which there are changes only a few times a run."""
        self._cells = []
        page = QWidget()
        page.setObjectName("plainPage")
        grid = QGridLayout(page)
        grid.setContentsMargins(14, 10, 14, 12)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(2, 1)
        self._align(grid)
        if not groups:
            empty = PlainLabel(tr(EMPTY), role="muted", wrap=True)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(empty, 0, 0, 1, 4)
        for group in groups:
            self._add_group(grid, group)
        if groups:
            grid.setRowStretch(grid.rowCount(), 1)
        self.setWidget(page)

    def _align(self, grid: QGridLayout) -> None:
        """The same columns in both panes, so that a bar of one length is as long in each."""
        metrics = QFontMetrics(font())
        for column, widest in (
            (0, tr("content encoding")),
            (1, "00 000.0 ms"),
            (3, "+00 000.0" if self._other() is not None else ""),
        ):
            grid.setColumnMinimumWidth(column, metrics.horizontalAdvance(widest))

    def _add_group(self, grid: QGridLayout, group: Group) -> None:
        line = grid.rowCount()
        title = PlainLabel(tr(group.title), bold=True, scale=0.92)
        title.setContentsMargins(0, 8 if line > 1 else 0, 0, 2)
        grid.addWidget(title, line, 0, 1, 3)
        if any(row.difference for row in group.rows):
            head = PlainLabel(DIFFERENCE, role="muted", scale=0.88)
            grid.addWidget(head, line, 3, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        for row in group.rows:
            line += 1
            name = PlainLabel(tr(row.name), role="muted")
            fact = row.kind == "fact"
            value = PlainLabel(row.value, selectable=True, wrap=fact)
            timed: tuple[PhaseBar, PlainLabel] | None = None
            grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
            if fact:
                grid.addWidget(value, line, 1, 1, 3)
            else:
                value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(value, line, 1)
                bar, difference = timed = PhaseBar(self._side), PlainLabel("", selectable=True)
                grid.addWidget(bar, line, 2)
                grid.addWidget(difference, line, 3, Qt.AlignmentFlag.AlignRight)
            self._cells.append((name, value, timed))


def _line_of(row: Row) -> str:
    """A row with its cells apart by tabs."""
    return "\t".join(filter(None, (tr(row.name), row.value, row.difference)))
