"""The menu of a right click: each place of a run gives what it shows, and its word."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.run.diff.facts import Kind
from app.run.diff.tables import Row, Table
from tests.ui.conftest import Ui, delete_now
from ui.compare.diff.rows_table import RowsTable
from ui.compare.tabs import TABS
from ui.shell.help import HelpDialog
from ui.widgets.toast import said_briefly

REASON = QContextMenuEvent.Reason


def lines(ui: Ui, source: QWidget, at: QPoint | None = None) -> dict[str, QAction]:
    """The entries of the menu at a place of a widget (None: in its middle), by their titles."""
    place = source.mapToGlobal(at or source.rect().center())
    QApplication.sendEvent(source, QContextMenuEvent(REASON.Mouse, source.mapFromGlobal(place), place))
    return dict(opened(ui))


def opened(ui: Ui) -> Iterator[tuple[str, QAction]]:
    """The newest menu's entries."""
    yield from ((one.text(), one) for one in menus(ui)[-1].actions() if not one.isSeparator())


def menus(ui: Ui) -> list[QMenu]:
    """Those that a right click opened."""
    return ui.page.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)


def press(ui: Ui, found: dict[str, QAction], title: str) -> str:
    """Choose an entry; what is on the clipboard then."""
    found[title].trigger()
    delete_now(menus(ui)[-1])
    return QGuiApplication.clipboard().text()


@pytest.fixture(autouse=True)
def no_popup(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu that pops up takes mouse and keyboard, which nobody has here."""
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)


def test_every_place_gives_what_it_shows(ui: Ui) -> None:
    async def scene() -> None:
        ui.ask_briefly()
        await ui.run()
        page, pane = ui.page, ui.page.a
        tile = pane.tiles.tiles[0]
        found = lines(ui, pane.tiles, QPoint(14, 20))
        value = " ".join(part.text for part in tile.parts)
        assert press(ui, found, f"Copy “{value}”") == value
        assert said_briefly(ui.window) == f"Copied “{value}”."
        found = lines(ui, pane.tiles, QPoint(14, 20))
        assert "What does “First token” mean?" in found
        assert press(ui, found, "Copy the request of side A as curl").startswith("curl ")
        press(ui, lines(ui, pane.tiles, QPoint(14, 20)), "What does “First token” mean?")
        helping = ui.window.findChild(HelpDialog)
        assert helping is not None
        assert helping.shown[0] == "first token (TTFT)"
        helping.close()
        assert press(ui, lines(ui, pane.outcome), "Copy the verdict") == pane.outcome.text
        assert press(ui, lines(ui, page.sentence.viewport()), "Copy the sentence") == page.sentence.text
        answer = pane.answer.view
        assert answer is not None
        assert press(ui, lines(ui, answer.viewport(), QPoint(20, 20)), "Copy all of it") == pane.answer.text
        assert "\nconnect " in press(ui, lines(ui, page.axis), "Copy the phases of A")
        figures = page.view.spine.figures
        assert press(ui, lines(ui, figures), "Copy all differences, B − A").startswith("First token: ")
        pane.set_tab(TABS.index("Events"))
        table = pane.events.table
        table.select_event(1)
        table.setFocus()
        found = lines(ui, table.viewport(), QPoint(60, table.rowViewportPosition(1) + 4))
        assert json.loads(press(ui, found, "Copy the event's data, as JSON where it is that"))
        found = lines(ui, table.viewport(), QPoint(60, table.rowViewportPosition(2) + 4))
        assert press(ui, found, "Copy the row").split("\t")[0] == "3"
        ui.window.activateWindow()
        await ui.until(table.hasFocus, "the table to have the keyboard")
        head = table.horizontalHeader().viewport()
        assert not [title for title in lines(ui, head, QPoint(30, 5)) if title == "Copy the row"]  # none is there
        middle = table.rect().center()
        QApplication.sendEvent(table, QContextMenuEvent(REASON.Keyboard, middle, table.mapToGlobal(middle)))
        assert press(ui, dict(opened(ui)), "Copy the row").split("\t")[0] == "2"  # the selected one, wherever the mouse is
        pane.set_tab(TABS.index("Timing"))
        timing = pane.views.currentWidget()
        assert timing is not None
        everything = press(ui, lines(ui, timing, QPoint(30, 60)), "Copy all times of this side")
        assert "first token\t" in everything
        pane.set_tab(TABS.index("Raw"))
        raw = pane.views.currentWidget()
        assert raw is not None
        assert press(ui, lines(ui, raw.view.viewport(), QPoint(12, 12)), "Copy this line") == "HTTP/1.1 200 OK"  # type: ignore[attr-defined]

    ui.play(scene())


def test_before_a_run_only_the_figures_that_are_none_are_there(ui: Ui) -> None:
    found = lines(ui, ui.page.a.tiles, QPoint(14, 20))
    assert list(found) == [
        "Copy “First token” with what explains it", "Copy all figures of this side", "What does “First token” mean?",
    ]  # fmt: skip
    delete_now(menus(ui)[-1])
    place = ui.page.bar.rect().bottomLeft()
    QApplication.sendEvent(ui.page.bar, QContextMenuEvent(REASON.Mouse, place, ui.page.bar.mapToGlobal(place)))
    assert menus(ui) == []


def test_a_row_of_what_differs_is_copied_by_itself(qapp: QApplication) -> None:
    table = RowsTable("Headers")
    row, other = Row(Kind.ONLY_B, ("+", "server", "", "nginx")), Row(Kind.CHANGED, ("≠", "age", "1", "2"))
    table.show_table(Table(("", "header", "A", "B"), (row, other)))
    table.resize(600, 200)
    table.show()
    at = table.viewport().mapTo(table, QPoint(table.columnViewportPosition(3) + 4, table.rowViewportPosition(0) + 4))
    assert [(one.title, one.text()) for one in table.copies(at)] == [
        ("Copy “nginx”", "nginx"), ("Copy the row", "+\tserver\t\tnginx"),
        ("Copy all rows", "+\tserver\t\tnginx\n≠\tage\t1\t2"),
    ]  # fmt: skip
    table.selectRow(1)
    assert next(iter(table.copies(None))).text() == "≠\tage\t1\t2"
    delete_now(table)
