"""What somebody sees who uses the window for the first time: why a figure is missing, whose fault it is, what to press."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QPushButton, QWidget

from app.diagnosis import Action, Diagnosis, ProfileChange, Rule
from app.exchange.exchange import Outcome
from app.recording.records import NO_STAMP, RunOpened
from app.scenarios import Scenario
from app.store.files import config_folder, private_folder
from app.store.journal import RunJournal
from app.store.profiles import Profile, ProfileStore
from tests.builders import event, messages_end, messages_start, messages_text, recording, side, stream
from tests.ui.compare.test_before_run import buttons
from tests.ui.compare.test_panes import EVENTS, both, show
from tests.ui.conftest import Ui
from ui.compare.after_run import usual_actions
from ui.compare.pane.events_model import Column, EventsModel
from ui.compare.pane.side_view import outcome_segments, tiles
from ui.compare.pane.tab_row import FINDINGS
from ui.compare.pane.timing_rows import timing_groups
from ui.compare.request.bar import SCENARIOS
from ui.compare.sides import NAMES
from ui.shared.services import Services
from ui.shell.pages import COMPARE, ENDPOINTS
from ui.shell.palette import Palette
from ui.shell.unsaved import UnsavedDialog
from ui.widgets.countdown import CountdownButton
from ui.widgets.notice import Later

DEMO_B = "demo-relay-anthropic-messages"
NO_KEY_YET = Profile("Said to be free", base_url="http://127.0.0.1:9", model="m", uid="free", needs_key=False, proxy="none")


@pytest.fixture
def profiles() -> None:
    """A saved profile that is said to need no key."""
    private_folder(config_folder())
    store = ProfileStore()
    store.load()
    store.save(NO_KEY_YET)


# -- figures --------------------------------------------------------------------------------------------------------------


def test_event_and_chunk_numbers_are_grouped_like_the_times() -> None:
    model = EventsModel()
    model.show(side("a", stream(words=1_200)).first)
    cells = model.cells(1_100)
    assert cells[Column.NUMBER] == "1 101"
    assert cells[Column.CHUNK].startswith("1 ")


def test_the_outcome_has_the_shape_and_colour_of_its_worst_finding() -> None:
    twice = recording([(600.0, messages_start() + event("message_start", message={})), (700.0, messages_end())])
    told = outcome_segments(side("a", twice))[0]
    assert told.text.startswith("✕ Completed, ")
    assert told.role == "bad"
    burst = messages_text("Hi ") * 12
    held_back = recording([(600.0, messages_start()), (900.0, burst), (1_300.0, burst), (1_700.0, burst + messages_end())])
    told = outcome_segments(side("a", held_back))[0]
    assert (told.text[0], told.role) == ("!", "warn")


def test_a_figure_that_is_missing_says_why() -> None:
    refused = recording([(500.0, b'{"type":"error","error":{"type":"api_error","message":"no"}}')], status=500, headers=())
    shown = {tile.title: tile for tile in tiles(side("a", refused))}
    assert shown["First token"].words == "First token: – none came"
    assert shown["Tokens in / out"].words == "Tokens in / out: – not said"
    assert "no measure" in shown["Total"].tip
    assert shown["Total"].parts[0].role == "muted"
    assert all(tile.tip for tile in tiles(None))


def test_all_times_of_a_column_have_the_same_digits() -> None:
    rows = [
        row for group in timing_groups(side("a", stream(1_612)).rounds[0]) for row in group.rows if row.value.endswith(" ms")
    ]
    assert len(rows) > 6
    assert all(row.value.removesuffix(" ms")[-2] == "." for row in rows)
    assert all(row.kind != "fact" for row in rows)


def test_the_columns_of_both_panes_agree(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        a, b = ui.page.a.tiles, ui.page.b.tiles
        for width in range(620, 330, -20):
            for row in (a, b):
                row.resize(width, row.height())
            assert [(tile.title, left) for tile, left, _ in a._places()] == [
                (tile.title, left) for tile, left, _ in b._places()
            ]

    ui.play(scene())


def _stand_apart(row: Sequence[QAbstractButton]) -> bool:
    """Whether each button ends before the next begins and has room for its text."""
    apart = all(one.geometry().right() < after.geometry().left() for one, after in pairwise(row))
    return apart and all(one.width() >= one.fontMetrics().horizontalAdvance(one.text()) + 4 for one in row)


# -- room -----------------------------------------------------------------------------------------------------------------


def test_the_table_has_the_room_until_there_is_an_event_to_show(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        ui.page.a.tabs.button(EVENTS).click()
        view = ui.page.a.events
        high = view.table.height()
        view.table.selectRow(20)
        assert view.table.height() < high - 40
        assert view.details.height() > 60
        assert view.table.current_event == 20

    ui.play(scene())


def test_in_the_smallest_window_nothing_lies_over_another(ui: Ui) -> None:
    async def scene() -> None:
        window, page = ui.window, ui.page
        await show(ui, recording([(600.0, messages_start()), (700.0, messages_end(None))], side="a"), both()[1])
        window.resize(window.minimumSize())
        tabs = [*(one for one in page.a.tabs.buttons if one.isVisible()), page.a.tabs.link]
        for row in (page.bar.scenarios.findChildren(QPushButton), tabs):
            await ui.until(partial(_stand_apart, row), "buttons that do not lie over each other")
        assert page.bar.width() < 800
        page.a.tabs.button(EVENTS).click()
        assert page.a.events.table.isColumnHidden(Column.CHUNK)
        window.resize(1600, 1000)
        await ui.until(lambda: not page.a.events.table.isColumnHidden(Column.CHUNK), "the wide window")
        assert page.a.tabs.button(FINDINGS).text().endswith("Findings 2")

    ui.play(scene())


def test_the_editor_and_the_panes_have_their_room_when_a_long_sentence_stands_below(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        root = await ui.demo_root()
        for name in NAMES:
            url = f"{root}/fault/error_404_html/a/path/of/a/gateway/that/is/rather/long/and/goes/on/and/on"
            one = Profile(name, base_url=url, model="claude-sonnet-4-6", uid=name, needs_key=False)
            page.services.save_profile(one)
            page.sides.choose(name, one.uid)
        await ui.run()
        ui.window.resize(ui.window.minimumSize())
        page.bar._on_scenario(SCENARIOS.index(Scenario.TOOLS))
        for widget in (page.a.row.profiles, page.b.tiles, page.bar.editor.tool_name, page.bar.editor.tool_schema):
            await ui.until(partial(_has_its_height, widget), "its height")
        assert not page.sentence.isVisible()
        page.bar.fold()
        assert page.sentence.isVisible()
        ui.window.resize(1600, 1000)
        page.bar.unfold.setChecked(True)
        assert page.sentence.isVisible()

    ui.play(scene())


def _has_its_height(widget: QWidget) -> bool:
    return widget.height() >= widget.minimumSizeHint().height()


def test_what_is_asked_has_its_room_in_a_low_window(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.resize(1100, 700)
        ui.page.a.set_tab(EVENTS)
        ui.page.bar._on_scenario(list(Scenario).index(Scenario.TOOLS))
        await ui.until(lambda: ui.page.bar.editor.tool_schema.height() >= 90, "room for the parameters")

    ui.play(scene())


# -- what to press ----------------------------------------------------------------------------------------------------------


def test_a_button_counts_down_and_can_be_pressed_all_the_while(ui: Ui) -> None:
    now = [0]
    button = CountdownButton("Run again", 6_300_000_000, lambda: now[0])
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    assert button.text() == "Run again in 7 s"
    now[0] = 4_000_000_000
    button.tick()
    assert button.text() == "Run again in 3 s"
    button.click()
    assert pressed
    now[0] = 6_300_000_000
    button.tick()
    assert (button.text(), button.counting) == ("Run again", False)


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
        button.click()
        await ui.until(lambda: page.session.running, "the run")
        await ui.ended()

    ui.play(scene())


def test_the_keyboard_stays_near_when_what_had_it_is_folded_away(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        ui.window.activateWindow()
        bar = ui.page.bar
        bar.scenarios.chosen.emit(SCENARIOS.index(Scenario.CUSTOM))
        for widget, after in ((bar.editor.body, bar.run), (bar.max_tokens, bar.max_tokens), (ui.page.a.row.profiles,) * 2):
            bar.set_scenario(Scenario.CUSTOM if widget is bar.editor.body else Scenario.MINIMAL)
            widget.setFocus()
            await ui.until(widget.hasFocus, "the keyboard")
            await ui.run()
            assert after.hasFocus()

    ui.play(scene())


def test_the_keyboard_of_a_notices_button_goes_to_run(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        ui.window.activateWindow()
        page = ui.page
        root = await ui.demo_root()
        cut = Profile("Cut", base_url=f"{root}/fault/rst_at_once", model="claude-sonnet-4-6", uid="cut", needs_key=False)
        page.services.save_profile(cut)
        page.sides.choose("b", "cut")
        await ui.run()
        again = buttons(ui, "b")["Run again"]
        again.setFocus()
        await ui.until(again.hasFocus, "the keyboard")
        again.click()
        await ui.until(lambda: page.session.running, "the second run")
        assert page.bar.run.hasFocus()
        await ui.ended()

    ui.play(scene())


def test_saving_says_where(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(dialog: QFileDialog) -> int:
        dialog.selectFile(str(tmp_path / "mine"))
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)

    async def scene() -> None:
        await ui.run()
        ui.page.files.ask_save()
        assert (tmp_path / "mine.diptych").exists()
        assert f"saved in {tmp_path / 'mine.diptych'}" in ui.page.notes.text
        ui.page.files.export("a", "csv")
        assert (tmp_path / "mine.csv").exists()
        assert f"saved in {tmp_path / 'mine.csv'}" in ui.page.notes.text

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


@pytest.mark.parametrize(("fault", "said"), [("lenient", ""), ("models_404", "No list of models came")])
def test_a_list_of_models_that_is_not_there_yet_is_told_of(
    ui: Ui, fault: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(QComboBox, "showPopup", lambda combo: opened.append(combo.count()))

    async def scene() -> None:
        ui.window.activateWindow()
        page = ui.page
        root = await ui.demo_root()
        page.services.save_profile(Profile("No model", base_url=f"{root}/fault/{fault}", uid="bare", needs_key=False))
        row = page.b.row
        row.set_profiles(page.services.profiles, "bare")
        page.sides._chosen["b"] = "bare"
        page.sides._show_side("b")
        row.set_model("")
        row.open_models()
        assert not opened
        assert page.b.hint.text == "Asking for the list of models…"
        await ui.until(lambda: page.b.hint.text != "Asking for the list of models…", "the list")
        assert page.b.hint.text.startswith(said)
        await ui.until(lambda: said or opened, "the list")
        assert bool(opened) is not bool(said)

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


def test_esc_closes_the_commands_and_does_not_stop_the_run_behind_them(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.run()
        await ui.until(lambda: page.session.running, "the run")
        ui.window.open_palette()
        palette = ui.window.findChild(Palette)
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
        palette = ui.window.findChild(Palette)
        assert palette is not None
        assert not prompt.hasFocus()
        QTest.keyClick(palette._filter, *key)
        assert prompt.hasFocus()
        assert palette.isHidden()

    ui.play(scene())


def test_the_command_that_begins_with_what_is_typed_comes_first(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        palette = ui.window.findChild(Palette)
        assert palette is not None
        palette._filter.setText("run")
        assert palette.titles == ["Run both", "Open run"]

    ui.play(scene())


def test_a_command_of_a_menu_that_is_switched_off_is_not_offered(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.open_palette()
        palette = ui.window.findChild(Palette)
        assert palette is not None
        assert not [title for title in palette.titles if "JSON lines" in title]
        assert "Run both" in palette.titles

    ui.play(scene())


def test_tab_goes_through_a_pane_in_the_order_that_is_seen(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        page.a.tabs.button(EVENTS).click()
        tabs, events = page.a.tabs, page.a.events
        wanted = [tabs.button(EVENTS), tabs.link, events.types, events.find_box, events._export]
        wanted[0].setFocus()
        for one in wanted[1:]:
            QTest.keyClick(ui.window.focusWidget(), Qt.Key.Key_Tab)
            assert ui.window.focusWidget() is one
        page.b.events.table.setFocus()
        ui.window.focusNextChild()
        assert page.b.isAncestorOf(ui.window.focusWidget())
        page.bar.set_scenario(Scenario.TOOLS)
        choices = page.bar.scenarios.findChildren(QPushButton)
        assert [one.text() for one in choices if one.focusPolicy() & Qt.FocusPolicy.TabFocus] == ["Tools"]

    ui.play(scene())


@pytest.mark.usefixtures("profiles")
def test_tab_goes_from_the_tabs_to_the_answer_and_to_the_buttons_of_a_notice(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.sides.choose("b", "free")
        await ui.run()
        first, second = page.b.answer._notice.buttons
        for pane, wanted in ((page.a, [page.a.answer._text()]), (page.b, [first, second])):
            pane.tabs.link.setFocus()
            for one in wanted:
                ui.window.focusNextChild()
                assert ui.window.focusWidget() is one

    ui.play(scene())


def test_a_file_of_one_side_says_so_of_the_other(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, both()[0])
        assert ui.page.b.outcome.text == "Not in this file"
        ui.page.files.close()
        assert ui.page.b.outcome.text == "Not run yet"

    ui.play(scene())


# -- whose fault ----------------------------------------------------------------------------------------------------------


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


# -- leaving --------------------------------------------------------------------------------------------------------------


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
@pytest.mark.usefixtures("profiles")
def test_closing_the_window_asks_about_changes_that_are_not_saved(ui: Ui) -> None:
    def dialog() -> UnsavedDialog | None:
        return next((one for one in ui.window.findChildren(UnsavedDialog) if one.isVisible()), None)

    async def scene() -> None:
        page = ui.window.show_page(ENDPOINTS)
        page.select("free")
        QTest.keyClicks(page.view.form.name, " indeed")
        assert page.unsaved
        ui.window.show_page(COMPARE)
        ui.window.close()
        asked = dialog()
        assert asked is not None
        assert ui.window.isVisible()
        asked.no.click()
        assert ui.window.isVisible()
        page.view.form.name.clear()  # can't be saved so
        page._on_edited()
        ui.window.close()
        asked = dialog()
        assert asked is not None
        asked.save.click()
        assert ui.window.isVisible()
        assert page.isVisible()  # and there it says why
        assert page.view.notice.notice is not None
        QTest.keyClicks(page.view.form.name, "Free indeed")
        ui.window.close()
        asked = dialog()
        assert asked is not None
        asked.save.click()
        assert not ui.window.isVisible()
        saved = ProfileStore()
        saved.load()
        assert [one.name for one in saved.profiles] == ["Free indeed"]

    ui.play(scene())


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
@pytest.mark.usefixtures("profiles")
def test_closing_without_saving_leaves_the_file_as_it_was(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.show_page(ENDPOINTS)
        page.select("free")
        QTest.keyClicks(page.view.form.name, " indeed")
        ui.window.close()
        asked = next(one for one in ui.window.findChildren(UnsavedDialog) if one.isVisible())
        asked.yes.click()
        assert not ui.window.isVisible()
        saved = ProfileStore()
        saved.load()
        assert [one.name for one in saved.profiles] == ["Said to be free"]

    ui.play(scene())
