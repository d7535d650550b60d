"""The window without a mouse: where the keyboard goes, what it does there, and where it is when something has gone."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QWidget

from tests.builders import recording
from tests.ui.compare.scenes import TWICE
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.tabs import TABS
from ui.present.presentation import Presentation
from ui.shell.pages import COMPARE, PAGES
from ui.widgets.stops import Stop

quiet = pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own


def where() -> QWidget:
    """What has the keyboard, and is seen."""
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()
    return focused


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QWidget:
    """Press a key where the keyboard is; where it is then."""
    QTest.keyClick(where(), key, modifier)
    return where()


def stops_of(ui: Ui) -> list[QWidget]:
    """What Tab comes to, from the prompt on, until it comes to something again."""
    ui.page.bar.prompt.setFocus()
    seen: list[QWidget] = []
    while (one := press(Qt.Key.Key_Tab)) not in seen:
        seen.append(one)
    return seen


@quiet
def test_tab_comes_to_everything_on_compare_in_the_order_that_is_seen(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        page = ui.page
        await show(ui, both()[0], recording(TWICE, side="b"))
        await ui.until(lambda: page.view.spine.parts.buttons, "what differs")
        seen = stops_of(ui)
        spine, panes = page.view.spine, [page.a, page.b]
        ordered = [page.bar.run, *(one.tiles.stops[0] for one in panes), page.axis, page.sentence]
        wanted = [*ordered, *spine.parts.buttons, spine.figures.stops[0], page.b.outcome.link, *page.view.findChildren(QSlider)]
        wanted += [one.tabs.button(one.tab) for one in panes]
        missed = [one.accessibleName() for one in wanted if one.isVisible() and one.isEnabled() and one not in seen]
        assert not missed
        places = [seen.index(one) for one in ordered]
        assert places == sorted(places)
        for spec in PAGES[1:]:
            ui.window.show_page(spec).setFocus()
            ui.window.focusNextChild()
            first, count = where(), 1
            while press(Qt.Key.Key_Tab) is not first:
                count += 1
            assert count >= 4

    ui.play(scene())


@quiet
def test_figures_axis_slider_and_what_differs_by_their_keys(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        page = ui.page
        await show(ui, *both())
        await ui.until(lambda: page.view.spine.parts.buttons, "what differs")
        figures = page.a.tiles.stops
        figures[0].setFocus()
        assert press(Qt.Key.Key_Right) is figures[1]
        assert figures[1].accessibleName().startswith("Total: ")
        assert press(Qt.Key.Key_End) is [one for one in figures if one.isVisible()][-1]
        assert isinstance(press(Qt.Key.Key_Home), Stop)
        page.axis.setFocus()
        press(Qt.Key.Key_Plus)
        assert page.axis.scale.zoomed
        begin = page.axis.scale.begin_ms
        press(Qt.Key.Key_Right)
        assert page.axis.scale.begin_ms > begin
        press(Qt.Key.Key_0)
        assert not page.axis.scale.zoomed
        (slider,) = page.view.findChildren(QSlider)
        slider.setFocus()
        press(Qt.Key.Key_Home)
        assert page.session.replay is not None
        press(Qt.Key.Key_Escape)
        assert page.session.replay is None
        share = page.view.share
        page.view.widen("a")
        assert page.view.share > share
        page.view.widen("b")
        assert page.view.share == share
        await ui.until(lambda: page.view.spine.parts.buttons, "what differs of the whole run")
        row = page.view.spine.parts.buttons[0]
        row.setFocus()
        press(Qt.Key.Key_Space)
        await ui.until(lambda: page.diff.is_open, "what differs")
        await asyncio.sleep(0)
        press(Qt.Key.Key_Escape)
        assert not page.diff.is_open
        assert page.isAncestorOf(where())

    ui.play(scene())


@quiet
def test_what_is_closed_gives_the_keyboard_back(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.activateWindow()
        page = ui.window.show_page(COMPARE)
        await show(ui, *both())
        chip = page.bar.fields.chips["temperature"]
        chip.setFocus()
        press(Qt.Key.Key_Space)
        popover = page.bar.fields._popover
        assert popover is not None
        opened = popover.windowHandle()  # the platform gives it the keyboard a moment later, else when it is closed
        await ui.until(lambda: QGuiApplication.focusWindow() is opened, "the popover to have the keyboard")
        QTest.keyClick(popover.line, Qt.Key.Key_Escape)
        assert where() is chip
        page.a.tabs.button(TABS.index("Raw")).click()
        page.a.tabs.button(TABS.index("Raw")).setFocus()
        page.begin_find()
        await asyncio.sleep(0)
        press(Qt.Key.Key_Escape)
        assert page.a.isAncestorOf(where())
        chip.setFocus()
        ui.window.present()
        stage = ui.window.findChild(Presentation)
        assert stage is not None
        for _ in range(3):
            assert stage is press(Qt.Key.Key_Tab) or stage.isAncestorOf(where())
        press(Qt.Key.Key_Escape)
        assert not stage.isVisible()
        assert where() is chip

    ui.play(scene())
