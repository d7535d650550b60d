"""Esc: what has the keyboard, what is said over the foot, what lies over the page, and only then the run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.exchange.outcome import Outcome
from app.store.profiles import Profile
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.tabs import FINDINGS, TABS
from ui.shell import keys_first
from ui.widgets.toast import said_briefly, toast

EVENTS = TABS.index("Events")


def test_the_nearest_thing_goes_first_and_the_run_is_stopped_last(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    # Lines take Ctrl+E on X11 alone, and this one everywhere.
    monkeypatch.setattr(keys_first, "TAKEN", QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_A))

    async def scene() -> None:
        page = ui.page

        def press() -> None:
            QTest.keyClick(QApplication.focusWidget() or ui.window, Qt.Key.Key_Escape)

        ui.window.activateWindow()
        stalls = f"{await ui.demo_root()}/fault/stall_after_n=12"  # an answer that ends would end it sooner on a busy machine
        page.services.save_profile(
            Profile("Stalls", base_url=stalls, model="claude-sonnet-4-6", uid="stalls", needs_key=False, proxy="none")
        )
        page.sides.choose("a", "stalls")
        page.run()
        await ui.until(lambda: page.a.side is not None and len(page.a.answer.text) > 5, "some text")
        page.turn_to(FINDINGS)
        toast(page, "One")
        toast(page, "Two")
        assert page.findings.is_open
        press()
        assert said_briefly(page) == "One"
        press()
        assert said_briefly(page) == ""
        assert page.findings.is_open
        press()
        assert not page.findings.is_open
        assert page.session.running
        press()
        await ui.ended()
        assert page.session.sides["a"].outcome is Outcome.CANCELLED
        await show(ui, *both())
        page.turn_to(EVENTS)
        page.begin_find()
        box = page.a.events.find_box
        box.setFocus()
        box.setText("word")
        for line in (page.bar.prompt, box):
            line.setFocus()
            key = QKeyEvent(QEvent.Type.ShortcutOverride, keys_first.TAKEN.key(), Qt.KeyboardModifier.ControlModifier)
            QApplication.sendEvent(line, key)
            assert not key.isAccepted()  # left to the window
        toast(page, "Three")
        press()
        assert box.text() == ""
        assert said_briefly(page) == "Three"
        press()
        assert not box.hasFocus()
        press()
        assert said_briefly(page) == ""
        page.diff.open()
        page.sentence.setFocus()
        press()
        assert not page.diff.is_open

    ui.play(scene())
