"""Where the Tab key goes: into views that were made late, through a splitter, to the pressed one of several buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QSplitter, QWidget


def follow(before: QWidget, view: QWidget) -> None:
    """Let Tab go from a widget into a view, through its parts as they were put in: what is made late stands at the end of the
    window's order otherwise.

    WORKAROUND: PySide6 6.11.3's `nextInFocusChain` makes what it gives a child, in Python, of the widget that was asked. With
    that one the other's wrapper dies, also that of a table's header in another view, and its next use ends the program. So it
    is not asked.
    """
    for each in (view, *(one for one in view.findChildren(QWidget) if view.isAncestorOf(one))):  # no windows of theirs
        if each.focusPolicy() is not Qt.FocusPolicy.NoFocus and each.focusProxy() is None:
            QWidget.setTabOrder(before, each)
            before = each


def fill_splitter(split: QSplitter, *parts: QWidget) -> None:
    """Give a splitter its parts, in the order that Tab and a screen reader come to them: it lowers each that it takes."""
    for part in parts:
        split.addWidget(part)
    for part in reversed(parts):
        part.lower()


def reach_pressed(group: QButtonGroup) -> None:
    """Let Tab reach the pressed button of an exclusive group and none of the others: the arrow keys go to those.

    Qt does so by itself only once one of them has had the focus.
    """
    for button in group.buttons():
        pressed = button is group.checkedButton()
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pressed else Qt.FocusPolicy.ClickFocus)
