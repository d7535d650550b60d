"""What can be copied: a widget says by a method `copies(at)` what of it can be at a place; those that hold it add theirs.

`ui.widgets.copy_menu` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from app.text.sentences import tr
from app.text.visible import one_line, visible

QUOTED = 40  # characters of a cell that the menu says


class Copy(NamedTuple):
    """Something to copy: the menu's line, and the text once it is wanted. `word`: the label of a figure that it is about."""

    title: str
    text: Callable[[], str]
    word: str = ""


@runtime_checkable
class Copyable(Protocol):
    def copies(self, at: QPoint | None) -> Iterable[Copy]:
        """What can be copied at a place of the widget; None: of what is selected, or of all of it."""
        ...


def copies_at(source: QWidget, place: QPoint | None) -> Iterator[list[Copy]]:
    """What a widget and those that hold it offer, from the inside out; a label its text. `place` is the screen's."""
    if isinstance(source, QLabel) and (text := source.text()):
        yield [Copy(quoted(text), lambda: text)]
    one: QWidget | None = source
    while one is not None:
        if isinstance(one, Copyable) and (found := list(one.copies(one.mapFromGlobal(place) if place is not None else None))):
            yield found
        one = one.parentWidget() if not one.isWindow() else None


def passes_on(widget: QWidget, event: QContextMenuEvent) -> bool:
    """Whether something that holds a text shows the menu for it: the event goes there then."""
    one = widget.parentWidget()
    while one is not None:
        if isinstance(one, Copyable):
            event.ignore()
            return True
        one = one.parentWidget()
    return False


def cell_copies(view: QAbstractItemView, at: QPoint | None) -> Iterator[Copy]:
    """A cell's text, its row and all rows, as they are shown; cells apart by tabs. Rows that can't be chosen are left out."""
    place = view.viewport().mapFrom(view, at) if at is not None else None
    if place is None:
        index = view.currentIndex()
    else:  # above the first row in view, on the header, is one that is scrolled away
        index = view.indexAt(place) if view.viewport().rect().contains(place) else QModelIndex()
    if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEnabled:
        cell, line = _text_of(index), _line_of(view, index.row())
        if cell and cell != line:
            yield Copy(quoted(cell), lambda: cell)
        yield Copy(tr("Copy the row"), lambda: line)
    rows = view.model().rowCount(view.rootIndex())
    lines = [line for row in range(rows) if (line := _line_of(view, row))]
    if len(lines) > 1:
        yield Copy(tr("Copy all rows"), lambda: "\n".join(lines))


def quoted(text: str) -> str:
    """The menu's line for a text that is copied as it is."""
    return tr("Copy “{text}”", text=one_line(text, QUOTED))


def _line_of(view: QAbstractItemView, row: int) -> str:
    columns = range(view.model().columnCount(view.rootIndex()))
    cells = [view.model().index(row, column, view.rootIndex()) for column in columns]
    if not any(one.flags() & Qt.ItemFlag.ItemIsEnabled for one in cells):
        return ""
    return "\t".join(_text_of(one) for one in cells).rstrip("\t")


def _text_of(index: QModelIndex) -> str:
    """As it is shown, in one line."""
    return visible(str(index.data(Qt.ItemDataRole.DisplayRole) or ""), keep="")
