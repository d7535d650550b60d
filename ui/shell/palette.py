"""The command palette: every action of the window, filtered as you type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QRect, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.style.theme import colors

if TYPE_CHECKING:
    from ui.compare.pane.events_model import Index

ACTION = Qt.ItemDataRole.UserRole


class CommandPalette(QFrame):
    """A list of actions over the window; Enter does the chosen one, Esc or a click elsewhere closes it."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Commands")
        self.resize(480, 360)
        self._filter = QLineEdit()
        self._filter.setPlaceholderText("Type a command")
        self._filter.setAccessibleName("Filter commands")
        self._list = QListWidget()
        self._list.setAccessibleName("Commands")
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setItemDelegate(_Row(self._list))
        layout = QVBoxLayout(self)
        layout.addWidget(self._filter)
        layout.addWidget(self._list, 1)
        self._actions = [action for action in actions if _can_be_done(action)]
        self._filter.textChanged.connect(self._fill)
        self._filter.installEventFilter(self)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemActivated.connect(self._do)
        self._list.itemClicked.connect(self._do)
        self._before: QWidget | None = None  # what had the keyboard
        self._fill("")

    @property
    def titles(self) -> list[str]:
        """The commands that are listed now."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def _fill(self, text: str) -> None:
        self._list.clear()
        words = text.casefold().split()
        fitting = [one for one in self._actions if all(word in plain_title(one).casefold() for word in words)]
        for action in sorted(fitting, key=lambda one: not plain_title(one).casefold().startswith(text.casefold().strip())):
            item = QListWidgetItem(plain_title(action))
            item.setData(ACTION, action)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _do(self, item: QListWidgetItem) -> None:
        action: QAction = item.data(ACTION)
        self._close_and_give_back()
        action.trigger()

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
    """A command with its shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, QFontMetrics(option.font).height() + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        theme = colors()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.color("select"))
        inner = area.adjusted(10, 0, -10, 0)
        painter.setPen(theme.color("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        action: QAction = index.data(ACTION)
        painter.setPen(theme.color("muted"))
        shortcut = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, shortcut)


def _can_be_done(action: QAction) -> bool:
    """Whether it could be chosen in its menu now: that may be switched off as a whole."""
    menus = [one for one in action.associatedObjects() if isinstance(one, QMenu)]
    return action.isEnabled() and not action.isSeparator() and all(menu.isEnabled() for menu in menus)


def plain_title(action: QAction) -> str:
    """An action's name without its mnemonic and dots."""
    return action.text().replace("&", "").rstrip("…")
