"""What the first screen covers is made after the first picture: what is wanted of it before that has it made, and works."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.scenarios import Scenario
from app.store.profiles import Profile
from app.store.settings import Settings, SettingsStore
from tests.ui.conftest import Ui, delete_now, save_profiles
from ui.compare.axis.rows import LOW
from ui.compare.first.screen import FirstScreen
from ui.compare.page import ComparePage
from ui.compare.request.preview import REQUEST
from ui.compare.view import SPINE_FROM
from ui.shared.demo import Demo
from ui.shell.main_window import MainWindow
from ui.shell.pages import COMPARE, HISTORY, PAGES
from ui.widgets.text_view import JsonView

PASTED = "https://relay.example/v1/messages"


def screen(page: ComparePage) -> FirstScreen:
    assert page.first.screen is not None
    return page.first.screen


@pytest.mark.first_start
def test_the_first_picture_is_shown_with_nothing_of_what_it_covers_and_the_rest_comes_before_any_run(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        assert ui.window.isVisible()
        assert not page.view.is_complete
        typed = screen(page).paste
        assert ui.window.focusWidget() is typed
        typed.setPlainText(PASTED)
        page.bar.prompt.setText("What is new?")
        page.recolor()  # the colours, the text and the size may be others before that
        ui.window.theme.set_text_percent(120)
        ui.window.resize(1000, 700)
        assert not page.uncover()
        assert not page.working
        assert page.layout_kept() == {}
        assert not page.view.is_complete
        list(ui.window.completing())
        assert page.view.is_complete
        assert not page.a.isVisible()
        assert screen(page).isVisible()
        assert ui.window.focusWidget() is typed
        assert (typed.whole, page.bar.plan.prompt) == (PASTED, "What is new?")
        assert page.bar.fields.protocols == {"a": "anthropic-messages", "b": "anthropic-messages"}
        ui.window.theme.set_text_percent(100)

    ui.play(scene())


WAYS: dict[str, Callable[[Ui], object]] = {
    "the demo": lambda ui: screen(ui.page).demo.click(),
    "run": lambda ui: ui.page.bar.run.click(),
    "the menu": lambda ui: next(one for one in ui.window._menus.actions if one.text() == "&Run both").trigger(),
}


@pytest.mark.first_start
@pytest.mark.parametrize("way", WAYS)
def test_what_is_pressed_at_once_runs(ui: Ui, way: str) -> None:
    async def scene() -> None:
        page = ui.page
        page.bar.max_tokens.setValue(8)
        assert not page.view.is_complete
        async with ui.begins():
            WAYS[way](ui)
        assert page.first.screen is None
        assert page.a.isVisible()
        await ui.ended()
        assert page.sentence.text

    ui.play(scene())


FIRST_WANTED: tuple[tuple[Callable[[ComparePage], object], int], ...] = (  # and the tab that A shows then
    (lambda page: screen(page).maker_chosen.emit("Anthropic"), 3),
    (lambda page: screen(page).pasted.emit(PASTED), 3),
    (lambda page: page.bar.turn_to(Scenario.CUSTOM), 3),
    (lambda page: page.turn_to(1), 1),
)


@pytest.mark.first_start
def test_whatever_is_wanted_first_is_answered_as_if_all_were_there(ui: Ui) -> None:
    """Each by a page that is as the first picture shows it."""

    async def scene() -> None:
        wanted: list[object] = []
        ui.window.services.endpoint_wanted.connect(wanted.append)
        for want, tab in FIRST_WANTED:
            page = ComparePage(ui.window.services)
            page.restore_layout({"tab_a": 3, "link": "off", "share": 600})
            assert not page.view.is_complete
            assert page.layout_kept() == {"tab_a": 3, "link": "off", "share": 600}
            want(page)
            assert page.view.is_complete
            assert page.bar.fields.protocols["a"] == "anthropic-messages"
            assert (page.b.tab, page.link.on, page.view.share) == (0, False, 600)
            assert page.a.tab == tab
            delete_now(page)
        assert wanted[1:] == [PASTED]
        for spec in PAGES:
            ui.window.show_page(spec)
        ui.window.show_page(COMPARE)
        assert not ui.page.view.is_complete
        ui.window.open_palette()
        assert ui.page.view.is_complete

    ui.play(scene())


@pytest.mark.first_start
def test_what_comes_in_place_of_the_first_screen_fits_a_small_window_at_once(ui: Ui) -> None:
    async def scene() -> None:
        view = ui.page.view
        ui.window.resize(900, 600)
        await ui.until(lambda: view.width() < SPINE_FROM and view.height() < 600, "the size")
        assert not view.is_complete
        ui.page.bar.unfold.setChecked(True)
        assert ui.page.first.screen is None
        assert view.spine.isHidden()
        assert view.axis.rows is LOW

    ui.play(scene())


@pytest.mark.first_start
def test_where_endpoints_are_saved_before_the_first_screen_goes_when_the_rest_is_made(ui: Ui) -> None:
    async def scene() -> None:
        services = ui.window.services
        for uid in ("one", "two"):
            services.profile_store.save(Profile(uid, "anthropic-messages", f"https://{uid}.example"))
        services.notify_profiles_changed()
        assert not ui.page.view.is_complete
        list(ui.window.completing())
        assert ui.page.first.screen is None
        assert ui.page.a.isVisible()

    ui.play(scene())


@pytest.mark.first_start
def test_what_is_wanted_between_two_steps_has_what_is_left_made_at_once(ui: Ui) -> None:
    async def scene() -> None:
        for steps in (1, 3, 6, 9):
            page = ComparePage(ui.window.services)
            page.restore_layout({"tab_a": 3, "link": "off", "share": 600})
            made = page.completing()
            for _ in range(steps):
                next(made)
            assert page.layout_kept() == {"tab_a": 3, "link": "off", "share": 600}
            assert not page.uncover()
            page.recolor()
            page.resize(1000, 700)
            before = list(made) if steps == 9 else []  # nobody wants anything
            assert len(before) < 9
            assert (page.a.tab, page.b.tab, page.link.on, page.view.share) == (3, 0, False, 600)
            assert page.sides.profile("a") is None or page.panes["a"] is page.view.a
            assert not list(made)
            delete_now(page)

    ui.play(scene())


@pytest.mark.first_start
def test_with_endpoints_the_first_picture_has_what_is_seen_of_the_page_and_no_more(ui: Ui) -> None:
    async def scene() -> None:
        services = ui.window.services
        for uid in ("one", "two"):
            services.profile_store.save(Profile(uid, "anthropic-messages", f"https://{uid}.example"))
        page = ComparePage(services)
        assert page.first.screen is None
        kept: dict[str, int | str] = {"tab_a": 3, "tab_b": 0, "link": "off", "share": 600, "folder": "runs"}
        page.restore_layout(kept)
        assert (page.a.tab, page.b.tab, page.link.on, page.view.share) == (3, 0, False, 600)
        assert page.my_client.choice.parentWidget() is page.demo_chooser.button.parentWidget()
        assert not {"files", "exports", "follower", "starter", "replaying", "diff", "preview"} & set(vars(page))
        page.a.set_tab(1)
        assert not page.starter.preparing
        assert page.layout_kept() == kept | {"tab_a": 1}
        assert page.preview is vars(page)["preview"]
        delete_now(page)

    ui.play(scene())


@pytest.fixture
def closed_on_requests() -> None:
    save_profiles(*(Profile(uid, "anthropic-messages", f"https://{uid}.example", uid=uid) for uid in ("one", "two")))
    SettingsStore().change(Settings(), page="History", layouts={"Compare": {"tab_a": REQUEST, "tab_b": REQUEST}})


@pytest.mark.usefixtures("closed_on_requests")
def test_requests_are_shown_from_the_start_and_start_no_demo_before_they_are_in_view(ui: Ui) -> None:
    async def scene() -> None:
        services, page = ui.window.services, ui.page
        runs, services.demo = services.demo, Demo()
        assert [pane.tab for pane in page.panes.values()] == [REQUEST, REQUEST]
        running = services.tasks.running
        page.preview.show()
        assert services.tasks.running == running
        services.demo = runs
        ui.window.show_page(COMPARE)
        shown = [pane.request.findChildren(JsonView)[0] for pane in page.panes.values()]
        await ui.until(lambda: [one.text.partition(" ")[0] for one in shown] == ["POST", "POST"], "the requests")

    ui.play(scene())


def test_a_page_that_is_made_later_makes_its_rest_by_itself(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.page(COMPARE)
        assert "preview" in vars(page), "that of the start"
        again = MainWindow(ui.window.services, ui.window.theme, [HISTORY, COMPARE])
        list(again.completing())
        made = again.page(COMPARE)
        await ui.until(lambda: "preview" in vars(made), "the rest")
        delete_now(again)

    ui.play(scene())
