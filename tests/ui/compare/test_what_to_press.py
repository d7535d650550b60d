"""What somebody sees who uses the window for the first time: whose fault it is, and what to press."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog

from app.diagnosis import Action, Diagnosis, ProfileChange, Rule
from app.exchange.exchange import Outcome
from app.recording.records import NO_STAMP, RunOpened
from app.store.journal import RunJournal
from app.store.profiles import Profile, ProfileStore
from tests.ui.compare.test_before_run import buttons
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui, save_profiles
from ui.compare.after_run import usual_actions
from ui.shared.services import Services
from ui.widgets.countdown import CountdownButton
from ui.widgets.notice import Later
from ui.widgets.toast import said_briefly

NO_KEY_YET = Profile("Said to be free", base_url="http://127.0.0.1:9", model="m", uid="free", needs_key=False, proxy="none")


@pytest.fixture
def profiles() -> None:
    """A saved profile that is said to need no key."""
    save_profiles(NO_KEY_YET)


def test_run_again_waits_as_long_as_the_endpoint_said(ui: Ui) -> None:
    told = Diagnosis(Rule("x", bool, "", ""), actions=(Action.RUN_LATER,), again_s=7.0)
    ((label, meaning),) = usual_actions(told, 5)
    assert label == "Run again"
    assert isinstance(meaning, Later)
    assert meaning.at_ns == 7_000_000_005  # from the answer, not from when the other side had ended too
    assert meaning.meaning == ProfileChange("run", "", "Run again")

    async def scene() -> None:
        ui.ask_briefly()
        page = ui.page
        root = await ui.demo_root()
        busy = Profile("Busy", base_url=f"{root}/fault/error_429+retry_after=7", model="claude-sonnet-4-6", needs_key=False)
        page.services.save_profile(busy)
        page.sides.choose("b", busy.uid)
        await ui.run()
        button = page.b.answer.findChild(CountdownButton)
        assert button is not None
        assert button.text().startswith("Run again in ")
        assert page.b.answer.notice is not None
        assert page.b.answer.notice.said == ""  # the cause quotes it
        assert "Try again in" not in page.b.answer.notice.fix  # the button says it, and counts
        async with ui.begins():
            button.click()
        await ui.ended()

    ui.play(scene())


def test_saving_says_where(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def choose(dialog: QFileDialog) -> int:
        shown.append(Path(dialog.selectedFiles()[0]).name)
        if not shown[-1].startswith("mine"):  # else it asks again
            dialog.selectFile(str(tmp_path / "mine 4.6.html"))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)

    async def scene() -> None:
        await ui.run()
        ui.page.files.ask_save()
        assert (tmp_path / "mine 4.6.html.diptych").exists()
        assert f"saved in {tmp_path / 'mine 4.6.html.diptych'}" in said_briefly(ui.window)
        ui.page.files.export("a", "csv")
        assert (tmp_path / "mine 4.6.html.csv").exists()
        assert f"saved in {tmp_path / 'mine 4.6.html.csv'}" in said_briefly(ui.window)
        assert len(shown) == 2
        ui.page.files.export("a", "csv")
        assert shown[3:] == ["mine 4.6.html.csv"]  # it exists: the dialog asks whether to replace it

    ui.play(scene())


def test_a_side_that_failed_says_why_while_the_other_still_runs(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        root = await ui.demo_root()
        for name, fault in (("a", "silent_after_headers"), ("b", "error_400_credit")):
            url = f"{root}/fault/{fault}"
            one = Profile(name, base_url=url, model="claude-sonnet-4-6", uid=name, needs_key=False)
            page.services.save_profile(one)
            page.sides.choose("b" if name == "b" else "a", one.uid)
        page.run()
        await ui.until(lambda: page.b.answer.notice, "the reason")
        assert page.session.running
        assert page.b.answer.notice is not None
        assert page.b.answer.notice.actions == ()
        page.stop()
        await ui.ended()

    ui.play(scene())


def test_a_list_of_models_that_is_not_there_yet_is_told_of(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    monkeypatch.setattr(QComboBox, "showPopup", lambda combo: opened.append(combo.count()))

    async def ask(fault: str, said: str) -> None:
        page = ui.page
        root = await ui.demo_root()
        page.services.save_profile(Profile(fault, base_url=f"{root}/fault/{fault}", uid=fault, needs_key=False))
        row = page.b.row
        row.set_profiles(page.services.profiles, fault)
        page.sides._chosen["b"] = fault
        page.sides._show_side("b")
        row.set_model("")
        opened.clear()
        row.open_models()
        assert not opened
        assert page.b.hint.text == "Asking for the list of models…"
        await ui.until(lambda: page.b.hint.text != "Asking for the list of models…", "the list")
        assert page.b.hint.text.startswith(said)
        await ui.until(lambda: said or opened, "the list")
        assert bool(opened) is not bool(said)

    async def scene() -> None:
        ui.window.activateWindow()
        await ask("lenient", "")
        await ask("models_404", "The model list could not be had. ")

    ui.play(scene())


def test_a_run_that_failed_for_its_model_looks_which_there_are(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.b.row.models.setEditText("claude-sonnet-9")
        assert page.services.models.of(page.services.demo.profiles[1]) is None  # nothing was asked before the user did
        await ui.run()
        await ui.until(lambda: any(text.startswith("Use claude-sonnet-") for text in buttons(ui, "b")), "the nearest model")
        assert page.a.answer.notice is None

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_an_endpoint_that_wants_a_key_after_all_is_asked_for_one(ui: Ui) -> None:
    asked: list[Profile] = []

    async def scene() -> None:
        ui.page.services.key_wanted.disconnect()
        ui.page.services.key_wanted.connect(asked.append)
        ui.page.sides.choose("b", "free")
        ui.page.b.action_chosen.emit(ProfileChange("key", "", "Enter the key"))
        assert [one.uid for one in asked] == ["free"]
        saved = ProfileStore()
        saved.load()
        assert saved.profiles[0].needs_key

    ui.play(scene())


def test_a_file_of_one_side_says_so_of_the_other(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, both()[0])
        assert ui.page.b.outcome.text == "Not in this file"
        ui.page.files.close()
        assert ui.page.b.outcome.text == "Not run yet"

    ui.play(scene())


class _BadJournal(RunJournal):
    """A journal with a fault in it, which strikes on side B."""

    def append(self, number: int, record: object) -> None:
        if number % 2 == 0 and getattr(record, "ns", NO_STAMP) != NO_STAMP:
            raise ValueError("a slip of the pen")


class _BadJournals:
    """Begins such journals."""

    def open_run(self, opened: RunOpened) -> RunJournal:
        return _BadJournal(Path("nowhere"), opened, 0, False)

    def unfinished(self) -> list[Path]:
        return []


def test_a_fault_of_diptych_is_not_called_the_users_doing(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Services, "journal", property(lambda _self: _BadJournals()))

    async def scene() -> None:
        page = ui.page
        await ui.run()
        broken = [pane for pane in (page.a, page.b) if pane.side and pane.side.outcome is Outcome.INTERRUPTED]
        assert [pane.side.outcome for pane in (page.a, page.b) if pane.side and pane not in broken] == [Outcome.COMPLETED]
        assert broken[0].outcome.text.startswith("◆ Interrupted")
        notice = broken[0].answer.notice
        assert notice is not None
        assert "fault in Diptych" in notice.title
        assert "You stopped" not in page.sentence.text

    ui.play(scene())


def test_an_answer_that_the_relay_kept_from_the_run_before_is_told(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page = ui.page
        keeps = Profile(
            "Keeps", base_url=f"{await ui.demo_root()}/fault/reply_cache", model="claude-sonnet-4-6", needs_key=False
        )
        page.services.save_profile(keeps)
        page.sides.choose("b", keeps.uid)
        await ui.run()
        assert "came before" not in page.view.sentence.text
        await ui.run()
        assert "B gave an answer that came before, with the same id and the same words" in page.view.sentence.text

    ui.play(scene())
