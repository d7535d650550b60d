"""The dialog that exports what is shown: every kind is written, of both sides or of one, and what can't be says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox

from app.recording.recording import Recording
from app.recording.records import RunOpened
from app.report.schema import load
from app.report.write import SUFFIXES
from app.store.run_file import open_run
from app.transfer.capture_files import captures_of
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.ui.conftest import Ui
from ui.compare.exporting import ISSUE, PICTURE, REPLAY
from ui.shared.export_kinds import OTHER_TOOLS
from ui.widgets.toast import said_briefly, toasts_of

OPENED = RunOpened("1", "2026-11-29T10:00:00.000Z", "0", "streaming", {})


def both() -> list[Recording]:
    broken = messages_start() + b"event: content_block_delta\ndata: {]\n\n" + messages_end()
    whole = messages_start() + messages_text("Hi") + messages_end()
    return [recording([(50, whole)], side="a"), recording([(90, broken)], side="b")]


def test_each_kind_is_written_as_the_dialog_offers_it(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        page, asked = ui.page, []
        assert page.exports.ask() is None  # no run is there yet
        page.show_file(Path("first.diptych"), OPENED, both())
        await ui.ended()

        def where(_: str, name: str) -> Path:
            asked.append(name)
            return tmp_path / f"{len(asked)}{name}"

        monkeypatch.setattr(page.files, "ask_where", where)
        dialog = page.exports.ask()
        assert dialog is not None
        assert set(dialog.kinds) == {PICTURE, *SUFFIXES, *OTHER_TOOLS, ISSUE, REPLAY}
        assert len(dialog.scopes) == 3
        for key in dialog.kinds:
            opened = page.exports.ask(key)
            assert opened is not None
            assert opened.chosen == (key, 0)
            opened.scopes[2].click()
            opened.save_button.click()
            written = tmp_path / f"{len(asked)}{asked[-1]}"
            assert written.read_bytes()
            assert str(written) in said_briefly(ui.window)
            if key == "har":
                (one,) = captures_of(str(written), None)
                assert one.recording.body.data == both()[1].body.data  # type: ignore[union-attr]
            elif key == REPLAY:
                assert [one.envelope.side for one in open_run(written)[1]] == ["b"]
                toasts = toasts_of(page.view)
                assert toasts is not None
                button = toasts.shown[-1].button
                assert button is not None
                button.click()
                assert QGuiApplication.clipboard().text() == f"diptych replay '{written.name}'"
            elif key == ".json":
                assert [one.side for one in load(written.read_bytes()).endpoints] == ["b"]
            elif key == "vcr-json":
                assert len(json.loads(written.read_text("utf-8"))["interactions"]) == 1
            elif key == PICTURE:
                assert QImage(str(written)).size() == page.b.grab().size()
        assert len(set(asked)) == len(asked)
        assert all(" B" in name for name in asked)
        dialog.scopes[1].click()  # nothing is wrong with A
        for key, why in ((ISSUE, "nothing to tell"), (".csv", "a line of it is a finding")):
            dialog.kinds[key].click()
            assert why in dialog.about.text()
            assert not dialog.save_button.isEnabled()
        dialog.kinds[ISSUE].click()
        dialog.scopes[0].click()
        assert dialog.copy_button.isEnabled()
        dialog.copy_button.click()
        assert "## What came" in QGuiApplication.clipboard().text()
        page.exports.save("har", ("a",), tmp_path / "none" / "x.har")
        (box,) = page.findChildren(QMessageBox)
        assert box.text() == "It could not be exported"

    ui.play(scene())


def test_a_picture_of_the_comparison(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        page, path = ui.page, tmp_path / "run.png"
        page.show_file(Path("first.diptych"), OPENED, both()[:1])
        await ui.ended()
        seen = page.view.grab().toImage()
        monkeypatch.setattr(page.files, "ask_where", lambda *_: path)
        page.exports.ask_picture()
        saved = QImage(str(path))
        assert saved.size() == seen.size()
        assert saved.convertToFormat(seen.format()) == seen
        opened: list[str] = []
        monkeypatch.setattr("ui.shared.written.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile()))
        toasts = toasts_of(page.view)
        assert toasts is not None
        button = toasts.shown[-1].button
        assert button is not None
        button.click()
        assert opened == [str(path), str(path.parent)]  # where no program opens such a file, its folder
        assert str(path) in toasts.shown[-1].text
        said = [one.title for one in page.reachable() if one.title.startswith("Export: ")]
        assert "Export: HAR 1.2…" in said

    ui.play(scene())
