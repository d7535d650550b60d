"""The table of checks: groups that fold, verdicts side by side, and below a chosen check what its verdict rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.text.sentences import message, tr
from ui.checks.entries import Entry, Fold, Kind
from ui.checks.entries_model import EntriesModel
from ui.checks.table_parts import INSET, Columns, LinePainter, columns_for, row_height
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.badge import paint_badge
from ui.widgets.copying import Copy, cell_copies
from ui.widgets.tab_order import follow
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from ui.checks.evidence import EvidencePanel
    from ui.widgets.keyed_rows import Index

HEAD_TITLES = (message("check"), "", "", message("measured"), message("what it means"))
BADGE = 17
EVIDENCE_INDENT = 30
EVIDENCE_GAP = 8
NONE_LISTED = message("No check is listed by this filter.")


class ChecksTable(QFrame):
    """The head and the lines below it.

    Signals:
        fold_wanted: (group, `Fold`) the user folds or unfolds a group.
        check_opened: the user went to a check, whose evidence shall be shown; "" for none any more.
    """

    fold_wanted = Signal(str, object)
    check_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.head, self.lines = _Head(), _Lines()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.lines, 1)
        self.lines.fold_wanted.connect(self.fold_wanted)
        self.lines.check_opened.connect(self.check_opened)
        self.lines.columns_changed.connect(lambda: self.head.show_columns(self.lines.columns))

    @property
    def entries(self) -> list[Entry]:
        """The lines that are shown."""
        return self.lines.entries.entries

    def show_entries(self, entries: Sequence[Entry], *, against: bool, evidence: EvidencePanel | None) -> None:
        """Show these lines; `evidence` stands below the check that it is of."""
        self.lines.show_entries(entries, against, evidence)

    def show_names(self, a: str, b: str) -> None:
        """What the two sides are called in the head."""
        self.head.show_names(a, b)

    def go_to(self, check: str) -> None:
        """Select a check and bring it into view."""
        self.lines.go_to(check)


class _Lines(QTreeView):
    fold_wanted = Signal(str, object)
    check_opened = Signal(str)
    columns_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._against = True
        self._evidence: EvidencePanel | None = None
        self.columns: Columns = columns_for(1000, against=True)
        self.entries = EntriesModel()
        self.setModel(self.entries)
        self.setItemDelegate(_Heights(self))
        self.setAccessibleName(tr("Checks"))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(0)
        WholeRows(self)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_entries(self, entries: Sequence[Entry], against: bool, evidence: EvidencePanel | None) -> None:
        had_focus = self._evidence is not None and self._evidence.isAncestorOf(self.focusWidget() or self)
        if self._against is not against:
            self._against = against
            self._place_columns()
        before, self._evidence = self._evidence, evidence
        self.entries.show_entries(entries)
        if evidence is not None and evidence is not before:
            row = self.entries.row_of(Kind.EVIDENCE, evidence.check)
            if row is not None:
                self.setFirstColumnSpanned(row, self.rootIndex(), True)
                self.setIndexWidget(self.entries.index(row, 0), evidence)
                follow(self, evidence)
                evidence.grown.connect(self.scheduleDelayedItemsLayout)
        if had_focus and evidence is not before:
            self.setFocus()
        self.scheduleDelayedItemsLayout()

    def go_to(self, check: str) -> None:
        row = self.entries.row_of(Kind.CHECK, check)
        if row is None:
            return
        index = self.entries.index(row, 0)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.executeDelayedItemsLayout()
        below = self.entries.row_of(Kind.EVIDENCE, check)
        if below is not None:
            self.scrollTo(self.entries.index(below, 0))
        self.scrollTo(index)

    @property
    def current(self) -> Entry | None:
        index = self.currentIndex()
        return self.entries.entry(index) if index.isValid() else None

    def height_of(self, entry: Entry) -> int:
        """How high a line is."""
        if entry.kind is not Kind.EVIDENCE:
            return row_height(entry, narrow=self.columns.narrow)
        if self._evidence is None:
            return 1
        return self._evidence.height_for(self.evidence_area(QRect(0, 0, self.viewport().width(), 1)).width()) + EVIDENCE_GAP

    @staticmethod
    def evidence_area(row: QRect) -> QRect:
        """Where what is unfolded stands in its row."""
        return row.adjusted(EVIDENCE_INDENT, 0, -round(INSET), -EVIDENCE_GAP)

    # -- painting and sizes -------------------------------------------------------------------------------------------

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = self.entries.entry(index)
        if entry.kind is Kind.EVIDENCE:
            return
        area = QRectF(option.rect)
        area.setLeft(0)
        area.setWidth(self.viewport().width())
        current = index.row() == self.currentIndex().row()
        LinePainter(painter, self.columns).paint(entry, area, current=current, focused=self.hasFocus())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_columns()
        if self.currentIndex().isValid():
            QTimer.singleShot(0, self, lambda: self.scrollTo(self.currentIndex()))

    def _place_columns(self) -> None:
        self.columns = columns_for(self.viewport().width(), against=self._against)
        one = self.columns
        for number, width in enumerate((INSET + one.check, one.a, one.b, one.measured, one.meaning)):
            self.header().resizeSection(number, round(width))
        self.columns_changed.emit()
        self.scheduleDelayedItemsLayout()

    # -- mouse and keys -----------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or not index.isValid():
            return
        entry = self.entries.entry(index)
        if entry.kind is Kind.CHECK:
            self.check_opened.emit("" if self._is_open(entry) else entry.id)
        elif entry.kind is Kind.GROUP and entry.fold is not None:
            self.fold_wanted.emit(entry.id, self._fold_after_click(entry, event.position().x(), index))

    def _fold_after_click(self, entry: Entry, x: float, index: Index) -> Fold:
        area = LinePainter(QPainter(), self.columns).quiet_area(entry, QRectF(self.visualRect(index)))
        if entry.quiet and area.left() - 4 <= x <= area.right() + 4:
            return Fold.OPEN if entry.fold is Fold.FULL else Fold.FULL
        return Fold.OPEN if entry.fold is Fold.FOLDED else Fold.FOLDED

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and self.entries.entry(index).kind is not Kind.EVIDENCE
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        # Not handed on: with a button pressed the selection would follow the mouse, and with it what is unfolded.

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        return cell_copies(self, at)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.entries.entries:
            painter = QPainter(self.viewport())
            painter.setPen(colors().color("muted"))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, tr(NONE_LISTED))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry, key = self.current, Qt.Key(event.key())
        if entry is None or not self._did(entry, key):
            before = self.current
            super().keyPressEvent(event)
            after = self.current
            if after is not None and after is not before and after.kind is Kind.CHECK:
                self.check_opened.emit(after.id)

    def _did(self, entry: Entry, key: Qt.Key) -> bool:
        """What Enter, Space and the arrows to the sides do to a line; False where they do nothing."""
        pressed = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if not pressed and key not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return False
        if entry.kind is Kind.GROUP:
            self._fold_by_key(entry, key, pressed=pressed)
        elif self._is_open(entry) and key is not Qt.Key.Key_Left:
            assert self._evidence is not None
            self._evidence.take_keyboard()
        elif key is Qt.Key.Key_Left and not self._is_open(entry):
            self._go_to_group()
        else:
            self.check_opened.emit("" if self._is_open(entry) else entry.id)
        return True

    def _fold_by_key(self, entry: Entry, key: Qt.Key, *, pressed: bool) -> None:
        """To the right ever more of a group is listed, to the left less."""
        steps = [Fold.FOLDED, Fold.OPEN, Fold.FULL]
        if entry.fold is None:
            return
        at = steps.index(entry.fold)
        if pressed:
            wanted = Fold.OPEN if entry.fold is Fold.FOLDED else Fold.FOLDED
        else:
            wanted = steps[max(0, min(2, at + (1 if key is Qt.Key.Key_Right else -1)))]
            if wanted is Fold.OPEN and entry.fold is Fold.FULL and not entry.quiet:
                wanted = Fold.FOLDED
        if wanted is not entry.fold:
            self.fold_wanted.emit(entry.id, wanted)

    def _go_to_group(self) -> None:
        row = self.currentIndex().row()
        while row > 0 and self.entries.entries[row].kind is not Kind.GROUP:
            row -= 1
        self.setCurrentIndex(self.entries.index(row, 0))

    def _is_open(self, entry: Entry) -> bool:
        return self._evidence is not None and self._evidence.check == entry.id


class _Heights(QStyledItemDelegate):
    """How high lines are, and where what is unfolded stands; the lines paint themselves."""

    def __init__(self, lines: _Lines) -> None:
        super().__init__(lines)
        self._lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(1, self._lines.height_of(self._lines.entries.entry(index)))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row = QRect(option.rect)
        row.setLeft(0)
        row.setWidth(self._lines.viewport().width())
        editor.setGeometry(self._lines.evidence_area(row))


class _Head(QWidget):
    """What the columns are, over the columns."""

    heard_as = "text"

    def __init__(self) -> None:
        super().__init__()
        self._columns = columns_for(1000, against=True)
        self._names = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, round(QFontMetricsF(font()).height()) + 14)

    def show_columns(self, columns: Columns) -> None:
        self._columns = columns
        self.update()

    def show_names(self, a: str, b: str) -> None:
        self._names = a, b
        self.setAccessibleName(tr("A is {a:or nobody}, B is {b}", a=a, b=b))
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, columns = QPainter(self), colors(), self._columns
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        small = font(0.94)
        lefts, widths = columns.lefts, (columns.check, columns.a, columns.b, columns.measured, columns.meaning)
        measured = tr("measured, A : B" if columns.a else "measured")
        titles = (tr(HEAD_TITLES[0]), self._names[0], self._names[1], measured, tr(HEAD_TITLES[4]))
        for number, (title, left, width) in enumerate(zip(titles, lefts, widths, strict=True)):
            if not width:
                continue
            if number in (1, 2):
                paint_badge(
                    painter, QRectF(left, (self.height() - 1 - BADGE) / 2, BADGE, BADGE), "ab"[number - 1], scale=0.82, radius=4
                )
                left, width = left + BADGE + 8, width - BADGE - 8
            painter.setFont(small)
            painter.setPen(theme.color("muted"))
            shown = QFontMetricsF(small).elidedText(title, Qt.TextElideMode.ElideRight, width - 10)
            painter.drawText(QRectF(left, 0, width, self.height() - 1), Qt.AlignmentFlag.AlignVCenter, shown)
