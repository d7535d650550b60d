"""The panes on recordings made by hand: they turn together, filter, find, count what was found, and show text as it came."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextBlockFormat, QTextCharFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from app.exchange.exchange import Exchange
from app.recording.recording import Recording
from app.recording.records import RunOpened
from app.run.side import Stage
from tests.builders import messages_end, messages_start, messages_text, recording, side, stream
from tests.ui.conftest import Ui
from ui.compare.axis.scale import LEFT
from ui.compare.link_mode import Link
from ui.compare.tabs import FINDINGS, TABS
from ui.style.theme import Mode
from ui.widgets.reading_view import ReadingView

EVENTS = TABS.index("Events")
LIGHT_AND_DARK: tuple[Mode, ...] = ("light", "dark")
MARKUP = "<h1>Big</h1><img src='file:///etc/passwd'><a href='https://evil.example'>click</a> & more"


async def show(ui: Ui, *recordings: Recording) -> None:
    """Show recordings as an opened run and read them whole."""
    opened = RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {})
    ui.page.show_file(Path("a.diptych"), opened, list(recordings))
    await ui.ended()


def both() -> tuple[Recording, Recording]:
    """A steady side A and a side B that begins later."""
    return stream(612, 18, 60, side="a"), stream(1_024, 25, 60, side="b")


def test_the_panes_turn_and_scroll_together_until_released(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        page.b.tabs.link.choose(Link.TIME)
        page.a.tabs.button(EVENTS).click()
        assert page.b.tab == EVENTS
        page.a.events.table.selectRow(40)
        theirs = page.b.events.table.current_event
        assert theirs is not None
        ours_ms, theirs_ms = page.a.events.model.ms_of(40), page.b.events.model.ms_of(theirs)
        assert ours_ms is not None
        assert theirs_ms is not None
        others = [page.b.events.model.ms_of(index) or 0.0 for index in range(page.b.events.model.rowCount())]
        assert abs(theirs_ms - ours_ms) == min(abs(one - ours_ms) for one in others)
        assert set(page.axis._marks) == {"a", "b"}
        bar = page.a.events.table.verticalScrollBar()
        assert (page.b.events.table.top_event or 0) >= 5
        bar.triggerAction(bar.SliderAction.SliderToMinimum)
        await ui.until(lambda: page.b.events.table.top_event is not None and page.b.events.table.top_event < 5, "B to follow")
        page.b.tabs.link.choose(Link.OFF)
        page.a.tabs.button(0).click()
        assert page.b.tab == EVENTS
        page.b.tabs.link.choose(Link.WORD)
        page.b.tabs.button(0).click()
        assert page.a.tab == 0

    ui.play(scene())


def test_filter_by_type_and_find_as_it_is_typed_on_both_sides(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        view = page.a.events
        page.a.tabs.button(EVENTS).click()
        view.types.refill()
        names = [view.types.itemData(index) for index in range(view.types.count())]
        assert names[0] is None
        view.types.setCurrentIndex(names.index("message_delta"))
        view._on_type(0)
        assert view.model.rowCount() == 1
        assert view.model.cells(0)[4] == "message_delta"
        page.begin_find()
        QTest.keyClicks(view.find_box, "MESSAGE_STO")
        await ui.until(lambda: view.find_box.said == "1 of 1", "the event to be found")
        assert view.model.only is None
        event = view.table.current_event
        assert event is not None
        assert view.exchange is not None
        assert b"message_stop" in view.exchange.events.raw(event)
        assert page.b.events.find_box.text() == "MESSAGE_STO"
        await ui.until(lambda: page.b.events.find_box.said == "1 of 1", "the other side")
        QTest.keyClicks(view.find_box, "X")
        await ui.until(lambda: view.find_box.said == "0", "nothing to be found")
        QTest.keyClick(view.find_box, Qt.Key.Key_Escape)
        assert (view.find_box.text(), view.find_box.said, page.b.events.find_box.text()) == ("", "", "")

    ui.play(scene())


def test_findings_are_counted_listed_and_lead_to_their_event(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        cut = [(600.0, messages_start()), (620.0, messages_text("Hello")), (640.0, messages_text(" there"))]
        await show(ui, stream(side="a"), recording(cut, side="b"))
        assert page.a.tabs.button(FINDINGS).text() == "Findings –"
        tab = page.b.tabs.button(FINDINGS)
        assert tab.text().startswith("✕ Findings")
        tab.click()
        assert (page.a.tab, page.b.tab) == (FINDINGS, FINDINGS)
        assert page.b.answer.notice is not None
        assert page.b.side is not None
        table = page.findings.view().table
        assert [row.id for row in table.rows] == list(dict.fromkeys(finding.id for _, finding in page.b.side.findings))

    ui.play(scene())


def test_text_from_outside_is_shown_as_it_came(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        pieces = [(600.0, messages_start(model=MARKUP)), (610.0, messages_text(MARKUP)), (620.0, messages_end(4, MARKUP))]
        await show(ui, recording(pieces, side="a", model=MARKUP), recording(pieces, side="b"))
        assert page.a.answer.text == MARKUP
        assert page.a.row.models.currentText() == MARKUP
        assert MARKUP in page.a.outcome.text
        assert MARKUP[:40] in page.a.events.model.cells(2)[5]
        page.a.events.go_to(2)
        assert MARKUP in page.a.events.details._view.toPlainText()
        for label in ui.window.findChildren(QLabel):
            assert label.textFormat() is Qt.TextFormat.PlainText or not label.text(), label.text()
        for widget in (page.a.row.models, page.a.row.profiles, page.a.outcome):
            assert "<h1>" not in widget.toolTip()

    ui.play(scene())


def test_twenty_thousand_events_are_rows_without_being_counted_one_by_one(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        pieces = [(600.0, messages_start())]
        pieces += [(600 + number / 2, messages_text(f"word {number} ")) for number in range(20_000)]
        pieces.append((10_700.0, messages_end()))
        inserted: list[int] = []
        page.a.events.model.rowsInserted.connect(lambda _parent, first, last: inserted.append(last - first + 1))
        await show(ui, recording(pieces, side="a"))
        assert page.a.events.model.rowCount() == 20_005
        assert sum(inserted) <= 20_005
        assert len(inserted) < 500
        page.a.set_tab(EVENTS)
        page.a.events.table.scrollToBottom()
        assert page.a.events.model.cells(20_004)[4] == "message_stop"
        page.a.set_tab(0)
        await ui.until(lambda: page.a.answer.text.rstrip().endswith("word 19999"), "the whole answer")
        assert page.a.answer.text.startswith("word 0 word 1 ")

    ui.play(scene())


def test_a_long_answer_is_laid_out_in_steps(ui: Ui, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    append = ReadingView.append_text

    def counted(self: ReadingView, text: str, style: QTextCharFormat, block: QTextBlockFormat) -> None:
        sizes.append(len(text))
        append(self, text, style, block)

    monkeypatch.setattr(ReadingView, "append_text", counted)
    text = " ".join(map(str, range(20_000)))

    async def scene() -> None:
        page = ui.page
        await show(ui, recording([(600.0, messages_start()), (601.0, messages_text(text)), (602.0, messages_end())], side="a"))
        await ui.until(lambda: page.a.answer.text == text, "the whole answer")
        assert max(sizes) == 20_000 < len(text)
        assert sum(sizes) == len(text)

    ui.play(scene())


def test_a_click_on_the_axis_goes_to_the_nearest_event(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        await show(ui, *both())
        x = round(page.axis.x_of(612 + 18 * 30 + 4))
        assert x > LEFT
        QTest.mouseClick(page.axis, Qt.MouseButton.LeftButton, pos=QPoint(x, page.axis.rows.head + 5))
        assert page.a.tab == page.b.tab == EVENTS
        current = page.a.events.table.current_event
        assert current is not None
        assert page.a.events.model.ms_of(current) == pytest.approx(612 + 18 * 30)
        assert "event" in page.axis.words_at(QPoint(x, page.axis.rows.head + 5))
        assert page.axis.words_at(QPoint(LEFT + 2, page.axis.rows.head + 5)).startswith("A: name")

    ui.play(scene())


def test_the_request_is_copied_as_curl_and_the_sentence_whose_figures_are_bold(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        ui.page.copy_as_curl()
        assert QGuiApplication.clipboard().text().startswith("curl -N https://h.example/v1/messages")
        view = ui.page.sentence
        assert view.text.startswith("In this run B is 412 ms later")
        view.selectAll()
        view.copy()
        assert QGuiApplication.clipboard().text() == view.text
        at = view.textCursor()
        at.setPosition(view.text.index("412") + 1)
        assert at.charFormat().fontWeight() > 500

    ui.play(scene())


def test_narrow_windows_fold_cost_first_then_the_rate(ui: Ui) -> None:
    def fold() -> None:
        row = ui.page.a.tiles
        every = [tile.title for tile in row.tiles]
        row.resize(900, row.height())
        assert [tile.title for tile in row.visible_tiles] == every
        width = 900
        while [tile.title for tile in row.visible_tiles] == every:
            width -= 10
            row.resize(width, row.height())
        assert [tile.title for tile in row.visible_tiles] == [title for title in every if title != "Cost"]
        while len(row.visible_tiles) == 4:
            width -= 10
            row.resize(width, row.height())
        assert [tile.title for tile in row.visible_tiles] == [title for title in every if title not in ("Cost", "Output")]

    async def scene() -> None:
        for mode in LIGHT_AND_DARK:
            ui.window.set_scheme(mode)
            await show(ui, *both())
            fold()

    ui.play(scene())


def test_the_clock_goes_on_through_all_rounds(ui: Ui) -> None:
    pane = ui.page.a
    under_way = stream(number=2)
    under_way.end = None
    one = side("a", stream())
    for rounds, playing, runs in (([], True, True), ([under_way], True, True), ([], False, False)):
        one.rounds[1:] = [Exchange(made) for made in rounds]
        one.stage = Stage.PLAYING if playing else Stage.ENDED
        pane.show_side(one, None)
        pane.refresh(ended=True)
        assert (pane.tiles.tiles[1].figure != "Total: 775 ms") == runs
