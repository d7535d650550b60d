"""The fields of the request: chips, what they are edited in, who leaves them out, and the request before it is sent."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.protocols.base import NO_OPTIONS
from app.recording.records import RunOpened
from app.scenarios import Scenario
from tests.builders import messages_end, messages_start, recording
from tests.ui.conftest import Ui
from ui.compare.pane.pane import Pane
from ui.compare.request.bar import SCENARIOS
from ui.compare.request.chip import CROSS, INSET
from ui.compare.tabs import TABS
from ui.widgets.toast import toasts_of

REQUEST = TABS.index("Request")
quiet = pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own


def popover(ui: Ui, name: str):  # type: ignore[no-untyped-def]  # made late
    fields = ui.page.bar.fields
    QTest.mouseClick(fields.chips[name], Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
    assert fields._popover is not None
    return fields._popover


def edit_button(pane: Pane) -> QPushButton:
    return next(one for one in pane.request.findChildren(QPushButton) if one.accessibleName().startswith("Edit the body"))


@quiet
def test_a_field_is_set_edited_sent_and_unset(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page, chips = ui.page, ui.page.bar.fields.chips
        assert page.bar.plan.options == NO_OPTIONS
        edited = popover(ui, "temperature")
        edited.line.setText("warm")
        QTest.keyClick(edited.line, Qt.Key.Key_Return)
        assert edited.isVisible()
        assert "is a number" in edited.said.text()
        edited.line.setText("0.5")
        QTest.keyClick(edited.line, Qt.Key.Key_Return)
        assert not edited.isVisible()
        assert chips["temperature"].accessibleName() == "temperature: 0.5"
        edited = popover(ui, "effort")
        next(one for one in edited.choices.findChildren(type(edited.set_button)) if one.text() == "low").click()
        picture = tmp_path / "a.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n")
        edited = popover(ui, "attachments")
        edited.add_files([picture, tmp_path / "nothing.png"])
        assert "can't be read" in edited.said.text()
        edited.accept()
        # Set ones stand first, and what both would be sent is seen before it is.
        page.a.set_tab(REQUEST)
        await ui.until(lambda: '"temperature"' in page.a.request._view.toPlainText(), "the request that would be sent")
        assert "Not sent yet" in page.a.request._said.text
        assert chips["temperature"].x() < chips["top_p"].x()
        await ui.run()
        assert page.a.exchange is not None
        sent = json.loads(page.a.exchange.recording.request.body)
        assert (sent["temperature"], sent["output_config"]) == (0.5, {"effort": "low"})
        assert sent["messages"][0]["content"][0]["type"] == "image"
        # What is set now is something else by then.
        assert page.a.request.now.isHidden()
        QTest.mouseClick(
            chips["effort"], Qt.MouseButton.LeftButton, pos=QPoint(chips["effort"].width() - INSET - CROSS // 2, 12)
        )
        assert page.bar.plan.options.effort == ""
        await ui.until(lambda: not page.a.request.now.isHidden(), "the offer to show what is set now")
        assert "effort" in page.a.request._view.toPlainText()
        page.a.request.now.click()
        assert "effort" not in page.a.request._view.toPlainText()
        QTest.keyClick(chips["temperature"], Qt.Key.Key_Delete)
        assert page.bar.plan.options == NO_OPTIONS

    ui.play(scene())


def test_who_leaves_a_field_out_is_said_in_its_place(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        chips, by_protocol = page.bar.fields.chips, {one.protocol: one for one in reversed(page.services.profiles)}
        assert (chips["seed"].note, chips["seed"].isEnabled()) == ("not in Messages", False)
        page.sides.choose("b", by_protocol["openai-chat"].uid)
        assert chips["seed"].isEnabled()
        assert chips["seed"].note == "not to A"
        assert chips["seed"].lack == "A’s protocol has no seed: it is left out there"
        assert chips["thinking"].note == "not to B"
        page.sides.choose("a", by_protocol["openai-chat"].uid)
        assert chips["seed"].note == ""
        assert chips["thinking"].note == "not in Chat"
        chips["seed"].setValue(7)
        page.sides.choose("a", by_protocol["anthropic-messages"].uid)
        assert chips["seed"].accessibleName() == "seed: 7, not to A"
        assert not chips["tool_choice"].isVisible()
        ui.window.resize(900, 600)
        await ui.until(lambda: not chips["attachments"].isVisible(), "what has no room to fold")
        page.bar._on_scenario(SCENARIOS.index(Scenario.TOOLS))
        shown = [one for one in (*chips.values(), page.bar.fields.more, page.bar.unfold) if one.isVisible()]
        assert page.bar.fields.more in shown
        row = [one.geometry() for one in shown]
        assert not any(a.intersects(b) for n, a in enumerate(row) for b in row[:n])
        assert all(one.right() <= page.bar.fields.width() for one in row)

    ui.play(scene())


@quiet
def test_json_mode_and_a_schema_take_each_others_place_and_strict_stands_beside_the_schema(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        chips, by_protocol = page.bar.fields.chips, {one.protocol: one for one in reversed(page.services.profiles)}
        assert chips["json"].note == "not in Messages"
        page.sides.choose("b", by_protocol["openai-chat"].uid)
        ui.window.resize(1900, 900)
        await ui.until(lambda: chips["json"].isVisible(), "room for every field")
        assert not chips["strict"].isVisible()
        edited = popover(ui, "json")
        assert not edited.line.isVisible()
        assert not edited.set_button.isVisible()
        assert edited.choices.parts[0].hasFocus()
        edited.choices.parts[0].click()
        assert page.bar.plan.options.json == "object"
        chips["schema"].setValue({"type": "object"})
        assert not page.bar.plan.options.json
        assert not chips["json"].isVisible()
        assert chips["strict"].isVisible()
        edited = popover(ui, "strict")
        edited.choices.parts[1].click()
        assert chips["strict"].accessibleName() == "strict: off, not to A"
        assert page.bar.plan.options.strict is False
        chips["schema"].setValue(None)
        assert not chips["strict"].isVisible()

    ui.play(scene())


def test_the_body_that_is_shown_is_edited_by_hand(ui: Ui) -> None:
    async def scene() -> None:
        page, bar = ui.page, ui.page.bar
        bar.prompt.setText("Where?")
        page.a.set_tab(REQUEST)
        await ui.until(lambda: "Where?" in page.a.request._view.toPlainText(), "the request that would be sent")
        edit = edit_button(page.a)
        edit.click()
        assert bar.scenario is Scenario.CUSTOM
        assert bar.unfold.isChecked()
        made = json.loads(bar.editor.body.text)
        assert made["messages"][0]["content"] == "Where?"
        assert "model" not in made
        bar.editor.body.setPlainText('{"messages": []}')
        bar.turn_to(Scenario.MINIMAL)
        await ui.until(lambda: "Where?" in page.a.request._view.toPlainText(), "the request that would be sent")
        edit.click()
        assert "Where?" in bar.editor.body.text
        toasts = toasts_of(page)
        assert toasts is not None
        undo = toasts.shown[-1].button
        assert undo is not None
        undo.click()
        assert bar.editor.body.text == '{"messages": []}'

    ui.play(scene())


def test_a_body_of_ones_own_begins_with_the_request_that_one_was_in(ui: Ui) -> None:
    async def scene() -> None:
        bar = ui.page.bar
        bar.prompt.setText("Where?")
        bar.fields.chips["temperature"].setValue(1)
        bar._on_scenario(SCENARIOS.index(Scenario.CUSTOM))
        begun = json.loads(bar.editor.body.text)
        assert (begun["messages"][0]["content"], begun["temperature"], begun["stream"]) == ("Where?", 1, True)
        assert "model" not in begun
        bar._on_scenario(SCENARIOS.index(Scenario.MINIMAL))
        bar._on_scenario(SCENARIOS.index(Scenario.CUSTOM))
        assert "stream" not in json.loads(bar.editor.body.text)
        bar.editor.body.setPlainText("{ mine")
        bar._on_scenario(SCENARIOS.index(Scenario.STREAMING))
        bar._on_scenario(SCENARIOS.index(Scenario.CUSTOM))
        assert bar.editor.body.text == "{ mine"
        # What is refused comes back into view.
        await ui.run()
        assert bar.unfold.isChecked()

    ui.play(scene())


def test_the_body_of_an_opened_run_is_what_both_sides_are_asked(ui: Ui) -> None:
    async def scene() -> None:
        page, bar = ui.page, ui.page.bar
        asked = {"model": "theirs", "messages": [{"role": "user", "content": "Mine"}]}
        body = [(50, messages_start() + messages_end())]
        answer_alone = recording(body, side="b")
        answer_alone.request = msgspec.structs.replace(answer_alone.request, body=b"")
        page.show_file(None, RunOpened("1", "", "0", "streaming", {}), [recording(body, asked=asked), answer_alone])
        for pane in (page.a, page.b):
            pane.set_tab(REQUEST)
        await ui.ended()
        edit_button(page.a).click()
        assert json.loads(bar.editor.body.text) == {"messages": [{"role": "user", "content": "Mine"}]}
        assert bar.scenario is Scenario.CUSTOM
        edit_button(page.b).click()  # which holds no request
        assert "Mine" in bar.editor.body.text
        toasts = toasts_of(page)
        assert toasts is not None
        assert [one.text for one in toasts.shown][-1].startswith("There is no body here")
        page.files.close()
        assert bar.plan.scenario is Scenario.CUSTOM
        assert b"Mine" in bar.plan.body

    ui.play(scene())
