"""A list that opens below a widget: what is typed filters it, Enter takes the one that is selected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.text.sentences import tr
from ui.shared.key_dot import paint_key_dot
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.labels import PlainLabel, plain_tip

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
MARGIN = 12
MOST_HEIGHT = 420
EDGES = 4  # of the list, above and below its rows
DETAIL_SCALE = 0.9


@dataclass(frozen=True)
class PickRow:
    """A row that can be taken, or a heading (no value).

    Attributes:
        text, detail: the first line and the second, "" for none. value: what is taken.
        label: a word at the right end. dot: a key's state, "" for none. found_by: further words that find it.
    """

    text: str
    detail: str = ""
    value: object = None
    label: str = ""
    dot: str = ""
    found_by: str = ""

    @property
    def words(self) -> str:
        """The row read aloud."""
        return ", ".join(filter(None, (self.text, self.detail, self.label)))

    def has(self, words: Sequence[str]) -> bool:
        """Whether all the words are in it."""
        searched = f"{self.words} {self.found_by}".lower()
        return all(word in searched for word in words)


def matching(rows: Sequence[PickRow], typed: str) -> list[PickRow]:
    """The rows with all the words that were typed, and the headings that have such a row."""
    words, kept, heading = typed.lower().split(), list[PickRow](), None
    for row in rows:
        if row.value is None:
            heading = row
        elif row.has(words):
            if heading is not None:
                kept.append(heading)
                heading = None
            kept.append(row)
    return kept


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[PickRow] = []

    def set_rows(self, rows: Sequence[PickRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(row.words) if row.value is not None else None
        return row if role == ROW_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        can = index.isValid() and self.rows[index.row()].value is not None
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if can else Qt.ItemFlag.NoItemFlags


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: PickRow = index.data(ROW_ROLE)
        small = QFontMetricsF(font(DETAIL_SCALE)).height()
        if row.value is None:
            return QSize(120, round(small) + 12)
        return QSize(120, round(QFontMetricsF(font()).height() + (small + 1 if row.detail else 0)) + 11)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PickRow = index.data(ROW_ROLE)
        area, theme = QRect(option.rect), colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.value is None:
            _draw(painter, area.adjusted(MARGIN, 4, -MARGIN, 0), row.text, "muted", small=True)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("select"))
                painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
            self._paint_row(painter, area.adjusted(MARGIN, 5, -MARGIN, -5), row)
        painter.restore()

    def _paint_row(self, painter: QPainter, area: QRect, row: PickRow) -> None:
        high = round(QFontMetricsF(font()).height())
        right = area.right()
        if row.label:
            wide = QFontMetricsF(font(0.8)).horizontalAdvance(row.label) + 12
            chip = QRectF(right - wide, area.top() + 1, wide, high)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors().color("border"), 1))
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            painter.setFont(font(0.8))
            painter.setPen(colors().color("muted"))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, row.label)
            right -= round(wide) + 8
        _draw(painter, QRect(area.left(), area.top(), right - area.left(), high), row.text, "text", bold=bool(row.detail))
        if row.detail:
            left = area.left()
            below = QRect(left, area.top() + high + 1, area.width(), area.height() - high - 1)
            if row.dot:
                paint_key_dot(painter, QRectF(left + 0.3, below.center().y() - 4.2, 9.4, 9.4), row.dot)  # type: ignore[arg-type]
                below.adjust(16, 0, 0, 0)
            _draw(painter, below, row.detail, "muted", small=True)


def _draw(painter: QPainter, area: QRect, text: str, role: str, *, bold: bool = False, small: bool = False) -> None:
    painter.setFont(font(DETAIL_SCALE) if small else font(bold=bold))
    painter.setPen(colors().color(role))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class _FilterLine(QLineEdit):
    """What is typed into; up and down, Enter and Esc are the list's."""

    key = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
        if event.key() in (*keys, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.key.emit(int(event.key()))
        else:
            super().keyPressEvent(event)


class Picker(QFrame):
    """One list for one purpose; it is opened as often as it is wanted.

    Attributes:
        line: what is typed. view: the list.

    Signals:
        chosen: the value of the row that was taken.
    """

    chosen = Signal(object)

    def __init__(
        self, name: str, hint: str, parent: QWidget, *, actions: Sequence[tuple[str, Callable[[], object]]] = ()
    ) -> None:
        """`hint` says what can be typed; `actions` are buttons below the list."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popover")
        self.setAccessibleName(name)
        self._rows: list[PickRow] = []
        self._below: QWidget = parent
        self._least = 320
        self._above = False  # it stands above its widget, since there is more room
        self.line, self.view, self._model = _FilterLine(), QListView(), _Model()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        self._none = PlainLabel(tr("Nothing has these words."), role="muted")
        self._lay_out(name, actions)
        self.line.textChanged.connect(lambda _: self._filter())
        self.line.key.connect(self._on_key)
        self.view.clicked.connect(self._take)

    def _lay_out(self, name: str, actions: Sequence[tuple[str, Callable[[], object]]]) -> None:
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setAccessibleName(name)
        self.view.setObjectName("plainPage")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.entered.connect(self._on_entered)
        self._none.setContentsMargins(MARGIN, 4, MARGIN, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        for part in (self.line, self._none):
            layout.addWidget(part)
        layout.addWidget(self.view, 1)
        foot = QHBoxLayout()
        for title, act in actions:
            button = QPushButton(title)
            button.setObjectName("quiet")
            button.clicked.connect(self._and_close(act))
            foot.addWidget(button)
        foot.addStretch(1)
        layout.addLayout(foot)

    def _and_close(self, act: Callable[[], object]) -> Callable[[], None]:
        def press() -> None:
            self.hide()
            act()

        return press

    def open_below(self, widget: QWidget, rows: Sequence[PickRow], current: object = None, *, least_width: int = 320) -> None:
        """Show these rows below the widget, or above it where there is more room for them; that value selected."""
        self._rows, self._below, self._least = list(rows), widget, least_width
        self.line.clear()
        self._filter(current)
        self._stand()
        self.show()
        self.line.setFocus()

    def show_rows(self, rows: Sequence[PickRow]) -> None:
        """Have other rows from now on, filtered by what is typed."""
        self._rows = list(rows)
        self._filter()
        if self.isVisible():
            self._stand()

    def _filter(self, current: object = None) -> None:
        shown = matching(self._rows, self.line.text())
        self._model.set_rows(shown)
        self._none.setVisible(not shown)
        number = next((n for n, row in enumerate(shown) if row.value is not None and row.value == current), -1)
        self._select(number if number >= 0 else next((n for n, row in enumerate(shown) if row.value is not None), -1))
        if self.isVisible() and not self._above:  # above it the line would move while one types in it
            self._stand()

    def _select(self, number: int) -> None:
        if 0 <= number < len(self._model.rows):
            self.view.setCurrentIndex(self._model.index(number))

    def _stand(self) -> None:
        self.view.setFixedHeight(self._whole_rows(MOST_HEIGHT))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        size = QSize(max(self._least, self._below.width()), layout.sizeHint().height())
        place = self._below.mapToGlobal(QPoint(0, self._below.height() + 3))
        screen = QGuiApplication.screenAt(place) or self._below.screen() or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            place.setX(max(area.left(), min(place.x(), area.right() - size.width())))
            top = self._below.mapToGlobal(QPoint(0, -3)).y()
            below, above = area.bottom() - place.y(), top - area.top()
            self._above = size.height() > below and above > below
            if (over := size.height() - (above if self._above else below)) > 0:
                self.view.setFixedHeight(max(60, self._whole_rows(self.view.height() - over)))
                size.setHeight(layout.sizeHint().height())
            if self._above:
                self.view.setMinimumHeight(0)  # that nothing is found is said in its room
                place.setY(top - size.height())
        self.setGeometry(QRect(place, size))

    def _whole_rows(self, most: int) -> int:
        """The height of the rows that stand within so much, whole."""
        ends = accumulate(self.view.sizeHintForRow(number) for number in range(len(self._model.rows)))
        return max((end for end in ends if end <= most - EDGES), default=0) + EDGES

    # -- taking -------------------------------------------------------------------------------------------------------

    def _on_entered(self, index: QModelIndex) -> None:
        if self._model.rows[index.row()].value is not None:
            self.view.setCurrentIndex(index)

    def _on_key(self, key: int) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}
        if Qt.Key(key) in steps:
            self._move(steps[Qt.Key(key)])
        elif Qt.Key(key) is Qt.Key.Key_Escape:
            self.hide()
            self._below.setFocus()
        else:
            self._take(self.view.currentIndex())

    def _move(self, step: int) -> None:
        can = [number for number, row in enumerate(self._model.rows) if row.value is not None]
        now = self.view.currentIndex().row()
        if can:
            at = can.index(now) if now in can else 0
            self._select(can[max(0, min(len(can) - 1, at + step))])

    def _take(self, index: QModelIndex) -> None:
        if index.isValid() and (value := self._model.rows[index.row()].value) is not None:
            self.hide()
            self._below.setFocus()
            self.chosen.emit(value)
