"""The window's first size: all of it is on the screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QStyle

from tests.ui.conftest import Ui
from ui.shell.first_size import LEAST, LIKED, fit_screen


@pytest.mark.parametrize("screen", [QRect(0, 0, 1280, 720), QRect(64, 27, 1302, 741), QRect(0, 0, 1024, 640)])
def test_a_small_screen_has_the_whole_window_with_its_frame(ui: Ui, screen: QRect) -> None:
    fit_screen(ui.window, screen)
    bar = ui.window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    assert ui.window.pos() == screen.topLeft()
    assert screen.contains(QRect(ui.window.pos(), ui.window.size() + QSize(0, bar)))


def test_a_large_screen_has_it_as_we_like_it_where_the_window_manager_puts_it(ui: Ui) -> None:
    ui.window.move(QPoint(300, 100))
    fit_screen(ui.window, QRect(0, 0, 1920, 1080))
    assert (ui.window.size(), ui.window.pos()) == (LIKED, QPoint(300, 100))
    assert ui.window.minimumSize() == LEAST
