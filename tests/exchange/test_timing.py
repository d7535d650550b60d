"""The measures of DESIGN 4 from marks and stamps that the tests set: exact numbers, and None where nothing is known."""

from __future__ import annotations

import json

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.exchange.timing import Bursts, Pace, Packing, Start, Unmeasured, measure, percentile, start_ns
from app.exchange.timing import Unmeasured as Why
from app.exchange.timing_words import bursts_in_words, start_in_words, why_unmeasured
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import (
    NO_STAMP,
    Connected,
    Ended,
    EndKind,
    Envelope,
    Headed,
    Marked,
    MarkName,
    ProfileNote,
    Request,
    WireErrorCode,
)
from tests.builders import EVENT_STREAM, JSON, MS, event, messages_end, messages_start, messages_text, recording, stream

MARKS_MS = {
    MarkName.DNS_BEGIN: 5.0,
    MarkName.DNS_END: 17.25,
    MarkName.CONNECT_BEGIN: 17.5,
    MarkName.CONNECT_END: 48.0,
    MarkName.PROXY_END: 60.0,
    MarkName.TLS_BEGIN: 61.0,
    MarkName.TLS_END: 122.0,
    MarkName.SEND_BEGIN: 123.0,
    MarkName.SEND_END: 124.5,
    MarkName.FIRST_BYTE: 600.0,
    MarkName.HEAD_END: 601.0,
}


def timed(marks: dict[MarkName, float], pieces: list[tuple[float, bytes]], *, reused: bool = False) -> Exchange:
    """A Messages stream with these marks; a piece's milliseconds may be -1: no stamp."""
    note = ProfileNote("Relay", "https://h.example", "anthropic-messages")
    envelope = Envelope("anthropic-messages", note, "streaming", "claude-opus-4-8", "a", 1, True)
    made = Recording(envelope, Request("POST", "https://h.example/v1/messages"))
    for name, ms in marks.items():
        made.apply(Marked(name, round(ms * MS)))
    made.apply(Connected(reused))
    made.apply(Headed(200, "OK", "HTTP/1.1", EVENT_STREAM))
    made.apply(pack_chunks([(round(ms * MS) if ms >= 0 else NO_STAMP, data) for ms, data in pieces]))
    made.apply(Ended(EndKind.WHOLE))
    return Exchange(made).finish()


def thinking(text: str) -> bytes:
    """A reasoning delta in block 0."""
    return event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": text})


UNCOUNTED = event("message_start", message={"id": "msg_1", "type": "message", "role": "assistant", "content": []}) + event(
    "content_block_start", index=0, content_block={"type": "text", "text": ""}
)
PIECES = [
    (610.0, messages_start()),
    (650.0, thinking("hm")),
    (700.0, messages_text("Hello")),
    (712.5, messages_text(" you")),
    (800.0, messages_end()),
]


def test_every_phase_to_the_microsecond() -> None:
    timing = timed(MARKS_MS, PIECES).timing
    assert timing.start == Start.NEW
    assert timing.dns == pytest.approx(12.25, abs=1e-9)
    assert timing.connect == pytest.approx(30.5, abs=1e-9)
    assert timing.proxy == pytest.approx(12.0, abs=1e-9)
    assert timing.tls == pytest.approx(61.0, abs=1e-9)
    assert timing.send == pytest.approx(1.5, abs=1e-9)
    assert timing.wait == pytest.approx(475.5, abs=1e-9)
    assert timing.receive == pytest.approx(200.0, abs=1e-9)
    assert timing.ttfb == pytest.approx(596.0, abs=1e-9)
    assert timing.total == pytest.approx(795.0, abs=1e-9)


def test_first_token_counts_reasoning_first_word_does_not() -> None:
    timing = timed(MARKS_MS, PIECES).timing
    assert timing.ttft == pytest.approx(645.0, abs=1e-9)
    assert timing.ttfo == pytest.approx(695.0, abs=1e-9)


def test_role_pings_and_empty_deltas_are_no_first_token() -> None:
    pieces = [
        (610.0, messages_start()),
        (620.0, event("ping")),
        (630.0, messages_text("")),
        (700.0, messages_text("Hi")),
        (800.0, messages_end()),
    ]
    timing = timed(MARKS_MS, pieces).timing
    assert timing.ttft == pytest.approx(695.0, abs=1e-9)


def test_tool_arguments_are_a_first_token_and_a_first_output() -> None:
    block = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}}
    tool = event("content_block_start", index=1, content_block=block)
    call = event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": '{"city": "Oslo"}'})
    pieces = [
        (610.0, messages_start()),
        (620.0, tool),
        (690.0, call),
        (800.0, event("content_block_stop", index=1) + messages_end()),
    ]
    timing = timed(MARKS_MS, pieces).timing
    assert timing.ttft == timing.ttfo == pytest.approx(685.0, abs=1e-9)


def test_kept_connection_starts_at_the_first_request_byte() -> None:
    marks = {name: ms for name, ms in MARKS_MS.items() if ms >= 123.0}
    timing = timed(marks, PIECES, reused=True).timing
    assert timing.start == Start.REUSED
    assert (timing.dns, timing.connect, timing.proxy, timing.tls) == (None, None, None, None)
    assert timing.ttfb == pytest.approx(478.0, abs=1e-9)
    assert timing.total == pytest.approx(677.0, abs=1e-9)


def test_connection_to_an_address_starts_at_connect() -> None:
    marks = {name: ms for name, ms in MARKS_MS.items() if not name.startswith("dns")}
    exchange = timed(marks, PIECES)
    assert start_ns(exchange.recording) == round(17.5 * MS)
    assert exchange.timing.dns is None


def test_capture_without_stamps_has_no_times() -> None:
    timing = timed({}, [(-1.0, data) for _, data in PIECES]).timing
    assert all(
        getattr(timing, name) is None for name in ("ttfb", "ttft", "ttfo", "total", "gaps", "output_rate", "bursts", "wait")
    )
    assert timing.start == ""


def test_stamps_missing_in_the_body_alone() -> None:
    timing = timed(MARKS_MS, [(-1.0, data) for _, data in PIECES]).timing
    assert timing.ttfb == pytest.approx(596.0, abs=1e-9)
    assert (timing.ttft, timing.total, timing.receive, timing.gaps) == (None, None, None, None)


def test_unstreamed_answer_has_no_first_token() -> None:
    body = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_reason": "end_turn",
        "content": [{"type": "text", "text": "Hi"}], "usage": {"input_tokens": 1, "output_tokens": 2}}  # fmt: skip
    timing = Exchange(recording([(700.0, json.dumps(body).encode())], headers=JSON, streamed=False)).finish().timing
    assert (timing.ttft, timing.ttfo, timing.output_rate) == (None, None, None)
    assert timing.no_gaps == timing.no_rate == Unmeasured.NO_PIECES
    assert timing.total == pytest.approx(700.0)


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange(recording([], end=Ended(EndKind.ERROR, 9 * MS, "connect_refused"))),
        Exchange(recording([(700.0, b'{"type":"error","error":{"type":"x","message":"m"}}')], status=529, headers=JSON)),
    ],
)
def test_what_brought_no_content_is_not_said_to_have_brought_it_in_one_piece(exchange: Exchange) -> None:
    timing = exchange.finish().timing
    assert timing.no_gaps == timing.no_rate == Unmeasured.NO_CONTENT


def test_empty_body_ends_with_its_head() -> None:
    timing = timed(MARKS_MS, []).timing
    assert timing.total == pytest.approx(596.0, abs=1e-9)
    assert timing.receive == pytest.approx(1.0, abs=1e-9)


# -- gaps and percentiles -----------------------------------------------------------------------------------------------


def with_gaps(gaps_ms: list[float], **more: object) -> Exchange:
    """A stream whose content events come these gaps apart, each in a chunk of its own."""
    at, pieces = 700.0, [(610.0, messages_start()), (700.0, messages_text("a"))]
    for gap in gaps_ms:
        at += gap
        pieces.append((at, messages_text("b")))
    return timed(MARKS_MS, [*pieces, (at + 1.0, messages_end(**more))])  # type: ignore[arg-type]


def test_gaps_are_between_content_events_only() -> None:
    pieces = [*PIECES[:3], (705.0, event("ping")), *PIECES[3:]]
    gaps = timed(MARKS_MS, pieces).timing.gaps
    assert gaps is not None
    assert gaps.count == 2
    assert gaps.max_ms == pytest.approx(50.0)
    assert gaps.p50_ms == pytest.approx(12.5)


def test_p95_needs_twenty_gaps() -> None:
    nineteen, twenty = with_gaps([10.0] * 18 + [99.0]).timing.gaps, with_gaps([10.0] * 18 + [80.0, 99.0]).timing.gaps
    assert nineteen is not None
    assert nineteen.p95_ms is None
    assert twenty is not None
    assert twenty.p95_ms == pytest.approx(80.0)  # nearest rank: the 19th of 20
    assert twenty.max_ms == pytest.approx(99.0)


def test_events_of_one_chunk_share_its_stamp() -> None:
    gaps = timed(
        MARKS_MS, [(610.0, messages_start()), (700.0, messages_text("a") + messages_text("b")), (750.0, messages_end())]
    ).timing.gaps
    assert gaps is not None
    assert gaps.max_ms == 0.0


def test_one_content_event_has_no_gap() -> None:
    assert with_gaps([]).timing.gaps is None


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 2), (0.51, 3), (0.75, 3), (0.95, 4), (1.0, 4)])
def test_percentile_is_nearest_rank(share: float, value: int) -> None:
    assert percentile([1, 2, 3, 4], share) == value


# -- rate ---------------------------------------------------------------------------------------------------------------


def test_output_rate() -> None:
    timing = with_gaps([100.0] * 20, output_tokens=101).timing
    assert timing.output_rate == pytest.approx(50.0)  # 100 tokens in 2 s
    assert timing.no_rate is None


@pytest.mark.parametrize(
    ("exchange", "note"),
    [
        (timed(MARKS_MS, [(610.0, UNCOUNTED)] + [(700.0 + 100 * n, messages_text("a")) for n in range(9)]), Why.NO_COUNT),
        (with_gaps([100.0], output_tokens=50), Why.FEW_PIECES),
        (with_gaps([100.0] * 20, output_tokens=1), Why.FEW_TOKENS),
        (with_gaps([100.0] * 4, output_tokens=90), Why.FEW_PIECES),  # a fifth of the tokens came before the clock started
        (with_gaps([2.0] * 10, output_tokens=20), Why.TOO_SHORT),
        (timed(MARKS_MS, [(610.0, messages_start()), (700.0, messages_text("a") * 4), (702.0, messages_text("a") * 3),
            (703.0, messages_end(200))]), Why.FEW_PIECES),
        (timed(MARKS_MS, [(610.0, messages_start()), (700.0, messages_end())]), Why.NO_CONTENT),
        (timed(MARKS_MS, [(610.0, messages_start()), (900.0, messages_text("a") * 9 + messages_end())]), Why.ONE_BURST),
        (timed(MARKS_MS, [(610.0, messages_start()), (900.0, messages_text("a") * 5), (1200.0, messages_text("a") * 5),
            (1201.0, messages_end())]), Why.BURSTS),
    ],
)  # fmt: skip
def test_why_there_is_no_rate(exchange: Exchange, note: Unmeasured) -> None:
    assert exchange.timing.output_rate is None
    assert exchange.timing.no_rate == note


def test_few_pieces_of_a_token_each_make_a_rate() -> None:
    assert with_gaps([100.0] * 4, output_tokens=5).timing.output_rate == pytest.approx(10.0)


@pytest.mark.parametrize("shown", [b"", thinking("hm")])
def test_hidden_reasoning_makes_no_rate(shown: bytes) -> None:
    block = event("content_block_start", index=1, content_block={"type": "redacted_thinking", "data": "x"}) + event(
        "content_block_stop", index=1
    )
    pieces = [(610.0, messages_start()), (640.0, shown), (650.0, block)] + [
        (700.0 + 100 * n, messages_text("a")) for n in range(9)
    ]
    timing = timed(MARKS_MS, [*pieces, (1700.0, messages_end())]).timing
    assert timing.output_rate is None
    assert timing.no_rate == Unmeasured.HIDDEN_REASONING


def test_a_summary_hides_the_reasoning_that_was_counted() -> None:
    def responses(kind: str) -> Exchange:
        delta = {"item_id": "rs_1", "output_index": 0, "summary_index": 0, "content_index": 0, "delta": "Hm"}
        usage = {"input_tokens": 9, "output_tokens": 1680, "output_tokens_details": {"reasoning_tokens": 1408}}
        pieces = [(700.0 + 100 * n, event(f"response.{kind}.delta", **delta)) for n in range(20)]
        done = event("response.completed", response={"id": "r", "status": "completed", "output": [], "usage": usage})
        return Exchange(recording([*pieces, (2700.0, done)], protocol="openai-responses")).finish()

    assert responses("reasoning_summary_text").timing.no_rate == Unmeasured.HIDDEN_REASONING
    assert responses("reasoning_text").timing.output_rate == pytest.approx(1679 / 1.9)


def test_what_was_stopped_is_not_said_to_have_had_too_few_pieces() -> None:
    pieces = [(610.0, messages_start()), *((700.0 + 10 * n, messages_text("a")) for n in range(30))]
    timing = Exchange(recording(pieces, end=Ended(EndKind.CANCELLED, 1200 * MS))).finish().timing
    assert (timing.gaps, timing.output_rate) == (None, None)
    assert timing.no_gaps == timing.no_rate == Unmeasured.STOPPED


def test_a_limit_of_ours_behind_a_whole_answer_takes_no_measure_away() -> None:
    pieces = [(610.0, messages_start()), *((700.0 + 20 * n, messages_text("a")) for n in range(30)), (1300.0, messages_end(31))]
    silent = Exchange(recording(pieces, end=Ended(EndKind.ERROR, 31300 * MS, WireErrorCode.SILENCE_TIMEOUT))).finish()
    assert silent.outcome is Outcome.COMPLETED
    assert silent.timing.gaps is not None
    assert silent.timing.output_rate == pytest.approx(30 / 0.58)


def test_why_there_are_no_gaps() -> None:
    without_stamps = timed({}, [(-1.0, data) for _, data in PIECES]).timing
    assert without_stamps.no_gaps == without_stamps.no_rate == Unmeasured.NO_TIMES
    assert timed(MARKS_MS, [(-1.0, data) for _, data in PIECES]).timing.no_gaps == Unmeasured.NO_TIMES
    assert with_gaps([]).timing.no_gaps == Unmeasured.ONE_PIECE
    assert timed(MARKS_MS, []).timing.no_gaps == Unmeasured.NO_CONTENT
    assert with_gaps([1.0]).timing.no_gaps is None


def test_an_answer_before_the_request_was_out_was_not_waited_for() -> None:
    early = {**MARKS_MS, MarkName.FIRST_BYTE: 124.0, MarkName.HEAD_END: 124.0}
    assert timed(early, [(124.25, b"{}")]).timing.wait is None


# -- bursts -------------------------------------------------------------------------------------------------------------


def bursts(*groups: tuple[float, int]) -> Bursts | None:
    """Each group is one chunk: (milliseconds, content events in it). The request was out at 0."""
    stamps = [round(ms * MS) for ms, count in groups for _ in range(count)]
    chunks = [number for number, (_, count) in enumerate(groups) for _ in range(count)]
    pace = Pace()
    pace.add(stamps, chunks)
    return pace.bursts(0)


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        (((500.0, 7),), None),  # fewer than eight events
        (((500.0, 8),), Bursts(8, 1, None, 1.0)),  # the whole in one chunk
        (((199.0, 80),), None),  # so soon after the question that nothing had to collect it
        (((500.0, 4), (700.0, 4)), Bursts(8, 2, 200.0)),
        (((500.0, 4), (699.0, 4)), None),  # less than 200 ms apart
        (((500.0, 4), (700.0, 4), (1000.0, 4)), Bursts(12, 3, 200.0)),  # median by nearest rank
        (((500.0, 4), (700.0, 4), (820.0, 4)), None),  # one pair too close: it is a slow stream, not a buffered one
        (((500.0, 2), (530.0, 2), (800.0, 2), (830.0, 2)), Bursts(8, 2, 270.0)),  # pieces under 50 ms apart are one burst
        (tuple((500.0 + 300 * n, 1) for n in range(10)), None),  # slow, but each on its own
        (((500.0, 3), *((800.0 + 300 * n, 1) for n in range(5))), None),  # fewer than half share a chunk
        (((500.0, 4), *((800.0 + 300 * n, 1) for n in range(4))), Bursts(8, 5, 300.0)),  # exactly half
        (((500.0, 4), (509.0, 4)), Bursts(8, 1, None, 9.0)),  # one write that the network split, after a wait
        (((150.0, 4), (159.0, 4)), None),  # the same without a wait to collect it in
        (((500.0, 4), (515.0, 4)), None),
    ],
)
def test_buffered_or_not(groups: tuple[tuple[float, int], ...], found: Bursts | None) -> None:
    assert bursts(*groups) == found


def test_bursts_say_their_numbers() -> None:
    assert bursts_in_words(Bursts(12, 3, 250.4)) == "12 pieces of content came in 3 bursts, 250 ms apart"
    assert bursts_in_words(Bursts(9, 1, None, 1.0, Packing.TOGETHER)) == "9 pieces of content came in one burst"
    assert bursts_in_words(Bursts(9, 1, None, 1.0)) == "9 pieces of content came within 1.0 ms"


def test_one_burst_was_collected_only_where_its_frames_say_so() -> None:
    assert [Bursts(9, 1, None, 1.0, packing).collected for packing in Packing] == [True, False, False, False]
    assert all(Bursts(9, 2, 300.0, packing=packing).collected for packing in Packing)


def test_running_exchange_has_the_cheap_measures_only() -> None:
    whole = stream(words=30)
    exchange = Exchange(whole)
    while exchange.advance():
        pass
    running = measure(whole, exchange.events, exchange.reading, None)
    assert running.ttft == exchange.timing.ttft == pytest.approx(612.0)
    assert (running.gaps, running.output_rate, running.no_rate) == (None, None, None)
    assert exchange.timing.gaps is not None


def test_what_is_no_number_has_its_words() -> None:
    assert [start_in_words(start) for start in Start] == ["new connection", "reused connection", ""]
    assert why_unmeasured(None) == ""
    assert len({why_unmeasured(why) for why in Why}) == len(Why)
