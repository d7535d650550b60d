"""Help: words and keys are found as they are typed, and a label's word is explained where something asks for it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.conftest import Ui
from ui.shell.help import KEYS, NOTHING, OF_PAGE, HelpDialog
from ui.widgets.words import ask_word


def helping(ui: Ui) -> HelpDialog:
    dialog = ui.window.findChild(HelpDialog)
    assert dialog is not None
    return dialog


def names(dialog: HelpDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


@pytest.mark.english
def test_words_and_keys_are_found_as_they_are_typed(ui: Ui) -> None:
    QTest.keyClick(ui.window, Qt.Key.Key_F1)
    dialog = helping(ui)
    assert dialog.shown[0] == names(dialog)[0] == "start"
    dialog.field.setText("token first")
    assert names(dialog)[0] == dialog.shown[0] == "first token (TTFT)"
    assert "a role, ping or empty piece does not count" in dialog.shown[1]
    dialog.field.setText("f11")
    assert names(dialog) == [KEYS]
    assert dialog.shown == (KEYS, f"{OF_PAGE}\nPresentation: F11")
    dialog.field.setText("qqq")
    assert dialog.shown[1] == NOTHING
    dialog.close()


def test_the_keys_of_the_page_in_view_are_listed(ui: Ui) -> None:
    next(one for one in ui.window._menus.actions if one.text() == "&Keyboard shortcuts").trigger()
    title, text = helping(ui).shown
    assert title == KEYS
    lines = text.split("\n")
    assert {"Run both: Ctrl+Enter", "Timing: Alt+3", "Find: Ctrl+F", "Copy the selected event: Ctrl+C"} <= set(lines)
    helping(ui).close()


def test_a_label_anywhere_in_the_window_leads_to_its_word(ui: Ui) -> None:
    ask_word(ui.page.a.tiles, "First token")
    assert helping(ui).shown[0] == "first token (TTFT)"
    ask_word(ui.page.sentence, "verdict")
    assert helping(ui).shown[0] == "verdict"
    helping(ui).close()
