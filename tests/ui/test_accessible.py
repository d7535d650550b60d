"""What a screen reader is given: every page, empty and with a run; and what is said by itself."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.builders import recording
from tests.ui.compare.scenes import TWICE
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from tests.ui.hearing import Heard, Role, faults, heard
from ui.compare.page import ComparePage
from ui.compare.tabs import TABS
from ui.present.presentation import Presentation
from ui.shell.pages import COMPARE, PAGES, STUDY
from ui.shell.palette import CommandPalette
from ui.shell.settings import SettingsDialog
from ui.study.modes import LOAD
from ui.widgets import accessible, announce
from ui.widgets.hear_as import hear_as


@pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own
def test_all_that_has_the_keyboard_is_called_something_and_is_what_it_is(ui: Ui) -> None:
    async def scene() -> None:
        found: dict[str, list[str]] = {}

        async def look(state: str, top: QWidget | None = None) -> None:
            await asyncio.sleep(0)
            found[state] = faults(heard(top or ui.window))

        for spec in PAGES:
            ui.window.show_page(spec)
            await look(spec.title)
        ui.window.show_page(STUDY).view.modes.chosen.emit(LOAD)
        await look("load")
        page = ui.window.show_page(COMPARE)
        await show(ui, both()[0], recording(TWICE, side="b"))
        for tab, title in enumerate((*TABS, "Findings")):
            page.b.tabs.button(tab).click()
            await look(f"a run, {title}")
        page.begin_find()
        await look("finding")
        page.diff.open()
        await look("what differs")
        page.diff.toggle()
        popover(page, "temperature")
        await look("a field", page.bar.fields._popover)
        ui.window.open_settings()
        await look("settings", _opened(SettingsDialog))
        ui.window.open_palette()
        await look("palette", _opened(CommandPalette))
        ui.window.present()
        await look("presentation", ui.window.findChild(Presentation))
        wrong = [f"{state}: {one}" for state, several in found.items() for one in several]
        assert not wrong, "\n".join(wrong)

    ui.play(scene())


def popover(page: ComparePage, name: str) -> None:
    """Open the field's popover by its chip and the keyboard."""
    chip = page.bar.fields.chips[name]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)


def _opened(kind: type[QWidget]) -> QWidget:
    (opened,) = [one for one in QApplication.allWidgets() if isinstance(one, kind) and one.isVisible()]
    return opened


def test_who_listens_from_the_start_hears_what_a_widget_is_said_to_be_later(qapp: QApplication, qtbot: QtBot) -> None:
    accessible.install()
    QAccessible.setActive(True)
    try:
        tab = QPushButton()
        qtbot.addWidget(tab)
        tab.setText("Raw")
        heard_first = QAccessible.queryAccessibleInterface(tab)
        assert heard_first is not None
        assert heard_first.role() is Role.Button
        hear_as(tab, "tab")
        now = QAccessible.queryAccessibleInterface(tab)
        assert now is not None
        assert now.role() is Role.PageTab
    finally:
        QAccessible.setActive(False)


@pytest.mark.english
def test_a_run_is_heard_in_its_order_and_in_figures(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        await ui.until(lambda: ui.page.view.spine.parts.buttons, "what differs")
        tree = heard(ui.window)
        for part in ("Prompt", "Side A", "What differs", "Side B", "Time axis of both sides", "Said in a sentence"):
            tree = tree[_place(tree, part) :]
        tree = heard(ui.window)
        rail = [(one.role, one.chosen) for one in tree if one.name in {spec.title for spec in PAGES}]
        assert rail == [(Role.PageTab, True), *[(Role.PageTab, False)] * (len(PAGES) - 1)]
        tabs = [one for one in tree if one.role is Role.PageTab and one.name.endswith("side A")]
        assert [(one.name, one.chosen) for one in tabs][:2] == [("Answer of side A", True), ("Events of side A", False)]
        figures = tree[_place(tree, "Figures of side A") :]
        assert figures[0].role is Role.List
        assert figures[0].about.startswith("First token: 612 ms")
        assert (figures[1].role, figures[1].name) == (Role.ListItem, "First token: 612 ms")
        assert figures[1].about.startswith("From the ")
        differences = tree[_place(tree, "B minus A") :]
        assert differences[1].name == "First token +412 ms"
        assert "wait 506 ms" in next(one for one in tree if one.role is Role.Chart).about
        requests = [one for one in tree if one.name.startswith("Request: ")]
        assert {one.role for one in requests} == {Role.RadioButton}
        assert [one.name for one in requests if one.chosen] == ["Request: Streaming"]
        assert next(one for one in tree if one.name == "Endpoint A").role is Role.ComboBox

    ui.play(scene())


def _place(tree: list[Heard], name: str) -> int:
    return next(index for index, one in enumerate(tree) if one.name == name)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is announced, and how urgently; Qt has no way to hear it within its own program."""
    out: list[tuple[str, str]] = []

    class Listening:
        AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

        @staticmethod
        def isActive() -> bool:
            return True

        @staticmethod
        def updateAccessibility(event: QAccessibleAnnouncementEvent) -> None:
            assert event.accessibleInterface() is not None
            out.append((event.politeness().name, event.message()))

    monkeypatch.setattr(announce, "QAccessible", Listening)
    return out


def test_the_sentence_is_said_when_a_run_ends_and_a_fault_at_once(ui: Ui, said: list[tuple[str, str]]) -> None:
    async def scene() -> None:
        await show(ui, *both())
        sentence = ui.page.sentence.text
        assert sentence.startswith("In this run B is 412 ms later")
        assert [one for one in said if one[1] == sentence] == [("Polite", sentence)]
        ui.page.follower.show_sentence()
        assert said.count(("Polite", sentence)) == 1
        ui.page.view.say("The file could not be written.", "bad")
        assert said[-1] == ("Assertive", "The file could not be written.")

    ui.play(scene())
