"""The numbered places between two texts: what each is, to be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.run.diff.words_rows import place_words
from app.text.sentences import tr
from ui.style.painting import painted
from ui.style.theme import colors, font

if TYPE_CHECKING:
    from app.run.diff.facts import Place

WIDTH = 138
_NUMBER_WIDTH = 26
Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractListModel):
    """The words of the places: (number, kind, size)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.words: Sequence[tuple[int, str, str]] = ()

    def show(self, words: Sequence[tuple[int, str, str]]) -> None:
        self.beginResetModel()
        self.words = words
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        return 0 if parent.isValid() else len(self.words)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        number, kind, size = self.words[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return tr("{n} {kind}{size:if , {size}}", n=number, kind=kind, size=size)
        return None


class _Painter(QStyledItemDelegate):
    """Two lines a place: its number and kind, and how much it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = QFontMetrics(font(0.92, bold=True)).height()
        model = index.model()
        assert isinstance(model, _Model)
        return QSize(WIDTH, (2 * line if model.words[index.row()][2] else line) + 9)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        number, kind, size = model.words[index.row()]
        area, theme = QRect(option.rect), colors()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("warn_tint"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 5, 5)
        line = QFontMetrics(font(0.92, bold=True)).height()
        top = area.top() + 4
        painter.setPen(theme.color("muted"))
        painter.setFont(font(0.88))
        painter.drawText(QRect(area.left() + 4, top, _NUMBER_WIDTH - 8, line), Qt.AlignmentFlag.AlignRight, str(number))
        room = area.width() - _NUMBER_WIDTH - 6
        self._line(painter, QRect(area.left() + _NUMBER_WIDTH, top, room, line), kind, "text", bold=chosen)
        self._line(painter, QRect(area.left() + _NUMBER_WIDTH, top + line, room, line), size, "text" if chosen else "muted")
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, area: QRect, text: str, role: str, *, bold: bool = False) -> None:
        painter.setPen(colors().color(role))
        painter.setFont(font(0.88, bold=bold))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


class PlaceList(QListView):
    """Signals:
    place_chosen: a place was chosen; its number, from 0.
    """

    place_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Places that differ"))
        self.setFixedWidth(WIDTH)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = _Model(self)
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self))
        self.selectionModel().currentChanged.connect(self._on_current)

    def show_places(self, places: Sequence[Place], first: int) -> None:
        """Show places, numbered from `first`."""
        self._model.show([(number, *place_words(place)) for number, place in enumerate(places, first)])

    def choose(self, place: int) -> None:
        self.setCurrentIndex(self._model.index(place))

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.place_chosen.emit(current.row())
