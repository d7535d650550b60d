"""A line of pieces: what there is no room for gives way in its order."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.widgets.labels import SegmentLine
from ui.widgets.segments import Segment

MARK = Segment("Streaming · “What does a stream l…”:", "warn", bold=True, yields=True)
OUTCOME = Segment("! Completed, 3 findings", "warn", bold=True, link=True)
DETAILS = Segment("200 · end_turn · HTTP/1.1")


def test_a_mark_is_shortened_before_the_outcome_is(qtbot: QtBot) -> None:
    line = SegmentLine()
    qtbot.addWidget(line)
    line.set_segments(MARK, OUTCOME, DETAILS)
    line.resize(line.sizeHint())
    line.show()
    assert line.shown == [MARK.text, OUTCOME.text, DETAILS.text]
    line.resize(line.sizeHint().width() // 2, line.height())
    mark, outcome, *_ = line.shown
    assert (mark.endswith("…"), outcome) == (True, OUTCOME.text)
    assert MARK.text in line.toolTip()
    line.set_segments(MARK, DETAILS)
    assert line.shown[0] == MARK.text


def test_the_piece_that_leads_somewhere_is_where_it_is_painted(qtbot: QtBot) -> None:
    line = SegmentLine()
    qtbot.addWidget(line)
    line.set_segments(MARK, OUTCOME, DETAILS)
    line.resize(line.sizeHint().width() // 2, line.height())
    line.show()
    with qtbot.waitSignal(line.link_pressed):
        QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() - 40, line.height() // 2))
