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
