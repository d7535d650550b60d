"""What scrolls ends with a whole row, and begins with one where its rows are low."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QScrollArea, QVBoxLayout, QWidget
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
