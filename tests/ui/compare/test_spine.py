"""The spine between the panes: its figures, its parts, where it stands, what it gives way to; and who is judged for whom."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.run.diff.facts import Part
from app.run.diff.summary import summarise
from app.run.differences import differences
from app.text import numbers
from tests.builders import messages_end, messages_start, messages_text, recording, side, stream
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.pane.verdict_line import HEIGHT
from ui.compare.spine.parts import SpineParts
from ui.compare.spine.rows import LACKS, UNSEEN, WAITING, PartRow, figure_rows, part_rows
from ui.compare.view import GAP, MARGIN


def test_each_figure_says_which_side_has_more_and_what_is_worse() -> None:
    told = {one.label: one for one in figure_rows(differences(side("a", stream(353)), side("b", stream(775, side="b"))))}
    later = told["First token"].delta
    assert later is not None
    assert (later.words, later.more, later.worse) == ("+422 ms", "b", True)
    assert told["First token"].tip == "First token: B − A is +422 ms: worse. B has more."
    assert told["Output"].delta is None
    assert told["Output"].tip == UNSEEN
    assert {(one.tip, one.words) for one in figure_rows(None)} == {(WAITING, "–")}
    lacking = figure_rows(differences(side("a", stream(353)), side("b", recording([], side="b"))))
    assert {(one.tip, one.words) for one in lacking if one.label != "Total"} == {(LACKS, "–")}
    assert (told["Tokens in"].words, told["Tokens in"].tip) == ("same", UNSEEN)
    earlier = figure_rows(differences(side("a", stream(775)), side("b", stream(353, side="b"))))[0].delta
    assert earlier is not None
    assert (earlier.text, earlier.more, earlier.worse) == (f"{numbers.MINUS}422", "a", False)


def test_the_parts_say_what_is_the_same_and_what_differs() -> None:
    a, b = side("a", stream()), side("b", stream(side="b"))
    same = {str(one.part): one for one in part_rows(summarise(a, b))}
    assert (same["answers"].shape, same["answers"].value) == ("=", "identical")
    assert same["answers"].detail.endswith(" characters")
    assert (same["models"].shape, same["models"].opens) == (numbers.DASH, False)
    assert same["models"].tip
    other = [(600.0, messages_start()), (612.0, messages_text("Hello <b>")), (620.0, messages_end())]
    differs = {str(one.part): one for one in part_rows(summarise(a, side("b", recording(other, side="b"))))}
    assert (differs["answers"].shape, differs["answers"].value) == ("≠", "")
    assert differs["answers"].detail == "“word” ≠ “Hello”"
    assert part_rows(None) == []


def test_rows_of_panes_and_spine_share_their_heights(ui: Ui) -> None:
    async def scene() -> None:
        page, spine = ui.page, ui.page.view.spine
        ui.window.resize(1440, 900)
        await show(ui, *both())
        page.a.hint.say(page.a.outcome._told.words[0], actions=(("Use it", lambda: None),))

        def agree() -> bool:
            tops = [[part.mapTo(page, part.rect().topLeft()).y() for part in (pane.outcome, pane.tiles, pane.tabs, pane.views)]
                    for pane in (page.a, page.b)]  # fmt: skip
            beside = [part.mapTo(page, part.rect().topLeft()).y() for part in (spine.figures, spine._link_row)]
            return tops[0] == tops[1] and beside == tops[0][1:3] and all(one < after for one, after in pairwise(tops[0]))

        await ui.until(agree, "rows at the same heights")
        assert page.a.outcome.height() == page.b.outcome.height() == HEIGHT
        await ui.until(lambda: spine.parts.buttons, "what differs")
        assert all(one.y() + one.height() <= spine.parts.height() for one in spine.parts.buttons)
        page.a.hint.say()
        await ui.until(agree, "rows at the same heights again")

    ui.play(scene())


def test_where_it_gets_narrow_the_spine_folds_and_b_s_tiles_have_the_differences(ui: Ui) -> None:
    async def scene() -> None:
        page, spine = ui.page, ui.page.view.spine
        ui.window.resize(1440, 900)
        await show(ui, *both())
        delta = [part for tile in page.b.tiles.tiles for part in tile.parts if part.kind == "delta"]
        assert (spine.width(), spine.narrow, delta) == (136, False, [])
        assert page.b.tiles.shown_notes
        ui.window.resize(1100, 700)
        await ui.until(lambda: spine.width() == 52, "the narrow spine")
        assert not page.b.tiles.shown_notes
        assert page.b.tiles.tiles[0].note in page.b.tiles._tip(page.b.tiles.tiles[0])
        ui.window.resize(900, 600)
        await ui.until(spine.isHidden, "no spine")
        await ui.until(lambda: page.a.width() + page.b.width() == page.view.width() - 2 * MARGIN - 2 * GAP, "wider panes")
        assert [part for tile in page.b.tiles.tiles for part in tile.parts if part.kind == "delta"]
        ui.window.resize(1440, 900)
        await ui.until(lambda: not spine.isHidden(), "the spine again")
        assert not [part for tile in page.b.tiles.tiles for part in tile.parts if part.kind == "delta"]

    ui.play(scene())


@pytest.mark.english
def test_the_verdict_gives_way_last(ui: Ui) -> None:
    async def scene() -> None:
        twice = [(600.0, messages_start() + messages_start()), (620.0, messages_end())]
        await show(ui, both()[0], recording(twice, side="b"))
        line = ui.page.b.outcome
        seen = []
        for width in (620, 430, 330, 240):
            line.resize(width, line.height())
            seen.append(line.shown)
            parts = [one for one in (line.words, line.link, line.facts) if not one.isHidden()]
            assert all(one.geometry().right() <= after.geometry().left() + 1 for one, after in pairwise(parts)), width
        assert seen[0].endswith("new connection")
        assert "200" not in seen[2]
        assert all(one.startswith("✕ Breaks") for one in seen)
        assert "official clients" in seen[0]
        assert "official clients" not in seen[3], "the reason is read sooner than for whom"
        assert ": A block" in seen[3]
        assert "HTTP status" in ui.page.b.outcome.toolTip(), "what stands there without a word of its own is explained"
        assert "twice" in ui.page.b.outcome.toolTip() or "block" in ui.page.b.outcome.toolTip()

    ui.play(scene())


@pytest.mark.parametrize("name", ["langchain-anthropic"])
def test_my_client_judges_both_sides_and_is_remembered(ui: Ui, name: str) -> None:
    async def scene() -> None:
        page = ui.page
        lost = [(600.0, messages_start()), (612.0, messages_text("Hi")), (620.0, messages_end(None))]
        await show(ui, both()[0], recording(lost, side="b"))
        before = page.b.outcome.text
        page.my_client._offer()
        choice = page.my_client.choice
        index = choice.clients.findData(name)
        choice.clients.setCurrentIndex(index)
        choice.clients.activated.emit(index)
        assert choice.title.startswith("langchain-anthropic 1")
        for pane in page.panes.values():
            assert choice.title in pane.outcome.text
        assert page.b.outcome.text != before
        assert choice.title in page.sentence.text
        assert page.services.settings.my_client == name
        choice.chosen.emit("")
        assert page.b.outcome.text == before

    ui.play(scene())


def test_sides_are_swapped_and_one_alone_is_run(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        page.a.row.set_model("claude-opus-4-8")
        uids = [page.sides.profile("a").uid, page.sides.profile("b").uid]  # type: ignore[union-attr]
        page.view.spine.swap.click()
        assert [page.sides.profile("b").uid, page.sides.profile("a").uid] == uids  # type: ignore[union-attr]
        assert (page.b.row.model, page.a.row.model) == ("claude-opus-4-8", "claude-sonnet-4-6")
        commands = {one.title.replace("&", ""): one for one in page.menu.entries if one is not None and hasattr(one, "work")}
        async with ui.begins():
            commands["Run only B"].work()
        await ui.ended()
        assert page.a.side is None
        assert page.a.outcome.text == "Not asked in this run"
        assert page.b.side is not None
        assert page.b.side.outcome == "completed"
        assert page.sentence.text.startswith("In this run B's answer was cut")

    ui.play(scene())


def test_long_answers_are_compared_while_the_window_answers(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        monkeypatch.setattr("ui.compare.following.MOST_AT_ONCE", 4)
        spine, may_go_on = ui.page.view.spine, threading.Event()

        def found_late(*given: Any) -> Any:
            may_go_on.wait(60)
            return summarise(*given)

        monkeypatch.setattr("app.run.diff.summary.summarise", found_late)
        for _ in range(2):
            may_go_on.clear()
            await show(ui, *both())
            assert not spine.parts.buttons, "of another run, or the window did not answer"
            may_go_on.set()
            await ui.until(lambda: spine.parts.buttons, "what differs")

    ui.play(scene())


def test_a_model_s_name_loses_its_middle_sooner_than_its_end(ui: Ui) -> None:
    line = ui.page.a.row.models.line
    ui.page.a.row.set_model("claude-sonnet-4-6")
    line.resize(80, line.height())
    assert line.shown.startswith("clau")
    assert "…" in line.shown
    assert line.shown.endswith("6")
    line.resize(400, line.height())
    assert line.shown == line.text()


def test_all_parts_stand_closer_together_before_any_of_them_goes(qtbot: QtBot) -> None:
    parts = SpineParts()
    qtbot.addWidget(parts)
    parts.show()
    parts.show_rows([PartRow(one, "=", one.value, "", "", "", "", "", "", opens=True) for one in Part])

    def shown(height: int) -> list[tuple[int, bool]]:
        parts.resize(136, height)
        return [(one.y(), one.y() + one.height() <= height) for one in parts.buttons]

    assert shown(400) == [(0, True), (48, True), (96, True), (144, True), (192, True)]
    assert shown(200) == [(0, True), (40, True), (80, True), (120, True), (160, True)]
    assert len(shown(150)) == 3
