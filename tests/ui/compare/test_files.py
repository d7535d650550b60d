"""Runs as files in the window: what can't be shown, and where those that were kept are found."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from app.asking.history_keeping import KEEPER
from app.recording.recording import Recording
from app.recording.records import RunOpened
from app.scenarios import Plan
from app.store.history.place import history_path
from app.store.run_file import save_run
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.ui.conftest import Ui
from ui.compare import files
from ui.compare import page as compare_page
from ui.compare.page import runs_were_kept
from ui.compare.request.bar import MAX_TOKENS
from ui.shell.pages import HISTORY


def saying(text: str) -> list[Recording]:
    return [recording([(50, messages_start() + messages_text(text) + messages_end())], side="a")]


def opened(**ask: object) -> RunOpened:
    return RunOpened("1", "2026-11-29T10:00:00.000Z", "0", "streaming", ask)


def test_a_file_whose_numbers_no_field_holds_is_shown_as_itself(ui: Ui) -> None:
    """And not the run before below its name."""

    async def scene() -> None:
        page = ui.page
        for tokens, shown in ((1 << 31, MAX_TOKENS), (1 << 70, MAX_TOKENS), (-(1 << 40), None)):
            page.show_file(Path("first.diptych"), opened(max_tokens=7), saying("The first"))
            await ui.ended()
            assert (page.a.answer.text, page.bar.max_tokens.value()) == ("The first", 7)
            page.show_file(Path("second.diptych"), opened(max_tokens=tokens), saying("The second"))
            await ui.ended()
            assert page.a.answer.text == "The second"
            assert "from file second.diptych" in page.notes.text
            assert page.bar.max_tokens.value() == shown

    ui.play(scene())


def test_a_run_can_be_closed_while_the_end_of_its_sides_is_drawn(ui: Ui) -> None:
    """What comes with the next flush is of the run that is no longer there."""

    async def scene() -> None:
        page, drawn = ui.page, list[str]()

        def close(name: str) -> None:
            drawn.append(name)
            if len(drawn) == 1:
                page.files.close()

        page.session.side_over.connect(close)
        other = recording([(50, messages_start() + messages_text("B") + messages_end())], side="b")
        page.show_file(Path("first.diptych"), opened(), [*saying("A"), other])
        await ui.until(lambda: drawn and not page.session.following, "the end to be drawn")
        assert drawn == ["a"]
        page.show_file(Path("second.diptych"), opened(), saying("The second"))
        await ui.ended()
        assert page.a.answer.text == "The second"

    ui.play(scene())


def test_the_saved_request_is_run_again_or_one_s_own_comes_back(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.bar.prompt.setText("Mine")
        page.bar.max_tokens.setValue(24)
        for title, prompt in (("Back to mine", "Mine"), ("Run this again", "Saved")):
            page.show_file(Path("saved.diptych"), opened(prompt="Saved", max_tokens=8), saying("The saved"))
            await ui.ended()
            assert page.bar.prompt.text() == "Saved"
            next(one for one in page.notes.findChildren(QPushButton) if one.text() == title and not one.isHidden()).click()
            assert page.bar.prompt.text() == prompt
        await ui.until(lambda: page.session.running, "the run")
        await ui.ended()
        assert page.session.plan is not None
        assert page.session.plan.prompt == "Saved"
        assert {one.first.recording.envelope.profile.name for one in page.session.sides.values() if one.first} == {
            "Demo official", "Demo relay",
        }  # fmt: skip
        page.show_file(Path("saved.diptych"), opened(prompt="Other"), saying("The saved"))
        page.files.close()
        assert page.bar.prompt.text() == "Saved", "what was run is one's own now"

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_where_a_file_can_t_be_shown_the_run_before_stays_and_its_name(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        page = ui.page
        page.show_file(Path("first.diptych"), opened(), saying("The first"))
        await ui.ended()
        monkeypatch.setattr(page.bar, "show_plan", raising)
        with pytest.raises(OverflowError):
            page.show_file(Path("second.diptych"), opened(), saying("The second"))
        (box,) = page.findChildren(QMessageBox)
        assert box.text() == "The run can't be opened"
        assert "second.diptych" in box.informativeText()
        assert page.a.answer.text == "The first"
        assert "from file first.diptych" in page.notes.text

    ui.play(scene())


def test_a_run_that_was_begun_while_a_file_is_read_makes_room_for_it(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, gate = threading.Event(), threading.Event()

    def slowly(path: Path) -> tuple[RunOpened, list[Recording]]:
        begun.set()
        assert gate.wait(60)
        return opened(), saying("From the file")

    monkeypatch.setattr(files, "open_run", slowly)

    async def scene() -> None:
        page = ui.page
        page.open_file(Path("slow.diptych"))
        await ui.until(begun.is_set, "the file to be read")
        page.run()
        await ui.until(lambda: page.session.running, "the run to begin")
        gate.set()
        await ui.until(lambda: "from file slow.diptych" in page.notes.text, "the file to be shown")
        await ui.ended()
        assert page.a.answer.text == "From the file"
        assert not page.findChildren(QMessageBox)

    ui.play(scene())


def raising(plan: Plan) -> None:
    raise OverflowError("no field holds this")


def test_a_run_that_another_took_the_place_of_is_opened_again(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word in the settings every run is kept, in the history alone, and the menu leads there."""
    asked: list[Path] = []

    async def scene() -> None:
        page, folder = ui.page, ui.window.services.journal.folder
        ui.ask_briefly()
        assert not runs_were_kept()
        for prompt in ("First of all?", "And then?"):
            page.bar.prompt.setText(prompt)
            await ui.run()
        await asyncio.to_thread(KEEPER.wait)
        assert list(folder.iterdir()) == []
        found = [one for one in page.reachable() if one.title.startswith("Run of ")]
        assert [one.about for one in found] == ["And then?", "First of all?"]
        found[1].work()
        await ui.until(lambda: page.bar.prompt.text() == "First of all?", "the run to open")
        await ui.ended()
        entry = next(one for one in ui.window._menus.actions if "earlier" in one.text())
        assert entry.isEnabled()
        entry.trigger()
        assert ui.window.page(HISTORY).isVisible()
        for file in history_path().parent.glob("history.sqlite3*"):
            file.unlink()
        save_run(folder / "one.diptych", opened(), saying("Hi"))
        assert runs_were_kept()
        monkeypatch.setattr(compare_page, "ask_which", lambda *given: asked.append(given[-1]))
        page.open_earlier()
        assert asked == [folder]

    ui.play(scene())
