"""The findings over both panes: a row each, what clients make of it, the events it leads to, and the settings for my client."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolTip

from app.clients.table import table
from app.recording.recording import Recording
from app.recording.records import RunOpened
from app.store.profiles import Profile
from tests.builders import event, messages_end, messages_start, messages_text, recording, stream
from tests.ui.compare.findings.scenes import HOSTILE, chat, many
from tests.ui.conftest import Ui, save_profiles
from tests.ui.hearing import faults, heard
from ui.compare.findings.painting import pieces
from ui.compare.findings.table import FindingsTable
from ui.compare.findings.view import LEAST_TABLE, FindingsView
from ui.compare.pane.pane import EVENTS
from ui.compare.tabs import FINDINGS

CUT = [(600.0, messages_start()), (620.0, messages_text("Hello")), (640.0, messages_end(None))]
KEY = "sk-ant-api03-0123456789abcdefghijklmnop"


async def show(ui: Ui, *recordings: Recording) -> FindingsView:
    """A file's run with its findings open."""
    ui.page.show_file(Path("a.diptych"), RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), list(recordings))
    await ui.ended()
    ui.page.turn_to(FINDINGS)
    return ui.page.findings.view()


def cells(view: FindingsView, row: int = 0) -> list[str]:
    model = view.table.model()
    return [str(model.index(row, column).data()) for column in range(1, model.columnCount())]


def link_of(table: FindingsTable, side: str) -> QPoint:
    """Where the first link of a row to an event of this side is."""
    area = table.visualRect(table.model().index(0, 0)).toRectF()
    found = pieces(table._model, table.rows[0], area)
    return next(one for one in found if one.place is not None and one.place.side == side).area.center().toPoint()


def test_they_stand_over_both_panes_until_escape_or_another_tab(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        assert page.a.tabs.button(FINDINGS).text() == "Findings"
        page.turn_to(FINDINGS)
        assert page.findings.view().empty.text().startswith("Nothing was run yet.")
        page.a.set_tab(EVENTS)
        view = await show(ui, stream(side="a"), recording(CUT, side="b"))
        assert (page.a.tab, page.b.tab) == (FINDINGS, FINDINGS)
        assert view.isVisible()
        assert not page.axis.isVisible()
        assert not page.a.views.isVisible()
        assert page.sentence.isVisible()
        assert view.width() > page.a.width() + page.b.width()
        QTest.keyClick(view.table, Qt.Key.Key_Escape)
        assert not view.isVisible()
        assert (page.a.tab, page.b.tab) == (EVENTS, 0)
        assert page.axis.isVisible()
        QTest.keyClick(ui.window, Qt.Key.Key_6, Qt.KeyboardModifier.AltModifier)
        assert view.isVisible()
        page.b.tabs.button(EVENTS).click()
        assert (page.a.tab, page.b.tab) == (EVENTS, EVENTS)
        assert not view.isVisible()
        page.b.set_tab(FINDINGS)
        assert page.layout_kept()["tab_a"] == EVENTS
        view.table.setFocus()
        await show(ui, stream(side="a"), stream(side="b"))
        assert view.empty_title.text() == "No findings in A and B"
        assert view.empty.text().count("Nothing deviates from Anthropic Messages in ") == 2
        assert not view.table.isVisible()
        assert ui.window.focusWidget() is view, "the keyboard waits where the findings were"
        await show(ui, recording(CUT, side="a"))
        assert view.table.isVisible()
        assert ui.window.focusWidget() is view.table
        assert not view.settings.side.isVisible()

    ui.play(scene())


def test_a_row_says_whose_it_is_and_what_each_client_makes_of_it(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        view = await show(ui, stream(side="a"), recording(CUT, side="b"))
        shown = view.table
        assert [row.sides for row in shown.rows] == [("b",)] * len(shown.rows)
        names = [str(shown.model().headerData(one, Qt.Orientation.Horizontal)) for one in range(shown.model().columnCount())]
        titles = {one.title for one in table().speaking("anthropic-messages")}
        assert {one.partition(", ")[0] for one in names[1:]} == titles
        assert names[1].endswith(", official")
        page.my_client.choose("litellm")
        page.findings.refresh()
        name = str(shown.model().headerData(1, Qt.Orientation.Horizontal))
        assert name == f"{table().clients['litellm'].title}, my client"
        assert all(one[0] in "✓!✕–" for one in cells(view))
        tip = str(shown.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
        assert tip.startswith(f"{table().clients['litellm'].title}\n")
        assert table().date in tip
        page.my_client.choose("")
        view = await show(ui, stream(side="a"), recording(CUT, side="b"))
        shown = view.table
        shown.setCurrentIndex(shown.model().index(0, 0))
        QTest.keyClick(shown, Qt.Key.Key_Return)
        assert shown.details is not None
        before = shown.details._does.text()
        QTest.keyClick(shown, Qt.Key.Key_Right)
        QTest.keyClick(shown, Qt.Key.Key_Right)
        assert shown.details._does.text() != before
        QTest.keyClick(shown, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        title = shown.table.columns[1].client.title if shown.table else ""
        assert QGuiApplication.clipboard().text().startswith(f"{title}\n")
        by_title = {one.title: one.text for one in shown.copies(None)}
        row = shown.rows[0]
        assert by_title[f"Copy its id “{row.id}”"]() == row.id
        assert by_title["Copy all rows"]().splitlines()[1].startswith(f"{row.id}\t{row.title}\tB\t")
        named = next(one for one in shown.details.findChildren(QPushButton) if one.text() == f"Copy id {row.id}")
        named.click()
        assert QGuiApplication.clipboard().text() == row.id
        QTest.keyClick(shown, Qt.Key.Key_Return)
        assert shown.details is None

    ui.play(scene())


def test_both_sides_events_are_reached_by_mouse_and_by_keyboard(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        twice = [(600.0, messages_start() + event("message_start", message={})), (700.0, messages_end())]
        view = await show(ui, recording(twice, side="a"), recording(twice, side="b"))
        places = {place.side: place for place in view.table.rows[0].places}
        assert set(places) == {"a", "b"}
        for side, pane in page.panes.items():
            page.turn_to(FINDINGS)
            QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=link_of(view.table, side))
            assert not view.isVisible()
            assert pane.tab == EVENTS
            assert pane.events.table.current_event in {one.event for one in view.table.rows[0].places if one.side == side}
        page.turn_to(FINDINGS)
        view.table.setFocus()
        QTest.keyClick(view.table, Qt.Key.Key_Down)
        QTest.keyClick(view.table, Qt.Key.Key_Return)
        details = view.table.details
        assert details is not None
        view.table.setFocus()
        ui.window.focusNextChild()
        button = ui.window.focusWidget()
        assert isinstance(button, QPushButton)
        assert details.isAncestorOf(button)
        assert button.text().startswith("Go to A, event")
        QTest.keyClick(button, Qt.Key.Key_Space)
        assert page.a.tab == EVENTS
        view = await show(ui, recording(CUT, side="a"), many("b"))
        told, sides = view.table.table, page.session.sides
        assert told is not None
        last = told.rows[-1]
        view.table.show_table(told, [last], sides)
        view.show_findings(told, sides, running=True, keep=True)
        assert view.table.rows[0] == last
        view.table.open_row(view.table.rows[1].id)
        view.show_findings(told, sides, running=False, keep=False)
        assert view.table.rows == list(told.rows)
        assert view.table.details is not None
        assert view.table.details.isVisible()

    ui.play(scene())


def test_narrow_my_client_stays_and_the_others_scroll(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui, recording(CUT, side="a"), chat("b"))
        shown = view.table
        ui.window.resize(900, 600)
        await ui.until(lambda: view.sideways.isVisible(), "the bar")
        hidden = [shown.isColumnHidden(one) for one in range(shown.model().columnCount())]
        assert hidden[:3] == [False] * 3, "the findings and both clients that judge"
        assert hidden[-1]
        assert not view.settings.fold.isChecked()
        shown.setFocus()
        shown.setCurrentIndex(shown.model().index(0, 0))
        for _ in range(shown.model().columnCount()):
            QTest.keyClick(shown, Qt.Key.Key_Right)
        assert not shown.isColumnHidden(shown.model().columnCount() - 1)
        assert [shown.isColumnHidden(one) for one in range(3)] == [False] * 3
        view.sideways.setValue(0)
        assert shown.isColumnHidden(shown.model().columnCount() - 1)
        assert "– other API" in cells(view)
        view = await show(ui, many("a", HOSTILE), many("b", HOSTILE))
        view.table.open_row(view.table.rows[0].id)
        view.settings.fold.setChecked(True)
        ui.window.resize(1280, 820)
        await ui.until(lambda: view.width() > 1000, "the width")
        assert not faults(heard(ui.window))
        for column in range(view.table.model().columnCount()):
            tip = view.table.model().index(0, column).data(Qt.ItemDataRole.ToolTipRole)
            assert "<b>" not in str(tip)
        assert "\u202e" not in view.settings.code.text.toPlainText()
        QToolTip.hideText()

    ui.play(scene())


def test_the_settings_unfold_only_where_what_they_hold_leaves_the_findings_their_room(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.resize(1280, 820)
        await ui.until(lambda: ui.page.width() > 1000, "the width")
        view = await show(ui, stream(side="a"), recording(CUT, side="b"))  # first opened, what they hold is not written yet
        await ui.until(lambda: view.table.height() > 100 and view.isVisible(), "the findings")
        for _ in range(12):  # the parts take their new heights one after the other
            await asyncio.sleep(0)
        ui.window.grab()
        assert view.table.height() >= min(view.table.needed, LEAST_TABLE)

    ui.play(scene())


KEYED = Profile("Keyed", base_url="http://127.0.0.1:9", model="claude-x", uid="keyed", proxy="none", auth="x-api-key")


@pytest.fixture
def keyed() -> None:
    save_profiles(KEYED)


@pytest.mark.usefixtures("keyed")
def test_the_key_is_put_in_only_when_it_is_asked_for(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.services.keys.keep("keyed", KEY)
        ui.ask_briefly()
        page.sides.choose("b", "keyed")
        page.turn_to(FINDINGS)
        view = page.findings.view()
        async with ui.begins():
            page.bar.run.click()
        assert view.isVisible(), "a run that begins leaves them open"
        await ui.ended()
        assert (page.a.tab, page.b.tab) == (FINDINGS, FINDINGS)
        settings = view.settings
        settings.side._group.button(1).click()
        assert 'base_url="http://127.0.0.1:9"' in settings.code.text.toPlainText()
        assert 'model="claude-x"' in settings.code.text.toPlainText()
        settings.environment.copy.click()
        assert "ANTHROPIC_API_KEY=YOUR_KEY" in QGuiApplication.clipboard().text()
        settings.key.click()
        await ui.until(settings.key.isChecked, "the key")
        assert KEY not in settings.environment.text.toPlainText()
        assert settings.environment.copy.text() == "Copy with the key"
        settings.code.copy.click()
        assert KEY not in QGuiApplication.clipboard().text()
        settings.environment.copy.click()
        assert f"ANTHROPIC_API_KEY={KEY}" in QGuiApplication.clipboard().text()
        settings.side._group.button(0).click()
        assert not settings.key.isChecked()
        settings.side._group.button(1).click()
        settings.environment.copy.click()
        assert KEY not in QGuiApplication.clipboard().text()
        said = " ".join(label.text() for label in settings._told)
        assert "At a 429: " in said
        assert "At a cut stream: Where the connection breaks" in said

    ui.play(scene())


def test_a_files_run_has_no_key_to_put_in(ui: Ui) -> None:
    async def scene() -> None:
        view = await show(ui, stream(side="a"), recording(CUT, side="b"))
        assert not view.settings.key.isEnabled()
        assert "from a file" in view.settings.key.toolTip()
        assert view.settings.name == "a", "the pane that was turned"

    ui.play(scene())
