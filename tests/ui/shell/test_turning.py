"""The window in another language: what is shown and typed is there again, and nothing of the window before is left."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget

from app.text import languages
from app.text.translation import translate_with
from tests.ui.conftest import Ui
from ui.endpoints.testing import EndpointTests
from ui.shell.application import new_window, speak
from ui.shell.main_window import MainWindow
from ui.shell.pages import ENDPOINTS, HISTORY, PAGES
from ui.shell.palette import keys_of
from ui.shell.settings import CODES, SettingsDialog
from ui.shell.turning import ShownWindow

KEY = "sk-ant-0123456789abcdefghij"
PASTED = f"ANTHROPIC_BASE_URL=https://relay.example\nANTHROPIC_AUTH_TOKEN={KEY}\n"

pytestmark = pytest.mark.qt_log_ignore("does not support")  # offscreen has no popups of its own


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Chinese says every message as it is, with 中 before it; afterwards English again, Qt too."""

    def use(code: str) -> bool:
        monkeypatch.setattr(languages, "_now", code)
        translate_with(None if code == languages.ENGLISH else (lambda template: f"中{template}"))
        return True

    monkeypatch.setattr("ui.shell.application.use_language", use)
    yield
    speak(languages.ENGLISH)


def choose(window: MainWindow, code: str) -> SettingsDialog:
    """Press the language in the settings, which are opened."""
    window.open_settings("Language")
    dialog = next(one for one in window.findChildren(SettingsDialog) if one.isVisible())
    dialog.language.set_index(CODES.index(code))
    dialog.language.chosen.emit(CODES.index(code))
    return dialog


def _has_ended(tests: EndpointTests, uid: str) -> bool:
    return not tests.is_running(uid)


def _windows() -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one.parent() is None]


def of_qt() -> str:
    """What Qt calls the button that cancels."""
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    return box.button(QDialogButtonBox.StandardButton.Cancel).text().replace("&", "")


@pytest.mark.english
def test_the_window_turns_to_chinese_and_back_with_what_it_shows(ui: Ui, chinese: None) -> None:
    others = [one for one in _windows() if one is not ui.window]  # menus that other tests' plots left, say

    async def scene() -> None:
        ui.ask_briefly()
        await ui.run()
        for spec in PAGES:
            ui.window.show_page(spec)
        page = ui.window.show_page(ENDPOINTS)
        page.selection.begin(page.selection.drafts.add_url("https://relay.invalid"))
        ui.page.bar.prompt.setText("typed, not sent")
        tested = ui.window.services.demo.profiles[0]
        page.tests.start(tested)
        await ui.until(partial(_has_ended, page.tests, tested.uid), "the test of an endpoint")
        verdicts = {row.question: row.verdict for row in page.tests.rows(tested.uid)}
        assert "answers" in verdicts
        ui.window.resize(1111, 777)
        unsaved, answer, outcome = page.unsaved, ui.page.a.answer.text, ui.page.a.outcome.text
        gone: list[weakref.ref[QObject]] = [weakref.ref(one) for one in (ui.window, ui.page, page, ui.page.a)]
        del page
        shown = ShownWindow(ui.window, new_window, speak)
        choose(ui.window, "zh_CN")
        await ui.until(lambda: shown.window is not ui.window and not shown.turning, "Chinese")
        ui.window = shown.window
        await ui.ended()
        assert ui.window.services.settings.language == languages.language() == "zh_CN"
        assert ui.window.page(ENDPOINTS).unsaved == unsaved != []
        rows = ui.window.page(ENDPOINTS).tests.rows(tested.uid)
        assert {row.question: row.verdict for row in rows} == verdicts
        assert all(row.title.startswith("中") and row.sentence.startswith("中") for row in rows)
        assert not ui.window.page(ENDPOINTS).tests.is_outdated(ui.window.services.demo.profiles[0])
        assert (ui.page.a.answer.text, ui.page.bar.prompt.text()) == (answer, "typed, not sent")
        assert ui.page.a.outcome.text != outcome
        assert (ui.window.width(), ui.window.height()) == (1111, 777)
        assert ui.window._stack.currentWidget() is ui.window.page(ENDPOINTS)
        assert [one.isVisible() for one in ui.window.findChildren(SettingsDialog)] == [True]
        assert (of_qt(), QLocale().language()) == ("取消", QLocale.Language.Chinese)
        assert keys_of(QAction(shortcut=QKeySequence("Ctrl+Enter"))) == "Ctrl+Enter"  # as on the keyboard, and in our sentences
        next(one for one in ui.window.findChildren(SettingsDialog) if one.isVisible()).rows.resets["language"].click()
        await ui.until(lambda: shown.window is not ui.window and not shown.turning, "English")
        ui.window = shown.window
        await ui.ended()
        assert [one.undo for one in ui.window.findChildren(SettingsDialog)] == [{"language": "zh_CN"}]
        assert (ui.page.a.answer.text, ui.page.a.outcome.text) == (answer, outcome)
        assert (of_qt(), QLocale()) == ("Cancel", QLocale.system())
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert [one for one in gone if one() is not None] == []
        assert [one for one in _windows() if one not in others] == [ui.window]
        await ui.run()  # the wire, the demo and the keys go on
        assert ui.page.a.answer.text

    ui.play(scene())


@pytest.mark.english
@pytest.mark.first_start
def test_what_is_pasted_chosen_and_borrowed_is_there_in_another_language(ui: Ui, chinese: None) -> None:
    async def turn(shown: ShownWindow, code: str) -> None:
        choose(shown.window, code)
        await ui.until(lambda: shown.window is not ui.window and not shown.turning, code)
        ui.window = shown.window

    def named() -> str:
        return ui.page.notes.text

    async def scene() -> None:
        shown = ShownWindow(ui.window, new_window, speak)
        assert ui.page.first.screen is not None
        ui.page.first.screen.paste.setPlainText(PASTED)
        await turn(shown, "zh_CN")
        assert ui.page.first.screen is not None
        assert ui.page.first.screen.paste.whole == PASTED
        assert KEY not in ui.page.first.screen.paste.text
        await turn(shown, "en")
        ui.ask_briefly()
        await ui.run()
        history = ui.window.show_page(HISTORY)
        await ui.until(lambda: history.found is not None and history.found.listed, "the run to be listed")
        assert history.found is not None
        number = history.found.listed[0].id
        history.choose_place(number, "b")
        history.open_side("b", "a")
        await ui.until(lambda: ui.page.session.borrowed, "one side of it")
        await ui.ended()
        assert named().startswith("A: Demo relay, side B of ")
        await turn(shown, "zh_CN")
        history = ui.window.page(HISTORY)
        assert [(letter, one.listed.id, one.side) for letter, one in history.places.items()] == [("b", number, "b")]
        await ui.ended()
        assert named().startswith("中 A: Demo relay")

    ui.play(scene())


@pytest.mark.english
def test_while_something_runs_another_language_waits_and_says_so(ui: Ui, chinese: None) -> None:
    async def scene() -> None:
        shown = ShownWindow(ui.window, new_window, speak)
        async with ui.begins():
            ui.page.bar.run.click()
        dialog = choose(ui.window, "zh_CN")
        assert "what runs has ended" in dialog._waits.text()
        await asyncio.sleep(0)
        assert shown.window is ui.window
        choose(ui.window, "en")  # thought better of it
        ui.page.stop()
        await ui.until(lambda: not shown.turning, "the run to end")
        assert shown.window is ui.window
        assert languages.language() == "en"

    ui.play(scene())
