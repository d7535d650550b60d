"""The window's frame: what it imports, its commands and colours, pages that are plugged in, what it remembers."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.store.settings import SettingsStore
from tests.ui.conftest import Ui
from ui.dialogs.palette import Palette
from ui.theme import DARK, LIGHT, colors

LATE = ("httpx", "httpcore", "h2", "keyring", "starlette", "uvicorn", "truststore", "dotenv", "PySide6.QtNetwork")


def test_the_windows_process_imports_nothing_before_it_is_needed() -> None:
    code = f"import sys, ui.application; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_palette_filters_the_commands_and_does_them(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        dialog = ui.window.findChild(Palette)
        assert dialog is not None
        assert "Open run" in dialog.titles
        dialog._filter.setText("dark")
        assert dialog.titles == ["Dark"]
        QTest.keyClick(dialog._filter, Qt.Key.Key_Return)
        assert colors() is DARK

    ui.play(scene())


def test_the_scheme_is_remembered_and_labels_follow_it(ui: Ui) -> None:
    async def scene() -> None:
        for mode, scheme in (("dark", DARK), ("light", LIGHT)):
            ui.window._set_theme(mode)
            assert colors() is scheme
            label = ui.page.a.answer._empty
            assert label.palette().color(label.foregroundRole()).name() == scheme.muted
        assert SettingsStore().load().theme == "light"

    ui.play(scene())


def test_a_page_is_made_when_it_is_first_turned_to(ui: Ui) -> None:
    made: list[QLabel] = []

    def make() -> QLabel:
        made.append(QLabel("More"))
        return made[-1]

    async def scene() -> None:
        number = len(ui.window._places) + 1
        ui.window.add_page("more", "More", "settings", make)
        assert not made
        QTest.keyClick(ui.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert ui.window._pages.currentWidget() is made[0]
        QTest.keyClick(ui.window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        assert ui.window._pages.currentWidget() is ui.page
        assert len(made) == 1

    ui.play(scene())


def test_the_keys_lead_to_the_endpoints(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        for keys, side in ((Qt.KeyboardModifier.ControlModifier, "a"), (_control_shift(), "b")):
            QTest.keyClick(ui.window, Qt.Key.Key_L, keys)
            assert ui.window.focusWidget() is ui.page.panes[side].row.profiles  # type: ignore[index]  # the two names

    ui.play(scene())


def _control_shift() -> Qt.KeyboardModifier:
    return Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
