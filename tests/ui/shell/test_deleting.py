"""All history is deleted where that is confirmed, and said before."""

from __future__ import annotations

from threading import Event

import pytest
from PySide6.QtWidgets import QMessageBox, QProgressDialog, QPushButton

from app.asking import history_keeping
from app.asking.history_keeping import history_in_place
from app.store.settings import Settings
from tests.store.history.made import body, entry
from tests.ui.conftest import Ui
from ui.shared import progress
from ui.shell.deleting import DELETE, QUESTION, delete_all, what_goes
from ui.shell.pages import HISTORY
from ui.shell.settings import SettingsDialog
from ui.widgets.toast import said_briefly

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_all_history_is_deleted_once_that_is_confirmed(ui: Ui) -> None:
    with history_in_place(Settings()) as history:
        for number in range(3):
            history.add(entry(number), body(number))

    def question() -> QMessageBox | None:
        return next((box for box in ui.window.findChildren(QMessageBox) if box.text() == QUESTION and box.isVisible()), None)

    async def answer(title: str) -> None:
        ui.window.open_settings()
        settings = ui.window.findChild(SettingsDialog)
        assert settings is not None
        settings.delete_all.click()
        settings.close()
        await ui.until(question, "the question")
        box = question()
        assert box is not None
        assert "All 3 entries (" in box.informativeText()
        next(button for button in box.findChildren(QPushButton) if title in button.text()).click()
        await ui.until(lambda: question() is None, "it to be closed")

    async def scene() -> None:
        page = ui.window.show_page(HISTORY)
        await ui.until(lambda: page.counted is not None and page.counted.all == 3, "the runs to be listed")
        await answer("Cancel")
        await answer(DELETE)
        await ui.until(lambda: "3 entries deleted." in said_briefly(ui.window), "that to be said")
        page.look()
        await ui.until(lambda: page.view.empty.isVisible(), "nothing to be listed")

    ui.play(scene())


def test_while_it_takes_long_that_is_shown(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = Event()

    def slowly(_: Settings) -> int:
        goes_on.wait(60)
        return 2

    monkeypatch.setattr(history_keeping, "delete_all", slowly)
    monkeypatch.setattr(progress, "SHOWN_AFTER_MS", 0)

    async def scene() -> None:
        page = ui.window.show_page(HISTORY)
        page.services.tasks.start(delete_all(page.services, ui.window))
        await ui.until(lambda: any(one.isVisible() for one in ui.window.findChildren(QProgressDialog)), "it to be shown")
        (shown,) = ui.window.findChildren(QProgressDialog)
        assert shown.labelText() == "Deleting all history…"
        assert shown.findChildren(QPushButton) == []  # all of it or nothing
        assert (shown.minimum(), shown.maximum()) == (0, 0)
        goes_on.set()
        await ui.until(lambda: "2 entries deleted." in said_briefly(ui.window), "that to be said")
        assert not [one for one in ui.window.findChildren(QProgressDialog) if one.isVisible()]

    ui.play(scene())


def test_what_can_t_be_counted_is_asked_all_the_same() -> None:
    assert what_goes(None).startswith("All that is kept, pinned ones too")
    assert "Keys, endpoints, settings" in what_goes(None)
