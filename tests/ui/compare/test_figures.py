"""The figures of a pane: their digits, shapes and columns, and why one is missing."""

from __future__ import annotations

import json

import msgspec
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.run.differences import Difference, differences
from tests.builders import JSON, event, messages_end, messages_start, messages_text, recording, side, stream
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui
from ui.compare.deltas import Delta, of_time
from ui.compare.pane.events_model import Column, EventsModel
from ui.compare.pane.side_view import tiles
from ui.compare.pane.tiles import TileRow
from ui.compare.pane.timing_rows import timing_groups
from ui.compare.pane.verdict import verdict_words
from ui.compare.tabs import FINDINGS
from ui.widgets.segments import Part, Segment


def test_event_and_chunk_numbers_are_grouped_like_the_times() -> None:
    model = EventsModel()
    model.show(side("a", stream(words=1_200)).first)
    cells = model.cells(1_100)
    assert cells[Column.NUMBER] == "1 101"
    assert cells[Column.CHUNK].startswith("1 ")


def test_the_outcome_has_the_shape_and_colour_of_its_worst_finding() -> None:
    twice = recording([(600.0, messages_start() + event("message_start", message={})), (700.0, messages_end())])
    told = verdict_words(side("a", twice))
    assert told.words[0] == Segment("✕ Breaks", "bad", True)
    assert told.tint == "bad_tint"
    burst = messages_text("Hi ") * 12
    held_back = recording([(600.0, messages_start()), (900.0, burst), (1_300.0, burst), (1_700.0, burst + messages_end())])
    told = verdict_words(side("a", held_back))
    assert (told.words[0].text[0], told.tint, told.link) == ("!", "warn_tint", "The stream is buffered")
    marked = verdict_words(side("a", held_back), mark="Another · one")
    assert marked.text.startswith("Another · one: ! Works, with losses")
    assert marked.tint == "note_tint", "it is no answer to what the window is set to"


def test_a_figure_that_is_missing_says_why() -> None:
    refused = recording([(500.0, b'{"type":"error","error":{"type":"api_error","message":"no"}}')], status=500, headers=())
    shown = {tile.title: tile for tile in tiles(side("a", refused))}
    assert shown["First token"].words == "First token: – none came"
    assert shown["Tokens in / out"].words == "Tokens in / out: – not said"
    assert "no measure" in shown["Total"].tip
    assert shown["Total"].parts[0].role == "muted"
    assert all(tile.tip for tile in tiles(None))


def test_all_times_of_a_column_have_the_same_digits() -> None:
    rows = [
        row for group in timing_groups(side("a", stream(1_612)).rounds[0]) for row in group.rows if row.value.endswith(" ms")
    ]
    assert len(rows) > 6
    assert all(row.value.removesuffix(" ms")[-2] == "." for row in rows)
    assert all(row.kind != "fact" for row in rows)


def test_the_columns_of_both_panes_agree(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        a, b = ui.page.a.tiles, ui.page.b.tiles
        for width in range(620, 330, -20):
            for row in (a, b):
                row.resize(width, row.height())
            assert [(tile.title, left) for tile, left, _ in a._places()] == [
                (tile.title, left) for tile, left, _ in b._places()
            ]

    ui.play(scene())


def test_a_difference_has_the_unit_and_the_digits_of_the_larger() -> None:
    def delta(a_ms: float, b_ms: float, *, in_seconds: bool = False) -> Delta | None:
        return of_time(Difference(a_ms, b_ms, None), in_seconds=in_seconds)

    assert delta(1_548, 11, in_seconds=True) == Delta("−1.54", "s", "a", worse=False, other_unit=True)
    assert delta(11, 1_548, in_seconds=True) == Delta("+1.54", "s", "b", worse=False)
    assert delta(353, 3.5) == Delta("−350", "ms", "a", worse=False)
    assert delta(3.5, 353) == Delta("+350", "ms", "b", worse=False)
    assert delta(3.5, 4.0) == Delta("+0.5", "ms", "b", worse=False)
    assert delta(12_300, 800) == Delta("−11.50", "s", "a", worse=False, other_unit=True)
    assert delta(386.4, 825.6) == Delta("+440", "ms", "b", worse=False)  # as 386 and 826 stand there
    assert delta(2_194.6, 2_637.9, in_seconds=True) == Delta("+0.45", "s", "b", worse=False)  # 2.19 and 2.64
    assert delta(100.0, 100.2) is None
    assert delta(100.0, 99.8) is None
    worse = of_time(Difference(353, 775, less_is_better=True))
    assert worse == Delta("+422", "ms", "b", worse=True)
    slow, fast = side("a", stream(output_tokens=98)), side("b", stream(output_tokens=60, side="b"))
    cost = tiles(fast, differences(slow, fast))[4]
    assert cost.parts[-1].text.startswith("−$0.00")
    assert len(cost.parts[-1].text) == len("−$0.0010")


def test_what_the_endpoint_says_that_it_cost_stands_beside_the_list_s() -> None:
    end = messages_end().replace(b'"output_tokens"', b'"cost":0.0042,"output_tokens"')
    priced, unpriced = (
        tiles(side("a", recording([(600.0, messages_start(model=one) + messages_text("Hi") + end)], model=one)))[4]
        for one in ("claude-opus-4-8", "nobody-s")
    )
    assert priced.note == "list price; it says $0.0042"
    assert priced.parts[0].text != "$0.0042"
    assert "The endpoint itself says that it cost $0.0042. That is its own word" in priced.tip
    assert (unpriced.note, unpriced.parts[0].text) == ("it says $0.0042", "–")


def test_what_the_demo_answers_is_not_paid_for() -> None:
    one = stream(output_tokens=98)
    note = msgspec.structs.replace(one.envelope.profile, demo="demo-official-anthropic")
    one.envelope = msgspec.structs.replace(one.envelope, profile=note)
    cost, paid = tiles(side("a", one))[4], tiles(side("a", stream(output_tokens=98)))[4]
    assert (cost.note, paid.note) == ("demo: not paid", "by list price")
    assert (cost.parts[0].role, paid.parts[0].role) == ("muted", "text")
    assert cost.tip.startswith("Nothing was paid: the demo answered.")


def test_the_line_leads_to_the_findings(ui: Ui) -> None:
    async def scene() -> None:
        page = ui.page
        twice = [(600.0, messages_start() + event("message_start", message={})), (700.0, messages_end())]
        await show(ui, recording(twice, side="a"), recording(twice, side="b"))
        QTest.mouseClick(page.a.outcome, Qt.MouseButton.LeftButton, pos=QPoint(20, 8))
        assert page.a.tab != FINDINGS
        page.a.outcome.link.setFocus()
        QTest.keyClick(page.a.outcome.link, Qt.Key.Key_Space)
        assert (page.a.tab, page.b.tab) == (FINDINGS, FINDINGS)

    ui.play(scene())


def test_a_figure_that_changes_is_drawn_without_those_beside_it(qapp: QApplication) -> None:
    shown = tiles(side("a", stream()))
    row, other = TileRow(), TileRow()
    for one in (row, other):
        one.resize(900, one.sizeHint().height())
        one.set_tiles(*shown)
        one.show()
    row.pair(other)
    qapp.processEvents()
    picture, drawn = row.grab(), dict[TileRow, QRect]()

    class Noting(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent) and isinstance(watched, TileRow):
                drawn[watched] = event.rect()
            return False

    noting = Noting()
    for one in (row, other):
        one.installEventFilter(noting)
    clock = msgspec.structs.replace(shown[1], parts=(Part("776", "figure"), *shown[1].parts[1:]))
    row.set_tiles(shown[0], clock, *shown[2:])
    qapp.processEvents()
    assert list(drawn) == [row], "the other side's figures stand where they stood"
    assert drawn[row].width() == 900 / len(shown)
    before, after = picture.toImage(), row.grab().toImage()
    assert before != after
    for image in (before, after):
        painter = QPainter(image)
        painter.fillRect(drawn[row], Qt.GlobalColor.black)
        painter.end()
    assert before == after, "no more than that differs"
    drawn.clear()
    row.set_tiles(*shown[:-1])
    qapp.processEvents()
    assert drawn[row].width() == 900, "all of them stand elsewhere"
    for one in (row, other):
        one.close()
        one.deleteLater()


def test_a_reason_gives_way_sooner_than_a_figure(qapp: QApplication) -> None:
    body: dict[str, object] = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8"}
    body |= {
        "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hi"}],
        "usage": {"input_tokens": 21, "output_tokens": 97},
    }
    whole = side("a", recording([(900.0, json.dumps(body).encode())], headers=JSON, streamed=False))
    row = TileRow()
    row.set_tiles(*tiles(whole))
    notes = {tile.title: tile.note for tile in row.tiles}
    assert (notes["First token"], notes["Output"]) == ("in one piece", "no content came in pieces")
    row.resize(480, row.sizeHint().height())
    assert [tile.title for tile in row.visible_tiles] == list(notes), "no figure goes for a reason"
    assert "Output" not in row.shown_notes
    row.resize(900, row.sizeHint().height())
    assert row.shown_notes["Output"] == "no content came in pieces"
    low = row.sizeHint().height()
    row.set_low(True)
    assert row.sizeHint().height() < low
    assert row.shown_notes == {}
    row.deleteLater()
