"""What a screen reader shall be told that a widget is, without asking Qt for anything: `ui.widgets.accessible` reads it."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractScrollArea, QComboBox, QLineEdit, QWidget

from app.text.sentences import tr

PROPERTY = "heardAs"
SIDED = "namesSide"  # its name says already of which side it is


def hear_as(widget: QWidget, kind: str) -> None:
    """A "tab", a "group", ...: what a class that is not ours says of itself by `heard_as`.

    A screen reader that listens already may have been told of the widget when it got its text: as Qt knows it.
    """
    widget.setProperty(PROPERTY, kind)
    if (accessible := sys.modules.get("ui.widgets.accessible")) is not None:
        accessible.forget(widget)


def name_side(view: QWidget, side: str) -> None:
    """Say of what can be used in a view of which side it is: there is the same of the other side on the page.

    `side` is "A" or "B". Names that are given later are not touched.
    """
    for one in (view, *view.findChildren(QWidget)):
        if not isinstance(one, QAbstractButton | QAbstractItemView | QAbstractScrollArea | QComboBox | QLineEdit):
            continue
        name = one.accessibleName() or (one.text() if isinstance(one, QAbstractButton) else "")
        if name and not one.property(SIDED):
            one.setAccessibleName(tr("{name} of side {side}", name=name, side=side))
            one.setProperty(SIDED, True)
