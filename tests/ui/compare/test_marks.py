"""A run that is shown, and the window set to something else by now: nothing of it is lost, and it says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.recording.records import RunOpened
from app.scenarios import Scenario
from app.store.keys import KeyStore
from tests.ui.compare.test_before_run import NEEDS_KEY, _in_memory, buttons
from tests.ui.compare.test_panes import both
from tests.ui.conftest import COMPLETED, Ui, behind, save_profiles
from ui.compare.marks import NOT_SENT, _short
from ui.compare.request.bar import SCENARIOS
from ui.style.theme import colors


def dim(ui: Ui) -> bool:
    return ui.page.sentence.textColor() == colors().color("muted")


def test_results_of_another_request_are_marked_until_it_is_the_same_again(ui: Ui) -> None:
    async def scene() -> None:
        page, bar = ui.page, ui.page.bar
        ui.ask_briefly()
        bar.prompt.setText("Say hello, and then say it once more.")
        await ui.run()
        lines = [page.a.outcome.text, page.b.outcome.text]
        assert lines[0].startswith(COMPLETED)
        assert not dim(ui)
        changes: tuple[tuple[Callable[[], object], Callable[[], object], str], ...] = (
            (lambda: bar.scenarios.chosen.emit(SCENARIOS.index(Scenario.TOOLS)), lambda: bar.set_scenario(Scenario.STREAMING),
             "Streaming · “Say hello, and then…”:"),
            (lambda: bar.prompt.setText("Another"), lambda: bar.prompt.setText("Say hello, and then say it once more."),
             "Streaming · “Say hello, and then…”:"),
            (lambda: bar.max_tokens.setValue(7), lambda: ui.ask_briefly(), "Streaming, before you changed it:"),
            (lambda: bar.editor.system.setText("Be short."), lambda: bar.editor.system.clear(),
             "Streaming, before you changed it:"),
        )  # fmt: skip
        for change, undo, mark in changes:
            change()
            assert page.a.outcome.text.startswith(behind(mark))
            assert page.b.outcome.text.startswith(f"{mark} ")
            assert dim(ui)
            undo()
            assert [page.a.outcome.text, page.b.outcome.text] == lines
            assert not dim(ui)
        bar.editor.turns.setPlainText("What this request does not send")
        assert page.a.outcome.text == lines[0]
        bar.max_tokens.setValue(7)
        page.sides.choose("b", page.services.profiles[0].uid)
        assert page.b.outcome.text.startswith("Demo relay · claude-sonnet-4-6: ")
        await ui.run()
        assert page.a.outcome.text.startswith(COMPLETED)
        assert not dim(ui)

    ui.play(scene())


def test_an_opened_run_is_marked_only_once_its_request_is_changed(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ask = {"prompt": "Hi", "max_tokens": 1 << 40, "turns": ["  one  "], "scenario": "conversation"}
        page.show_file(Path("a.diptych"), RunOpened("1", "2026-11-29T10:00:00.000Z", "0", "conversation", ask), [*both()])
        await ui.ended()
        assert page.a.outcome.text.startswith(COMPLETED)
        page.bar.editor.turns.setPlainText("another")
        assert _short("请用两句话解释数据流是什么样") == "请用两句话解释数据流…"
        assert _short("请用两句话解释数据流") == "请用两句话解释数据流"
        assert page.a.outcome.text.startswith(behind("Conversation · “one”:"))
        page.files.close()
        assert page.a.outcome.text == "Not run yet"
        assert page.sentence.text.startswith("Ctrl+Enter")

    ui.play(scene())


@pytest.fixture
def keyless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A saved profile without its key, and keys kept in memory."""
    save_profiles(NEEDS_KEY)
    monkeypatch.setattr(KeyStore, "__init__", _in_memory)


@pytest.mark.usefixtures("keyless")
def test_a_missing_key_wipes_nothing(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        await ui.run()
        sentence, line = page.sentence.text, page.a.outcome.text
        answers = [pane.answer.text for pane in (page.a, page.b)]
        page.sides.choose("b", NEEDS_KEY.uid)
        page.run()
        await ui.until(lambda: page.b.answer.notice, "the notice")
        assert [pane.answer.text for pane in (page.a, page.b)] == answers
        assert all(answers)
        assert page.a.outcome.text == f"{NOT_SENT}: {line}"
        assert page.b.outcome.text.startswith("Demo relay · claude-sonnet-4-6: ")
        assert "Enter the key…" in buttons(ui, "b")
        assert page.sentence.text == "Nothing was sent: B can't be asked yet. The reason stands above."
        page.services.key_store.set(NEEDS_KEY.uid, "sk-ant-0123456789abcdefghij")
        page.services.keys.renew(NEEDS_KEY.uid)
        await ui.until(lambda: "Run both" in buttons(ui, "b"), "the key")
        assert page.sentence.text == sentence
        assert dim(ui)
        assert page.a.outcome.text == line
        page.sides.choose("b", page.services.profiles[-2].uid)
        assert page.b.answer.notice is None or page.b.answer.notice.title != "No key, so nothing was sent"

    ui.play(scene())
