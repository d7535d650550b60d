"""The Load half of the Study page with the demo's endpoints: real processes, real sockets, the real window."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.asking import loading
from app.recording.records import LOAD_SCENARIO
from app.store.profiles import Profile
from app.store.run_file import open_run, save_run
from app.text.when import local_words
from tests.ui.conftest import Ui
from tests.ui.study.made import LONG, made_load
from tests.ui.study.packing import threads_that_pack
from ui.shared.endpoint_row import NONE
from ui.shell.pages import COMPARE, STUDY
from ui.study.cards import Card
from ui.study.load.following import HINT
from ui.study.load.half import LoadHalf
from ui.study.modes import LOAD, PAIRS
from ui.widgets.labels import ElidedLabel

CONTROL = Qt.KeyboardModifier.ControlModifier


def opened(ui: Ui, steps: str = "1, 2") -> LoadHalf:
    """The half, set to a short load."""
    ui.window.activateWindow()
    page = ui.window.show_page(STUDY)
    page.view.modes.chosen.emit(LOAD)
    half = page.load
    half.view.plan.steps.setText(steps)
    half.view.plan.tokens.set_value(4)
    half.view.plan.least.set_value(2)
    half.setup.sides.choose("b", half.setup.sides.profile("a").uid)  # type: ignore[union-attr]  # the demo's quick one
    return half


def test_steps_fill_the_table_and_are_a_file(ui: Ui, tmp_path: Path) -> None:
    async def scene() -> None:
        half = opened(ui)
        assert half.view.sentence.text == HINT
        assert "1, 2 at once 18 requests, about " in half.view.plan.text
        assert not half.view.report.isEnabled()
        QTest.keyClick(ui.window, Qt.Key.Key_Return, CONTROL)
        await ui.until(lambda: half.run.running, "the load to begin")
        assert ui.window.windowTitle().startswith("▶ ")
        await ui.until(lambda: not half.view.run.running and not half.run.running, "the load to end")
        assert half.view.status.text.startswith("✓ 2 of 2 steps")  # a busy machine can make both seem saturated with the last
        assert "20 requests" in half.view.status.text  # with one on each side that does not count
        assert "price" not in half.view.status.text, "the demo is free, as its plan says"
        assert [one.step for one in half.view.table.rows] == ["1", "2"]
        assert "your limit" in half.view.sentence.text  # and be late itself
        assert "Our own sends were at most" in half.view.sentence.text
        half.files.save(tmp_path / "load.diptych")
        assert open_run(tmp_path / "load.diptych")[0].scenario == LOAD_SCENARIO
        for suffix in (".html", ".csv"):
            half.files.report(tmp_path / f"load{suffix}")
            assert "Demo official" in (tmp_path / f"load{suffix}").read_text()
        half.files.locust("b", tmp_path / "locustfile.py")
        assert "HttpUser" in (tmp_path / "locustfile.py").read_text()
        half.view.gallery.make()
        curves = half.view.gallery.pictures[0].curves
        assert curves is not None
        half.view.gallery.sample_wanted.emit(curves.times["b"]["p50"][-1])
        await ui.until(lambda: ui.page.isVisible() and ui.page.b.exchange is not None, "the run in Compare")
        assert "Load, 2 at once: a run at p50" in ui.page.notes.text
        assert ui.page.a.exchange is not None

    ui.play(scene())


def test_a_stopped_load_keeps_whole_steps_and_pairs_go_on_by_themselves(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_on = threads_that_pack(monkeypatch, loading)

    async def scene() -> None:
        half = opened(ui, "1, 200")
        half.setup.sides.choose("b", NONE)
        page = ui.window.page(STUDY)
        page.start()
        await ui.until(lambda: half.run.now is not None and half.run.now[1] == 200, "the second step")
        assert not page.run.running
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        await ui.until(lambda: not half.view.run.running and not half.run.running, "the end")
        assert half.view.status.text.startswith("■ 1 of 2 steps stopped")
        assert [one.step for one in half.view.table.rows] == ["1"]
        assert set(half.view.table.rows[0].sides) == {"a"}
        assert "It was stopped." in half.view.sentence.text
        page.choose_mode(PAIRS)
        assert page.view.isVisible()
        assert page.view.modes.index == half.view.modes.index == PAIRS

    ui.play(scene())
    assert packed_on
    assert threading.main_thread() not in packed_on, "the window would stand still meanwhile"


def test_another_machine_needs_the_user_s_word_and_a_cap(ui: Ui) -> None:
    async def scene() -> None:
        half = opened(ui)
        assert not half.setup.foreign
        half.setup.sides.choose("b", "theirs")
        assert half.setup.foreign == ("10.255.255.1",)
        assert "another machine" in half.setup.problem
        half.starter.run()
        assert "put only what is yours under load" in half.view.notes.text
        assert not half.starter.preparing
        half.view.mine.setChecked(True)
        assert len(half.setup.problem) == 0
        half.view.plan.cap.selectAll()
        QTest.keyClick(half.view.plan.cap, Qt.Key.Key_Delete)
        assert half.setup.problem == "A load on another machine needs a cap."
        half.setup.sides.choose("b", "others")  # the word was for that one alone
        assert not half.view.mine.isChecked()
        assert "put only what is yours" in half.setup.problem
        half.view.plan.steps.setText("4, 2")
        assert "each is larger than the one before" in half.setup.problem
        assert "each is larger than the one before" in half.view.plan.text

    for uid, host in (("theirs", "10.255.255.1"), ("others", "10.255.255.2")):
        ui.window.services.save_profile(
            Profile(uid, "anthropic-messages", f"http://{host}:9", model="m", uid=uid, needs_key=False, proxy="none")
        )
    ui.play(scene())


def test_a_file_opens_here_from_any_page_draws_and_goes_back(ui: Ui, tmp_path: Path) -> None:
    save_run(tmp_path / "one.diptych", *made_load(name=LONG))

    async def scene() -> None:
        ui.window.show_page(COMPARE)
        ui.window.open_file(tmp_path / "one.diptych")
        page = ui.window.page(STUDY)
        await ui.until(lambda: page.mode == LOAD and page.load.run.file is not None and page.isVisible(), "the file")
        half = page.load
        half.view.gallery.make()
        assert not any(card.empty.isVisible() for card in half.view.gallery.findChildren(Card))
        assert half.view.notes.text.startswith(f"Opened load of {local_words('2026-11-29T12:00:00Z')}, from file one.diptych")
        assert "1, 2, 4 … 128 at once" in half.view.plan.text
        assert "A serves 64 at once, B 32." in half.view.sentence.text
        assert "B ended with 128 at once: no more answers a second" in half.view.status.text
        assert half.view.table.text.splitlines()[0].startswith("at once\tA p50")
        for size in ((900, 600), (1100, 700), (1600, 1000)):
            ui.window.resize(*size)
            for _ in range(12):  # the parts take their new heights one after the other
                await asyncio.sleep(0)
            ui.window.grab()
            view = half.view
            parts = (view.plan, view.places["a"].row, view.notes, view.status, view.scroller, view.sentence)
            tops = [one.mapTo(view, QPoint(0, 0)).y() for one in parts]
            for upper, top, lower in zip(parts, tops, tops[1:], strict=False):
                assert top + upper.height() <= lower
            assert view.scroller.height() >= 200
            assert view.gallery.geometry().bottom() < view.table.geometry().top()
            notes = [label.text for label in view.gallery.findChildren(ElidedLabel) if "thick p50" in label.text]
            assert bool(notes) is (size[0] > 1300)
        for picture in half.view.gallery.pictures:
            picture.save(tmp_path / f"{picture.name}.svg")
            assert (tmp_path / f"{picture.name}.svg").read_bytes().startswith(b"<?xml")
        half.view.recolor()
        page.start()  # what one's own plan costs was not to be seen: it is shown, and nothing is sent
        assert not half.starter.preparing
        assert half.view.sentence.text == HINT
        assert "requests, about" in half.view.plan.text

    ui.play(scene())
