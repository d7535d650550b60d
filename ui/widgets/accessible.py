"""What a screen reader is told of widgets that Qt knows nothing of: of what we paint, and of buttons that are tabs.

A class says what it is by `heard_as`, one of the keys of `_ROLES`; an instance of a class that is Qt's own by
`ui.widgets.hear_as`. Nobody is asked until a screen reader is there.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QAccessibleWidget, QApplication, QComboBox, QScrollArea, QWidget

from app.text.sentences import message
from ui.widgets.hear_as import PROPERTY

_ROLES = {
    "tab": QAccessible.Role.PageTab, "tabs": QAccessible.Role.PageTabList, "group": QAccessible.Role.Grouping,
    "text": QAccessible.Role.StaticText, "list": QAccessible.Role.List, "item": QAccessible.Role.ListItem,
    "picture": QAccessible.Role.Graphic, "chart": QAccessible.Role.Chart, "choice": QAccessible.Role.ComboBox,
    "notice": QAccessible.Role.AlertMessage, "page": QAccessible.Role.PropertyPage,
}  # fmt: skip
PRESS = message("Press")


class _Heard(QAccessibleWidget):
    """A widget whose role we say; its children are those that it has."""

    def text(self, which: QAccessible.Text) -> str:
        widget = self.widget()
        if which == QAccessible.Text.Name and not widget.accessibleName() and isinstance(widget, QAbstractButton):
            return widget.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        return str(super().text(which))


class _HeardButton(_Heard):
    """A button of which one of its row is taken."""

    def state(self) -> QAccessible.State:
        button, state = self.widget(), super().state()
        assert isinstance(button, QAbstractButton)
        state.selectable = True
        state.selected = button.isChecked()
        return state

    def actionNames(self) -> list[str]:
        return [PRESS, *super().actionNames()]

    def doAction(self, name: str) -> None:
        button = self.widget()
        if name != PRESS:
            super().doAction(name)
        elif isinstance(button, QAbstractButton):
            button.click()


class _HeardChoice(_Heard):
    """A list of choices. Qt takes on Linux what is chosen for its name: which side it is of would not be heard."""

    def text(self, which: QAccessible.Text) -> str:
        box = self.widget()
        assert isinstance(box, QComboBox)
        if which == QAccessible.Text.Name:
            return box.accessibleName() or box.currentText()
        return box.currentText() if which == QAccessible.Text.Value else super().text(which)

    def state(self) -> QAccessible.State:
        state = super().state()
        state.expandable = state.hasPopup = True
        return state

    def actionNames(self) -> list[str]:
        return ["ShowMenu", *super().actionNames()]

    def doAction(self, name: str) -> None:
        box = self.widget()
        if name != "ShowMenu":
            super().doAction(name)
        elif isinstance(box, QComboBox):
            box.showPopup()


def kind_of(widget: QObject) -> str:
    """What a widget is said to be, "" where Qt knows best."""
    said = getattr(widget, "heard_as", None) or widget.property(PROPERTY)
    if not said and isinstance(widget, QComboBox):
        return "choice"
    if not said and isinstance(widget, QScrollArea) and widget.accessibleName():
        return "group"
    return str(said) if said else ""


def _made(_class_name: str, thing: QObject) -> QAccessibleInterface | None:
    """Qt asks for each class that a thing is of, from its own up; None: Qt makes it."""
    if not isinstance(thing, QWidget) or not (kind := kind_of(thing)):
        return None
    role = _ROLES[kind]
    if kind == "choice" and isinstance(thing, QComboBox):
        return _HeardChoice(thing, role)
    if kind == "tab" and isinstance(thing, QAbstractButton):
        return _HeardButton(thing, role)
    return _Heard(thing, role)


_installed = False


def install() -> None:
    """Have Qt ask here, before it asks itself; once, again does nothing.

    It takes ten milliseconds, which the first picture does not wait for. What a screen reader was quick enough to ask for
    before is forgotten, and made anew when it asks again.
    """
    global _installed
    if _installed:
        return
    _installed = True
    QAccessible.installFactory(_made)
    for widget in QApplication.allWidgets() if QAccessible.isActive() else ():
        if kind_of(widget):
            forget(widget)


def forget(widget: QWidget) -> None:
    """What Qt made of it for a screen reader that listens already is made anew when it asks again."""
    if QAccessible.isActive() and (known := QAccessible.queryAccessibleInterface(widget)) is not None:
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(known))
