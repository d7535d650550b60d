"""The palette: which commands it lists, and where the keyboard goes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.exchange.exchange import Outcome
from tests.ui.conftest import Ui
from ui.shell.palette import CommandPalette
from ui.style.theme import DARK, colors


def test_the_palette_filters_the_commands_and_does_them(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        dialog = ui.window.findChild(CommandPalette)
        assert dialog is not None
        assert "Open run" in dialog.titles
        dialog._filter.setText("dark")
        assert dialog.titles == ["Dark"]
        QTest.keyClick(dialog._filter, Qt.Key.Key_Return)
        assert colors() is DARK

    ui.play(scene())


def test_esc_closes_the_commands_and_does_not_stop_the_run_behind_them(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.run()
        await ui.until(lambda: page.session.running, "the run")
        ui.window.open_palette()
        palette = ui.window.findChild(CommandPalette)
        assert palette is not None
        QTest.keyClick(palette._filter, Qt.Key.Key_Escape)
        await ui.ended()
        assert page.a.side is not None
        assert page.a.side.outcome is Outcome.COMPLETED

    ui.play(scene())


@pytest.mark.parametrize(
    "key", [(Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)]
)
def test_the_commands_give_the_keyboard_back(ui: Ui, key: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        prompt = ui.page.bar.prompt
        prompt.setFocus()
        await ui.until(prompt.hasFocus, "the prompt")
        ui.window.open_palette()
        palette = ui.window.findChild(CommandPalette)
        assert palette is not None
        assert not prompt.hasFocus()
        QTest.keyClick(palette._filter, *key)
        assert prompt.hasFocus()
        assert palette.isHidden()

    ui.play(scene())


def test_the_command_that_begins_with_what_is_typed_comes_first(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        palette = ui.window.findChild(CommandPalette)
        assert palette is not None
        palette._filter.setText("run")
        assert palette.titles == ["Run both", "Run only A", "Run only B", "Open run"]

    ui.play(scene())


def test_a_command_of_a_menu_that_is_switched_off_is_not_offered(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        palette = ui.window.findChild(CommandPalette)
        assert palette is not None
        assert not [title for title in palette.titles if "JSON lines" in title]
        assert "Run both" in palette.titles

    ui.play(scene())
