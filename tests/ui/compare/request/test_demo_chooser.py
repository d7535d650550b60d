"""The demo's relay does what is chosen, and it can be run again at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.exchange.outcome import Outcome
from app.simulator.demo_relay import MANNERS, all_faults
from tests.ui.conftest import Ui
from ui.compare.request.demo_chooser import rows


def test_all_faults_can_be_found_behind_the_chosen_ones() -> None:
    values = [one.value for one in rows() if one.value is not None]
    assert len(values) == len(MANNERS) + len(all_faults())
    assert values[0] == "\0"


@pytest.mark.english
@pytest.mark.qt_log_ignore("does not support")
def test_the_demo_relay_does_what_is_chosen(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        page, chooser = ui.page, ui.page.demo_chooser
        assert chooser.button.text() == "Demo relay: like many relays ▾"
        QTest.mouseClick(chooser.button, Qt.MouseButton.LeftButton)
        assert chooser._picker is not None
        QTest.keyClicks(chooser._picker.line, "wrong key")
        QTest.keyClick(chooser._picker.line, Qt.Key.Key_Return)
        assert chooser.button.text() == "Demo relay: wrong key ▾"
        assert "Refuses the key" in page.notes.text
        assert page.b.row.profiles.currentText() == "Demo relay · wrong key"
        await ui.run()
        assert page.b.exchange is not None
        assert page.b.exchange.recording.request.url.endswith("/relay/fault/error_401/v1/messages")
        assert [one.outcome for one in page.session.sides.values()] == [Outcome.COMPLETED, Outcome.FAILED]
        chooser.choose("")
        await ui.run()
        assert [one.outcome for one in page.session.sides.values()] == [Outcome.COMPLETED, Outcome.COMPLETED]
        page.sides.choose("b", page.services.profiles[0].uid)
        assert not chooser.button.isVisible()

    ui.play(scene())
