"""What is done with what is selected in the History page; and a history that is a newer version's, or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QProgressDialog, QWidget

from app.asking.history_keeping import history_in_place
from app.recording.records import RunOpened
from app.store.history.place import history_path
from app.store.history.schema import VERSION
from app.store.run_file import save_run
from app.store.settings import Settings
from tests.builders import stream
from tests.store.history.made import body, entry
from tests.ui.conftest import Ui
from tests.ui.history.test_history_page import shown
from ui.history import changing, exporting
from ui.history.page import HistoryPage
from ui.shared import progress as progress_module
from ui.shared.export_dialog import ExportDialog
from ui.shared.page import Command
from ui.widgets.toast import said_briefly, toasts_of

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def choose(page: HistoryPage, title: str) -> None:
    """As from the menu."""
    command = next(one for one in page.menu.entries if isinstance(one, Command) and one.title.replace("&", "") == title)
    assert command.can()
    command.work()


def keep(count: int) -> None:
    with history_in_place(Settings()) as history:
        for number in range(count):
            history.add(entry(number), body(number))


def stop_at(done: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From now on what shows its progress is stopped as soon as so many are done; what each says of itself is put into this."""
    stopped: list[str] = []

    @contextmanager
    def watched(parent: QWidget, doing: str, count: int) -> Iterator[QProgressDialog]:
        with progress_module.progress_of(parent, doing, count) as progress:
            before = progress.setValue

            def set_value(value: int) -> None:
                before(value)
                if value >= done:
                    stopped.append(progress.labelText())
                    progress.cancel()

            monkeypatch.setattr(progress, "setValue", set_value)
            yield progress

    monkeypatch.setattr(changing, "progress_of", watched)
    return stopped


def test_all_that_is_listed_is_deleted_with_progress_stopped_and_taken_back(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "AT_A_TIME", 2)
    monkeypatch.setattr(progress_module, "SHOWN_AFTER_MS", 0)
    keep(9)

    async def scene() -> None:
        page = await shown(ui, lambda page: page.counted is not None)
        with monkeypatch.context() as while_it_goes_on:
            stopped = stop_at(4, while_it_goes_on)
            choose(page, "Delete all that is listed")
            await ui.until(lambda: "4 are deleted." in said_briefly(page.view), "some to be deleted, then it was stopped")
        assert stopped == ["Deleting 9 runs…"]
        assert await page.reading.do(lambda history: (history.count(), history.count("is:deleted"))) == (5, 4)
        choose(page, "Delete all that is listed")
        await ui.until(lambda: "5 are deleted." in said_briefly(page.view), "the rest")
        toasts = toasts_of(page.view)
        assert toasts is not None
        for one in toasts.shown:
            assert one.button is not None
            one.button.click()
        await ui.until(lambda: page.found is not None and len(page.found.listed) == 9, "all to be back")

    ui.play(scene())


def test_runs_are_named_noted_pinned_and_exported(ui: Ui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    keep(2)
    monkeypatch.setattr(exporting, "ask_where", lambda _parent, _title, name, _kinds: tmp_path / name)

    async def ask(page: HistoryPage, title: str, text: str) -> None:
        choose(page, title)
        dialog = page.view.findChild(QInputDialog)
        assert dialog is not None
        dialog.setTextValue(text)
        dialog.accept()

    async def scene() -> None:
        page = await shown(ui)
        assert page.found is not None
        first = page.found.listed[0]
        page.view.list.go_to(first.id)
        await ask(page, "Name…", " before the move ")
        await ui.until(lambda: page.view.list.selected[0].name == "before the move", "the name")
        await ask(page, "Note…", "with <b>the</b> old key")
        await ui.until(lambda: page.view.list.selected[0].note, "the note")
        choose(page, "Pin, or no longer")
        await ui.until(lambda: page.view.list.selected[0].pinned, "it to be pinned")
        page.view.search.setText("is:pinned old")
        await ui.until(lambda: page.found is not None and len(page.found.listed) == 1, "it alone to be found")
        choose(page, "Export…")
        (dialog,) = page.view.findChildren(ExportDialog)
        dialog.save_button.click()
        await ui.until(lambda: "1 file written to" in said_briefly(ui.window), "it to be written")
        written = tmp_path / exporting.file_name(first)
        assert written.read_bytes() == b"".join(body(int(first.entry.run_id[2:])))  # of one small file
        choose(page, "Pin, or no longer")
        await ui.until(lambda: page.found is not None and not page.found.listed, "it to be pinned no longer")

    ui.play(scene())


def test_a_folder_of_runs_is_taken_in_once_and_what_is_selected_is_written_again(
    ui: Ui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(changing, "FILES_AT_A_TIME", 2)
    given, out = tmp_path / "given", tmp_path / "out"
    given.mkdir()
    out.mkdir()
    for number in range(5):
        opened = RunOpened(f"id{number}", f"2026-11-2{number}T10:00:00.000Z", "0", "streaming", {})
        save_run(given / f"{number}.diptych", opened, [stream(words=number + 1)])
    (given / "torn.diptych").write_bytes(b"DIPTYCH1\n\0")
    (given / "note.txt").write_text("not asked for")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    done: list[str] = []
    made = progress_module.progress_of

    @contextmanager
    def watched(parent: QWidget, doing: str, count: int) -> Iterator[QProgressDialog]:
        done.append(doing)
        with made(parent, doing, count) as progress:
            yield progress

    monkeypatch.setattr(changing, "progress_of", watched)

    async def scene() -> None:
        page = await shown(ui)
        for _ in range(2):
            ui.window.open_files([given])
            await ui.until(lambda: "5 runs are in the history." in said_briefly(ui.window), "all to be taken in")
            (box,) = page.view.window().findChildren(QMessageBox)
            assert "torn.diptych" in box.informativeText()
            assert "note.txt" not in box.informativeText()
            box.done(0)
            box.setParent(None)
            toasts = toasts_of(page.view)
            for one in list(toasts.shown) if toasts is not None else ():
                one.drop()
            await ui.until(lambda: page.found is not None and len(page.found.listed) == 5, "them to be listed")
        assert page.found is not None
        page.exports.ask(page.found.listed).save_button.click()
        await ui.until(lambda: "5 files written to" in said_briefly(ui.window), "all to be written")
        assert sorted(one.read_bytes() for one in out.iterdir()) == sorted(one.read_bytes() for one in given.glob("?.diptych"))
        assert done == ["Importing 6 runs…", "Importing 6 runs…", "Exporting 5 runs…"]
        assert changing.runs_in([out]) == sorted(out.iterdir())

    ui.play(scene())


def test_what_is_taken_in_can_be_stopped(ui: Ui, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(changing, "FILES_AT_A_TIME", 1)
    files = [tmp_path / f"{number}.diptych" for number in range(4)]
    for number, file in enumerate(files):
        save_run(file, RunOpened(f"id{number}", "2026-11-20T10:00:00.000Z", "0", "streaming", {}), [stream(words=number + 1)])
    stop_at(0, monkeypatch)

    async def scene() -> None:
        page = await shown(ui)
        await page.changing.take_in(files)
        assert "1 run is in the history." in said_briefly(ui.window)
        assert await page.reading.do(lambda history: history.count()) == 1

    ui.play(scene())
    assert all(file.exists() for file in files)


def test_one_of_a_newer_version_is_listed_and_not_changed(ui: Ui) -> None:
    keep(2)
    connection = sqlite3.connect(history_path())
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()

    def said() -> str:
        return " ".join(box.informativeText() for box in ui.window.findChildren(QMessageBox) if box.isVisible())

    async def scene() -> None:
        page = await shown(ui)
        assert page.found is not None
        assert len(page.found.listed) == 2
        assert "newer Diptych" in page.view.notes.text
        page.view.list.go_to(page.found.listed[0].id)
        choose(page, "Delete")
        await ui.until(lambda: "nothing is added" in said(), "that to be refused")
        assert len(page.found.listed) == 2
        for box in ui.window.findChildren(QMessageBox):
            box.close()

    ui.play(scene())


def test_a_damaged_one_is_kept_aside_and_that_is_said(ui: Ui) -> None:
    keep(1)
    for file in history_path().parent.glob("history.sqlite3-*"):
        file.unlink()
    history_path().write_bytes(b"this is no database, " * 400)

    async def scene() -> None:
        page = await shown(ui)
        await ui.until(lambda: "was damaged: it is kept as" in page.view.notes.text, "that to be said")
        assert page.view.notes.isVisible()
        assert page.view.empty.isVisible()
        assert len(list(history_path().parent.glob("*.broken-*"))) == 1

    ui.play(scene())
