"""The line of the verdict, by itself."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from tests.ui.conftest import delete_now
from ui.compare.pane.verdict import VerdictWords
from ui.compare.pane.verdict_line import HEIGHT, VerdictLine
from ui.style.theme import Theme
from ui.widgets.segments import Segment


def test_its_parts_have_their_room_when_the_text_becomes_larger(qapp: QApplication) -> None:
    theme = Theme(qapp)
    line = VerdictLine(QWidget())
    line.resize(700, HEIGHT)
    line.show_words(VerdictWords((Segment("! 可用，但有损失"),), link="输入 token 未计数", facts=("200",)))
    line.show()
    try:
        theme.set_text_percent(150)
        QApplication.processEvents()
        for part in (line.words, line.facts):
            assert part.size().height() >= part.sizeHint().height()
            assert part.width() >= part.sizeHint().width()
        assert line.link.width() >= line.link.fontMetrics().horizontalAdvance(line.link.text())
        assert line.words.geometry().right() < line.link.geometry().left() < line.facts.geometry().left()
    finally:
        theme.set_text_percent(100)
        delete_now(line)


def test_what_stands_at_the_right_end_has_its_room_when_it_becomes_larger(qapp: QApplication) -> None:
    right = QWidget()
    title = QLabel("1")
    QHBoxLayout(right).addWidget(title)
    line = VerdictLine(right)
    line.resize(700, HEIGHT)
    line.show()
    try:
        QApplication.processEvents()
        title.setText("Round 1")
        QApplication.processEvents()
        assert right.width() >= right.sizeHint().width()
    finally:
        delete_now(line)
