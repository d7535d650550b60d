"""What scrolls ends with a whole row, and begins with one where its rows are low."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.style.theme import colors
from ui.widgets.labels import PlainLabel
from ui.widgets.whole_rows import SPARE, WholeRows, rows_in


def covered_from(cover: WholeRows, area: QAbstractItemView | QScrollArea) -> int:
    """Where the cover begins in the viewport, as it is painted; the viewport's height where there is none."""
    inner = area.viewport().geometry()
    if cover.isHidden():
        return inner.height()
    assert cover.geometry().bottom() == inner.bottom()
    drawn = area.grab().toImage()
    ratio = drawn.devicePixelRatio()
    at = cover.geometry().center()
    assert QColor(drawn.pixel(int(at.x() * ratio), int(at.y() * ratio))) == colors().color("surface")
    return cover.y() - inner.y()


def test_a_list_shows_whole_rows_wherever_it_is_scrolled_to(qtbot: QtBot) -> None:
    view = QListWidget()
    qtbot.addWidget(view)
    view.addItems([f"row {number}" for number in range(40)])
    cover = WholeRows(view)
    view.show()
    row = view.sizeHintForRow(0)
    for height in range(4 * row, 6 * row):
        view.resize(200, height)
        for current in (0, 20, 39):
            view.setCurrentRow(current)
            QCoreApplication.processEvents()
            view.grab()
            begin = view.visualRect(view.indexAt(QPoint(2, 2))).top()
            assert begin == 0, "the first is whole"
            left = (covered_from(cover, view) - begin) % row
            assert left == 0 or left >= row * (SPARE - 1) / SPARE or current == 39
            assert view.visualItemRect(view.item(current)).bottom() < covered_from(cover, view), "what is chosen is seen"


@pytest.mark.parametrize("later", [False, True])
def test_a_scroll_area_shows_whole_lines(qtbot: QtBot, later: bool) -> None:
    area, held = QScrollArea(), QWidget()
    qtbot.addWidget(area)
    area.setWidgetResizable(True)
    inside = QVBoxLayout(held)
    for number in range(30):
        inside.addWidget(PlainLabel(f"line {number}"))
    if not later:
        area.setWidget(held)
    cover = WholeRows(area)
    if later:
        area.setWidget(held)
    area.show()
    for height in range(150, 200, 3):
        area.resize(200, height)
        area.verticalScrollBar().setValue(height - 140)
        QCoreApplication.processEvents()
        area.grab()
        end = covered_from(cover, area)
        cut = [row for row in rows_in(held, area.viewport()) if row.top() < end <= row.bottom()]
        assert not cut
        assert area.viewport().height() - end <= inside.spacing() + cover.fontMetrics().height() + 8


def test_what_is_covered_is_scrolled_and_not_pressed(qtbot: QtBot) -> None:
    area, held = QScrollArea(), QWidget()
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(area)
    area.setWidgetResizable(True)
    inside, pressed = QVBoxLayout(held), list[int]()
    for number in range(30):
        button = QPushButton(f"button {number}")
        button.clicked.connect(partial(pressed.append, number))
        inside.addWidget(button)
    area.setWidget(held)
    cover = WholeRows(area)
    window.show()
    window.resize(200, 190)
    for below in range(12, 40):
        area.verticalScrollBar().setValue(below)
        window.grab()
        if not cover.isHidden() and cover.height() > 10:
            break
    at = cover.mapTo(window, cover.rect().center())
    seen = window.childAt(at)
    assert seen is cover
    QTest.mouseClick(seen, Qt.MouseButton.LeftButton, pos=seen.mapFrom(window, at))
    assert not pressed
    before = area.verticalScrollBar().value()
    where = QPointF(cover.rect().center())
    QCoreApplication.sendEvent(
        seen,
        QWheelEvent(
            where, QPointF(cover.mapToGlobal(where.toPoint())), QPoint(0, -30), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip
    assert area.verticalScrollBar().value() > before
