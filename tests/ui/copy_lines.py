"""What a right click offers on a widget, read without a menu."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint
from PySide6.QtWidgets import QAbstractItemView, QWidget

from ui.widgets.copying import copies_at


def offered(source: QWidget, at: QPoint | None = None) -> dict[str, str]:
    """The menu's lines at a place of a widget (None: in its middle), with the text that each gives."""
    place = source.mapToGlobal(at or source.rect().center())
    return {one.title: one.text() for group in copies_at(source, place) for one in group}


def offered_in(view: QAbstractItemView, index: QModelIndex | QPersistentModelIndex) -> dict[str, str]:
    """The same for a cell."""
    return offered(view.viewport(), view.visualRect(index).center())
