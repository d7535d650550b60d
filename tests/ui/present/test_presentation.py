"""The presentation over the real window: a recording played to a room, and what its keys do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.run.replay import AS_FAST_AS_IT_COMES
from tests.builders import stream
from tests.run.test_plain_sentence import in_gulps
from tests.ui.compare.replay.test_replaying import shown
from tests.ui.conftest import Ui
from ui.present.card import AnswerArea
from ui.present.measures import ANSWER_PX, LEAST_PX, LINE_PX, measures
from ui.present.presentation import Presentation
from ui.present.questions import GIVEN

SENTENCE = "Endpoint B kept you waiting 0.4 seconds longer, then gave the same answer in three gulps."


def presented(ui: Ui) -> Presentation:
    ui.window.present()
    found = ui.window.findChild(Presentation)
    assert found is not None
    return found


def test_a_recording_is_told_in_everyday_words_and_plays_again(ui: Ui) -> None:
    async def scene() -> None:
        page, _ = await shown(ui, stream(), in_gulps(3))
        page.bar.prompt.setFocus()
        stage = presented(ui)
        assert ui.window.focusWidget() is stage
        assert ui.window.windowState() & Qt.WindowState.WindowFullScreen
        assert stage.size() == ui.window.size()
        assert stage.text == SENTENCE
        assert stage.cards["b"].accessibleName() == (
            "Endpoint B: 1.02 s until the first word. 0.4 s later. came in three gulps. 1.8 s until the last"
        )
        stage.foot.sought.emit(640.0)
        await ui.until(lambda: not page.session.following, "the moment")
        assert stage.text == ""
        assert stage.cards["a"].answer.shown_lines == ["word 0 word 1"]
        assert stage.cards["b"].accessibleName().startswith("Endpoint B: 0.64 s waiting for the first word. waiting…")
        page.replaying.player.set_speed(AS_FAST_AS_IT_COMES)
        QTest.keyClick(stage, Qt.Key.Key_R)
        assert page.replaying.player.playing
        await ui.until(lambda: not page.replaying.player.active, "the end of the replay")
        assert stage.text == SENTENCE
        usual = stage.cards["a"].answer.font_px
        QTest.keyClick(stage, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(stage, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        assert stage.cards["a"].answer.font_px == round(usual * 1.25)
        QTest.keyClick(stage, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
        assert stage.cards["a"].answer.font_px == usual
        QTest.keyClick(stage, Qt.Key.Key_Home)
        assert page.replaying.player.active
        QTest.keyClick(stage, Qt.Key.Key_Escape)
        assert not page.replaying.player.active
        assert not ui.window.windowState() & Qt.WindowState.WindowFullScreen
        assert not stage.isVisible()
        assert ui.window.focusWidget() is page.bar.prompt

    ui.play(scene())


def test_keys_ask_again_and_ask_the_next_question(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        stage = presented(ui)
        assert stage.text == "Press Enter, and both are asked."
        async with ui.begins():
            QTest.keyClick(stage, Qt.Key.Key_Right)
        assert page.bar.prompt.text() == GIVEN[0]
        await ui.ended()
        assert "Demo relay" in stage.text
        QTest.keyClick(stage, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        QApplication.processEvents()
        assert stage.isVisible()
        QTest.keyClick(stage, Qt.Key.Key_F11)
        assert not stage.isVisible()

    ui.play(scene())


def test_an_answer_that_has_ended_is_set_smaller_where_all_of_it_fits_then(ui: Ui) -> None:
    area, usual = AnswerArea(ui.window), measures(1440, 900)
    area.resize(500, 10 * usual.px(LINE_PX))
    text = "a row of small envelopes " * 18
    area.show_answer(text, usual, "a", whole=False)
    assert not area.shown_lines[0].startswith("a row of small envelopes a row"), "the end is in view while it is written"
    area.show_answer(text, usual, "", whole=False)
    assert area.font_px == usual.px(ANSWER_PX), "the other side still writes"
    area.show_answer(text, usual, "", whole=True)
    assert area.shown_lines[0].startswith("a row of small envelopes a row")
    assert LEAST_PX <= area.font_px < usual.px(ANSWER_PX)
    short = AnswerArea(ui.window)
    short.resize(500, 10 * usual.px(LINE_PX))
    short.show_answer("a row", usual, "", whole=True)
    short.take_size_of(area)
    area.take_size_of(short)
    assert short.font_px == area.font_px
    area.show_answer(text * 9, usual, "", whole=True)
    assert area.font_px == usual.px(ANSWER_PX), "where it does not help it stays as large as it was"
