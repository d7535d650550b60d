"""What is selected in the History page written as one file for other programs, whole or one side of it; and stopped."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QMessageBox, QProgressDialog

from app.asking import history_export
from app.asking.history_entry import read_gently
from app.asking.history_export import Selection
from app.exchange.exchange import Exchange
from app.formats.capture import Capture
from app.recording.recording import Recording
from app.store.history.place import history_path
from app.transfer.capture_files import captures_of
from tests.ui.compare.test_panes import both
from tests.ui.conftest import Ui
from tests.ui.history.test_history_page import keep, shown
from ui.history import exporting
from ui.history.exporting import RUN_FILES, scopes_of
from ui.shared.export_kinds import OTHER_TOOLS
from ui.widgets.toast import said_briefly

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_several_runs_are_one_file_for_other_programs(ui: Ui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keep(range(3))
    asked: list[str] = []

    def where(_parent: object, _title: str, name: str, _kinds: str = "") -> Path:
        asked.append(name)
        return tmp_path / name

    monkeypatch.setattr(exporting, "ask_where", where)

    async def scene() -> None:
        page = await shown(ui)
        assert page.found is not None
        several = page.found.listed
        assert [side for _, side in scopes_of(several)] == [None, "a", "b"]
        for key in OTHER_TOOLS:
            dialog = page.exports.ask(several)
            assert set(dialog.kinds) == {RUN_FILES, *OTHER_TOOLS}
            assert dialog.copy_button.isHidden()  # many runs are no text for a clipboard
            dialog.scopes[2].click()
            assert not dialog.save_button.isEnabled()  # files of runs hold both
            dialog.kinds[key].click()
            dialog.save_button.click()
            await ui.until(lambda: str(tmp_path / asked[-1]) in said_briefly(ui.window), "it to be written")
            if key == "har":
                found = [one for one in captures_of(str(tmp_path / asked[-1]), None) if isinstance(one, Capture)]
                assert [bytes(one.recording.body.data) for one in found] == [bytes(both()[1].body.data)] * 3
            elif key == "vcr-json":
                assert len(json.loads((tmp_path / asked[-1]).read_bytes())["interactions"]) == 3
        assert asked[0] == "3 runs B.har"
        assert len(set(asked)) == len(OTHER_TOOLS)
        with closing(sqlite3.connect(history_path())) as connection:
            connection.execute("UPDATE bodies SET data = substr(data, 1, 90) WHERE run = ?", (several[1].id,))
            connection.commit()
        await page.exports.export(several, "har", None, tmp_path / "both.har")
        assert len(list(captures_of(str(tmp_path / "both.har"), None))) == 4
        (box,) = page.view.window().findChildren(QMessageBox)
        assert box.text() == "Not all could be exported"
        assert f"Run {several[1].id} " in box.informativeText()
        box.done(0)

    ui.play(scene())


def test_an_export_that_is_stopped_leaves_what_was_there(ui: Ui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keep(range(3))
    path, begun, goes_on = tmp_path / "all.har", Event(), Event()
    path.write_text("before")

    def slowly(recording: Recording) -> Exchange:
        begun.set()
        goes_on.wait(60)
        return read_gently(recording)

    stop = Selection.stop

    def stops(self: Selection) -> None:
        stop(self)
        goes_on.set()

    monkeypatch.setattr(history_export, "read_gently", slowly)
    monkeypatch.setattr(Selection, "stop", stops)

    async def scene() -> None:
        page = await shown(ui)
        assert page.found is not None
        page.services.tasks.start(page.exports.export(page.found.listed, "har", None, path))
        await ui.until(begun.is_set, "the first to be read")
        (progress,) = page.view.findChildren(QProgressDialog)
        assert progress.labelText() == "Exporting 3 runs…"
        progress.cancel()
        await ui.until(lambda: "Stopped: nothing was written" in said_briefly(ui.window), "that to be said")

    ui.play(scene())
    assert path.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["all.har"]
