"""Pages are equals: menus, keys, palette, drops and the question before closing are those of the page in view."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.exchange.exchange import Outcome
from app.recording.records import RunOpened
from app.recording.run_format import dump_run
from app.store.profiles import Profile, ProfileStore
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import COMPLETED, Ui, delete_now, save_profiles
from ui.compare.tabs import TABS
from ui.shared.page import RUN_KEYS, SAVE_KEYS, Command, Menu, Page
from ui.shared.services import Services
from ui.shell import application
from ui.shell.main_window import MainWindow
from ui.shell.pages import COMPARE, ENDPOINTS, PAGES, PageSpec
from ui.shell.palette import CommandPalette
from ui.shell.rail import Rail
from ui.shell.unsaved import UnsavedDialog
from ui.style.theme import font

CONTROL = Qt.KeyboardModifier.ControlModifier
MINE = Profile("Mine", base_url="http://127.0.0.1:9", model="m", uid="mine", needs_key=False)


class Notebook(Page):
    """A page with one thing to run and one to save."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.can_run = True

    @property
    def file_entries(self) -> tuple[Command, ...]:
        return (Command("Save note", lambda: self.done.append("save"), SAVE_KEYS),)

    @property
    def menu(self) -> Menu:
        return Menu("&Note", (Command("Run note", lambda: self.done.append("run"), RUN_KEYS, lambda: self.can_run),))

    @property
    def unsaved(self) -> list[str]:
        return [] if "saved" in self.done else ["Note"]

    def save_unsaved(self) -> bool:
        self.done.append("saved")
        return True

    def open_file(self, path: Path) -> bool:
        self.done.append(path.name)
        return path.suffix == ".note"


NOTEBOOK = PageSpec(7, "A notebook with a long title", "settings", lambda _services, _parent: Notebook())


@pytest.fixture(autouse=True)
def noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window has the notebook as well."""
    monkeypatch.setattr(application, "MainWindow", partial(MainWindow, specs=(*PAGES, NOTEBOOK)))


@pytest.fixture
def window(noted: None, ui: Ui) -> Iterator[MainWindow]:
    """The window in front, and closed whatever the notebook would ask."""
    ui.window.activateWindow()
    yield ui.window
    ui.window.close()
    ui.window.close()  # a question that stands is passed over


@pytest.fixture
def mine() -> None:
    """A saved profile."""
    save_profiles(MINE)


def titles(window: MainWindow) -> list[str]:
    """What the palette offers now."""
    window.open_palette()
    palette = next(one for one in window.findChildren(CommandPalette) if one.isVisible())
    found = palette.titles
    palette.close()
    return found


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window, key, modifier)


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    button = Qt.MouseButton.LeftButton
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, button, Qt.KeyboardModifier.NoModifier))


def test_numbers_and_titles_are_each_pages_own() -> None:
    assert (COMPARE.number, ENDPOINTS.number) == (1, 5)
    for values in ([one.number for one in PAGES], [one.title for one in PAGES]):
        assert len(set(values)) == len(values)


def test_a_page_is_made_when_it_is_first_turned_to(ui: Ui, window: MainWindow) -> None:
    async def scene() -> None:
        assert list(window._made) == [COMPARE]
        press(window, Qt.Key.Key_7, CONTROL)
        page = window.page(NOTEBOOK)
        assert window._stack.currentWidget() is page
        press(window, Qt.Key.Key_1, CONTROL)
        assert window._stack.currentWidget() is window.page(COMPARE)
        assert window.show_page(NOTEBOOK) is page

    ui.play(scene())


def test_keys_menus_and_palette_are_those_of_the_page_in_view(ui: Ui, window: MainWindow) -> None:
    async def scene() -> None:
        assert {"Run both", "Choose endpoint A"} <= set(titles(window))
        assert "Run note" not in titles(window)
        page = window.show_page(NOTEBOOK)
        assert "Run both" not in titles(window)
        assert {"Run note", "Save note", "Compare", "Open run"} <= set(titles(window))
        assert [one.text() for one in window.menuBar().actions() if one.isVisible()] == ["&File", "&Note", "&View", "&Help"]
        press(window, Qt.Key.Key_Return, CONTROL)
        press(window, Qt.Key.Key_S, CONTROL)
        assert page.done == ["run", "save"]
        page.can_run = False
        page.commands_changed.emit()
        press(window, Qt.Key.Key_Return, CONTROL)
        assert page.done == ["run", "save"]
        assert "Run note" not in titles(window)
        window.show_page(COMPARE)
        press(window, Qt.Key.Key_S, CONTROL)
        assert page.done == ["run", "save"]
        page.done.append("saved")

    ui.play(scene())


def test_a_page_can_be_turned_to_when_another_has_shown_all_its_views(ui: Ui) -> None:
    """What Qt makes by itself, such as a menu, does not outlive in Python some widget that is deleted elsewhere."""

    async def scene() -> None:
        await show(ui, *both())
        for index in range(len(TABS)):
            ui.page.a.set_tab(index)
        ui.window.show_page(ENDPOINTS)
        assert {"Add endpoint", "Open run"} <= set(titles(ui.window))

    ui.play(scene())


def test_no_key_of_the_endpoints_page_reaches_the_hidden_run(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        press(ui.window, Qt.Key.Key_5, CONTROL)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            press(ui.window, key, CONTROL)
        assert not ui.page.starter.preparing
        assert not ui.page.session.running
        ui.window.show_page(COMPARE)
        ui.ask_briefly()
        async with ui.begins():
            ui.page.run()
        ui.window.show_page(ENDPOINTS)
        assert ui.page.session.running
        press(ui.window, Qt.Key.Key_Escape)
        await ui.ended()
        assert ui.page.a.side is not None
        assert ui.page.a.side.outcome is Outcome.COMPLETED

    ui.play(scene())


@pytest.mark.usefixtures("mine")
def test_the_endpoints_page_saves_tests_and_stops_by_its_own_commands(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        page = ui.window.show_page(ENDPOINTS)
        page.select(MINE.uid)
        assert "Save endpoint" not in titles(ui.window)
        QTest.keyClicks(page.view.form.name, "!")  # where the cursor stands
        assert "Save endpoint" in titles(ui.window)
        press(ui.window, Qt.Key.Key_S, CONTROL)
        assert page.unsaved == []
        assert ProfileStore().load()[0].name == "!Mine"
        assert {"Test this endpoint", "Use as A"} <= set(titles(ui.window))
        page.menu.entries[5].work()  # type: ignore[union-attr]  # the test, a command
        assert "Stop the test" in titles(ui.window)
        press(ui.window, Qt.Key.Key_Escape)
        await ui.until(lambda: not page.tests.is_running(MINE.uid), "the test to stop")
        assert "Stop the test" not in titles(ui.window)
        button = page.view.panel.button
        button.setFocus()
        QTest.keyClick(button, Qt.Key.Key_Return, CONTROL)  # it runs on other pages: here nobody shall pay for it
        assert not page.tests.is_running(MINE.uid)
        QTest.keyClick(button, Qt.Key.Key_Return)
        assert page.tests.is_running(MINE.uid)
        press(ui.window, Qt.Key.Key_Escape)
        await ui.until(lambda: not page.tests.is_running(MINE.uid), "the test to stop")

    ui.play(scene())


def test_what_is_dropped_goes_to_the_page_in_view_or_else_to_compare(ui: Ui, window: MainWindow, tmp_path: Path) -> None:
    run = tmp_path / "some.diptych"
    run.write_bytes(b"".join(dump_run(RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), both())))

    async def scene() -> None:
        page = window.show_page(NOTEBOOK)
        drop(window, tmp_path / "list.note")
        assert window._stack.currentWidget() is page
        drop(window, run)
        compare = window.page(COMPARE)
        await ui.until(lambda: compare.session.file == run, "the run to open")
        assert window._stack.currentWidget() is compare
        assert page.done == ["list.note", "some.diptych"]
        await ui.until(lambda: not compare.session.following, "the run to be read")
        page.done.append("saved")

    ui.play(scene())


@pytest.mark.usefixtures("mine")
@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_each_page_with_changes_is_asked_about_before_the_window_closes(ui: Ui, window: MainWindow) -> None:
    def dialog() -> UnsavedDialog:
        return next(one for one in window.findChildren(UnsavedDialog) if one.isVisible())

    async def scene() -> None:
        endpoints, notebook = window.show_page(ENDPOINTS), window.page(NOTEBOOK)
        endpoints.select(MINE.uid)
        QTest.keyClicks(endpoints.view.form.name, "!")
        window.close()
        dialog().yes.click()
        assert window.isVisible()
        dialog().no.click()  # now about the notebook: stay
        assert window.isVisible()
        window.close()  # and both questions stand again
        dialog().yes.click()
        dialog().save.click()
        assert not window.isVisible()
        assert notebook.done == ["saved"]

    ui.play(scene())


def test_the_rail_is_as_wide_as_the_longest_title_needs(ui: Ui, window: MainWindow) -> None:
    async def scene() -> None:
        needed = QFontMetrics(font(0.9, bold=True)).horizontalAdvance(NOTEBOOK.title)
        (rail,) = window.findChildren(Rail)
        without = Rail([(spec.title, spec.icon) for spec in PAGES])
        assert rail.width() > needed > without.width()
        delete_now(without)

    ui.play(scene())


def test_the_endpoints_page_hands_its_choice_to_compare(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.window.show_page(ENDPOINTS)
        page.select("demo-relay-openai-chat")
        page.view.use_a.click()
        assert ui.window._stack.currentWidget() is ui.page
        assert ui.page.a.row.profiles.currentText() == "Demo relay (Chat) · local"
        ui.ask_briefly()
        await ui.run()
        assert ui.page.a.outcome.text.startswith(COMPLETED)

    ui.play(scene())


def test_services_alone_make_every_page(ui: Ui) -> None:
    async def scene() -> None:
        services: Services = ui.window.services
        place = QWidget()
        for spec in PAGES:
            page = spec.make(services, place)
            assert isinstance(page, Page)
            assert page.parentWidget() is place
            delete_now(page)
        delete_now(place)

    ui.play(scene())
