"""The list of the history: a line a run, painted; chips at its right end choose it as a side of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.text.sentences import tr
from app.text.visible import one_line, visible
from ui.history.lines import Line, mark_of, request_of, time_of, wide_time
from ui.history.model import Index, LinesModel
from ui.style.look import fill
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.badge import paint_badge
from ui.widgets.copying import Copy
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.store.history.entry import Listed

INSET, GAP = 16.0, 12.0
CHIP, CHIP_GAP = 22.0, 6.0
REQUEST_FROM, SECOND_NAME_FROM, SENTENCE_FROM = 1000, 760, 520
_SIDES: tuple[SideName, SideName] = ("a", "b")


class Columns(msgspec.Struct, frozen=True):
    """Where the columns of a line begin and how wide they are; 0 for one that there is no room for."""

    time: float
    names: float
    request: float
    mark: float
    sentence: float
    both_names: bool

    @property
    def lefts(self) -> tuple[float, float, float, float, float]:
        at, places = INSET, []
        for width in (self.time, self.names, self.request, self.mark, self.sentence):
            places.append(at)
            at += width
        return places[0], places[1], places[2], places[3], places[4]


def columns_for(width: float, *, with_day: bool = False) -> Columns:
    """The columns of a list of that width; fonts are larger for some, and the widths follow theirs. `with_day`: times have
    theirs."""
    metrics = QFontMetricsF(font())
    time = metrics.horizontalAdvance(wide_time() if with_day else "00:00") + GAP
    mark = metrics.horizontalAdvance("⊞") + GAP
    room = max(200.0, width - 2 * INSET - 2 * CHIP - CHIP_GAP - time - mark - GAP)
    names = min(0.34 * room, 330.0) if width >= SECOND_NAME_FROM else 0.3 * room if width >= SENTENCE_FROM else room
    request = min(0.25 * room, 290.0) if width >= REQUEST_FROM else 0.0
    sentence = room - names - request if width >= SENTENCE_FROM else 0.0
    return Columns(time, names, request, mark, sentence, width >= SECOND_NAME_FROM)


class HistoryList(QListView):
    """The lines, several of which can be selected.

    Signals:
        opened: (number) the user wants to look at that run.
        place_chosen: (number, "a" or "b") it shall be that side of a comparison, or no longer.
        picked: other lines are selected, or another is the current one.
        menu_wanted: (place on the screen) the menu of what is selected.
    """

    opened = Signal(int)
    place_chosen = Signal(int, str)
    picked = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LinesModel()
        self.columns = columns_for(1000)
        self.setModel(self.lines)
        self.setItemDelegate(_Painting(self))
        self.setAccessibleName(tr("History"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)  # else each row of thousands is asked
        WholeRows(self)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        self.selectionModel().currentChanged.connect(lambda *_: self.picked.emit())

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[Line], *, has_more: bool, with_day: bool = False) -> None:
        """Show these; what was selected stays so where it is still listed. `with_day`: no heading says which day it was."""
        self.lines.with_day = with_day
        self._place_columns()
        current, selected, top = self.current, {one.id for one in self.selected}, self.verticalScrollBar().value()
        self.lines.show_lines(lines, has_more=has_more)
        if self.currentIndex().isValid() or not lines:
            return
        self._select(number for number in selected)
        row = self.lines.row_of(current.id) if current is not None else None
        first = next((number for number, one in enumerate(lines) if one.listed is not None), 0)
        flag = QItemSelectionModel.SelectionFlag.NoUpdate if selected else QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self.lines.index(first if row is None else row), flag)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(top if row is not None else 0)

    def _select(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            if (row := self.lines.row_of(number)) is not None:
                self.selectionModel().select(self.lines.index(row), QItemSelectionModel.SelectionFlag.Select)

    def show_places(self, places: dict[SideName, int]) -> None:
        """Show which are chosen as A and as B."""
        self.lines.places = places
        self.viewport().update()

    def go_to(self, number: int) -> None:
        """Select that run alone; nothing where it is not listed."""
        if (row := self.lines.row_of(number)) is not None:
            self.setCurrentIndex(self.lines.index(row))

    @property
    def current(self) -> Listed | None:
        """The one that the keyboard is at."""
        index = self.currentIndex()
        return self.lines.line(index).listed if index.isValid() else None

    @property
    def selected(self) -> list[Listed]:
        """From the top down."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [one for row in rows if (one := self.lines.lines[row].listed) is not None]

    # -- mouse and keys -----------------------------------------------------------------------------------------------

    def chip_area(self, row: QRect, side: SideName) -> QRectF:
        """Where in a line the chip of a side is."""
        right = self.viewport().width() - INSET
        left = right - CHIP if side == "b" else right - 2 * CHIP - CHIP_GAP
        return QRectF(left, row.center().y() + 0.5 - CHIP / 2, CHIP, CHIP)

    def _chip_at(self, place: QPoint) -> tuple[int, SideName] | None:
        index = self.indexAt(place)
        one = self.lines.line(index).listed if index.isValid() else None
        if one is None:
            return None
        row = self.visualRect(index)
        found = next((side for side in _SIDES if self.chip_area(row, side).adjusted(-3, -5, 3, 5).contains(place)), None)
        return (one.id, found) if found is not None else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and (chip := self._chip_at(event.position().toPoint())) is not None:
            self.setFocus()
            self.place_chosen.emit(*chip)
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._chip_at(event.position().toPoint()) is not None:
            self.mousePressEvent(event)
        elif event.button() is Qt.MouseButton.LeftButton and (one := self.current) is not None:
            self.opened.emit(one.id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._chip_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        side: SideName | None = {Qt.Key.Key_A: "a", Qt.Key.Key_B: "b"}.get(Qt.Key(event.key()))  # type: ignore[assignment]
        one = self.current
        if plain and side is not None and one is not None:
            self.place_chosen.emit(one.id, side)
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and one is not None:
            self.opened.emit(one.id)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are for A and B; what is searched is typed above."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center()) if by_key else event.globalPos()
        if self.selected:
            self.menu_wanted.emit(at)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied of the current line."""
        one = self.current
        return copies_of(one) if one is not None else ()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_columns()

    def _place_columns(self) -> None:
        self.columns = columns_for(self.viewport().width(), with_day=self.lines.with_day)


def copies_of(one: Listed) -> list[Copy]:
    """What can be copied of a run."""
    found = [Copy(tr("Copy the sentence"), lambda: one.entry.sentence)] if one.entry.sentence else []
    if one.entry.request:
        found.append(Copy(tr("Copy the request"), lambda: one.entry.request))
    found.append(Copy(tr("Copy the command that shows it"), lambda: f"diptych history show {one.id}"))
    return found


class _Painting(QStyledItemDelegate):
    """Paints a line."""

    def __init__(self, view: HistoryList) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, max(38, round(QFontMetricsF(font()).height()) + 20))

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, area, theme = self._view.lines.line(index), QRectF(option.rect), colors()
        if line.listed is None:
            self._text(painter, line.head, INSET, area.width() - 2 * INSET, area, "muted", font(0.94, bold=True))
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                fill(painter, area, theme.color("select"))
            self._entry(painter, line.listed, area, option.rect)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if line.listed is not None and self._view.hasFocus() and index.row() == self._view.currentIndex().row():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("a"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def _entry(self, painter: QPainter, one: Listed, area: QRectF, row: QRect) -> None:
        columns = self._view.columns
        time, names, request, mark, sentence = columns.lefts
        when = time_of(one, with_day=self._view.lines.with_day)
        self._text(painter, when, time, columns.time - GAP, area, "muted", font())
        self._names(painter, one, names, columns.names - GAP, area)
        if columns.request:
            kind, asked = request_of(one)
            used = self._text(painter, kind, request, columns.request - GAP, area, "text", font())
            self._text(painter, asked, request + used + 5, columns.request - GAP - used - 5, area, "muted", font())
        shape, role, _ = mark_of(one)
        self._text(painter, shape, mark, columns.mark, area, role, font(bold=True))
        if columns.sentence:
            end = sentence + columns.sentence
            end -= self._beside(painter, one, sentence + 0.6 * columns.sentence, end, area)
            said = one.entry.sentence or one.note
            self._text(painter, said, sentence, end - sentence - GAP, area, "text" if one.entry.sentence else "muted", font())
        for side in _SIDES:
            self._chip(painter, self._view.chip_area(row, side), side, on=self._view.lines.places.get(side) == one.id)

    def _names(self, painter: QPainter, one: Listed, x: float, width: float, area: QRectF) -> None:
        sides = one.entry.sides if self._view.columns.both_names else one.entry.sides[-1:]
        letters = QFontMetricsF(font(bold=True)).horizontalAdvance("B ") + 2
        plain = QFontMetricsF(font())
        wanted = [plain.horizontalAdvance(one_line(visible(side.name))) + letters + 10 for side in sides]
        share = width / max(1, len(sides))
        spare = sum(max(0.0, share - need) for need in wanted)
        for side, need in zip(sides, wanted, strict=True):
            room = min(need, share + spare)
            self._text(painter, side.side.upper(), x, letters, area, f"{side.side}_text", font(bold=True))
            self._text(painter, side.name, x + letters, room - letters - 4, area, "text", font())
            x += room

    def _beside(self, painter: QPainter, one: Listed, least: float, end: float, area: QRectF) -> float:
        """The name that the user gave it, and whether it is pinned; how much room they took."""
        theme, begin = colors(), end
        if one.pinned:
            end -= 20
            painter.setPen(QPen(theme.color("muted"), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            top = area.center().y() - 6
            painter.drawRect(QRectF(end + 4, top, 5, 5))
            painter.drawLine(QRectF(end + 2, top + 5.5, 9, 0).topLeft(), QRectF(end + 2, top + 5.5, 9, 0).topRight())
            painter.drawLine(QRectF(end + 6.5, top + 6, 0, 5).topLeft(), QRectF(end + 6.5, top + 6, 0, 5).bottomLeft())
        if one.name:
            small = font(0.92)
            metrics = QFontMetricsF(small)
            shown = metrics.elidedText(one_line(visible(one.name)), Qt.TextElideMode.ElideRight, max(20.0, end - least - 16))
            width = metrics.horizontalAdvance(shown) + 14
            chip = QRectF(end - width, area.center().y() - 10, width, 20)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("note_tint"))
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(theme.color("text"))
            painter.setFont(small)
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
            end -= width
        return begin - end

    @staticmethod
    def _chip(painter: QPainter, area: QRectF, side: SideName, *, on: bool) -> None:
        if on:
            paint_badge(painter, area, side, scale=0.88)
            return
        theme = colors()
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.setBrush(theme.color("surface"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(theme.color("muted"))
        painter.setFont(font(0.88, bold=True))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, side.upper())

    @staticmethod
    def _text(painter: QPainter, text: str, x: float, width: float, area: QRectF, role: str, chosen: QFont) -> float:
        """Draw a text, shortened where it is too long; how wide it became."""
        if width <= 0:
            return 0.0
        metrics = QFontMetricsF(chosen)
        shown = metrics.elidedText(one_line(visible(text)), Qt.TextElideMode.ElideRight, width)
        painter.setFont(chosen)
        painter.setPen(colors().color(role))
        drawn = metrics.horizontalAdvance(shown)
        painter.drawText(QRectF(x, area.top(), drawn + 4, area.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return drawn
