"""A scroll area that is as high as what it holds."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.as_high_as_needed import AsHighAsNeeded
from ui.widgets.labels import PlainLabel


def test_it_scrolls_only_where_there_is_no_room_whatever_was_before(qtbot: QtBot) -> None:
    held = QWidget()
    inside = QVBoxLayout(held)
    label = PlainLabel("short", wrap=True)
    inside.addWidget(label)
    area, window = AsHighAsNeeded(held), QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    layout.addWidget(area)
    layout.addStretch(1)
    window.resize(500, 60)
    window.show()
    label.setText("some words that wrap " * 30)
    QCoreApplication.processEvents()
    window.resize(500, 80)
    qtbot.waitUntil(area.verticalScrollBar().isVisible)
    for width in range(300, 600, 7):  # some of these are where the bar's own width makes another line
        window.resize(width, 60)
        QCoreApplication.processEvents()
        window.resize(width, 600)
        QCoreApplication.processEvents()
        assert not area.verticalScrollBar().isVisible()
        assert label.height() >= label.heightForWidth(label.width())


def test_where_it_scrolls_it_ends_with_a_whole_line_or_button(qtbot: QtBot) -> None:
    held = QWidget()
    inside = QVBoxLayout(held)
    buttons = [QPushButton(str(number)) for number in range(6)]
    for button in buttons:
        inside.addWidget(button)
    area = AsHighAsNeeded(held)
    qtbot.addWidget(area)
    area.show()
    for height in range(60, 150, 9):
        area.resize(300, height)
        QCoreApplication.processEvents()
        assert area.viewport().height() in [button.geometry().bottom() + 1 for button in buttons]


def test_lines_of_chinese_are_whole_too_though_they_are_higher_than_the_fonts_own(qtbot: QtBot) -> None:
    held = QWidget()
    inside = QVBoxLayout(held)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(
        PlainLabel("一分钟后重试。把同样的请求发给另一个端点，可以看出请求本身有没有问题。" * 4, wrap=True, selectable=True)
    )
    area = AsHighAsNeeded(held)
    qtbot.addWidget(area)
    area.show()
    for height in range(50, 90, 3):
        area.resize(300, height)
        QCoreApplication.processEvents()
        seen = area.viewport().grab().toImage()
        lowest = [seen.pixelColor(x, seen.height() - 1) for x in range(seen.width())]
        assert area.verticalScrollBar().isVisible()
        assert len({one.rgb() for one in lowest}) == 1  # between two lines nothing is drawn


def test_texts_leave_the_bar_its_width_from_the_first_picture_on(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    window.resize(300, 60)
    window.show()
    held = QWidget()
    label = PlainLabel("some words that wrap " * 20, wrap=True)
    QVBoxLayout(held).addWidget(label)
    area = AsHighAsNeeded(held)
    layout.addWidget(area)
    QCoreApplication.processEvents()
    assert area.verticalScrollBar().isVisible()
    assert label.mapTo(area, label.rect().bottomRight()).x() < area.verticalScrollBar().mapTo(area, QPoint(0, 0)).x()
