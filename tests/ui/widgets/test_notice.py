"""The card of a notice: what it offers is there with it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.widgets.notice import Notice, NoticeCard


def test_the_buttons_of_a_notice_can_be_reached_as_soon_as_it_is_said(qtbot: QtBot) -> None:
    card = NoticeCard()
    qtbot.addWidget(card)
    card.show()
    for titles in (("Run again", "Edit"), ("Use it",)):
        card.show_notice(Notice("It failed", actions=tuple((title, title) for title in titles)))
        assert [(button.text(), button.isVisible()) for button in card.buttons] == [(title, True) for title in titles]


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
