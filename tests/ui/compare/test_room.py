"""Who gets the room: in small windows, below long sentences, around what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from app.recording.records import RunOpened
from app.scenarios import Scenario
from app.store.profiles import Profile
from tests.builders import messages_end, messages_start, recording
from tests.ui.compare.test_panes import EVENTS, both, show
from tests.ui.conftest import Ui
from ui.compare.pane.events_model import Column
from ui.compare.request.bar import SCENARIOS
from ui.compare.tabs import FINDINGS
from ui.shared.sides import NAMES
from ui.widgets.text_view import FITS, TextView


def _stand_apart(row: Sequence[QAbstractButton]) -> bool:
    """Whether each button ends before the next begins and has room for its text."""
    apart = all(one.geometry().right() < after.geometry().left() for one, after in pairwise(row))
    return apart and all(one.width() >= one.fontMetrics().horizontalAdvance(one.text()) + 4 for one in row)


def test_the_table_has_the_room_until_there_is_an_event_to_show(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        ui.page.a.tabs.button(EVENTS).click()
        view = ui.page.a.events
        room = view.table.parentWidget()
        assert room is not None
        high, hint, line = room.height(), view.details.height(), view.details.fontMetrics().lineSpacing()
        view.table.selectRow(20)
        assert room.height() <= high - 2 * line
        assert high - room.height() == view.details.height() - hint, "what the table loses the details have"
        rows = view.table.viewport().height()
        assert rows % view.table.rowHeight(0) == 0, "no row is cut"
        assert view.details.height() > 60
        assert view.table.current_event == 20
        text = view.details.findChildren(TextView)[0]
        whole, more = divmod(text.viewport().height(), line)
        assert more <= FITS, "no line is cut"
        assert text.verticalScrollBar().value() == 0
        assert text.verticalScrollBar().maximum() == text.document().size().height() - whole

    ui.play(scene())


def test_in_the_smallest_window_nothing_lies_over_another(ui: Ui) -> None:
    async def scene() -> None:
        window, page = ui.window, ui.page
        await show(ui, recording([(600.0, messages_start()), (700.0, messages_end(None))], side="a"), both()[1])
        window.resize(window.minimumSize())
        tabs = [*(one for one in page.a.tabs.buttons if one.isVisible()), page.a.tabs.link]
        for row in (page.bar.scenarios.findChildren(QPushButton), tabs):
            await ui.until(partial(_stand_apart, row), "buttons that do not lie over each other")
        assert page.bar.width() < 800
        window.resize(900, 600)
        window.theme.set_text_percent(150)
        await ui.until(partial(_stand_apart, tabs), "tabs of large text that do not lie over each other")
        for pane in page.panes.values():
            for part in (pane.outcome, pane.outcome.words, pane.tiles):
                await ui.until(partial(_has_its_height, part), "the height of large text")
        window.theme.set_text_percent(100)
        window.resize(window.minimumSize())
        page.a.tabs.button(EVENTS).click()
        assert page.a.events.table.isColumnHidden(Column.CHUNK)
        window.resize(1600, 1000)
        await ui.until(lambda: not page.a.events.table.isColumnHidden(Column.CHUNK), "the wide window")
        assert page.a.tabs.button(FINDINGS).text().endswith("Findings 2")

    ui.play(scene())


def test_of_a_run_that_is_opened_five_events_are_seen_in_a_low_window(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.window.resize(900, 600)
        page.show_file(Path("a run.diptych"), RunOpened("1", "2026-11-21T09:00:00.000Z", "0", "streaming", {}), list(both()))
        await ui.until(lambda: not page.session.following, "the end")
        page.a.tabs.button(EVENTS).click()
        page.a.events.table.selectRow(20)
        table = page.a.events.table
        await ui.until(lambda: table.viewport().height() >= 5 * table.rowHeight(0), "five rows")
        ui.window.resize(1280, 760)
        await ui.until(lambda: table.viewport().height() >= 6 * table.rowHeight(0), "more of them in a larger one")
        assert not page.notes.isHidden()
        assert not page.axis.isHidden()
        assert not page.sentence.isHidden()

    ui.play(scene())


def test_the_editor_and_the_panes_have_their_room_when_a_long_sentence_stands_below(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        root = await ui.demo_root()
        for name in NAMES:
            url = f"{root}/fault/error_404_html/a/path/of/a/gateway/that/is/rather/long/and/goes/on/and/on"
            one = Profile(name, base_url=url, model="claude-sonnet-4-6", uid=name, needs_key=False)
            page.services.save_profile(one)
            page.sides.choose(name, one.uid)
        await ui.run()
        ui.window.resize(ui.window.minimumSize())
        page.bar._on_scenario(SCENARIOS.index(Scenario.TOOLS))
        for widget in (page.a.row.profiles, page.b.tiles, page.bar.editor.tool_name, page.bar.editor.tool_schema):
            await ui.until(partial(_has_its_height, widget), "its height")
        assert not page.sentence.isVisible()
        page.bar.fold()
        assert page.sentence.isVisible()
        ui.window.resize(1600, 1000)
        page.bar.unfold.setChecked(True)
        assert page.sentence.isVisible()

    ui.play(scene())


def test_a_sentence_that_takes_a_second_line_squeezes_nothing(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        ui.ask_briefly()
        await ui.run()
        page.bar._on_scenario(SCENARIOS.index(Scenario.CUSTOM))
        ui.window.resize(900, 600)
        for widget in (page.a.row.profiles, page.b.row.profiles, page.b.tiles, page.bar.editor.body):
            await ui.until(partial(_has_its_height, widget), "its height")

    ui.play(scene())


def _has_its_height(widget: QWidget) -> bool:
    return widget.height() >= widget.minimumSizeHint().height()


def test_what_is_asked_has_its_room_in_a_low_window(ui: Ui) -> None:
    async def scene() -> None:
        ui.window.resize(1100, 700)
        ui.page.a.set_tab(EVENTS)
        ui.page.bar._on_scenario(list(Scenario).index(Scenario.TOOLS))
        await ui.until(lambda: ui.page.bar.editor.tool_schema.height() >= 90, "room for the parameters")

    ui.play(scene())
