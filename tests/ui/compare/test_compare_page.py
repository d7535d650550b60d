"""The Compare page with the demo's endpoints: real processes, real sockets, the real window."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.exchange.exchange import Outcome
from app.recording.records import EndKind
from app.scenarios import Scenario
from app.store.profiles import Profile
from app.store.run_file import open_run
from tests.ui.conftest import COMPLETED, Ui
from ui.compare.choosing import ChoiceDialog


def test_first_start_chooses_the_demo_and_runs_without_a_key(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        assert page.a.row.profiles.currentText() == "Demo official · local"
        assert page.b.row.profiles.currentText() == "Demo relay · local"
        page.bar.prompt.clear()
        QTest.keyClicks(page.bar.prompt, "What is a stream?")
        async with ui.begins():
            QTest.keyClick(ui.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            assert page.bar.run.text() == "starting"
        assert page.bar.run.running
        assert page.bar.run.text() == "Stop"
        await ui.ended()
        assert not page.bar.run.running
        for pane in (page.a, page.b):
            assert pane.side is not None
            assert pane.side.outcome is Outcome.COMPLETED
            assert len(pane.answer.text) > 40
            assert pane.answer.text == pane.side.rounds[0].reading.text
            assert "What is a stream?" in pane.side.rounds[0].recording.request.body.decode()
            assert pane.events.model.rowCount() == len(pane.side.rounds[0].events) > 20
        assert page.sentence.text.startswith("B works with losses for official clients: No input tokens counted. B did not say")
        assert "to the first token" in page.sentence.text  # a busy machine can make A's as late as B's
        assert page.a.outcome.text.startswith("✓ A drop-in for official clients 200 · end_turn")
        assert page.view.spine.figures.rows[0].label == "First token"

    ui.play(scene())


async def answer_slowly(ui: Ui) -> None:
    """Have an endpoint on side A that takes seconds."""
    slow = Profile(
        "Slow", base_url=f"{await ui.demo_root()}/fault/delay_each_ms=20", model="claude-sonnet-4-6", needs_key=False
    )
    ui.page.services.save_profile(slow)
    ui.page.sides.choose("a", slow.uid)


def test_stop_keeps_what_came(ui: Ui) -> None:
    async def scene() -> None:
        await answer_slowly(ui)
        page = ui.page
        page.run()
        await ui.until(lambda: page.a.side is not None and len(page.a.answer.text) > 10, "some text")
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        await ui.ended()
        assert page.a.side is not None
        assert page.a.side.outcome is Outcome.CANCELLED
        assert page.a.outcome.text.startswith("■ Stopped")
        assert len(page.a.answer.text) > 10
        assert not page.bar.run.running
        await ui.run()
        assert page.a.outcome.text.startswith(COMPLETED)

    ui.play(scene())


def test_the_wire_process_dies_and_the_next_run_works(ui: Ui) -> None:
    async def scene() -> None:
        await answer_slowly(ui)
        page = ui.page
        page.run()
        await ui.until(lambda: page.a.side is not None and len(page.a.answer.text) > 10, "some text")
        pid = ui.window.services.wire.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        await ui.ended()
        assert page.a.side is not None
        assert page.a.side.outcome is Outcome.INTERRUPTED
        assert page.a.outcome.text.startswith("◆ Interrupted")
        assert len(page.a.answer.text) > 10
        assert page.a.answer.notice is not None
        await ui.run()
        assert page.a.outcome.text.startswith(COMPLETED)
        assert page.a.answer.notice is None

    ui.play(scene())


@pytest.mark.english
def test_the_tool_loop_shows_its_rounds(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.bar.set_scenario(Scenario.TOOLS)
        page.bar.editor.tool_result.setPlainText('{"temperature_c": -4}')
        await ui.run()
        assert page.a.side is not None
        assert len(page.a.side.rounds) == 2
        assert 'get_weather({"city":"Paris"})' in page.a.answer.text
        assert 'Local result: {"temperature_c": -4}' in page.a.answer.text
        assert "Round 2" in page.a.answer.text
        page.a._head.rounds.findChildren(QPushButton)[0].click()
        assert page.a.exchange is page.a.side.rounds[0]
        assert page.b.exchange is page.b.side.rounds[0] if page.b.side else False

    ui.play(scene())


def test_save_and_open_show_the_same_run(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        page = ui.page
        await ui.run()
        sentence, answer = page.sentence.text, page.a.answer.text
        file = tmp_path / "run.diptych"
        ui.page.files.save(file)
        assert [one.end.kind for one in open_run(file)[1] if one.end] == [EndKind.WHOLE, EndKind.WHOLE]
        page.session.clear()
        assert page.a.answer.text == ""
        ui.window.open_file(file)
        await ui.until(lambda: page.session.file == file, "the file to open")
        await ui.ended()
        assert (page.sentence.text, page.a.answer.text) == (sentence, answer)
        assert "from file run.diptych" in page.notes.text
        assert not page.a.row.profiles.isEnabled()
        page.files.close()
        assert page.a.row.profiles.isEnabled()
        assert page.a.row.profiles.currentText() == "Demo official · local"

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_of_a_file_that_is_no_answer_it_is_asked_what_it_is(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        file = tmp_path / "note.txt"
        file.write_text("just a note")
        ui.window.open_file(file)
        await ui.until(lambda: ui.page.findChildren(ChoiceDialog), "the question")
        (question,) = ui.page.findChildren(ChoiceDialog)
        assert "note.txt holds no answer of a model API" in question.question.text()
        question.reject()
        assert ui.page.session.file is None

    ui.play(scene())
