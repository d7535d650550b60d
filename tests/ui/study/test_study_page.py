"""The Study page with the demo's endpoints: real processes, real sockets, the real window."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.asking import studying
from app.recording.records import STUDY_SCENARIO
from app.store.profiles import Profile
from app.store.run_file import open_run, save_run
from app.study.result import StudyResult, study_result
from app.study.session import Pair
from app.text.when import local_words
from tests.ui.conftest import Ui
from tests.ui.copy_lines import offered
from tests.ui.study.made import LONG, made, renamed
from tests.ui.study.packing import threads_that_pack
from ui.shell.pages import COMPARE, STUDY
from ui.study import following
from ui.study.besides import FEW, NOTHING
from ui.study.cards import Card
from ui.study.following import AT_ONCE, HINT
from ui.study.page import StudyPage
from ui.study.table import HEAD, columns_for

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(ui: Ui, pairs: int = 2, warmups: int = 0) -> StudyPage:
    """The page, set to a short study: the demo writes as fast as people read."""
    ui.window.activateWindow()
    page = ui.window.show_page(STUDY)
    page.view.plan.pairs.set_value(pairs)
    page.view.plan.warmups.set_value(warmups)
    page.view.plan.tokens.set_value(4)
    return page


async def ended(ui: Ui, page: StudyPage) -> None:
    await ui.until(lambda: page.run.running, "the study to begin")
    await ui.until(lambda: not page.run.running, "the study to end")
    await ui.until(lambda: not page.view.run.running, "the page to see it")


def test_the_cost_is_shown_first_and_then_each_pair(ui: Ui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def judge(pairs: list[Pair], level: float) -> StudyResult:
        judged.append(len(pairs))
        return study_result(pairs, level)

    monkeypatch.setattr(following, "study_result", judge)

    async def scene() -> None:
        page = opened(ui, warmups=1)
        assert page.view.sentence.text == HINT
        seed = page.view.plan.seed.text()
        assert "2 pairs 6 requests, about " in page.view.plan.text
        assert "tokens, free: the demo runs on this machine" in page.view.plan.text
        assert f"seed {seed}" in page.view.plan.line.toolTip()
        assert "A and B in random order" in page.view.plan.text
        assert page.view.plan.cap.text()
        assert "cap" not in page.view.plan.text  # of what costs nothing
        assert not page.run.exchanges
        page.view.gallery.make()
        cards = page.view.gallery.findChildren(Card)[:3]
        assert all(card.empty.isVisible() and card.empty.text() for card in cards)  # what will stand there
        assert not page.view.table.isVisible()
        QTest.keyClick(ui.window, Qt.Key.Key_Return, CONTROL)
        assert (page.starter.preparing, page.view.run.text()) == (True, "starting")
        await ui.until(lambda: page.run.running, "the study to begin")
        assert page.view.run.text() == "Stop"
        await ended(ui, page)
        assert page.view.run.text() == "Run"
        assert page.view.status.text.startswith("✓ 2 of 2 pairs in ")
        assert "6 requests, " in page.view.status.text
        looks = len(judged)
        assert judged[-1] == 2
        assert looks <= 6 + 2, "at the start, after each answer, at the end; not when only time passed"
        page.run.changed.emit()
        assert len(judged) == looks
        assert len(page.run.exchanges) == 6  # with the warm-ups
        assert page.view.sentence.text.startswith("2 pairs are too few to judge by: 6 are needed at least.")
        rows = {one.id: one for one in page.view.table.rows}
        assert (rows["completed"].a, rows["completed"].b) == ("2 / 2", "2 / 2")
        assert rows["ttft"].a != "–"
        page.view.gallery.make()  # what is not drawn yet
        points = page.view.gallery.pictures[0].points
        assert points is not None
        assert page.view.table.isVisible()
        assert not any(card.empty.isVisible() for card in cards)
        assert page.view.gallery.pictures[0].isVisible()
        assert [(one.pair, one.side) for one in points.runs] == [(1, "a"), (1, "b"), (2, "a"), (2, "b")]
        assert page.run.plan is not None
        assert str(page.run.plan.seed) == seed
        file = tmp_path / "one.diptych"
        page.files.save(file)
        assert open_run(file)[0].scenario == STUDY_SCENARIO
        found = offered(page.view.table, QPoint(40, HEAD + 4))
        assert found["Copy the row"] == page.view.table.rows[0].words
        assert found["Copy the table"].startswith("ms\tA median\t")
        assert found["Copy the sentence"] == page.view.sentence.text
        assert "Copy the row" not in offered(page.view.table, QPoint(40, 4))
        page.view.gallery.pictures[2].pair_wanted.emit(2)
        await ui.until(lambda: ui.page.isVisible() and ui.page.a.exchange is not None, "the pair in Compare")
        assert "Pair 2 of the study" in ui.page.notes.text

    ui.play(scene())


def test_a_stopped_study_keeps_what_there_is(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_on = threads_that_pack(monkeypatch, studying)

    async def scene() -> None:
        page = opened(ui, pairs=50)
        page.start()
        await ui.until(lambda: page.run.done >= 1, "a pair")
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        await ui.until(lambda: not page.view.run.running, "the page to see it")
        assert page.run.plan is not None
        assert page.run.plan.left_out == "stopped"
        assert f"■ {page.run.done} of 50 pairs stopped" in page.view.status.text
        assert "It was stopped after" in page.view.sentence.text
        assert page.files.can_save

    ui.play(scene())
    assert packed_on
    assert threading.main_thread() not in packed_on, "the window would stand still meanwhile"


def test_a_against_a_asks_one_endpoint_on_both_sides_and_stays_beside_the_next(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui, pairs=6)
        page.view.itself.click()
        await ended(ui, page)
        assert {one.recording.envelope.profile.name for one in page.run.exchanges} == {"Demo official"}
        assert {one.recording.envelope.side for one in page.run.exchanges} == {"a", "b"}
        assert page.view.sentence.text.startswith("A against A: both sides are Demo official. ")
        before = "On this network A against itself differed by "
        assert not any(one.startswith(before) for one in page.view.besides.sentences)
        page.view.plan.pairs.set_value(1)
        page.start()
        await ended(ui, page)
        (said,) = [one for one in page.view.besides.sentences if one.startswith(before)]
        assert said.endswith(" ms, 6 pairs).")

    ui.play(scene())


def test_a_wrong_plan_is_said_and_nothing_is_sent(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui, pairs=0)
        assert "The number of pairs must be at least 1" in page.view.plan.text
        page.start()
        assert page.view.notes.text.startswith("The number of pairs must be at least 1")
        assert page.view.plan.line.isChecked()
        assert not page.run.running
        assert not page.starter.preparing

    ui.play(scene())


def test_an_endpoint_that_fails_every_time_is_given_up(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui, pairs=10)
        page.setup.sides.choose("b", "dead")
        page.start()
        await ended(ui, page)
        assert page.run.plan is not None
        assert page.run.plan.left_out == "fails"
        assert "It was given up: every request to B failed" in page.view.sentence.text
        assert page.run.done == 3

    dead = Profile("Dead", "anthropic-messages", "http://127.0.0.1:9", model="m", uid="dead", needs_key=False, proxy="none")
    ui.window.services.save_profile(dead)
    ui.play(scene())


def test_what_is_missing_is_said(ui: Ui) -> None:
    async def scene() -> None:
        page = opened(ui)
        page.setup.sides.choose("b", "keyless")
        page.start()
        await ui.until(lambda: page.view.notice.notice is not None, "the notice")
        assert page.view.notice.notice is not None
        assert page.view.notice.notice.title == "B: No key, so nothing was sent"
        page.setup.sides.choose("a", "keyless")
        page.start()
        await ui.until(lambda: not page.starter.preparing, "the notice of both")
        assert page.view.notice.notice.title == "Nothing was sent: neither side can be asked yet"
        assert [one.text() for one in page.view.notice.buttons] == ["A: Enter the key…", "B: Enter the key…"]
        page.setup.sides.choose("a", page.services.demo.profiles[0].uid)
        assert page.view.notice.notice.title == "B: No key, so nothing was sent"
        assert not page.run.exchanges

    ui.window.services.save_profile(Profile("Keyless", "anthropic-messages", "https://relay.invalid", model="m", uid="keyless"))
    ui.play(scene())


def test_a_file_opens_here_from_any_page_and_back(ui: Ui, tmp_path: Path) -> None:
    first, recordings = made(20, failing=(3,))
    save_run(tmp_path / "one.diptych", first, renamed(recordings, LONG))

    async def scene() -> None:
        ui.window.show_page(COMPARE)
        ui.window.open_file(tmp_path / "one.diptych")
        page = ui.window.page(STUDY)
        await ui.until(lambda: page.run.file is not None and page.isVisible(), "the file")
        assert page.view.notes.text.startswith(f"Opened study of {local_words('2026-11-29T12:00:00Z')}, from file one.diptych")
        assert "20 pairs" in page.view.plan.text
        assert "seed 7:" in page.view.plan.line.toolTip()
        assert "later to the first token" in page.view.sentence.text
        assert "B failed in 1 of 20 runs (429 Too Many Requests); between " in page.view.sentence.text
        assert page.view.besides.sentences[0] == NOTHING
        assert page.view.besides.sentences[1].startswith("A was late in ")
        shown = [int(one.text()) for one in page.view.besides.links]
        assert shown
        page.view.besides.links[0].click()
        await ui.until(lambda: ui.page.isVisible() and ui.page.b.exchange is not None, "the pair in Compare")
        assert f"Pair {shown[0]} of the study" in ui.page.notes.text
        ui.window.show_page(STUDY)
        assert "requests, about" not in page.view.plan.text  # nobody is asked for it
        page.start()  # what one's own plan costs was not to be seen: it is shown, and nothing is sent
        assert not page.starter.preparing
        assert page.view.sentence.text == HINT
        assert "44 requests, about" in page.view.plan.text
        assert "seed 7 " not in page.view.plan.text

    ui.play(scene())


def test_many_pairs_are_judged_beside_the_window(ui: Ui, tmp_path: Path) -> None:
    first, recordings = made(AT_ONCE + 1)
    save_run(tmp_path / "many.diptych", first, recordings)

    async def scene() -> None:
        page = ui.window.show_page(STUDY)
        ui.window.open_file(tmp_path / "many.diptych")
        await ui.until(lambda: page.follower.result is not None, "the result")
        assert page.follower.result is not None
        assert page.follower.result.pairs == AT_ONCE + 1
        assert "later to the first token" in page.view.sentence.text
        await ui.until(lambda: not page.follower.computing, "the end of it")
        page.files.close()
        assert page.follower.result is None

    ui.play(scene())


def test_a_point_says_its_run_and_opens_its_pair(ui: Ui, tmp_path: Path) -> None:
    first, recordings = made(8, failing=(3,))
    save_run(tmp_path / "one.diptych", first, recordings)

    async def scene() -> None:
        page = ui.window.show_page(STUDY)
        page.view.gallery.make()
        ui.window.open_file(tmp_path / "one.diptych")
        await ui.until(lambda: page.run.file is not None, "the file")
        await ui.until(lambda: page.view.gallery.pictures[0].plot.width() > 100, "the pictures' places")
        ui.window.grab()
        plot = page.view.gallery.pictures[0].plot
        failed = page.view.gallery.pictures[0].points.runs[5]  # type: ignore[union-attr]  # drawn
        assert (failed.pair, failed.side, failed.value) == (3, "b", None)
        items = [one for one in plot.getPlotItem().items if hasattr(one, "sigClicked") and hasattr(one, "points")]
        item, spot = next((item, one) for item in items for one in item.points() if one.data() is failed)
        assert item.opts["tip"](x=0, y=0, data=spot.data()) == "Pair 3, B (asked second): failed, 429 Too Many Requests"
        place = plot.mapFromScene(item.mapToScene(spot.pos()))
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
        await ui.until(lambda: ui.page.isVisible() and ui.page.b.exchange is not None, "the pair in Compare")
        assert "Pair 3 of the study" in ui.page.notes.text

    ui.play(scene())


def test_a_study_that_a_crash_cut_opens_with_its_finished_pairs(ui: Ui, tmp_path: Path) -> None:
    first, recordings = made(7, pairs=20)
    save_run(tmp_path / "cut.diptych", first, recordings[:-1])

    async def scene() -> None:
        page = ui.window.show_page(STUDY)
        ui.window.open_file(tmp_path / "cut.diptych")
        await ui.until(lambda: page.run.file is not None, "the file")
        assert page.view.besides.sentences[0] == FEW
        assert page.view.status.text.startswith("■ 6 of 20 pairs it broke off")

    ui.play(scene())


def test_pictures_draw_copy_and_save(ui: Ui, tmp_path: Path) -> None:
    first, recordings = made(20, failing=(3,))
    save_run(tmp_path / "one.diptych", first, recordings)

    async def scene() -> None:
        ui.window.resize(900, 600)
        page = ui.window.show_page(STUDY)
        await ui.until(lambda: page.view.gallery.pictures, "the pictures, which nobody asked for but by showing the page")
        ui.window.open_file(tmp_path / "one.diptych")
        await ui.until(lambda: page.run.file is not None, "the file")
        ui.window.grab()
        for number in range(page.view.measures.count):
            page.follower.choose(number)
        for picture in page.view.gallery.pictures:
            for suffix, begins in ((".png", b"\x89PNG"), (".svg", b"<?xml")):
                file = tmp_path / f"{picture.name}{suffix}"
                picture.save(file)
                assert file.read_bytes().startswith(begins)
            picture.copy()
            assert QGuiApplication.clipboard().image().size() == picture.plot.size() * 2
        page.view.recolor()

    ui.play(scene())


def test_nothing_lies_on_anything_else(ui: Ui) -> None:
    first, recordings = made(20, failing=(3,))
    recordings = renamed(recordings, LONG)

    async def scene() -> None:
        page = ui.window.show_page(STUDY)
        view = page.view
        await page.show_file(Path("x.diptych"), first, recordings)
        for size in ((900, 600), (1100, 700), (1600, 1000)):
            ui.window.resize(*size)
            for _ in range(12):  # the parts take their new heights one after the other
                await asyncio.sleep(0)
            ui.window.grab()
            parts = (view.plan, view.places["a"].row, view.notes, view.measures, view.scroller, view.sentence)
            tops = [one.mapTo(view, QPoint(0, 0)).y() for one in parts]
            for upper, top, lower in zip(parts, tops, tops[1:], strict=False):
                assert top + upper.height() <= lower
            assert view.scroller.height() >= 200
            inside = view.scroller.widget()
            assert inside is not None
            assert inside.width() <= view.scroller.viewport().width()
            assert view.table.geometry().top() > view.gallery.geometry().bottom()
            columns = columns_for(view.table.width())
            assert columns.title[1] >= 150
            assert (columns.a_p95[1] > 0) is (view.table.width() >= 900)
            assert columns.drawn[0] + columns.drawn[1] <= view.table.width()

    ui.play(scene())


def test_a_run_of_compare_is_handed_on(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        await ui.run()
        ui.page.files.save(tmp_path / "run.diptych")
        page = ui.window.show_page(STUDY)
        page.open_file(tmp_path / "run.diptych")
        await ui.until(lambda: ui.page.isVisible(), "Compare to show it")
        assert page.run.plan is None

    ui.play(scene())
