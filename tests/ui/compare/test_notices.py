"""The card that says what went wrong has its whole text and all its buttons, however small the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton, QScrollArea, QStyle, QStyleOptionButton

from app.diagnosis import ProfileChange
from tests.ui.conftest import Ui
from ui.widgets.notice import Notice

AGAIN = ProfileChange("run", "", "Run again")
LONG = Notice(
    "relay.example has nothing at /a/rather/long/path/of/a/gateway/v1/messages, nor at the other usual paths of an API.",
    "Diptych then asked the same address elsewhere, with an empty request that no model answers. " * 3,
    "Take the API's address from the endpoint's documentation; it may be another host.",
    "404 page not found",
    actions=(
        ("Enter the key…", AGAIN),
        ("Run with ANTHROPIC_API_KEY (sk-ant-••••ij)", AGAIN),
        ("Run with ANTHROPIC_AUTH_TOKEN (tok-••••ij)", AGAIN),
        ("Use https://relay.example/a/rather/long/path/of/a/gateway/v1 and run again", AGAIN),
    ),
)


@pytest.mark.parametrize("size", [(900, 560), (1280, 820), (2560, 1440)])
def test_nothing_of_a_notice_is_cut_off(ui: Ui, size: tuple[int, int]) -> None:
    async def scene() -> None:
        ui.window.resize(*size)
        card = ui.page.b.answer._notice
        ui.page.b.show_notice(LONG)
        await ui.until(lambda: card.height() >= card.heightForWidth(card.width()) > 0, "the card's height")
        room = next(one for one in ui.page.b.answer.findChildren(QScrollArea) if one.isAncestorOf(card))
        assert room.horizontalScrollBar().maximum() == 0
        held = QRect(QPoint(0, 0), card.size())
        buttons = card.buttons
        assert [button.accessibleName() for button in buttons] == [label for label, _ in LONG.actions]
        for button in buttons:
            assert held.contains(button.geometry())
            assert button.fontMetrics().horizontalAdvance(button.text()) <= _text_room(button), button.text()
            assert button.text() == button.accessibleName() or button.toolTip()
        for number, button in enumerate(buttons):
            assert not any(button.geometry().intersects(other.geometry()) for other in buttons[number + 1 :])

    ui.play(scene())


def test_a_notice_takes_no_more_room_than_it_needs(ui: Ui) -> None:
    async def scene() -> None:
        card = ui.page.b.answer._notice
        ui.page.b.show_notice(Notice("Nothing listens there", fix="Start the server.", actions=(("Run again", AGAIN),)))
        await ui.until(lambda: 0 < card.height() <= card.heightForWidth(card.width()), "the card's height")

    ui.play(scene())


def _text_room(button: QPushButton) -> int:
    """How wide a button's text may be at its present width."""
    option = QStyleOptionButton()
    option.initFrom(button)
    return button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
