"""What the panes show, without a window: rows, times, tiles, lanes, sections, search."""

from __future__ import annotations

import msgspec
import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.exchange.exchange import Exchange
from app.formats.captures import from_body
from app.protocols.findings import Severity
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, MarkName
from app.run.differences import differences
from app.scenarios import Plan, Scenario
from app.text import numbers
from app.text.pretty_json import pretty
from app.text.visible import one_line, visible
from tests.builders import (
    JSON,
    MS,
    ODD_ARGUMENTS,
    calling,
    event,
    messages_end,
    messages_start,
    messages_text,
    recording,
    side,
    stream,
)
from ui.compare.axis.lane import Lane
from ui.compare.pane.answer_sections import sections
from ui.compare.pane.events_model import EventsModel
from ui.compare.pane.side_view import tiles
from ui.compare.pane.timing_rows import timing_groups
from ui.compare.pane.verdict import NOT_RUN, verdict_words


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
    assert shown["Tokens in / out"].figure == "Tokens in / out: 48 +27 / 98"
    assert [part.role for part in shown["Tokens in / out"].parts][1] == "bad"
    faster = {tile.title: tile for tile in tiles(a, differences(b, a))}
    assert faster["First token"].parts[-1].role == "muted"


def test_noise_and_other_connections_are_not_coloured() -> None:
    a = side("a", stream(612))
    near = tiles(side("b", stream(630)), differences(a, side("b", stream(630))))[0]
    assert (near.parts[-1].text, near.parts[-1].role) == ("+18", "muted")
    kept = side("a", stream(612, reused=True))
    assert tiles(a, differences(kept, side("b", stream(1_024))))[0].parts[-1].role == "muted"


def test_figures_at_the_edge_of_their_unit() -> None:
    whole = recording([(999.95, b"{}")], status=500, headers=JSON)
    assert tiles(side("a", whole))[1].words == "Total: 1.00 s"
    assert tiles(side("a", stream(9_999.7)))[0].words == "First token: 10.00 s"


def test_a_slow_rate_is_not_0() -> None:
    slow, slower = side("a", stream(step_ms=4_000, output_tokens=10)), side("b", stream(step_ms=8_000, output_tokens=10))
    assert tiles(slow)[2].figure == "Output: 0.25 tok/s"
    assert tiles(slower, differences(slow, slower))[2].figure == f"Output: 0.12 tok/s {numbers.MINUS}0.13", "of what is shown"
    fast = side("a", stream())
    assert len(tiles(fast, differences(fast, fast))[2].parts) == 2


def test_cached_input_is_in_the_figure_that_is_compared() -> None:
    start = messages_start(input_tokens=20).replace(b'"input_tokens": 20', b'"input_tokens": 20, "cache_read_input_tokens": 80')
    cached = side("a", recording([(600.0, start), (612.0, messages_text("Hi")), (640.0, messages_end())]))
    b = side("b", stream(input_tokens=127))
    assert tiles(cached)[3].figure == "Tokens in / out: 100 / 98"
    assert tiles(b, differences(cached, b))[3].figure == "Tokens in / out: 127 +27 / 98"


def test_why_there_is_no_first_token() -> None:
    empty = side("a", recording([(600.0, messages_start()), (640.0, messages_end())]))
    capture = side("a", from_body(messages_start() + messages_text("Hi") + messages_end(), "anthropic-messages"))
    told = [tiles(one)[0].words for one in (empty, capture)]
    assert told == ["First token: – no content", "First token: – no times"]


def test_measures_of_one_round_say_so() -> None:
    two = tiles(side("a", stream(), stream(number=2)))
    assert [index for index, tile in enumerate(two) if "first of 2 requests" in tile.tip] == [0, 2]


def test_what_was_not_said_is_a_dash_and_never_0() -> None:
    unsaid = side("a", stream(output_tokens=None))
    assert "0" not in tiles(unsaid)[4].words
    assert tiles(None)[0].words == "First token: –"


def test_the_outcome_line_names_shape_word_and_connection() -> None:
    told = verdict_words(side("a", stream()))
    assert told.text == "✓ A drop-in for official clients 200 · end_turn · HTTP/1.1 · new connection"
    assert (told.tint, told.words[0].role) == ("ok_tint", "ok")
    assert "this one run" in told.tip
    cut = recording([(600.0, messages_start())], end=Ended(EndKind.CANCELLED, 700 * MS))
    assert verdict_words(side("a", cut)).words[0].text == "■ Stopped"
    assert verdict_words(None).text == NOT_RUN


def test_tls_that_was_not_verified_is_said_in_red() -> None:
    made = stream()
    profile = type(made.envelope.profile)("E", "https://h.example", "anthropic-messages", verify_tls=False)
    made.envelope = type(made.envelope)("anthropic-messages", profile, "streaming", "m", "a", 1, True)
    assert [one.role for one in verdict_words(side("a", made)).words if one.text == "TLS not verified"] == ["bad"]


def test_the_phases_stand_behind_each_other() -> None:
    groups = {group.title: group.rows for group in timing_groups(Exchange(stream()).finish())}
    bars = [(row.name, row.begin_ms, row.length_ms) for row in groups["Phases"]]
    assert bars[:5] == [("name", 0, 10), ("connect", 10, 30), ("TLS", 40, 60), ("send", 100, 1), ("wait", 101, 506)]
    between = stream()
    between.marks[MarkName.SEND_BEGIN] += 700_000
    shown = [(row.name, row.value) for row in timing_groups(Exchange(between).finish())[0].rows]
    assert ("own work", "0.7 ms") in shown
    kept = {group.title: group.rows for group in timing_groups(Exchange(stream(reused=True)).finish())}
    assert [row.name for row in kept["Phases"]] == ["send", "wait", "receive"]
    assert {row.name: row.value for row in groups["Pace"]}["gap p50"] == "18.0 ms"


@pytest.mark.parametrize(
    ("stamped_by", "said"),
    [
        ("kernel", "when the kernel received the bytes"),
        ("read", "when Diptych read the bytes"),
        ("", None),
        ("moon", "as moon recorded them"),
    ],
)
def test_whose_time_the_stamps_are_is_said_where_the_recording_says_it(stamped_by: str, said: str | None) -> None:
    made = stream()
    assert made.connection is not None
    made.connection = msgspec.structs.replace(made.connection, stamped_by=stamped_by)
    rows = {row.name: row.value for group in timing_groups(Exchange(made).finish()) for row in group.rows}
    assert rows.get("arrival times") == said


def test_bars_stand_where_their_phase_was() -> None:
    apart = stream(612)
    for index, ns in enumerate(apart.body.stamps):
        apart.body.stamps[index] = ns + 50 * MS
    apart.marks[MarkName.FIRST_BYTE] += 50 * MS
    apart.marks[MarkName.SEND_BEGIN] += 50 * MS  # 50 ms between the handshake and the request
    apart.marks[MarkName.SEND_END] += 50 * MS
    rows = {row.name: row for group in timing_groups(Exchange(apart).finish()) for row in group.rows}
    receive, total = rows["receive"], rows["total"]
    assert receive.begin_ms is not None
    assert receive.length_ms is not None
    assert receive.begin_ms + receive.length_ms == total.begin_ms


def pace(made: Recording) -> dict[str, str]:
    """The lines of the pace."""
    groups = {group.title: group.rows for group in timing_groups(Exchange(made).finish())}
    return {row.name: row.value for row in groups["Pace"]}


def test_one_gap_has_no_percentiles() -> None:
    assert pace(stream(words=2)) == {"gap": "18.0 ms", "output rate": "not measurable: too few pieces"}


def test_a_missing_pace_says_its_own_reason() -> None:
    stopped = recording([(600.0, messages_start()), (612.0, messages_text("a"))], end=Ended(EndKind.CANCELLED, 700 * MS))
    assert set(pace(stopped).values()) == {"stopped before its end", "not measurable: stopped before its end"}


# -- the lane and the answer ---------------------------------------------------------------------------------------------


def test_a_lane_has_blocks_then_ticks_and_finds_the_nearest() -> None:
    lane = Lane(side("a", stream(612, 18, 10)))
    while lane.advance(3):
        pass
    assert [block.name for block in lane.blocks] == ["name", "connect", "TLS", "send", "wait"]
    assert list(lane.times_ms) == [pytest.approx(612 + 18 * number) for number in range(10)]
    near = lane.nearest(640)
    assert near is not None
    assert near[0] == pytest.approx(648)
    assert (near[1].round, near[1].event) == (1, 4)
    assert lane.end_ms == pytest.approx(612 + 18 * 9 + 1)
    assert Lane().nearest(3) is None


@pytest.mark.parametrize("arguments", ODD_ARGUMENTS)
def test_a_call_is_shown_whatever_it_holds(arguments: str) -> None:
    (call,) = sections(side("a", from_body(calling(arguments), "openai-chat")), None, reasoning=True)
    assert call.kind == "call"
    assert call.text.startswith("f({")


def test_an_answer_has_its_turns_and_rounds() -> None:
    plan = Plan(Scenario.CONVERSATION, turns=("Hello?", "And?"))
    two = side("a", stream(number=1), stream(number=2))
    kinds = [(one.kind, one.text) for one in sections(two, plan, reasoning=True)]
    assert [kind for kind, _ in kinds] == ["round", "user", "text", "round", "user", "text"]
    assert kinds[1][1] == "Hello?"
    assert sections(side("a"), plan, reasoning=True) == []
