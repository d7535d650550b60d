"""A widget that is made when it is first needed: what is not seen when the window opens does not delay it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtWidgets import QWidget

W = TypeVar("W", bound=QWidget)


class Late(Generic[W]):
    """Call it for the widget.

    Attributes:
        made: the widget, None while nobody has needed it.
    """

    def __init__(self, make: Callable[[], W], placed: Callable[[W], None]) -> None:
        """`make` imports and makes it; `placed` puts it to its place, and has it show what there is."""
        self._make, self._placed = make, placed
        self.made: W | None = None

    def __call__(self) -> W:
        if self.made is None:
            self.made = self._make()
            self._placed(self.made)
        return self.made
