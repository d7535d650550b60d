"""The palette: which commands it lists, and where the keyboard goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.exchange.exchange import Outcome
from app.recording.records import RunOpened
from app.recording.run_format import dump_run
from app.scenarios import Scenario
from app.store.files import private_folder
from app.text.when import local_words
from tests.builders import messages_start, messages_text, recording
from tests.ui.conftest import Ui
from ui.shell.help import HelpDialog
from ui.shell.pages import ENDPOINTS, STUDY
from ui.shell.palette import CommandPalette
from ui.shell.settings import TITLES, SettingsDialog
from ui.shell.settings_table import NAMES
from ui.style.theme import DARK, colors


@pytest.mark.english
def test_the_palette_filters_the_commands_and_does_them(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        dialog = ui.window.findChild(CommandPalette)
        assert dialog is not None
        assert "Open run" in dialog.titles
        dialog._filter.setText("dark")
        assert dialog.titles[0] == "Dark"
        QTest.keyClick(dialog._filter, Qt.Key.Key_Return)
        assert colors() is DARK

    ui.play(scene())


def test_esc_closes_the_commands_and_does_not_stop_the_run_behind_them(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        async with ui.begins():
            page.run()
        palette = find(ui, "")
        assert page.session.running
        QTest.keyClick(palette._filter, Qt.Key.Key_Escape)
        await ui.ended()
        assert page.a.side is not None
        assert page.a.side.outcome is Outcome.COMPLETED

    ui.play(scene())


def test_the_commands_give_the_keyboard_back(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        prompt = ui.page.bar.prompt
        prompt.setFocus()
        for key in ((Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)):
            await ui.until(prompt.hasFocus, "the prompt")
            palette = find(ui, "")
            assert not prompt.hasFocus()
            QTest.keyClick(palette._filter, *key)
            assert prompt.hasFocus()
            assert palette.isHidden()

    ui.play(scene())


@pytest.mark.english
def test_what_begins_with_what_is_typed_comes_first_and_what_is_switched_off_is_not_offered(ui: Ui) -> None:
    palette = find(ui, "")
    assert not [title for title in palette.titles if "JSON lines" in title]
    assert "Run both" in palette.titles
    palette._filter.setText("run")
    assert palette.titles[:3] == ["Run both", "Run only A", "Run only B"]
    assert "Open run" in palette.titles
    palette._filter.setText("qqqq")
    assert palette.titles == []
    assert palette._none.isVisible()
    palette.close()


def find(ui: Ui, typed: str) -> CommandPalette:
    ui.window.open_palette()
    palette = next(one for one in ui.window.findChildren(CommandPalette) if one.isVisible())
    palette._filter.setText(typed)
    return palette


def choose(ui: Ui, typed: str, title: str) -> None:
    """Type, and press Enter on the first, which must be this."""
    palette = find(ui, typed)
    assert palette.titles[0] == title
    QTest.keyClick(palette._filter, Qt.Key.Key_Return)


@pytest.mark.english
@pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own
def test_endpoints_models_requests_tabs_runs_settings_and_words_are_found(ui: Ui) -> None:
    async def scene() -> None:
        page, services = ui.page, ui.window.services
        folder = services.journal.folder
        private_folder(folder.parent)
        private_folder(folder)
        file = folder / "2026-11-21T00-00-00-000Z-x.diptych"
        opened = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {"prompt": "Why do boats float?"})
        made = recording([(600.0, messages_start()), (612.0, messages_text("Hi"))])
        file.write_bytes(b"".join(dump_run(opened, [made])))
        relay = next(one for one in services.profiles if one.name == "Demo relay")
        choose(ui, "relay demo a:", "A: Demo relay")
        assert page.sides.profile("a") == relay
        services.models.keep(relay, ("model-one", "model-two"))
        choose(ui, "two model", "A: model-two")
        assert page.a.row.model == "model-two"
        choose(ui, "tools", "Tools")
        assert page.bar.scenario is Scenario.TOOLS
        choose(ui, "timing", "Timing")
        assert (page.a.tab, page.b.tab) == (2, 2)
        ui.window.show_page(ENDPOINTS)
        choose(ui, "temperature", "temperature")
        popover = page.bar.fields._popover
        assert popover is not None
        assert page.isVisible()
        assert popover.isVisible()
        popover.hide()
        assert find(ui, "max_tokens").titles == ["max"]
        assert STUDY not in ui.window._made  # what is on a page is found before that is made
        choose(ui, "seed study", "seed")
        assert ui.window.page(STUDY).view.plan.seed.hasFocus()
        choose(ui, "steps load", "steps")
        assert ui.window.page(STUDY).load.view.plan.steps.hasFocus()
        choose(ui, "boats run", f"Run of {local_words(opened.started_utc)}: {made.envelope.profile.name}")
        await ui.until(lambda: page.session.file == file, "the run to open")
        await ui.ended()
        assert page.isVisible()
        assert any(title.startswith("Copy side A's request as Python") for title in find(ui, "python").titles)
        choose(ui, "answer limit", "Answer limit")
        settings = ui.window.findChild(SettingsDialog)
        assert settings is not None
        assert settings.focusWidget() is settings.body_limit
        settings.close()
        choose(ui, "ttft", "first token (TTFT)")
        helping = ui.window.findChild(HelpDialog)
        assert helping is not None
        assert helping.shown[0] == "first token (TTFT)"
        helping.close()
        page.files.close()

    ui.play(scene())


def test_every_setting_can_be_gone_to(ui: Ui) -> None:
    ui.window.open_settings()
    settings = ui.window.findChild(SettingsDialog)
    assert settings is not None
    assert {TITLES[name] for name in settings._fields} == set(NAMES)
    settings.close()
