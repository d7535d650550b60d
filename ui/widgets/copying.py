"""What can be copied: a widget says by a method `copies(at)` what of it can be at a place; those that hold it add theirs.

`ui.widgets.copy_menu` shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QWidget


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
    """What a widget and those that hold it offer, from the inside out; `place` is the screen's."""
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
