"""The requests of a check in a list: one is chosen, and the links beside it are about that one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.text.sentences import tr
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font, mono_font
from ui.widgets.badge import paint_badge
from ui.widgets.copying import Copy, cell_copies
from ui.widgets.labels import plain_tip
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from ui.checks.requests import RequestLine

Index = QModelIndex | QPersistentModelIndex
MOST_LINES = 9  # more of them scroll
BADGE = 16
_ROOT = QModelIndex()


class RequestList(QListView):
    """The list.

    Attributes:
        longest_words, longest_figure: of all lines; they say where its columns stand.

    Signals:
        chosen: another request is the current one.
        open_wanted: Enter or a double click on the current one.
    """

    chosen = Signal()
    open_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Model()
        self.longest_words, self.longest_figure = "", ""
        self.setModel(self._lines)
        self.setItemDelegate(_Painter(self))
        self.setObjectName("plainPage")
        self.setAccessibleName(tr("Requests of this check"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        WholeRows(self, "sunken")
        self.selectionModel().currentChanged.connect(lambda: self.chosen.emit())
        self.doubleClicked.connect(lambda _: self.open_wanted.emit())

    @property
    def current(self) -> RequestLine | None:
        index = self.currentIndex()
        return self._lines.lines[index.row()] if index.isValid() else None

    @property
    def lines(self) -> list[RequestLine]:
        return self._lines.lines

    def show_lines(self, lines: Sequence[RequestLine]) -> None:
        """Show these; the one that was chosen stays so, else it is the first that the verdict names, B's before A's."""
        before = self.current
        if list(lines) == self._lines.lines:
            return
        self._lines.show_lines(lines)
        self.longest_words = max((one.words for one in lines), key=len, default="")
        self.longest_figure = max((one.figure for one in lines), key=len, default="")
        marked = [number for number, one in enumerate(lines) if one.marked]
        of_b = [number for number in marked if lines[number].side == "b"]
        kept = [number for number, one in enumerate(lines) if before is not None and one.exchange is before.exchange]
        first = next(iter((*kept, *of_b, *marked, *range(len(lines)))), None)
        if first is not None:
            self.setCurrentIndex(self._lines.index(first))
        self.updateGeometry()
        self.chosen.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.scrollTo(self.currentIndex())

    @property
    def line_height(self) -> int:
        return round(QFontMetricsF(font()).height()) + 6

    def sizeHint(self) -> QSize:
        return QSize(200, max(1, min(len(self.lines), MOST_LINES)) * self.line_height + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.line_height)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        return cell_copies(self, at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_wanted.emit()
        else:
            super().keyPressEvent(event)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[RequestLine] = []

    def show_lines(self, lines: Sequence[RequestLine]) -> None:
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return one.spoken
        return plain_tip(one.spoken) if role == Qt.ItemDataRole.ToolTipRole else None


class _Painter(QStyledItemDelegate):
    """Badge, step, status, figure."""

    def __init__(self, view: RequestList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._view.line_height)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, area, one = colors(), QRectF(option.rect), self._view.lines[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row() == self._view.currentIndex().row():
            fill(painter, area, theme.color("select"))
            if self._view.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(theme.color("a"), 1))
                painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        badge = QRectF(area.left() + 6, area.center().y() - BADGE / 2, BADGE, BADGE)
        paint_badge(painter, badge, one.side, scale=0.8, radius=4)
        self._words(painter, area, one)
        painter.restore()

    def _words(self, painter: QPainter, area: QRectF, one: RequestLine) -> None:
        theme, plain = colors(), font(bold=one.marked)
        bold = QFontMetricsF(font(bold=True))
        figures = bold.horizontalAdvance(self._view.longest_figure) + 8  # one place for all, bold or not
        left, right = area.left() + BADGE + 16, area.right() - 8
        longest = bold.horizontalAdvance(self._view.longest_words) + 14
        code = QFontMetricsF(mono_font()).horizontalAdvance("0000")
        status = left + max(0.0, min(longest, right - left - figures - code))  # what was sent before what was said
        self._text(painter, one.words, left, status - left - 10, area, "text", plain)
        self._text(
            painter, one.status, status, right - (figures if one.figure else 0.0) - status - 8, area, "text", mono_font()
        )
        shown = QRectF(right - figures, area.top(), figures, area.height())
        painter.setFont(plain)
        painter.setPen(theme.color("text"))
        painter.drawText(shown, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, one.figure)

    @staticmethod
    def _text(painter: QPainter, text: str, left: float, width: float, area: QRectF, role: str, chosen: QFont) -> None:
        painter.setFont(chosen)
        painter.setPen(colors().color(role))
        shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, width))
        painter.drawText(QRectF(left, area.top(), max(0.0, width) + 4, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)
