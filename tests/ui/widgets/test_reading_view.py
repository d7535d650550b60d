"""The text that is read: its measure, its type, its cards and the caret, and that what is copied is what came."""

from __future__ import annotations

from PySide6.QtGui import QFontInfo, QTextCharFormat, QTextCursor

from tests.ui.conftest import Ui
from ui.style.theme import font
from ui.widgets.reading_view import INSET, LARGE, MEASURE, SMALL, ReadingView, block_format, line_height

WORDS = "a row of small envelopes " * 40


def made(ui: Ui, width: int, text: str = WORDS, *, card: bool = False) -> ReadingView:
    ui.window.resize(1440, 900)
    view = ReadingView("t", ui.window)
    view.resize(width, 300)
    view.fit_type(width)
    style = QTextCharFormat()
    style.setFont(font(view.scale))
    view.show()
    view.append_text(text, style, block_format(view.scale, card=card))
    view.grab()
    return view


def test_a_line_is_no_longer_than_an_eye_follows(ui: Ui) -> None:
    em = QFontInfo(font(LARGE)).pixelSize()
    wide, wider = made(ui, 60 * em), made(ui, 90 * em)
    assert wide.viewport().width() == wider.viewport().width() == MEASURE * em + 2 * INSET
    assert wide.scale == LARGE
    narrow = made(ui, 20 * em)
    assert narrow.scale == SMALL
    assert narrow.viewport().width() > 18 * em, "all of a narrow pane is used"


def test_a_long_paragraph_is_copied_as_it_came(ui: Ui) -> None:
    text = "word & <b>word</b> " * 375
    view = made(ui, 700, f"{text}\nand more")
    assert view.document().blockCount() > 2
    assert view.text == f"{text}\nand more"
    view.selectAll()
    copied = view.createMimeDataFromSelection()
    assert copied.text() == view.text
    assert not copied.hasHtml()


def test_the_end_stays_in_view_and_a_selection_stays(ui: Ui) -> None:
    view = made(ui, 400)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 0
    view.resize(400, 200)
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert (view.verticalScrollBar().value() - INSET) % line_height(view.scale) == 0, "the first line in view is whole"
    cursor = QTextCursor(view.document())
    cursor.setPosition(5, QTextCursor.MoveMode.KeepAnchor)
    view.setTextCursor(cursor)
    view.verticalScrollBar().setValue(0)
    view.append_text(WORDS, QTextCharFormat(), block_format(view.scale))
    assert view.verticalScrollBar().value() == 0
    assert view.textCursor().selectedText() == WORDS[:5]


def test_cards_and_the_caret_are_drawn(ui: Ui) -> None:
    plain, card = made(ui, 400, "f(1)").grab().toImage(), made(ui, 400, "f(1)", card=True).grab().toImage()
    assert plain.pixelColor(300, 20) != card.pixelColor(300, 20)
    view = made(ui, 400, "f(1)")
    before = view.grab().toImage()
    view.set_writing(True)
    assert view.grab().toImage() != before
    view.set_writing(False)
    assert view.grab().toImage() == before
