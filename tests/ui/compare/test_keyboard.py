"""Where the keyboard is: Tab goes on in the order that is seen, and nothing that goes away takes it along."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from shiboken6 import isValid

from app.scenarios import Scenario
from app.store.profiles import Profile
from tests.ui.compare.test_before_run import buttons
from tests.ui.compare.test_panes import EVENTS, both, show
from tests.ui.conftest import Ui, save_profiles
from ui.compare.request.bar import SCENARIOS
from ui.compare.tabs import TABS


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
        async with ui.begins():
            again.click()
        assert page.bar.run.hasFocus()
        await ui.ended()

    ui.play(scene())


def test_tab_goes_through_a_pane_in_the_order_that_is_seen(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        page.a.tabs.button(EVENTS).click()
        tabs, events = page.a.tabs, page.a.events
        wanted = [tabs.button(EVENTS), events.types, events.find_box, events._export]
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


def test_tab_goes_into_a_view_that_scrolls(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        page.b.set_tab(EVENTS)
        table = page.b.events.table
        headers = (table.verticalHeader(), table.horizontalHeader(), table.viewport())
        page.b.set_tab(TABS.index("Timing"))
        page.b.tabs.button(TABS.index("Timing")).setFocus()
        ui.window.focusNextChild()
        assert ui.window.focusWidget() is page.b.views.currentWidget()
        for kept in headers:
            assert isValid(kept), "a wrapper that dies with the page of times ends the program at its next use"

    ui.play(scene())


NO_KEY_YET = Profile("Said to be free", base_url="http://127.0.0.1:9", model="m", uid="free", needs_key=False, proxy="none")


@pytest.fixture
def profiles() -> None:
    """A saved profile that is said to need no key."""
    save_profiles(NO_KEY_YET)


@pytest.mark.usefixtures("profiles")
def test_tab_goes_from_the_tabs_to_the_answer_and_to_the_buttons_of_a_notice(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        page.sides.choose("b", "free")
        await ui.run()
        first, second = page.b.answer._notice.buttons
        for pane, wanted in ((page.a, [page.a.answer._text()]), (page.b, [first, second])):
            pane.tabs.button(0).setFocus()
            for one in wanted:
                ui.window.focusNextChild()
                assert ui.window.focusWidget() is one

    ui.play(scene())


def test_the_keys_lead_to_the_endpoints(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        for keys, side in ((Qt.KeyboardModifier.ControlModifier, "a"), (_control_shift(), "b")):
            QTest.keyClick(ui.window, Qt.Key.Key_L, keys)
            assert ui.window.focusWidget() is ui.page.panes[side].row.profiles  # type: ignore[index]  # the two names

    ui.play(scene())


def _control_shift() -> Qt.KeyboardModifier:
    return Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
