"""The sentence is as high as its text, at every size of text, and has no bar where all of it is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.text.sentences import Span
from tests.ui.conftest import delete_now
from ui.style.theme import Theme
from ui.widgets.fields import NameCombo
from ui.widgets.sentence import MAX_LINES, SentenceView

OFF = Qt.ScrollBarPolicy.ScrollBarAlwaysOff


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp)
    yield made
    made.set_text_percent(100)


@pytest.mark.parametrize(("percent", "word"), [(100, "gypsy "), (150, "gypsy "), (200, "gypsy "), (100, "首个 token ")])
def test_no_line_is_cut_and_a_bar_is_only_where_there_is_more(theme: Theme, percent: int, word: str) -> None:
    theme.set_text_percent(percent)
    holder = QWidget()
    layout, view = QVBoxLayout(holder), SentenceView()
    layout.addWidget(view)
    layout.addStretch(1)
    holder.resize(900, 900)
    holder.show()
    for words in (8, 28, 400):
        view.show_spans((Span(word * words),))
        QApplication.processEvents()
        last = view.textCursor()
        last.movePosition(QTextCursor.MoveOperation.End)
        written, seen = view.document().size().height(), view.viewport().height()
        if words < 400:
            assert view.verticalScrollBarPolicy() is OFF
            assert view.cursorRect(last).bottom() <= seen
            assert written <= seen <= written + 4
        else:
            assert view.verticalScrollBarPolicy() is not OFF
            lines = view.document().begin().layout().lineCount()
            assert seen == pytest.approx(MAX_LINES * written / lines, abs=4)
    delete_now(holder)


def test_a_list_that_comes_leaves_the_beginning_of_a_name_in_view(qapp: QApplication) -> None:
    combo = NameCombo("Model")
    combo.set_text("claude-opus-4-8-" + "x" * 60)
    combo.set_names(["one", "two"])
    edit = combo.lineEdit()
    assert edit is not None
    assert edit.cursorPosition() == 0
    delete_now(combo)
