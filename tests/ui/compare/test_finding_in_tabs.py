"""Ctrl+F finds in the tab that is shown, on both sides; the details below the events take no more room than they need."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.recording.records import RunOpened
from tests.ui.compare.test_linked_by_word import WORDS, spoken
from tests.ui.compare.test_panes import EVENTS, show
from tests.ui.conftest import Ui
from ui.compare.tabs import TABS


@pytest.mark.english
def test_find_works_in_the_tab_one_is_in_and_on_both_sides(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, spoken("a", 600, 18, WORDS), spoken("b", 900, 30, WORDS[:50]))
        page.begin_find()
        bar = page.a._find.made
        assert bar is not None
        assert bar.isVisible()
        QTest.keyClicks(bar.box, "W4")
        assert bar.box.said == "1 of 11"
        theirs = page.b._find.made
        assert theirs is not None
        assert theirs.isVisible()
        assert (theirs.box.text(), theirs.box.said) == ("W4", "1 of 11")
        QTest.keyClick(bar.box, Qt.Key.Key_Return)
        assert bar.box.said == "2 of 11"
        page.a.tabs.button(TABS.index("Raw")).click()
        assert bar.isVisible()
        assert bar.box.said.endswith(" of 11")
        page.a.tabs.button(TABS.index("Timing")).click()
        assert not bar.isVisible()
        page.begin_find()
        assert page.a.tab == page.b.tab == EVENTS
        page.a.tabs.button(TABS.index("Request")).click()
        page.begin_find()
        QTest.keyClick(bar.box, Qt.Key.Key_Escape)
        QTest.keyClick(bar.box, Qt.Key.Key_Escape)
        assert not bar.isVisible()
        assert not theirs.isVisible()

    ui.play(scene())


def test_details_are_as_high_as_what_they_hold_and_the_selection_stays_in_view(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, spoken("a", 600, 18, WORDS), spoken("b", 900, 30, [*WORDS[:40], "a long word " * 60]))
        ui.window.resize(1280, 1000)
        page.a.tabs.button(EVENTS).click()
        a, b = page.a.events, page.b.events
        a.table.selectRow(30)
        low = a.details.height()
        assert low < 90
        b.table.selectRow(2 + 40)
        line = b.details.fontMetrics().lineSpacing()
        assert b.details.height() >= low + 2 * line, "two lines more of it are seen"
        assert b.details.height() <= 0.4 * b._split.height() + 1
        for height in (820, 700, 1000):
            ui.window.resize(1280, height)
            y = b.table.y_of(b.table.current_event or 0)
            assert y is not None
            assert 0 <= y <= b.table.viewport().height() - 10

    ui.play(scene())


def test_a_file_is_not_read_on_while_the_first_place_is_waited_for(ui: Ui) -> None:
    async def scene() -> None:
        session, drawn = ui.page.session, []
        waits = True
        session.let_first(lambda: waits)
        session.flushed.connect(lambda: drawn.append(len(session.sides["a"].rounds[0].events)))
        opened = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {})
        ui.page.show_file(None, opened, [spoken("a", 600, 18, WORDS)])
        await ui.until(lambda: len(drawn) > 2, "it to be looked at while somebody waits")
        assert set(drawn) == {0}
        assert session.following
        waits = False
        await ui.ended()
        assert session.sides["a"].events > len(WORDS)

    ui.play(scene())
