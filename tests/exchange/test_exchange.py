"""One recording and all that is read from it: shapes, outcomes, compression, and that slices give what the whole gives."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.exchange import Exchange, Outcome, Shape
from app.protocols.reading import Meaning
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Envelope, Headed, Headers, ProfileNote, Request
from app.recording.records import WireErrorCode as Wire
from tests.builders import EVENT_STREAM, JSON, MS, event, messages_end, messages_start, messages_text, recording, stream
from tests.protocols.stored import transcript

BODY = messages_start() + messages_text("Hello") + event("ping") + messages_text(" wörld ☃") + messages_end()
DOCUMENT = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-opus-4-8", "stop_reason": "end_turn",
    "stop_sequence": None,
    "content": [{"type": "text", "text": "Hello"}], "usage": {"input_tokens": 3, "output_tokens": 2},
}  # fmt: skip
OVERLOADED = event("error", error={"type": "overloaded_error", "message": "Overloaded"})


def read(
    body: bytes | Iterable[bytes],
    *,
    status: int = 200,
    headers: Headers = EVENT_STREAM,
    end: Ended | None = None,
    streamed: bool = True,
    protocol: str = "anthropic-messages",
) -> Exchange:
    """A finished exchange whose body came in these pieces, 10 ms apart."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    timed = [(600.0 + 10 * number, piece) for number, piece in enumerate(pieces)]
    made = recording(timed, status=status, headers=headers, end=end, streamed=streamed, protocol=protocol)
    return Exchange(made).finish()


def facts(exchange: Exchange) -> tuple[object, ...]:
    """All that must not depend on how the bytes were cut up."""
    events = [exchange.events.event(index) for index in range(len(exchange.events))]
    findings = [(one.id, one.fields, one.event, one.offset) for one in exchange.findings]
    return (
        exchange.shape,
        exchange.outcome,
        exchange.reading,
        events,
        bytes(exchange.events.meanings),
        findings,
        exchange.parser.counts,
    )


def failed(code: Wire) -> Ended:
    """The wire's end with an error."""
    return Ended(EndKind.ERROR, code=str(code))


# -- shapes -------------------------------------------------------------------------------------------------------------


def test_stream() -> None:
    exchange = read(BODY)
    assert exchange.shape is Shape.EVENTS
    assert exchange.outcome is Outcome.COMPLETED
    assert exchange.reading.text == "Hello wörld ☃"
    assert exchange.reading.stop_reason == "end_turn"
    assert len(exchange.events) == exchange.events_read == 8
    assert (
        list(exchange.events.meanings)
        == [Meaning.NOTHING] * 2 + [Meaning.TEXT, Meaning.NOTHING, Meaning.TEXT] + [Meaning.NOTHING] * 3
    )
    assert exchange.findings == []


def test_document() -> None:
    exchange = read(json.dumps(DOCUMENT).encode(), headers=JSON, streamed=False)
    assert exchange.shape is Shape.WHOLE
    assert exchange.outcome is Outcome.COMPLETED
    assert exchange.reading.text == "Hello"
    assert len(exchange.events) == 0
    assert exchange.findings == []


def test_an_event_knows_its_chunk_and_stamp() -> None:
    exchange = read([BODY[:40], BODY[40:400], BODY[400:]])
    chunks = [0 if end <= 40 else 1 if end <= 400 else 2 for end in exchange.events.ends]
    assert set(chunks) == {1, 2}
    assert [exchange.events.chunk(index) for index in range(8)] == chunks
    assert [exchange.events.stamp_ns(index) for index in range(8)] == [round((600 + 10 * chunk) * MS) for chunk in chunks]
    assert exchange.since_start_ms(exchange.events.stamp_ns(0)) == pytest.approx(610.0)


def test_page_with_200() -> None:
    exchange = read(b"<!DOCTYPE html><title>Panel</title>", headers=(("content-type", "text/html"),))
    assert exchange.shape is Shape.WHOLE
    assert exchange.outcome is Outcome.FAILED
    assert [one.id for one in exchange.findings][:1] == ["H4"]


def test_json_error_where_a_stream_was_asked_for() -> None:
    exchange = read(b'{"type":"error","error":{"type":"api_error","message":"no"}}')
    assert exchange.shape is Shape.WHOLE
    assert exchange.outcome is Outcome.FAILED
    assert exchange.reading.error is not None
    assert exchange.reading.error.message == "no"
    assert "H5" in [one.id for one in exchange.findings]


def test_events_behind_a_line_of_bare_json_are_read() -> None:
    exchange = read(b'{"error": {"message": "first try failed"}}\n' + BODY)
    assert exchange.shape is Shape.EVENTS
    assert exchange.reading.text == "Hello wörld ☃"
    assert "C11b" in [one.id for one in exchange.findings]


@pytest.mark.parametrize(
    "body", [b"database is locked", b"data not found", b"identity unknown", b"retry later", b"eventually", b"\xef\xbb\xbf{}"]
)
def test_text_that_begins_like_a_field_is_no_stream(body: bytes) -> None:
    assert read(body, status=500, headers=(("content-type", "text/plain"),)).shape is Shape.WHOLE


@pytest.mark.parametrize(
    "body",
    [
        b"data: 1\n\n",
        b"data\n\n",
        b": hi\n\n",
        b"id: 1\n\n",
        b"retry: 5\n\n",
        b"\xef\xbb\xbfevent: x\n\n",
        b"\n\nevent:x\n\n",
        b"data",
    ],
)
def test_fields_are_a_stream_whatever_the_content_type(body: bytes) -> None:
    assert read(body, headers=(("content-type", "application/json"),)).shape is Shape.EVENTS


def test_empty_bodies() -> None:
    for status, headers in ((200, EVENT_STREAM), (204, ()), (500, JSON)):
        exchange = read(b"", status=status, headers=headers)
        assert exchange.outcome is Outcome.FAILED
        assert exchange.reading.text == ""


# -- outcomes -----------------------------------------------------------------------------------------------------------

WHOLE = Ended(EndKind.WHOLE)
OUTCOMES = [
    (BODY, 200, WHOLE, Outcome.COMPLETED),
    (BODY, 206, WHOLE, Outcome.COMPLETED),
    (BODY, 500, WHOLE, Outcome.FAILED),
    (BODY[:-30], 200, WHOLE, Outcome.FAILED),
    (BODY.replace(event("message_stop"), OVERLOADED), 200, WHOLE, Outcome.FAILED),
    (messages_start() + OVERLOADED + messages_end(), 200, WHOLE, Outcome.FAILED),  # an error, though the end came
    (BODY, 200, Ended(EndKind.CANCELLED), Outcome.CANCELLED),
    (BODY[:90], 200, Ended(EndKind.CANCELLED), Outcome.CANCELLED),
    (BODY, 200, Ended(EndKind.INTERRUPTED), Outcome.INTERRUPTED),
    (BODY[:90], 200, Ended(EndKind.INTERRUPTED), Outcome.INTERRUPTED),
    *(
        (BODY, 200, failed(code), Outcome.COMPLETED)
        for code in (Wire.CUT, Wire.RESET, Wire.SILENCE_TIMEOUT, Wire.TOTAL_TIMEOUT)
    ),
    *((BODY, 200, failed(code), Outcome.FAILED) for code in (Wire.TOO_LARGE, Wire.NOT_HTTP, Wire.INTERNAL)),
    *((BODY[:-30], 200, failed(code), Outcome.FAILED) for code in Wire),
    (json.dumps(DOCUMENT).encode(), 200, failed(Wire.CUT), Outcome.FAILED),  # nothing says that a cut document is whole
    (json.dumps(DOCUMENT).encode()[:-9], 200, WHOLE, Outcome.FAILED),
]


@pytest.mark.parametrize(("body", "status", "end", "outcome"), OUTCOMES)
def test_outcome(body: bytes, status: int, end: Ended, outcome: Outcome) -> None:
    assert read(body, status=status, end=end).outcome is outcome


@pytest.mark.parametrize("end", [WHOLE, failed(Wire.CUT), failed(Wire.RESET)])
def test_torn_anywhere_is_never_completed(end: Ended) -> None:
    last = BODY.index(b"event: message_stop")
    for size in range(len(BODY)):
        exchange = read(BODY[:size], end=end)
        assert exchange.outcome is Outcome.FAILED, size
        assert "Hello wörld ☃".startswith(exchange.reading.text)
    assert read(BODY[:last] + event("message_stop"), end=end).outcome is Outcome.COMPLETED


def test_what_the_user_stopped_is_not_blamed_on_the_endpoint() -> None:
    for end in (Ended(EndKind.CANCELLED), Ended(EndKind.INTERRUPTED)):
        assert read(BODY[: len(BODY) // 2], end=end).findings == []
    assert read(BODY[: len(BODY) // 2]).findings != []


def test_running_until_it_ends() -> None:
    whole = recording([(600.0, BODY)])
    live = Recording(whole.envelope, whole.request)
    exchange = Exchange(live)
    for record in list(whole.records())[1:-1]:
        live.apply(record)
        while exchange.advance():
            pass
        assert exchange.outcome is Outcome.RUNNING
    assert exchange.reading.text == "Hello wörld ☃"
    assert exchange.findings == []
    live.apply(WHOLE)
    assert exchange.finish().outcome is Outcome.COMPLETED
    assert exchange.advance() is False


# -- compression --------------------------------------------------------------------------------------------------------


def packed(body: bytes, sizes: Iterable[int]) -> list[bytes]:
    """gzip with a flush behind each piece, as a server that streams does."""
    packer, pieces, at = zlib.compressobj(wbits=31), [], 0
    for size in sizes:
        pieces.append(packer.compress(body[at : at + size]) + packer.flush(zlib.Z_SYNC_FLUSH))
        at += size
    return [*pieces, packer.compress(body[at:]) + packer.flush()]


def test_gzip_stream_reads_as_the_plain_one() -> None:
    plain, zipped = read(BODY), read(packed(BODY, [100, 300, 50]), headers=(*EVENT_STREAM, ("Content-Encoding", "gzip")))
    assert bytes(zipped.decoded.data) == BODY
    assert zipped.reading == plain.reading
    assert zipped.outcome is Outcome.COMPLETED
    assert list(zipped.decoded.ends) == [100, 400, 450, len(BODY)]
    assert list(zipped.decoded.stamps) == list(zipped.recording.body.stamps)
    assert [one.id for one in zipped.findings] == ["H2"]


def test_gzip_document() -> None:
    data = gzip.compress(json.dumps(DOCUMENT).encode())
    exchange = read([data[:20], data[20:]], headers=(*JSON, ("content-encoding", "gzip")), streamed=False)
    assert exchange.reading.text == "Hello"
    assert exchange.outcome is Outcome.COMPLETED


@pytest.mark.parametrize("data", [gzip.compress(BODY)[:-20], b"\x1f\x8b\x08nonsense", BODY])
def test_gzip_that_cannot_be_undone(data: bytes) -> None:
    exchange = read(data, headers=(*EVENT_STREAM, ("content-encoding", "gzip")))
    assert exchange.encoding_error
    assert {"F4", "F4b"} & {one.id for one in exchange.findings}


# -- slices -------------------------------------------------------------------------------------------------------------

ODD_STREAMS = (
    BODY,
    BODY.replace(b"\n", b"\r\n"),
    BODY.replace(b"\n", b"\r"),
    b"\xef\xbb\xbf" + BODY,
    b": ping\n\n" * 3 + BODY + b": ping\n\n",
    BODY[:-1],
    BODY[:-40],
    messages_start() + OVERLOADED,
    b'{"error": {"message": "x"}}\n' + BODY,
    b'{"type":"error","error":{"type":"api_error","message":"no"}}',
    b"<html><title>x</title>data: x</html>",
    b"\n\n\n" + BODY,
    BODY.replace(b"data: ", b"data:"),
)


def sliced(
    body: bytes, cuts: Iterable[int], split_bytes: int, read_events: int, headers: Headers, *, watched: bool = False
) -> Exchange:
    """The same exchange, arriving in pieces while it is advanced with small budgets, and looked at meanwhile."""
    note = ProfileNote("Endpoint A", "https://h.example", "anthropic-messages")
    live = Recording(
        Envelope("anthropic-messages", note, "streaming", "claude-opus-4-8", "a", 1, True), Request("POST", "https://h.example")
    )
    exchange = Exchange(live)
    live.apply(Headed(200, "OK", "HTTP/1.1", headers))
    edges = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        live.apply(pack_chunks([(-1, body[start:end])]))
        for _ in range(3):
            exchange.advance(split_bytes, read_events)
            if watched:
                facts(exchange)
    live.apply(WHOLE)
    steps = 0
    while exchange.advance(split_bytes, read_events):
        steps += 1
        assert steps < 100_000
        if watched:
            facts(exchange)
    return exchange


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(ODD_STREAMS),
    st.lists(st.integers(0, 4000), max_size=6),
    st.sampled_from([1, 2, 7, 64, 1000, 1 << 20]),
    st.integers(1, 5),
)
def test_slices_give_what_the_whole_gives(body: bytes, cuts: list[int], split_bytes: int, read_events: int) -> None:
    whole = sliced(body, (), 1 << 30, 1 << 30, EVENT_STREAM)
    assert facts(sliced(body, cuts, split_bytes, read_events, EVENT_STREAM, watched=True)) == facts(whole)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=6), st.sampled_from([1, 16, 1 << 20]), st.integers(1, 5))
def test_slices_of_a_packed_stream(cuts: list[int], split_bytes: int, read_events: int) -> None:
    headers = (*EVENT_STREAM, ("content-encoding", "gzip"))
    body = b"".join(packed(BODY, [90, 90, 200]))
    assert facts(sliced(body, cuts, split_bytes, read_events, headers)) == facts(sliced(body, (), 1 << 30, 1 << 30, headers))


def test_a_slice_keeps_to_its_budget() -> None:
    exchange = Exchange(stream(words=5000), clock=lambda: 0.0)
    assert exchange.advance(1 << 12, 7) is True
    assert exchange.events_read == 7
    assert len(exchange.events) < 5000
    assert exchange.outcome is Outcome.RUNNING


def timed_exchange(took_s: float) -> Exchange:
    """Of a stream of 5000 words, on a clock of which each look takes so long."""
    seconds = count(0.0, took_s)
    return Exchange(stream(words=5000), clock=lambda: next(seconds))


def test_slices_are_smaller_where_framing_is_slow_and_larger_where_it_is_quick() -> None:
    def slices(took_s: float) -> list[int]:
        exchange = timed_exchange(took_s)
        ends = [0]
        for _ in range(4):
            assert exchange.advance(1 << 20)
            ends.append(exchange.events.ends[-1])
        return [end - start for start, end in pairwise(ends)]

    quick, usual, slow = slices(0.0), slices(0.003), slices(0.005)
    assert [round(size / quick[0]) for size in quick] == [1, 2, 4, 8]
    assert [round(size / quick[0]) for size in usual] == [1, 1, 1, 1]
    assert [round(4 * size / quick[0]) for size in slow] == [4, 1, 1, 1]


def test_a_slice_in_which_framing_was_slow_reads_no_events() -> None:
    exchange = timed_exchange(0.005)
    assert exchange.advance()
    assert (exchange.events_read, len(exchange.events) > 0) == (0, True)


def test_slices_go_on_for_as_long_as_they_are_given() -> None:
    exchange = timed_exchange(0.001)
    assert exchange.advance_for(0.004)
    some = exchange.events_read
    assert exchange.advance_for(0.04)
    assert 0 < some < exchange.events_read < 5000
    assert not exchange.advance_for(60.0)
    assert exchange.outcome is Outcome.COMPLETED


# -- the other protocols ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [f"{side}_{kind}" for side in "acr" for kind in ("text", "think", "tool")])
def test_transcripts_complete_without_a_finding(name: str) -> None:
    protocol = {"a": "anthropic-messages", "c": "openai-chat", "r": "openai-responses"}[name[0]]
    body = transcript(name)
    exchange = read([body[at : at + 97] for at in range(0, len(body), 97)], protocol=protocol)
    assert exchange.outcome is Outcome.COMPLETED
    hurtful = [(one.id, one.sentence) for one in exchange.findings if one.severity != "note" and one.id not in ("H11", "H11a")]
    assert hurtful == []
    assert read(body[: len(body) // 2], protocol=protocol).outcome is Outcome.FAILED
