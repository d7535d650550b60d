"""How large the window is at its first start: as we like it, or as large as the screen allows."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QMainWindow

LIKED = QSize(1280, 820)
LEAST = QSize(900, 560)
BORDER, BAR = 8, 24  # both edges of a window's frame together; its title bar as Fusion has it: to import QStyle takes 7 ms


def fit_screen(window: QMainWindow, screen: QRect | None = None) -> None:
    """Give the window its first size. `screen` is what a screen has beside its panels, that of the window where it is None.

    Where that is too small, the window stands in its corner: a window manager may put it anywhere else.
    """
    screen = window.screen().availableGeometry() if screen is None else screen
    room = screen.size() - QSize(BORDER, BAR + BORDER)
    window.setMinimumSize(LEAST)
    liked = LIKED.expandedTo(window.minimumSizeHint())
    window.resize(liked.boundedTo(room).expandedTo(LEAST))
    if liked.boundedTo(room) != liked:
        window.move(screen.topLeft())
