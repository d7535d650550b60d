"""What the panes show, without a window: rows, times, tiles, lanes, sections, search."""

from __future__ import annotations

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.compare import differences
from app.exchange import Exchange
from app.protocols.reading import Severity
from app.recording import Ended, EndKind, Recording, pack_chunks
from app.scenarios import Plan, Scenario
from tests.builders import MS, event, messages_end, messages_start, messages_text, recording, side, stream
from ui.models.answer import sections
from ui.models.events_model import EventsModel
from ui.models.find import Finder
from ui.models.json_text import pretty
from ui.models.lane import Lane
from ui.models.side_view import outcome_segments, tiles
from ui.models.timing_rows import timing_groups
from ui.models.visible import one_line, visible


def live(*pieces: tuple[float, bytes]) -> Recording:
    """A recording that has not ended."""
    made = recording(list(pieces))
    made.end = None
    return made


# -- the events ----------------------------------------------------------------------------------------------------------


def test_rows_come_all_at_once_and_know_their_times(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    made = live((600.0, messages_start()), (612.0, messages_text("Hello")))
    one, model = Exchange(made), EventsModel()
    one.advance()
    model.show(one)
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]  # pytest-qt's
    assert model.rowCount() == 3
    made.apply(pack_chunks([(630 * MS, messages_text(" you") + messages_text("!"))]))
    one.advance()
    with qtbot.waitSignals([model.rowsInserted]):
        assert model.flush()
    assert not model.flush()
    assert model.cells(0)[:5] == ("1", "600.0", "", "1", "message_start")
    assert model.cells(3)[:5] == ("4", "630.0", "18.0", "3", "content_block_delta")
    assert model.cells(4)[:5] == ("5", "630.0", "0.0", "3", "content_block_delta")
    assert model.type_counts() == [("message_start", 1), ("content_block_start", 1), ("content_block_delta", 3)]


def test_one_type_alone_grows_too(qtbot: QtBot) -> None:
    made = live((600.0, messages_start()), (612.0, messages_text("a")))
    one, model = Exchange(made), EventsModel()
    one.advance()
    model.show(one)
    model.show_only("content_block_delta")
    assert (model.rowCount(), model.event_at(0)) == (1, 2)
    made.apply(pack_chunks([(630 * MS, event("ping") + messages_text("b"))]))
    one.advance()
    model.flush()
    assert [model.event_at(row) for row in range(model.rowCount())] == [2, 4]
    assert model.row_of(3) == 1
    model.show_only(None)
    assert model.rowCount() == 5


@pytest.mark.parametrize(("ms", "event_index"), [(0, 0), (600, 0), (611, 2), (618, 2), (629, 3), (630, 3), (10_000, 3)])
def test_the_event_nearest_to_a_time_is_the_first_of_its_chunk(ms: float, event_index: int) -> None:
    pieces = [(600.0, messages_start()), (612.0, messages_text("a")), (630.0, messages_text("b") + messages_text("c"))]
    model = EventsModel()
    model.show(Exchange(recording(pieces)).finish())
    assert model.event_near(ms) == event_index


def test_findings_mark_their_rows() -> None:
    pieces = [(600.0, messages_start()), (612.0, event("content_block_delta", index=0)), (630.0, messages_end())]
    one = Exchange(recording(pieces)).finish()
    placed = [finding for finding in one.findings if finding.event is not None]
    assert placed
    model = EventsModel()
    model.show(one)
    for finding in placed:
        assert finding.event is not None
        assert model.severity(finding.event - 1) in list(Severity)


def test_outside_text_in_a_row_is_one_line_without_hidden_characters() -> None:
    assert one_line("a\nb\tc\x1b[31m") == "a␊b␉c␛[31m"
    assert one_line("right\u202eleft") == "right\\u202eleft"
    assert one_line("👩\u200d🔬") == "👩\u200d🔬"
    assert visible("a\nb") == "a\nb"


def test_find_goes_round_case_sensitive_and_counts() -> None:
    pieces = [(600.0, messages_start()), (612.0, messages_text("one Two one")), (630.0, messages_text("one"))]
    finder = Finder(Exchange(recording([*pieces, (640.0, messages_end())])).finish(), "one")
    assert finder.places == 3
    assert [finder.step() for _ in range(4)] == [2, 2, 3, 2]
    assert finder.place == 1
    assert [finder.step(forward=False) for _ in range(2)] == [3, 2]
    assert Finder(Exchange(recording(pieces)).finish(), "two").step() is None


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b'{"a":1}' + b" " * 200_000, b'"\\ud800"'])
def test_any_bytes_become_text(data: bytes) -> None:
    text, _ = pretty(data)
    assert isinstance(text, str)
    assert len(text) <= 140_000


# -- the figures ---------------------------------------------------------------------------------------------------------


def test_the_tiles_colour_only_what_is_always_worse() -> None:
    a, b = side("a", stream(612, input_tokens=21)), side("b", stream(1_024, input_tokens=48))
    shown = {tile.title: tile for tile in tiles(b, differences(a, b))}
    assert shown["First token"].words == "First token: 1 024 ms +412"
    assert shown["First token"].parts[-1].role == "bad"
    assert "1.67 times" in shown["First token"].tip
    assert shown["Total"].parts[-1].role == "muted"
    assert shown["Tokens in / out"].words == "Tokens in / out: 48 +27 / 98"
    assert [part.role for part in shown["Tokens in / out"].parts][1] == "bad"
    faster = {tile.title: tile for tile in tiles(a, differences(b, a))}
    assert faster["First token"].parts[-1].role == "muted"


def test_what_was_not_said_is_a_dash_and_never_0() -> None:
    unsaid = side("a", stream(output_tokens=None))
    assert "0" not in tiles(unsaid)[4].words
    assert tiles(None)[0].words == "First token: –"


def test_the_outcome_line_names_shape_word_and_connection() -> None:
    told = " ".join(segment.text for segment in outcome_segments(side("a", stream())))
    assert told == "✓ Completed 200 · end_turn · HTTP/1.1 · new connection"
    cut = recording([(600.0, messages_start())], end=Ended(EndKind.CANCELLED, 700 * MS))
    assert outcome_segments(side("a", cut))[0].text == "■ Stopped"
    assert outcome_segments(None) == []


def test_tls_that_was_not_verified_is_said_in_red() -> None:
    made = stream()
    profile = type(made.envelope.profile)("E", "https://h.example", "anthropic-messages", verify_tls=False)
    made.envelope = type(made.envelope)("anthropic-messages", profile, "streaming", "m", "a", 1, True)
    assert [one.role for one in outcome_segments(side("a", made)) if one.text == "TLS not verified"] == ["bad"]


def test_the_phases_stand_behind_each_other() -> None:
    groups = {group.title: group.rows for group in timing_groups(Exchange(stream()).finish())}
    bars = [(row.name, row.begin_ms, row.length_ms) for row in groups["Phases"]]
    assert bars[:5] == [("resolve", 0, 10), ("connect", 10, 30), ("TLS", 40, 60), ("send", 100, 1), ("wait", 101, 506)]
    kept = {group.title: group.rows for group in timing_groups(Exchange(stream(reused=True)).finish())}
    assert [row.name for row in kept["Phases"]] == ["send", "wait", "receive"]
    assert {row.name: row.value for row in groups["Pace"]}["gap p50"] == "18.0 ms"


# -- the lane and the answer ---------------------------------------------------------------------------------------------


def test_a_lane_has_blocks_then_ticks_and_finds_the_nearest() -> None:
    lane = Lane(side("a", stream(612, 18, 10)))
    while lane.advance(3):
        pass
    assert [block.name for block in lane.blocks] == ["dns", "connect", "tls", "send", "wait"]
    assert list(lane.times_ms) == [pytest.approx(612 + 18 * number) for number in range(10)]
    near = lane.nearest(640)
    assert near is not None
    assert near[0] == pytest.approx(648)
    assert (near[1].round, near[1].event) == (1, 4)
    assert lane.end_ms == pytest.approx(612 + 18 * 9 + 1)
    assert Lane().nearest(3) is None


def test_an_answer_has_its_turns_and_rounds() -> None:
    plan = Plan(Scenario.CONVERSATION, turns=("Hello?", "And?"))
    two = side("a", stream(number=1), stream(number=2))
    kinds = [(one.kind, one.text) for one in sections(two, plan, reasoning=True)]
    assert [kind for kind, _ in kinds] == ["round", "user", "text", "round", "user", "text"]
    assert kinds[1][1] == "Hello?"
    assert sections(side("a"), plan, reasoning=True) == []
