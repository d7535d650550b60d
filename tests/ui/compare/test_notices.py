"""The card that says what went wrong has its whole text and all its buttons, however small the window is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QPushButton, QScrollArea, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from app.diagnosis import ProfileChange
from tests.builders import messages_end, messages_start, messages_text, recording, side
from tests.ui.conftest import Ui
from ui.compare.pane.answer_view import AnswerView
from ui.widgets.notice import Notice

AGAIN = ProfileChange("run", "", "Run again")
WHOLE = messages_start() + messages_text("An answer of before. " * 30) + messages_end(90)
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


def test_nothing_of_a_notice_is_cut_off(ui: Ui) -> None:
    async def see(size: tuple[int, int]) -> None:
        ui.window.resize(*size)
        answer, card = ui.page.b.answer, ui.page.b.answer._notice
        # In the smallest its first buttons stay in sight above an older answer.
        answer.show_side(side("b", recording([(600.0, WHOLE)])) if size == (900, 600) else None, None)
        ui.page.b.show_notice(LONG)
        words, room = card.findChildren(QScrollArea)
        buttons = card.buttons
        is_low = size != (2560, 1440)
        await ui.until(lambda: card.height() > 0 and _inside(room.viewport(), buttons[0]), "the card's height")
        await ui.until(lambda: is_low or card.height() == card.sizeHint().height(), "all of the card")
        for area in (words, room):
            await ui.until(partial(_scrolls, area, is_low), "what scrolls")
            assert area.horizontalScrollBar().maximum() == 0
        assert _inside(answer, card)
        assert [button.accessibleName() for button in buttons] == [label for label, _ in LONG.actions]
        for button in buttons:
            assert is_low or _inside(room.viewport(), button)
            assert button.fontMetrics().horizontalAdvance(button.text()) <= _text_room(button), button.text()
            assert button.text() == button.accessibleName() or button.toolTip()
        for number, button in enumerate(buttons):
            assert not any(button.geometry().intersects(other.geometry()) for other in buttons[number + 1 :])

    async def scene() -> None:
        for size in ((2560, 1440), (1280, 820), (900, 600)):
            await see(size)

    ui.play(scene())


def test_a_notice_takes_the_room_that_it_needs_and_no_more(ui: Ui) -> None:
    async def scene() -> None:
        answer, card = ui.page.b.answer, ui.page.b.answer._notice
        ui.window.resize(900, 600)
        answer.show_side(side("b", recording([(600.0, WHOLE)])), None)
        ui.page.b.show_notice(Notice("Nothing listens there", fix="Start the server.", actions=(("Run again", AGAIN),)))
        await ui.until(lambda: 0 < card.height() == card.sizeHint().height(), "all of the card above an older answer")
        assert answer.view is not None
        assert answer.view.viewport().height() >= answer.view.least_height, "a line of that is seen"

    ui.play(scene())


def test_its_buttons_are_whole_above_an_answer_however_low_the_pane(qtbot: QtBot) -> None:
    answer = AnswerView("a")
    qtbot.addWidget(answer)
    answer.resize(380, 100)
    answer.show()
    answer.show_side(side("a", recording([(600.0, WHOLE)])), None)
    QCoreApplication.processEvents()
    answer.show_notice(Notice("No key", "What that means. " * 9, actions=(("Enter it…", AGAIN), ("Run again", AGAIN))))
    _, room = answer._notice.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: all(_inside(room.viewport(), button) for button in answer._notice.buttons))


def _scrolls(area: QScrollArea, does: bool) -> bool:
    return area.verticalScrollBar().isVisible() is does


def _inside(whole: QWidget, part: QWidget) -> bool:
    """Whether all of a part is within a widget."""
    return whole.rect().contains(QRect(part.mapTo(whole, QPoint(0, 0)), part.size()))


def _text_room(button: QPushButton) -> int:
    """How wide a button's text may be at its present width."""
    option = QStyleOptionButton()
    option.initFrom(button)
    return button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button).width()
