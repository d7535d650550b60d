"""What is painted fails by itself: a fault in it is told once, and the window goes on."""

from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar, cast

from PySide6.QtCore import QTimer

M = TypeVar("M", bound=Callable[..., None])

_told: set[tuple[str, str, int]] = set()  # where something can't be painted: its class, the exception's, the line
_hearers: list[Callable[[str], object]] = []


def painted(method: M) -> M:
    """Guard a widget's `paintEvent` or a delegate's `paint`: all of them are, see `tests/ui/test_painting.py`.

    An exception that leaves one reaches Qt in the middle of a picture: its painter is still at work, every later picture of the
    widget fails with it and says so on standard error, sixty times a second, and the end of the widget ends the program.
    """

    @functools.wraps(method)
    def guarded(self: object, *given: Any) -> None:
        try:
            method(self, *given)
        except Exception as error:
            _tell(type(self).__name__, error)
            traceback.clear_frames(error.__traceback__)  # a painter that one of them made ends here

    return cast("M", guarded)


def hear_of_faults(hearer: Callable[[str], object]) -> None:
    """Have this called, once the picture is done, with the kind of a fault that was not there before, and none else."""
    _hearers[:] = [hearer]


def _tell(widget: str, error: Exception) -> None:
    lines = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    where = (widget, kind, lines[-1].lineno or 0)
    if where in _told:
        return
    _told.add(where)
    sys.stderr.write(f"{widget} can't be painted:\n")
    traceback.print_exception(error)
    QTimer.singleShot(0, lambda: [hearer(kind) for hearer in _hearers])
