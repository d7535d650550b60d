"""The command palette: whatever the window can do or show, found as you type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QRect, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.text.matching import best_first
from app.text.sentences import message, tr
from app.text.visible import one_line
from ui.style.painting import painted
from ui.style.theme import colors
from ui.widgets.labels import PlainLabel
from ui.widgets.whole_rows import WholeRows

if TYPE_CHECKING:
    from ui.compare.pane.events_model import Index

FOUND = Qt.ItemDataRole.UserRole
MOST = 200  # rows: who does not see it among these types one more word
SIZE = QSize(620, 420)
GAP, LEAST_ABOUT = 12, 40
NOTHING = message("Nothing here is called that.")


class Reach(NamedTuple):
    """Something that can be done or shown. `about` is said beside the title and found too; `keys` do the same, "" for none."""

    title: str
    about: str
    keys: str
    work: Callable[[], object]


class CommandPalette(QFrame):
    """A list over the window; Enter does the chosen one, Esc or a click elsewhere closes it."""

    def __init__(self, reaches: Sequence[Reach], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("popover")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Commands"))
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Commands, endpoints, models, requests, runs, settings, words"))
        self._filter.setAccessibleName(tr("Find commands, endpoints, models, requests, runs, settings and words of help"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Commands"))
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(_Row(self._list))
        WholeRows(self._list)
        self._none = PlainLabel(tr(NOTHING), role="muted")
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._none.setContentsMargins(10, 6, 10, 6)
        layout = QVBoxLayout(self)
        layout.addWidget(self._filter)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._none, 1)
        self._reaches = reaches
        self._filter.textChanged.connect(self._fill)
        self._filter.installEventFilter(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemActivated.connect(self._do)
        self._list.itemClicked.connect(self._do)
        self._before: QWidget | None = None  # what had the keyboard
        self._fill("")

    @property
    def titles(self) -> list[str]:
        """What is listed now."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def _fill(self, text: str) -> None:
        self._list.clear()
        for one in best_first(text, [(one, one.title, one.about) for one in self._reaches])[:MOST]:
            item = QListWidgetItem(one.title)
            item.setData(FOUND, one)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (one.title, one.about, one.keys))))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setVisible(bool(self._list.count()))
        self._none.setVisible(not self._list.count())

    def _do(self, item: QListWidgetItem) -> None:
        found: Reach = item.data(FOUND)
        self._close_and_give_back()
        found.work()

    def _close_and_give_back(self) -> None:
        """Close; the keyboard goes back to where it was, and not to whatever Qt finds next."""
        before, self._before = self._before, None
        if before is not None and isValid(before):  # a notice's button may be gone by now
            before.setFocus()
        self.close()

    def open(self) -> None:
        """Show it over the upper middle of its parent."""
        parent = self.parentWidget()
        if parent is not None:
            self.resize(min(SIZE.width(), parent.width() - 40), min(SIZE.height(), parent.height() - 100))
            self.move((parent.width() - self.width()) // 2, 76)
        self._before = QApplication.focusWidget()
        self.show()
        self.raise_()
        self._filter.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.FocusOut:
            focused = QApplication.focusWidget()
            if focused is None or not self.isAncestorOf(focused):
                self.close()
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and _closes(event):
            event.accept()  # Esc closes the list, it does not stop a run behind it
            return True
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self._list.setCurrentRow(max(0, min(self._list.count() - 1, self._list.currentRow() + step)))
                return True
            if _closes(event):
                self._close_and_give_back()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (item := self._list.currentItem()) is not None:
                self._do(item)
                return True
        return bool(super().eventFilter(watched, event))


def _closes(event: QKeyEvent) -> bool:
    """Esc, and the keys that open it, pressed once more."""
    return event.key() == Qt.Key.Key_Escape or event.keyCombination() == QKeyCombination(
        Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_K
    )


class _Row(QStyledItemDelegate):
    """A title with what it is, muted, and its keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, QFontMetrics(option.font).height() + 12)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        theme = colors()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("select"))
        inner = area.adjusted(10, 0, -10, 0)
        found: Reach = index.data(FOUND)
        metrics, middle = QFontMetrics(option.font), Qt.AlignmentFlag.AlignVCenter
        keys = metrics.horizontalAdvance(found.keys)
        room = inner.width() - (keys + GAP if keys else 0)
        title = metrics.elidedText(one_line(found.title), Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(theme.color("text"))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(theme.color("muted"))
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, found.keys)
        left = metrics.horizontalAdvance(title) + GAP
        if found.about and room - left > LEAST_ABOUT:
            about = metrics.elidedText(one_line(found.about), Qt.TextElideMode.ElideRight, room - left)
            painter.drawText(inner.adjusted(left, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, about)


def _can_be_done(action: QAction) -> bool:
    """Whether it could be chosen in its menu now: that may be switched off as a whole."""
    menus = [one for one in action.associatedObjects() if isinstance(one, QMenu)]
    return action.isEnabled() and not action.isSeparator() and all(menu.isEnabled() for menu in menus)


def reaches_of(actions: Sequence[QAction]) -> list[Reach]:
    """What the menus offer and can be done now."""
    return [Reach(plain_title(one.text()), _menu_of(one), keys_of(one), one.trigger) for one in actions if _can_be_done(one)]


def _menu_of(action: QAction) -> str:
    """The title of the menu that it stands in where that is inside another: it belongs to what the action does."""
    menus = (one for one in action.associatedObjects() if isinstance(one, QMenu))
    inner = (one for one in menus if not any(isinstance(above, QMenuBar) for above in one.menuAction().associatedObjects()))
    return next((plain_title(one.title()) for one in inner), "")


def keys_of(action: QAction) -> str:
    """The first shortcut as this system writes it, "" for none."""
    return action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)


def plain_title(title: str) -> str:
    """A title without its mnemonic and dots. Chinese has the mnemonic behind its words, in brackets."""
    title = re.sub(r"\(&[^&]\)", "", title)
    return title.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
