"""A run played again in the real window: it is drawn as a live one at each moment, and nothing of it is left behind."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from app.exchange.outcome import Outcome
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Ended, EndKind, RunOpened
from app.run.differences import Difference
from app.run.replay import AS_FAST_AS_IT_COMES
from app.scenarios import Plan
from app.text.sentences import Span
from tests.builders import messages_end, messages_start, messages_text, stream
from tests.ui.conftest import Ui
from ui.compare.page import ComparePage
from ui.compare.pane.head import PaneHead
from ui.compare.pane.pane import EVENTS, Pane
from ui.compare.replay.row import NO_TIMES, ReplayRow

OPENED = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming")


async def shown(ui: Ui, *recordings: Recording) -> tuple[ComparePage, ReplayRow]:
    """A run of these, as from a file, and its row."""
    page = ui.page
    page.session.show(None, OPENED, list(recordings), Plan(), ui.window.services.load_prices()[0])
    await ui.ended()
    row = page.replaying.row
    assert row is not None
    return page, row


def places(page: ComparePage) -> tuple[int, int]:
    """Where panes end and the axis begins, once all that asked for another size has it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    return page.a.height(), page.axis.mapTo(page.view, QPoint(0, 0)).y()


def seen(page: ComparePage) -> list[object]:
    """All that tells one moment of the page from another."""
    return [
        page.sentence.text,
        *((pane.answer.text, pane.outcome.text, [tile.words for tile in pane.tiles.tiles]) for pane in page.panes.values()),
        page.axis.scale.whole_ms,
    ]


def test_the_page_is_at_each_moment_as_it_was_and_at_the_end_whole(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        idle = places(ui.page)
        page, row = await shown(ui, stream(), stream(first_ms=900.0, side="b"))
        whole, recordings = seen(page), page.session.recordings
        finished: list[None] = []
        page.session.finished.connect(lambda: finished.append(None))
        assert row.slider.at_ms == 1_063.0

        assert places(page) == idle, "nothing moves when a run has ended"
        row.slider.sought.emit(700.0)
        await ui.until(lambda: not page.session.following, "the moment to be drawn")
        assert places(page) == idle, "nor while it goes on"
        assert [one.outcome for one in page.session.sides.values()] == [Outcome.RUNNING] * 2
        assert page.a.answer.text == "word 0 word 1 word 2 word 3 word 4 "
        assert page.b.answer.text == ""
        assert page.a.tiles.tiles[1].words == "Total: 700 ms"
        assert page.b.tiles.tiles[0].words == "First token: –"
        assert page.sentence.text.startswith("A's first token came after 612 ms. B waits")
        assert page.axis.scale.whole_ms == whole[-1]
        assert page.session.recordings == recordings
        assert page.files.can_save

        row.slider.sought.emit(640.0)
        await ui.until(lambda: page.a.answer.text == "word 0 word 1 ", "the step back")
        read = page.a.answer.view
        assert read is not None
        read.setFocus()
        QTest.keyClick(row.slider, Qt.Key.Key_Home)
        await ui.until(lambda: page.a.answer.text == "", "the beginning")
        assert ui.window.focusWidget() is page.a.answer, "the keyboard waits where the text was"
        shown_anew: list[PaneHead] = []
        refresh = PaneHead.refresh

        def refresh_and_note(head: PaneHead, told: dict[str, Difference] | None) -> None:
            shown_anew.append(head)
            refresh(head, told)

        monkeypatch.setattr(PaneHead, "refresh", refresh_and_note)
        QTest.keyClick(ui.window, Qt.Key.Key_Escape)
        assert not page.replaying.player.active
        assert seen(page) == whole
        assert ui.window.focusWidget() is read
        assert len(shown_anew) == len(set(shown_anew)) == 2, "each head once, all in one turn"

        page.replaying.player.set_speed(AS_FAST_AS_IT_COMES)
        texts = set()
        page.session.flushed.connect(lambda: texts.add(page.a.answer.text))
        now = [perf_counter()]  # a second passes between two flushes: each draws, whatever the machine's pace
        monkeypatch.setattr("ui.compare.session.perf_counter", lambda: now[0])
        page.session._timer.timeout.connect(lambda: now.append(now.pop() + 1))
        QTest.keyClick(row.slider, Qt.Key.Key_Space)
        assert page.replaying.player.playing
        await ui.until(lambda: not page.replaying.player.active, "the end of the replay")
        assert seen(page) == whole
        assert len(texts - {""}) >= 3  # each pane at every fourth draw
        assert page.session.recordings == recordings
        assert not finished
        assert ui.window.services.wire.pid is None
        page.sentence.show_spans((Span("words " * 35),))
        assert page.sentence.lines == 2
        assert places(page) == idle, "nor where the sentence is as long as most are"

    ui.play(scene())


def test_the_selection_moves_with_it_and_comes_back(ui: Ui) -> None:
    async def scene() -> None:
        page, row = await shown(ui, stream(), stream(first_ms=900.0, side="b"))
        page.a.set_tab(EVENTS)
        page.a.events.table.selectRow(3)
        assert row.slider.at_ms == 630.0
        row.slider.sought.emit(700.0)
        await ui.until(lambda: page.a.events.table.current_event == 6, "the newest event to be selected")
        QTest.keyClick(row.slider, Qt.Key.Key_End)
        assert page.a.events.table.current_event == 3
        assert page.a.events.model.rowCount() == 15

        place = QPoint(round(page.axis.x_of(660.0)), row.slider.height() // 2)
        QTest.mouseClick(row.slider, Qt.MouseButton.LeftButton, pos=place)
        assert abs(page.replaying.player.at_ms - 660.0) < 2.0

    ui.play(scene())


def test_a_capture_without_times_says_so_and_has_no_control(ui: Ui) -> None:
    async def scene() -> None:
        made = stream()
        bare = Recording(made.envelope, made.request)
        bare.body.append(NO_STAMP, messages_start() + messages_text("So") + messages_end())
        bare.apply(Ended(EndKind.WHOLE))
        page, row = await shown(ui, bare)
        assert not row.isEnabled()
        assert row.total.text() == "no times"
        assert NO_TIMES in row.play.toolTip()
        row.slider.sought.emit(0.0)
        assert not page.replaying.player.active

    ui.play(scene())


def test_the_end_of_each_side_is_drawn_once_and_in_a_flush_of_its_own(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        page, told = ui.page, []
        session = page.session
        for name, signal in (("side over", session.side_over), ("finished", session.finished), ("turned", session.turned)):
            signal.connect(lambda *about, name=name: told.append(" ".join((name, *about))))
        refresh = Pane.refresh_views

        def refresh_and_note(pane: Pane, *, ended: bool = False) -> None:
            if ended:
                told.append(f"drawn {pane.name}")
            refresh(pane, ended=ended)

        refresh_head = Pane.refresh_head

        def refresh_head_and_note(pane: Pane, differences: dict[str, Difference] | None = None, *, ended: bool = False) -> None:
            if ended:
                told.append(f"head {pane.name}")
            refresh_head(pane, differences, ended=ended)

        flush, advance, did = session._flush, session._advance, []
        session.flushed.connect(lambda: did.append("drawn"))

        def advance_and_note() -> bool:
            did.append("read")
            return advance()

        def flush_and_note() -> None:
            before = len(told)
            did.append("flush")
            flush()
            if len(told) > before:
                told.append("flush")

        session._timer.timeout.disconnect()
        session._timer.timeout.connect(flush_and_note)
        monkeypatch.setattr(session, "_advance", advance_and_note)
        monkeypatch.setattr(Pane, "refresh_views", refresh_and_note)
        monkeypatch.setattr(Pane, "refresh_head", refresh_head_and_note)
        await shown(ui, stream(), stream(first_ms=900.0, side="b"))
        heads = [["head a", "flush"], ["head b", "flush"]]
        sides = ["drawn a", "side over a", "flush", *heads[0], "drawn b", "side over b", "flush", *heads[1]]
        assert told == [*heads[0], *heads[1], *sides, "finished", "flush"], "as it begins the heads alone are drawn later"
        told.clear()
        page.replaying.player.set_speed(AS_FAST_AS_IT_COMES)
        page.replaying.toggle()
        told.clear()
        await ui.until(lambda: not page.replaying.player.active, "the end of the replay")
        assert told == [*sides, "turned", "flush"]
        assert {"read", "drawn"} < set(did)
        assert not {("read", "drawn"), ("drawn", "read")} & set(pairwise(did)), "each in a flush of its own"
        assert [pane.side for pane in page.panes.values()] == list(session.whole.values())

        def go_back(name: str) -> None:
            assert page.a.side is session.whole["a"]
            session.side_over.disconnect(go_back)
            page.replaying.player.seek(700.0)
            page.replaying.toggle()

        session.side_over.connect(go_back)
        page.replaying.toggle()
        await ui.until(lambda: not session.following, "the moment to be drawn")
        assert [pane.side for pane in page.panes.values()] == list(session.sides.values())
        assert [one.outcome for one in session.sides.values()] == [Outcome.RUNNING] * 2
        page.session.show_whole()
        assert [pane.side for pane in page.panes.values()] == list(session.whole.values())

    ui.play(scene())
