"""What the window was like when it was closed, it is like again when it opens."""

from __future__ import annotations

from app.store.profiles import Profile
from tests.ui.conftest import Ui, delete_now
from ui.compare.link_mode import Link
from ui.shell.main_window import MainWindow
from ui.shell.pages import CHECKS, COMPARE, MIRROR


def opened_again(ui: Ui) -> MainWindow:
    """The window was closed; another one opens."""
    ui.window.close()
    again = MainWindow(ui.window.services, ui.window.theme)
    again.resize(1280, 820)
    again.show()
    return again


def test_page_tabs_link_and_the_panes_share_are_restored(ui: Ui) -> None:
    page = ui.page
    page.link.set_mode(Link.OFF)
    page.a.set_tab(1)
    page.b.set_tab(2)
    page.view.set_share(600)
    ui.window.show_page(CHECKS)
    again = opened_again(ui)
    assert again._last_page() is CHECKS
    compare = again.page(COMPARE)
    assert (compare.a.tab, compare.b.tab, compare.link.mode) == (1, 2, Link.OFF)
    again.show_page(COMPARE)
    assert abs(compare.view.share - 600) < 20
    delete_now(again)


def test_the_height_of_an_events_details_and_the_relay_page_are_restored(ui: Ui) -> None:
    ui.page.a.set_tab(1)
    ui.page.a.events.details_height = 150
    ui.window.services.save_profile(Profile("My relay", "anthropic-messages", "https://relay.example", uid="mine"))
    relay = ui.window.show_page(MIRROR)
    relay.view.set_share(600)
    relay.view.everything.setChecked(True)
    relay.view.model.setText("its own name")
    again = opened_again(ui)
    compare, relay = again.page(COMPARE), again.page(MIRROR)
    assert (compare.a.events.details_height, compare.b.events.details_height) == (150, 0)
    assert relay.view.everything.isChecked()
    assert (relay.view.profiles.currentData(), relay.view.model.text()) == ("mine", "its own name")
    again.show_page(MIRROR)
    assert abs(relay.view.share - 600) < 20
    delete_now(again)


def test_what_means_nothing_is_passed_over(ui: Ui) -> None:
    kept: tuple[dict[str, int | str], ...] = ({"tab_a": 99, "link": "x", "share": "y"}, {"tab_b": -1, "share": 10**9}, {})
    for values in kept:
        ui.page.restore_layout(values)
        assert (ui.page.a.tab, ui.page.b.tab, ui.page.link.mode) == (0, 0, Link.WORD)
        assert 200 <= ui.page.view.share <= 800


def test_a_page_that_is_no_more_opens_the_first(ui: Ui) -> None:
    ui.window.services.save_settings(page="Gone")
    again = opened_again(ui)
    assert again._stack.currentWidget() is again.page(COMPARE)
    delete_now(again)
