"""Where the Tab key goes: into views that were made late, and to the pressed one of several buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QWidget


def follow(before: QWidget, view: QWidget) -> None:
    """Let Tab go from a widget into a view: what is made late stands at the end of the window's order otherwise."""
    inside: list[QWidget] = [view]
    one = view.nextInFocusChain()
    while one is not None and one is not view and view.isAncestorOf(one):
        inside.append(one)
        one = one.nextInFocusChain()
    for each in inside:
        if each.focusPolicy() is not Qt.FocusPolicy.NoFocus and each.focusProxy() is None:
            QWidget.setTabOrder(before, each)
            before = each


def reach_pressed(group: QButtonGroup) -> None:
    """Let Tab reach the pressed button of an exclusive group and none of the others: the arrow keys go to those.

    Qt does so by itself only once one of them has had the focus.
    """
    for button in group.buttons():
        pressed = button is group.checkedButton()
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pressed else Qt.FocusPolicy.ClickFocus)
