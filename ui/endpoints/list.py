"""The list of endpoints: the user's own with their marks, below them those of the demo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.protocols.registry import info, title
from app.store.presets import is_demo
from app.store.profiles import label_words
from app.text.sentences import render, tr
from ui.shared.endpoint_rows import host_of
from ui.shared.key_dot import paint_key_dot
from ui.shared.key_states import UNKNOWN, KeyState
from ui.style.painting import painted
from ui.style.theme import colors, font
from ui.widgets.copying import Copy, quoted
from ui.widgets.labels import plain_tip
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from app.store.profiles import Profile

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
MARGIN = 12
_KEY_NOT_KNOWN = ("unknown", "unavailable")
LABEL_ROLES = {"official": "muted", "relay": "muted", "local": "muted", "staging": "warn", "production": "ok"}


@dataclass(frozen=True)
class EndpointItem:
    """A row: a profile with its marks, or a heading (no profile)."""

    profile: Profile | None = None
    key: KeyState = UNKNOWN
    unsaved: bool = False
    heading: str = ""

    @property
    def host(self) -> str:
        """Where it is, for people."""
        return host_of(self.profile) if self.profile is not None else ""

    @property
    def words(self) -> str:
        """The row read aloud."""
        if self.profile is None:
            return self.heading
        parts = [self.profile.name or tr("no name"), title(self.profile.protocol), self.host]
        key = "" if self.key.kind in _KEY_NOT_KNOWN else self.key.words
        parts += [label_words(self.profile.label), key, tr("not saved") if self.unsaved else ""]
        return render("{parts:commas}", {"parts": [one for one in parts if one]})


class EndpointsModel(QAbstractListModel):
    """A few rows: reset as a whole where other endpoints are listed, else updated one by one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[EndpointItem] = []

    def set_rows(self, rows: Sequence[EndpointItem]) -> None:
        if [_identity(row) for row in rows] != [_identity(row) for row in self.rows]:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
            return
        for number, row in enumerate(rows):
            if row != self.rows[number]:
                self.rows[number] = row
                self.dataChanged.emit(self.index(number), self.index(number))

    def row_of(self, uid: str) -> int:
        """The row of a profile, -1 where there is none."""
        return next((n for n, row in enumerate(self.rows) if row.profile is not None and row.profile.uid == uid), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.profile.name if row.profile else row.heading
            case Qt.ItemDataRole.AccessibleTextRole:
                return row.words
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(row.words) if row.profile else None
            case _ if role == ROW_ROLE:
                return row
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].profile is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _identity(row: EndpointItem) -> str:
    return row.profile.uid if row.profile else f"heading {row.heading}"


class EndpointDelegate(QStyledItemDelegate):
    """Paints a row: name and label, below them protocol and host, and the key's dot."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: EndpointItem = index.data(ROW_ROLE)
        name, small = QFontMetricsF(font(bold=True)).height(), QFontMetricsF(font(0.88)).height()
        return QSize(180, round(small + 20) if row.profile is None else round(name + small + 19))

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: EndpointItem = index.data(ROW_ROLE)
        area, state = QRect(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.profile is None:
            painter.setPen(colors().color("muted"))
            painter.setFont(font(0.88))
            inside = area.adjusted(MARGIN, 8, -MARGIN, 0)
            heading = painter.fontMetrics().elidedText(row.heading, Qt.TextElideMode.ElideRight, inside.width())
            painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, heading)
        else:
            self._paint_profile(painter, area, row, row.profile, bool(state & QStyle.StateFlag.State_Selected))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(colors().color("a"))
                painter.drawRoundedRect(QRectF(area).adjusted(4.5, 1.5, -4.5, -1.5), 6, 6)
        painter.restore()

    def _paint_profile(self, painter: QPainter, area: QRect, row: EndpointItem, profile: Profile, selected: bool) -> None:
        theme = colors()
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("select"))
            painter.drawRoundedRect(area.adjusted(4, 1, -4, -1), 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        left, right = area.left() + MARGIN + 2, area.right() - MARGIN - 2
        top = area.top() + 8
        right = self._paint_label(painter, profile.label, right, top) if not is_demo(profile) else right
        bold, small = font(bold=True), font(0.88)
        name = profile.name.strip() or tr("no name")
        text = f"{name} •" if row.unsaved else name
        height = round(QFontMetricsF(bold).height())
        _draw(painter, QRect(left, top, right - left, height), text, bold, "muted" if is_demo(profile) else "text")
        dot = 0 if row.key.kind in ("not needed", *_KEY_NOT_KNOWN) else 16
        below = QRect(left + dot, top + height + 2, area.right() - MARGIN - left - dot, round(QFontMetricsF(small).height()))
        if dot:
            paint_key_dot(painter, QRectF(left + 0.3, below.center().y() - 4.2, 9.4, 9.4), row.key.kind)
        _draw(painter, below, f"{info(profile.protocol).short_title} · {row.host}", small, "muted")

    def _paint_label(self, painter: QPainter, label: str, right: int, top: int) -> int:
        """The chip; returns where the name must end."""
        if not label:
            return right
        theme, chosen = colors(), font(0.8)
        width = QFontMetricsF(chosen).horizontalAdvance(label_words(label)) + 12
        chip = QRectF(right - width, top, width, QFontMetricsF(chosen).height() + 2)
        painter.setPen(QPen(theme.color("border"), 1))
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(theme.color(LABEL_ROLES.get(label, "muted")))
        painter.setFont(chosen)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, label_words(label))
        return round(right - width) - 6


def _draw(painter: QPainter, area: QRect, text: str, chosen: object, role: str) -> None:
    painter.setFont(chosen)  # type: ignore[arg-type]
    painter.setPen(colors().color(role))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class EndpointList(QListView):
    """Shows the rows, and says what the user does to one.

    Signals:
        profile_selected: the uid of the profile that the user went to.
        move_asked: move the selected profile by this many rows.
        delete_asked: the Delete key was pressed.
    """

    profile_selected = Signal(str)
    move_asked = Signal(int)
    delete_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.endpoints = EndpointsModel(self)
        self.setModel(self.endpoints)
        self.setItemDelegate(EndpointDelegate(self))
        self.setAccessibleName(tr("Endpoints"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        WholeRows(self)
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def selected_uid(self) -> str:
        """The uid of the selected profile, "" for none."""
        index = self.currentIndex()
        row: EndpointItem | None = index.data(ROW_ROLE) if index.isValid() else None
        return row.profile.uid if row and row.profile else ""

    def show_rows(self, rows: Sequence[EndpointItem], selected: str) -> None:
        """Show these rows, with that profile selected; says nothing by signal."""
        blocked = self.selectionModel().blockSignals(True)
        self.endpoints.set_rows(rows)
        number = self.endpoints.row_of(selected)
        if number < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        elif number != self.currentIndex().row():
            self.setCurrentIndex(self.endpoints.index(number))
            self.scrollTo(self.currentIndex())
        self.selectionModel().blockSignals(blocked)
        self.viewport().update()

    def _on_current(self, index: QModelIndex, _: QModelIndex) -> None:
        if index.isValid() and (uid := self.selected_uid):
            self.profile_selected.emit(uid)

    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        index = self.indexAt(self.viewport().mapFrom(self, at)) if at is not None else self.currentIndex()
        row: EndpointItem | None = index.data(ROW_ROLE) if index.isValid() else None
        profile = row.profile if row is not None else None
        if row is not None and profile is not None:
            for text in dict.fromkeys(filter(None, (profile.name, profile.base_url, profile.model))):
                yield Copy(quoted(text), partial(str, text))
            yield Copy(tr("Copy the row"), lambda: row.words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.move_asked.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Delete:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)
