"""Widgets that go on in the next line."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.flow import Flow


class Part(QWidget):
    """As large as it was told."""

    def __init__(self, width: int, height: int = 20) -> None:
        super().__init__()
        self.wanted = QSize(width, height)

    def sizeHint(self) -> QSize:
        return self.wanted


def made(qtbot: QtBot, *widths: int) -> tuple[QWidget, Flow]:
    page, flow = QWidget(), Flow(spacing=10, line_spacing=4)
    qtbot.addWidget(page)
    for width in widths:
        flow.add(Part(width))
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(flow)
    layout.addStretch(1)
    page.resize(210, 300)
    page.show()
    QApplication.processEvents()
    return page, flow


def places(flow: Flow) -> list[tuple[int, int]]:
    return [(part.x(), part.y()) for part in flow.parts if not part.isHidden()]


def test_what_has_no_room_goes_on_in_the_next_line(qtbot: QtBot) -> None:
    _, flow = made(qtbot, 100, 100, 50)
    assert places(flow) == [(0, 0), (110, 0), (0, 24)]
    assert flow.height() == flow.heightForWidth(210) == 44
    assert all(part.isVisible() for part in flow.parts)


@pytest.mark.parametrize("width", [400, 90])
def test_another_width(qtbot: QtBot, width: int) -> None:
    page, flow = made(qtbot, 100, 100, 50)
    page.resize(width, 300)
    QApplication.processEvents()
    assert places(flow) == ([(0, 0), (110, 0), (220, 0)] if width == 400 else [(0, 0), (0, 24), (0, 48)])
    assert max(part.width() for part in flow.parts) <= width


def test_parts_that_are_hidden_shown_or_change_their_size(qtbot: QtBot) -> None:
    _, flow = made(qtbot, 100, 100, 50)
    first, second, third = flow.parts
    first.hide()
    QApplication.processEvents()
    assert places(flow) == [(0, 0), (110, 0)]
    assert isinstance(second, Part)
    second.wanted = QSize(200, 30)
    second.updateGeometry()
    QApplication.processEvents()
    assert (third.x(), third.y()) == (0, 34)
    assert flow.height() == 54


def test_all_are_thrown_away(qtbot: QtBot) -> None:
    _, flow = made(qtbot, 100, 100, 50)
    gone = flow.parts
    flow.clear()
    assert all(part.isHidden() for part in gone)
    flow.add(Part(70))
    QApplication.processEvents()
    assert places(flow) == [(0, 0)]
    assert flow.height() == 20
