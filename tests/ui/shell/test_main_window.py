"""The window's frame: what it imports, its commands and colours, what it remembers."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.recording.records import RunOpened
from app.recording.run_format import dump_run
from app.store.files import private_folder
from app.store.settings import SettingsStore
from tests.builders import messages_start, messages_text, recording
from tests.ui.conftest import Ui
from ui.shell.palette import Palette
from ui.style.theme import DARK, LIGHT, Colors, Mode, colors

LATE = ("httpx", "httpcore", "h2", "keyring", "starlette", "uvicorn", "truststore", "dotenv", "PySide6.QtNetwork")


def test_the_windows_process_imports_nothing_before_it_is_needed() -> None:
    code = f"import sys, ui.shell.application; print([name for name in {LATE!r} if name in sys.modules])"
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
        modes: tuple[tuple[Mode, Colors], ...] = (("dark", DARK), ("light", LIGHT))
        for mode, scheme in modes:
            ui.window.set_scheme(mode)
            assert colors() is scheme
            label = ui.page.a.answer._empty
            assert label.palette().color(label.foregroundRole()).name() == scheme.muted
        assert SettingsStore().load().theme == "light"

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


def test_a_run_that_was_cut_off_by_a_crash_is_offered(ui: Ui) -> None:
    async def scene() -> None:
        services = ui.window.services
        made = recording([(600.0, messages_start()), (612.0, messages_text("Half an ans"))])
        made.end = None
        file = services.journal.folder / "2026-11-21T00-00-00-x.journal"
        private_folder(file.parent.parent)
        private_folder(file.parent)
        opened = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {})
        file.write_bytes(b"".join(dump_run(opened, [made])))
        ui.page.offer_unfinished(services.journal.unfinished())
        assert "what had come is kept" in ui.page.notes.text
        next(one for one in ui.page.notes.findChildren(QPushButton) if one.text() == "Open it").click()
        await ui.until(lambda: ui.page.session.file == file, "the journal to open")
        await ui.ended()
        assert ui.page.a.outcome.text.startswith("◆ Interrupted")
        assert ui.page.a.answer.text == "Half an ans"
        ui.page.files.close()
        ui.page.offer_unfinished(services.journal.unfinished())
        next(one for one in ui.page.notes.findChildren(QPushButton) if one.text() == "Discard").click()
        assert not file.exists()
        assert ui.page.notes.text == ""

    ui.play(scene())
