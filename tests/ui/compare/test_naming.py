"""What a run is called: in the window's title while it goes on and after, and as the name of a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from app.store.settings import SettingsStore
from app.text.when import local
from tests.ui.conftest import Ui
from ui.shell import main_window
from ui.shell.notifier import Notifier
from ui.shell.pages import STUDY
from ui.widgets.toast import said_briefly


def test_a_run_is_called_by_who_was_compared(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    alerts: list[object] = []
    told: list[tuple[str, str]] = []

    def choose(dialog: QFileDialog) -> int:
        names.append(Path(dialog.selectedFiles()[0]).name)
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile(str(tmp_path / "mine"))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)
    monkeypatch.setattr(QApplication, "alert", lambda *one: alerts.append(one))
    monkeypatch.setattr(Notifier, "show", lambda _, *said: told.append(said))
    monkeypatch.setattr(main_window.MainWindow, "raise_", lambda _: None)  # the offscreen screen has no order of windows
    monkeypatch.setattr(main_window, "LONG_S", 0.0)
    monkeypatch.setattr(main_window.MainWindow, "isActiveWindow", lambda _: False)

    async def scene() -> None:
        ui.ask_briefly()
        assert ui.window.windowTitle() == "Diptych"
        async with ui.begins():
            ui.page.bar.run.click()
        assert ui.window.windowTitle() == "▶ 0 s, Diptych"
        await ui.ended()
        assert ui.window.windowTitle() == "✓ Demo official vs Demo relay, Diptych"
        assert len(alerts) == 1
        assert told == [(told[0][0], "Demo official vs Demo relay")]
        assert re.fullmatch(r"Compare: ended after \d+ s", told[0][0])
        ui.window.show_page(STUDY)
        notifier = ui.window.findChild(Notifier)
        assert notifier is not None
        notifier.clicked.emit()
        assert ui.page.isVisible()
        monkeypatch.setattr(main_window.MainWindow, "isActiveWindow", lambda _: True)
        QApplication.sendEvent(ui.window, QEvent(QEvent.Type.ActivationChange))
        assert ui.window.windowTitle() == "Demo official vs Demo relay, Diptych"
        ui.page.files.ask_save()
        assert ui.page.session.opened is not None
        moment = local(ui.page.session.opened.started_utc)
        assert names == [f"Demo official vs Demo relay {moment:%Y-%m-%d %H%M}.diptych"]
        assert str(tmp_path / "mine.diptych") in said_briefly(ui.window)
        ui.page.open_file(tmp_path / "mine.diptych")
        await ui.until(lambda: ui.page.session.file is not None, "the file")
        await ui.ended()
        assert ui.window.windowTitle() == "mine.diptych, Diptych"
        assert len(told) == len(alerts) == 1  # a file that was read is no run that has ended
        ui.window.close()
        kept = SettingsStore().load().layouts["Compare"]
        assert kept["folder"] == str(tmp_path)

    ui.play(scene())
