"""The card of a notice: what it offers is there with it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.notice import Notice, NoticeCard


def test_the_buttons_of_a_notice_can_be_reached_as_soon_as_it_is_said(qtbot: QtBot) -> None:
    card = NoticeCard()
    qtbot.addWidget(card)
    card.show()
    for titles in (("Run again", "Edit"), ("Use it",)):
        card.show_notice(Notice("It failed", actions=tuple((title, title) for title in titles)))
        assert [(button.text(), button.isVisible()) for button in card.buttons] == [(title, True) for title in titles]


def test_where_a_button_of_it_has_the_keyboard_the_next_notice_takes_that_on(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    other, card = QPushButton("other", window), NoticeCard(window)
    window.show()
    card.show_notice(Notice("No key", actions=(("Enter the key…", 1),)))
    card.buttons[0].setFocus()
    card.show_notice(Notice("No model", actions=(("Choose a model…", 2), ("Edit", 3))))
    assert window.focusWidget() is card.buttons[0]
    other.setFocus()
    card.show_notice(Notice("Ready", actions=(("Run both", 4),)))
    assert window.focusWidget() is other


def test_what_was_done_besides_is_a_line_that_unfolds_to_a_list(qtbot: QtBot) -> None:
    card = NoticeCard()
    qtbot.addWidget(card)
    card.show()
    card.show_notice(
        Notice("Not found", fix="Correct it.", more=("Asked 2 other paths, none is an API", "POST /a: 404", "POST /b: 404"))
    )
    line = card.focusable[0]
    assert (line.text(), line.isVisible()) == ("Asked 2 other paths, none is an API  ▸", True)
    assert not card._more.more.isVisible()
    line.click()
    assert line.text().endswith("▾")
    assert (card._more.more.text(), card._more.more.isVisible()) == ("POST /a: 404\nPOST /b: 404", True)
    card.show_notice(Notice("Another", more=("Asked 1 other path", "POST /a: 404")))
    assert line.text().endswith("▸")
    card.show_notice(Notice("Nothing besides"))
    assert not line.isVisible()
