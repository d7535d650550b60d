"""The Relay page with a little relay: the real window, a real upstream of ours, real sockets."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.mirror.probes import probes
from app.protocols.ids import MESSAGES
from app.store.profiles import Profile
from app.text.numbers import DASH
from tests.mirror.little_relay import LittleRelay
from tests.ui.conftest import Ui
from tests.ui.copy_lines import offered, offered_in
from ui.mirror import page as page_module
from ui.mirror import run as run_module
from ui.mirror.models import Cell, CellsModel
from ui.mirror.page import MirrorPage
from ui.mirror.view import NOTHING_SENT
from ui.shell.pages import MIRROR
from ui.widgets.labels import PlainLabel

FEW = tuple(one for one in probes(MESSAGES) if one.name in ("plain", "stop", "answer-stop"))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests, so that it does not take long."""
    for module in (page_module, run_module):
        monkeypatch.setattr(module, "probes", lambda protocol: FEW if protocol == MESSAGES else ())


def without_stop(body: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in body.items() if name != "stop_sequences"}


def relay_profile(relay: LittleRelay) -> Profile:
    return Profile("My <b>relay</b>", MESSAGES, relay.url, model="any", needs_key=False, proxy="none", http2=False)


def cells(page: MirrorPage) -> list[list[str]]:
    return [[cell.text for cell in row] for row in page.view.row_model.rows]


def came_of(page: MirrorPage) -> dict[str, str]:
    return {row[0].text: row[1].text for row in page.view.probe_model.rows}


def test_from_listening_to_the_rows_of_one_request(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        page = ui.window.show_page(MIRROR)
        page.view.run.click()
        assert "no endpoint for the relay" in page.view.notes.text
        assert not page.view.rows.isVisible()  # what will stand there is said
        assert NOTHING_SENT in [one.text() for one in page.view.findChildren(PlainLabel) if one.isVisible()]
        monkeypatch.setattr("ui.endpoints.adding.Adding.ask", lambda _: None)
        next(one for one in page.view.notes.findChildren(QPushButton) if one.text() == "Add endpoint…").click()
        assert not page.isVisible()
        async with LittleRelay("", without_stop, refuses=True) as relay:
            page.services.save_profile(relay_profile(relay))
            assert page.view.profiles.currentText() == "My <b>relay</b>"
            assert page.isVisible()  # one goes on where one came from
            page.view.run.click()
            assert "Press Listen" in page.view.notes.text
            page.view.listen.click()
            await ui.until(lambda: page.run.listens, "it to listen")
            page.view.run.click()
            await ui.until(lambda: page.run.results, "the first request")
            await ui.until(lambda: not page.run.running, "the run to end")
            # Where nothing arrives nothing else is sent: it would be paid for elsewhere.
            assert [name for name, words in came_of(page).items() if words] == ["words of the user"]
            assert "did not arrive" in page.view.notes.text
            assert cells(page)[0][3] == "dropped"
            relay.upstream, relay.refuses = dict(page.run.addresses)[MESSAGES], False
            page.view.run.click()
            await ui.until(lambda: page.run.running, "the run to begin")
            assert ui.window.windowTitle() == "▶ 0 s, Diptych"
            await ui.until(lambda: not page.run.running, "the run to end")
        found = came_of(page)
        assert len(found) == len(FEW)
        lost = {title for title, words in found.items() if words.startswith("✕")}
        assert lost == {"stop sequences", "an answer that met a stop sequence"}
        chosen = page.view.probes.currentIndex().row()
        await ui.until(lambda: list(found)[page.view.probes.currentIndex().row()] in lost, f"one that lost, not {chosen}")
        page.view.probes.selectRow(list(found).index("stop sequences"))
        found_there = offered_in(page.view.rows, page.view.row_model.index(0, 1))
        assert found_there['Copy “["END","STOP"]”'] == '["END","STOP"]'
        assert found_there["Copy the row"].split("\t")[:4] == cells(page)[0][:4]
        assert list(offered(page.view.foot).values()) == [page.view.foot.text()]
        assert cells(page)[0][:4] == ["stop", '["END","STOP"]', "–", "dropped"]
        page.view.everything.setChecked(True)
        assert [row[0] for row in cells(page)][:2] != ["user text", "same"]
        assert len(cells(page)) > 4
        assert "2 of them lost something" in page.view.foot.text()
        page.view.listen.click()
        await ui.until(lambda: not page.run.listens, "it to end")
        assert "Nothing listens" in page.view.foot.text()

    ui.play(scene())


def test_a_screen_reader_is_told_of_cells_where_nothing_is() -> None:
    model = CellsModel(("Request", "Sent", "Result"))
    model.show_rows([(Cell("streamed"), Cell(DASH), Cell(""))])
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(3)]
    assert said == ["streamed", "none", "none"]
