"""The History page in the real window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.asking.history_entry import entry_of
from app.asking.history_keeping import KEEPER, history_in_place, history_place
from app.recording.records import RunOpened
from app.recording.run_format import dump_run
from app.store.run_file import save_run
from app.store.settings import Settings
from tests.ui.compare.test_panes import both
from tests.ui.conftest import Ui
from tests.ui.history.made import many_kept
from ui.history import page as page_module
from ui.history.page import KEEPS_NOTHING, NOT_FOUND, NOTHING_YET, HistoryPage
from ui.history.strip import MEASURES, beside
from ui.shell.pages import COMPARE, HISTORY
from ui.widgets.toast import toasts_of


def keep(numbers: Iterable[int], **fields: Any) -> None:
    """Keep runs as another process would, one an hour on the 20th of November."""
    with history_in_place(Settings()) as history:
        for number in numbers:
            opened = RunOpened(f"id{number}", f"2026-11-20T{number:02}:30:00.000Z", "0", "streaming", {"prompt": "Say hello."})
            recordings = both()
            entry = msgspec.structs.replace(entry_of(opened, recordings), **fields)
            history.add(entry, dump_run(opened, recordings))


def listed(page: HistoryPage) -> list[str]:
    """The run ids in the list, the day's headings as they are."""
    return [one.head if one.listed is None else one.listed.entry.run_id for one in page.view.list.lines.lines]


async def shown(ui: Ui, met: Callable[[HistoryPage], bool] = lambda page: page.found is not None) -> HistoryPage:
    page = ui.window.show_page(HISTORY)
    await ui.until(lambda: met(page), "the history to be listed")
    return page


def test_runs_are_found_chosen_compared_and_deleted_by_the_keyboard(ui: Ui) -> None:
    keep(range(3))
    keep([3], answer="今天天气很好，我们去散步")

    async def scene() -> None:
        page = await shown(ui)
        view = page.view
        assert listed(page)[1:] == ["id3", "id2", "id1", "id0"]
        assert listed(page)[0].startswith("Friday 20 November")
        kinds = view.kinds.findChildren(type(view.grouping))
        await ui.until(lambda: kinds[1].text() == "Runs 4", "them to be counted")
        view.search.setText("天气")
        await ui.until(lambda: listed(page)[1:] == ["id3"], "the one with these words")
        await ui.until(lambda: view.counted.text == "1 of 4, in prompts and answers too", "it to be counted")
        view.search.setText("outcome:nonsense")
        await ui.until(lambda: view.empty.isVisible(), "nothing to be found")
        assert view.empty.text() == NOT_FOUND
        view.search.setText("since:whenever")
        await ui.until(lambda: "is no day" in view.counted.text, "the fault to be said")
        assert view.empty.text() == ""
        view.search.clear()
        await ui.until(lambda: len(listed(page)) == 5, "all again")
        QTest.keyClick(view.search, Qt.Key.Key_Down)
        view.list.go_to(page.found.listed[0].id if page.found else 0)
        QTest.keyClick(view.list, Qt.Key.Key_B)
        QTest.keyClick(view.list, Qt.Key.Key_Down)
        QTest.keyClick(view.list, Qt.Key.Key_A)
        assert {side: (one.listed.entry.run_id, one.side) for side, one in page.places.items()} == {
            "a": ("id2", "b"), "b": ("id3", "b"),
        }  # fmt: skip
        assert view.foot.about.text == "same request, 60 minutes apart"
        view.foot.open.click()
        compare = ui.window.page(COMPARE)
        await ui.until(lambda: compare.session.opened is not None and not compare.session.following, "both to be shown")
        assert [one.envelope.side for one in compare.session.recordings] == ["a", "b"]
        assert {one.envelope.profile.name for one in compare.session.recordings} == {both()[1].envelope.profile.name}
        ui.window.show_page(HISTORY)
        page.clear_places()
        QTest.keyClick(view.list, Qt.Key.Key_Delete)
        await ui.until(lambda: "id2" not in listed(page), "it to be deleted")
        await ui.until(lambda: (toasts := toasts_of(view)) is not None and toasts.shown, "that to be said")
        button = toasts_of(view).shown[-1].button  # type: ignore[union-attr]
        assert button is not None
        button.click()
        await ui.until(lambda: "id2" in listed(page), "it to be back")
        QTest.keyClick(view.list, Qt.Key.Key_Return)
        await ui.until(lambda: compare.session.opened is not None and compare.session.opened.run_id == "id3", "it to be opened")
        assert "from the history" in compare.notes.text
        ui.window.show_page(HISTORY)
        assert (view.foot.diff.isEnabled(), len(view.list.selected)) == (True, 1)
        QTest.keyClick(view.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert [one.entry.run_id for one in view.list.selected] == ["id3", "id2"]
        assert {side: (one.listed.entry.run_id, one.side) for side, one in page.compared.items()} == {
            "a": ("id2", "b"), "b": ("id3", "b"),
        }  # fmt: skip
        assert (view.foot.about.text, view.foot.clear.isHidden(), view.foot.open.isEnabled()) == (
            "same request, 60 minutes apart", True, True,
        )  # fmt: skip
        view.foot.diff.click()
        await ui.until(lambda: compare.diff.is_open, "what differs between the two")
        assert [one.envelope.side for one in compare.session.recordings] == ["a", "b"]

    ui.play(scene())


def test_what_this_window_keeps_is_listed_at_once(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when it is next looked."""
    monkeypatch.setattr(page_module, "LOOK_MS", 1 << 30)

    async def scene() -> None:
        page = await shown(ui)
        opened = RunOpened("ab1", "2026-11-30T00:00:00.000Z", "0", "streaming")
        save_run(tmp_path / "1-ab1.diptych", opened, both())
        KEEPER.keep(tmp_path / "1-ab1.diptych", history_place(ui.window.services.settings))
        await ui.until(lambda: len(listed(page)) == 2, "it to be listed")
        ui.window.show_page(COMPARE)
        assert KEEPER._listeners == []

    ui.play(scene())


def test_a_run_that_another_process_keeps_comes_into_the_list(ui: Ui) -> None:
    async def scene() -> None:
        page = await shown(ui)
        assert page.view.empty.text() == NOTHING_YET
        keep([1])
        page.look()
        await ui.until(lambda: len(listed(page)) == 2, "the new run")
        await page.reading.do(lambda history: history.pin(1))
        await page.search()
        assert page.found is not None
        assert page.found.listed[0].pinned

    ui.play(scene())


def test_what_is_far_down_is_read_when_it_comes_into_view(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, "AT_ONCE", 3)
    keep(range(8))

    async def scene() -> None:
        page = await shown(ui)
        await ui.until(lambda: len(listed(page)) == 9, "all of them: they are in view")
        assert listed(page)[1:] == [f"id{number}" for number in range(7, -1, -1)]
        page.view.grouping.click()
        await ui.until(lambda: "day" not in listed(page)[0], "the pairs")
        assert listed(page)[0].endswith(", 8")

    ui.play(scene())


def test_who_keeps_nothing_is_told_so(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.services.save_settings(keep_runs=False)
        page = await shown(ui)
        assert page.view.empty.text() == KEEPS_NOTHING

    ui.play(scene())


def test_chips_are_for_the_mouse_too(ui: Ui) -> None:
    keep([1])

    async def scene() -> None:
        page = await shown(ui)
        view = page.view.list
        row = view.visualRect(view.lines.index(1))
        place: QPoint = view.chip_area(row, "a").center().toPoint()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert [one.side for one in page.places.values()] == ["b"]
        page.view.foot.slots["a"].side_wanted.emit("a")
        assert [one.side for one in page.places.values()] == ["a"]
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert page.places == {}

    ui.play(scene())


def test_the_strip_shows_the_pair_of_the_current_run_over_days(ui: Ui) -> None:
    many_kept(14)

    async def scene() -> None:
        page = await shown(ui)
        strip = page.view.strip
        page.view.list.go_to(page.found.listed[3].id if page.found is not None else 0)
        await ui.until(lambda: "Relay · staging" in strip.about.text, "the trend")
        assert strip.isVisible()
        assert strip.picture.accessibleDescription().startswith("First token, the last day: A: ")
        assert re.search(r"; since \d+ \w+ B sends no usage; ", strip.picture.accessibleDescription())
        assert strip.says.text.startswith("Since ")
        strip.measures.chosen.emit(MEASURES.index("Success"))
        assert strip.picture.accessibleDescription().startswith("Success, the last day: A: 100 %")

    ui.play(scene())


def test_the_words_of_changes_stand_where_there_is_room() -> None:
    assert beside([], [], 500) == []
    assert beside([100, 300], [50, 60], 500) == [(105, 50), (305, 60)]
    assert beside([100, 420], [50, 90], 500) == [(105, 50), (325, 90)]  # before its line: behind it is less room
    assert beside([100, 200, 300], [150, 50, 20], 500) == [(105, 90), (205, 50), (305, 20)]  # as far as to the next one
