"""The list of endpoints that a side opens: what stands in it, what finds it, and a new one that becomes the side's."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.store.presets import demo_profiles
from app.store.profiles import Profile
from tests.ui.conftest import Ui
from ui.shared.endpoint_rows import DEMO, endpoint_rows
from ui.shared.picker import PickRow, matching
from ui.shell.pages import ENDPOINTS

OWN = (
    Profile("Mine", base_url="https://relay.example:8443", uid="mine", label="staging", model="claude-haiku-4-5"),
    Profile("Zweite", "openai-chat", "", uid="two"),
)


def test_rows_say_where_an_endpoint_is_and_whether_there_is_a_key() -> None:
    rows = endpoint_rows((*OWN, *demo_profiles("http://127.0.0.1:1")), lambda _: "")
    assert rows[0] == PickRow("Mine", "Messages · relay.example:8443", "mine", "staging", "", "claude-haiku-4-5")
    assert [row.value for row in rows[2:]][:2] == [None, "demo-official-anthropic-messages"]
    marked = endpoint_rows(OWN, lambda one: {"mine": "saved", "two": "unknown"}[one.uid])
    assert [row.dot for row in marked] == ["saved", ""]
    assert marked[1].detail == "Chat · no address yet"
    assert not [row for row in marked if row.value is None]


@pytest.mark.english
def test_typing_finds_by_any_word_and_keeps_the_heading_of_what_is_found() -> None:
    rows = endpoint_rows((*OWN, *demo_profiles("http://127.0.0.1:1")), lambda _: "")
    assert [row.text for row in matching(rows, "haiku RELAY")] == ["Mine"]
    assert [row.text for row in matching(rows, "relay chat demo")] == [DEMO, "Demo relay (Chat)"]
    assert matching(rows, "nowhere") == []


@pytest.mark.english
@pytest.mark.qt_log_ignore("does not support")
def test_a_side_chooses_by_typing_and_gets_the_endpoint_that_it_added(ui: Ui) -> None:
    async def scene() -> None:
        page, row = ui.page, ui.page.b.row
        row.profiles.setFocus()
        QTest.keyClick(row.profiles, Qt.Key.Key_Space)
        assert row._picker is not None
        assert row._picker.isVisible()
        assert row._picker.geometry().top() >= row.profiles.mapToGlobal(row.profiles.rect().bottomLeft()).y()
        QTest.keyClicks(row._picker.line, "official chat")
        QTest.keyClick(row._picker.line, Qt.Key.Key_Return)
        assert row.profiles.currentText() == "Demo official (Chat) · local"
        wanted: list[object] = []
        page.services.endpoint_wanted.connect(wanted.append)
        row.add_wanted.emit()
        assert wanted == [None]
        ui.window.page(ENDPOINTS).adding.begin("https://relay.example/v1")
        ui.window.page(ENDPOINTS).editing.save()
        added = page.sides.profile("b")
        assert added is not None
        assert added.base_url == "https://relay.example/v1"
        # One that is added later is nobody's.
        page.services.save_profile(OWN[0])
        assert page.sides.profile("b") == added

    ui.play(scene())
