"""What scrolls ends with a whole row: one that is cut at the lower edge is covered, until it is scrolled into view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QChildEvent, QCoreApplication, QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.style.painting import painted
from ui.style.theme import colors

PARTS = QLabel, QAbstractButton, QComboBox, QLineEdit
SPARE = 6  # of a row's height so many parts are room below its words: a row of which less is cut is read as if whole
FITTING = frozenset({QEvent.Type.Paint, QEvent.Type.Resize, QEvent.Type.Move})


class WholeRows(QWidget):
    """Covers the row that a list or a scroll area cuts at its lower edge; made once for it, and gone with it.

    A row that has more than half of the view is left as it is. Where rows are all low, give the list `ScrollPerItem`: it
    begins with a whole one, too.
    """

    def __init__(self, view: QAbstractScrollArea, ground: str = "surface") -> None:
        """`ground` is the theme's colour that the view lies on."""
        super().__init__(view)
        self._view, self._ground = view, ground
        self.hide()
        view.viewport().installEventFilter(self)
        held = view.widget() if isinstance(view, QScrollArea) else None
        if held is not None:
            held.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in FITTING:
            self._fit()
        elif isinstance(event, QChildEvent) and event.added() and watched is self._view.viewport():
            event.child().installEventFilter(self)  # a scroll area is given another widget: that is painted, and it alone
        return bool(super().eventFilter(watched, event))

    def _fit(self) -> None:
        inner = self._view.viewport().geometry()
        top = self._top(inner.height())
        if top < inner.height():
            self.setGeometry(inner.adjusted(0, top, 0, 0))
            self.raise_()
        if self.isHidden() != (top >= inner.height()):
            self.setVisible(top < inner.height())

    def _top(self, height: int) -> int:
        """Where the rows end that are whole, in pixels from the top; the view's height where none is cut."""
        top = height
        while (cut := self._cut_at(top)) is not None and 0 < cut.top() < top and 2 * cut.height() <= height:
            top = cut.top()
        return top

    def _cut_at(self, edge: int) -> QRect | None:
        """The uppermost of the rows that this edge cuts, in the viewport."""
        view = self._view
        if isinstance(view, QAbstractItemView):
            # The rows of a list don't stand beside each other: only the viewport's own edge can cut one.
            row = view.visualRect(view.indexAt(QPoint(2, edge - 1))) if edge == view.viewport().height() else QRect()
            return row if _is_cut(_words(row), edge) else None
        held = view.widget() if isinstance(view, QScrollArea) else None
        rows = rows_in(held, view.viewport()) if held is not None else ()
        return min((row for row in rows if _is_cut(row, edge)), key=QRect.top, default=None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What is covered is scrolled, and not pressed: nobody sees what that would be."""
        QCoreApplication.sendEvent(self._view.viewport(), event)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), colors().color(self._ground))


class EvenRows(QWidget):
    """Holds a table of equal rows, so that it begins and ends with a whole one wherever it is scrolled to.

    `row` is a row's height in pixels, asked when the height is another; `head` what stands above them.
    """

    def __init__(self, view: QAbstractScrollArea, row: Callable[[], int], head: Callable[[], int] = lambda: 0) -> None:
        super().__init__()
        self._view, self._row, self._head = view, row, head
        self.setObjectName("plainPage")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)

    def fit(self) -> None:
        """Leave what is no whole row; a wheel's step is whole rows, too."""
        row = max(1, self._row())
        rows = max(0, self.height() - self._head() - 2 * self._view.frameWidth())
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(0, 0, 0, rows % row if rows >= row else 0)
        layout.activate()  # now: who resized this scrolls to a row in the same turn
        self._view.verticalScrollBar().setSingleStep(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


def _is_cut(row: QRect, edge: int) -> bool:
    return row.isValid() and row.top() < edge <= row.bottom()


def _words(row: QRect) -> QRect:
    """A row of a table without the room that is below its words."""
    return row.adjusted(0, 0, 0, -(row.height() // SPARE))


def rows_in(held: QWidget, seen_from: QWidget) -> Iterator[QRect]:
    """What is read or pressed in one piece, seen from there: lines of labels, buttons, fields, rows of painted tables."""
    for part in held.findChildren(QWidget):
        if not part.isVisibleTo(held) or not part.height():
            continue
        # A painted table's rows are parts from one side to the other; a picture's points are not.
        if not isinstance(part, PARTS) and (2 * part.width() < held.width() or part.findChild(QWidget) is not None):
            continue
        area = QRect(part.mapTo(seen_from, QPoint(0, 0)), part.size())
        if not isinstance(part, QLabel):
            yield area if isinstance(part, PARTS) else _words(area)
            continue
        begin = area.top()
        for height in _line_heights(part):
            yield QRect(area.left(), begin, area.width(), area.top() + height - begin)
            begin = area.top() + height


def _line_heights(label: QLabel) -> Iterator[int]:
    """How far each line of a label reaches, in pixels from its top. One with Chinese in it is higher than the font's own, so
    that they are counted by laying the text out; where two of the font's own find no room there is one.
    """
    height = label.height()
    if height < 2 * label.fontMetrics().lineSpacing():
        yield height
        return
    layout, option = QTextLayout(label.text().replace("\n", "\u2028"), label.font()), QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap if label.wordWrap() else QTextOption.WrapMode.ManualWrap)
    layout.setTextOption(option)
    heights: list[float] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(label.contentsRect().width())
        heights.append(line.height())
    layout.endLayout()
    whole, reached = sum(heights), 0.0
    for one in heights:
        reached += one
        yield round(height * reached / whole)
