"""The SSE parser: the standard's rules, the web-platform tests' inputs, and every way of cutting a stream into pieces."""

from __future__ import annotations

import re
from array import array
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.stream.sse import MAX_ODDITIES_A_KIND, Oddity, SseEvent, SseParser
from tests.stream.reference_sse import Reference, lines_of, parse_slowly

BOM = b"\xef\xbb\xbf"
Pair = tuple[str, bytes]


def parse(*pieces: bytes) -> tuple[list[SseEvent], SseParser]:
    parser = SseParser()
    events = [event for piece in pieces for event in parser.feed(piece)]
    parser.close()
    return events, parser


def pairs(data: bytes) -> list[Pair]:
    return [(event.type, event.data) for event in parse(data)[0]]


# -- web-platform tests, eventsource/: the inputs with the blank line that the suite's server appends ------------------

WPT = {
    "event-data": (
        b"data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\ndata:cut",
        [b"msg\nmsg", b"", b"end"],
    ),
    "format-bom": (BOM + b"data:1\n\n" + BOM + b"data:2\n\ndata:3\n\n", [b"1", b"3"]),
    "format-bom-2": (BOM + BOM + b"data:1\n\ndata:2\n\ndata:3\n\n", [b"2", b"3"]),
    "format-comments": (
        b"data:1\r:\0\n:\r\ndata:2\n:" + b"x" * 2048 + b"\rdata:3\n:data:fail\r:" + b"x" * 2048 + b"\ndata:4\n\n",
        [b"1\n2\n3\n4"],
    ),
    "format-data-before-final-empty-line": (b"retry:1000\ndata:test1\n\nid:test\ndata:test2", [b"test1"]),
    "format-field-data": (b"data:\n\ndata\ndata\n\ndata:test\n\n", [b"", b"\n", b"test"]),
    "format-field-parsing": (
        b"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
        [b"\0\n 2\n1\n3\n\n4"],
    ),
    "format-field-unknown": (
        b"data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
        [b"test\n\ntest"],
    ),
    "format-leading-space": (b"data:\ttest\rdata: \ndata:test\n\n", [b"\ttest\n\ntest"]),
    "format-newlines": (b"data:test\r\ndata\ndata:test\r\n\r", [b"test\n\ntest"]),
    "format-null-character": (b"data:\0\n\n\n\n", [b"\0"]),
    "format-utf-8": ("data:ok…\n\n".encode(), ["ok…".encode()]),
}


@pytest.mark.parametrize(("stream", "expected"), WPT.values(), ids=WPT.keys())
def test_wpt_data(stream: bytes, expected: list[bytes]) -> None:
    assert [data for _, data in pairs(stream)] == expected


def test_wpt_event_names() -> None:
    assert pairs(b"event:test\ndata:x\n\ndata:x\n\n") == [("test", b"x"), ("", b"x")]
    assert pairs(b"event: \ndata:data\n\n") == [("", b"data")]


@pytest.mark.parametrize(
    ("stream", "last_id"),
    [
        (b"id: 1\ndata: x\n\ndata: y\n\n", "1"),
        ("id: …\ndata:hello\n\n".encode(), "…"),
        (b"id: 1\ndata:x\n\nid\ndata:y\n\n", ""),
        (b"id:\0 1\ndata:x\n\n", ""),
        (b"id:1\0\ndata:x\n\n", ""),
        (b"id:a\ndata:x\n\nid:b\0c\ndata:y\n\n", "a"),
    ],
)
def test_wpt_ids(stream: bytes, last_id: str) -> None:
    assert parse(stream)[1].last_event_id == last_id


@pytest.mark.parametrize(
    ("stream", "retry_ms"),
    [
        (b"retry:03000\ndata:x\n\n", 3000),
        (b"retry:3000\nretry:1000x\ndata:x\n\n", 3000),
        (b"retry\ndata:test\n\n", None),
        (b"retry:-1\n\n", None),
        ("retry:٣\n\n".encode(), None),  # a digit, but no ASCII digit
    ],
)
def test_wpt_retry(stream: bytes, retry_ms: int | None) -> None:
    assert parse(stream)[1].retry_ms == retry_ms


# -- rules that LLM streams run into -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_line_ends(end: bytes) -> None:
    stream = end.join([b"event: a", b"data: 1", b"data: 2", b"", b"data: 3", b"", b""])
    assert pairs(stream) == [("a", b"1\n2"), ("", b"3")]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\u0085", "\u000b", "\u000c", "\u001c"])
def test_only_cr_and_lf_end_a_line(character: str) -> None:
    data = f"a{character}b".encode()
    assert pairs(b"data: " + data + b"\n\n" + b"data:" + data + b"\n\n") == [("", data), ("", data)]


def test_an_event_without_its_blank_line_is_not_dispatched() -> None:
    for tail in (b"event: a\ndata: 2\n", b"data: 2", b"data"):
        events, parser = parse(b"data: 1\n\n" + tail)
        assert [event.data for event in events] == [b"1"]
        assert parser.counts[Oddity.LEFTOVER] == 1
        assert parser.oddities[-1].offset == len(b"data: 1\n\n")


def test_a_leftover_that_is_no_event() -> None:
    for tail in (b"event: a\n", b"dat", b"database", b": ping"):
        _, parser = parse(b"data: 1\n\n" + tail)
        assert parser.counts[Oddity.LEFTOVER] == 1


def test_a_whole_stream_leaves_nothing() -> None:
    _, parser = parse(b"data: 1\n\n: bye\n\n")
    assert parser.counts[Oddity.LEFTOVER] == 0


def test_unfinished_utf_8_at_the_end_of_data() -> None:
    events, parser = parse(b"data: \xf0\x9f\x98\n\n")
    assert events[0].text == "�"
    assert parser.counts[Oddity.INVALID_UTF8] == 1


def test_a_character_cut_by_pieces_is_whole() -> None:
    events, parser = parse(b"data: \xf0\x9f", b"\x98\x80\n\n")
    assert events[0].text == "😀"
    assert parser.counts[Oddity.INVALID_UTF8] == 0


def test_a_block_without_data_is_not_dispatched_and_its_name_forgotten() -> None:
    events, parser = parse(b"event: ping\n\ndata: 1\n\n")
    assert [(event.type, event.data) for event in events] == [("", b"1")]
    assert parser.counts[Oddity.NO_DATA] == 1


def test_the_last_name_counts_wherever_it_stands() -> None:
    assert pairs(b"event: a\ndata: 1\nevent: b\n\n") == [("b", b"1")]


def test_oddities_are_noted_with_their_place() -> None:
    stream = b"data: 1\n\n: hi\n\ndata:2\n\n<html>\ndata:\n\nid: 7\ndata: \0\n\n"
    _, parser = parse(stream)
    seen = {(odd.kind, odd.offset, odd.events_before) for odd in parser.oddities}
    assert seen == {
        (Oddity.COMMENT, stream.index(b": hi"), 1),
        (Oddity.NO_SPACE, stream.index(b"data:2"), 1),
        (Oddity.UNKNOWN_LINE, stream.index(b"<html>"), 2),
        (Oddity.EMPTY_DATA, stream.index(b"data:\n\nid"), 2),
        (Oddity.ID, stream.index(b"id: 7"), 3),
        (Oddity.NUL, stream.index(b"id: 7"), 3),
    }


def test_line_end_oddities() -> None:
    assert parse(b"data: 1\r\n\r\n")[1].counts[Oddity.CRLF] == 2
    assert parse(b"data: 1\r\r")[1].counts[Oddity.CR] == 2
    counts = parse(BOM + b"data: 1\n\n")[1].counts
    assert (counts[Oddity.BOM], counts[Oddity.CR], counts[Oddity.CRLF]) == (1, 0, 0)


def test_a_part_of_a_bom_is_data_at_the_end() -> None:
    _, parser = parse(BOM[:2])
    assert parser.counts[Oddity.LEFTOVER] == 1
    assert parser.counts[Oddity.BOM] == 0


def test_oddities_of_a_kind_are_counted_beyond_those_kept() -> None:
    _, parser = parse(b": x\n" * 500)
    assert parser.counts[Oddity.COMMENT] == 500
    assert len(parser.oddities) == 50


# -- pieces ------------------------------------------------------------------------------------------------------------

MIXED = (
    BOM
    + 'event: message_start\ndata: {"text":"é😀\u2028"}\n\n'.encode()
    + b": ping\r\n\r\ndata: a\r\ndata:b\r\rid: 3\rdata\r\n\nretry: 5\n\r\n\r\n<html>\ndata: \xff\0\n\ndata: tail\r\n"
)


def everything(parser: SseParser, events: list[SseEvent]) -> object:
    return (
        events,
        parser.events,
        parser.counts,
        parser.oddities,
        parser.last_event_id,
        parser.retry_ms,
        parser.offset,
    )


def assert_same(whole: bytes, *pieces: bytes) -> None:
    events, parser = parse(whole)
    cut_events, cut_parser = parse(*pieces)
    assert everything(cut_parser, cut_events) == everything(parser, events)


def test_whole_equals_byte_by_byte() -> None:
    assert_same(MIXED, *(MIXED[at : at + 1] for at in range(len(MIXED))))


def test_whole_equals_every_split_in_two() -> None:
    for at in range(len(MIXED) + 1):
        assert_same(MIXED, MIXED[:at], MIXED[at:])


def test_whole_equals_every_split_in_three_of_a_crlf_event() -> None:
    stream = b"event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n"
    for first in range(len(stream) + 1):
        for second in range(first, len(stream) + 1):
            assert_same(stream, stream[:first], stream[first:second], stream[second:])


TOKENS = st.sampled_from(
    [
        b"data",
        b"data: ",
        b"data:",
        b"event: ",
        b"event:x",
        b"id: 1",
        b"retry: 10",
        b"\n",
        b"\n\n",
        b"\r",
        b"\r\n",
        b"\r\n\r\n",
        b":",
        b" ",
        b"x",
        BOM,
        b"\0",
        b"\xe2\x80\xa8",
        b"\xff",
        b"event: a\ndata: b\n\n",
        b"data: c\n\n",
    ]
)
STREAMS = st.lists(TOKENS | st.binary(max_size=4), max_size=20).map(b"".join)


@given(STREAMS, st.lists(st.integers(0, 60), max_size=6))
@settings(deadline=None)
def test_any_stream_is_the_same_in_any_pieces(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    assert_same(stream, *(stream[a:b] for a, b in pairwise(edges)))


@given(STREAMS)
@settings(deadline=None)
def test_offsets_cut_the_stream_into_its_events(stream: bytes) -> None:
    events, _ = parse(stream)
    end = 0
    for event in events:
        assert end <= event.start < event.end <= len(stream)
        assert pairs(stream[event.start : event.end]) == [(event.type, event.data)]
        end = event.end


# -- the reference parser ----------------------------------------------------------------------------------------------

# What each fast path takes: events of the usual shape with anything in them, alone in a read or in long runs, the same one
# again and again or each another; runs of comments and blank lines. And anything else between them.
VALUES = st.sampled_from([b"a", b"b c", "é\u2028".encode(), b"\xff", b"\0", b"", b"x\ry", BOM])
USUAL = st.one_of(
    st.builds(b"data: %b\n\n".__mod__, VALUES), st.builds(b"event: %b\ndata: %b\n\n".__mod__, st.tuples(VALUES, VALUES))
)
REPEATED = st.builds(
    bytes.__mul__, USUAL | st.sampled_from([b": ping\n\n", b"id: 4\ndata: d\r\n\r\n", b"\n"]), st.integers(0, 1200)
)
NUMBERED = st.builds(
    lambda shape, count: b"".join(shape % number for number in range(count)),
    st.sampled_from([b"data: %d\n\n", b"event: a\ndata: %d\n\n"]),
    st.integers(0, 1200),
)
PIECES = st.lists(STREAMS | USUAL | st.lists(USUAL).map(b"".join) | REPEATED | NUMBERED, max_size=6)
CUTS = st.none() | st.lists(st.integers(0, 1 << 14), max_size=4)  # None: as the pieces are
UNPLACED = (Oddity.BARE_BLANK, Oddity.LEFTOVER)  # lines before them that are no field count as their beginning or do not


class Places:
    """Takes in events as `app.exchange.event_log.EventLog` does."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int, int]] = []

    def append(self, event: SseEvent) -> None:
        self.places.append((event.type, event.start, event.end))

    def extend(self, start: int, ends: array[int], names: list[bytes]) -> None:
        for end, name in zip(ends, names, strict=True):
            self.places.append((name.decode(), start, end))
            start = end

    def extend_alike(self, start: int, ends: array[int], name: bytes) -> None:
        self.extend(start, ends, [name] * len(ends))


def cut_up(pieces: list[bytes], cuts: list[int] | None) -> list[bytes]:
    if cuts is None:
        return pieces
    stream = b"".join(pieces)
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    return [stream[begin:end] for begin, end in pairwise(edges)]


def assert_agrees(parser: SseParser, expected: Reference) -> None:
    assert (parser.last_event_id, parser.retry_ms) == (expected.last_event_id, expected.retry_ms)
    assert parser.events == len(expected.events)
    for kind in Oddity:
        offsets = [offset for one, offset in expected.oddities if one is kind]
        assert parser.counts[kind] == len(offsets), kind
        if kind not in UNPLACED:
            noted = [odd.offset for odd in parser.oddities if odd.kind is kind]
            assert noted == offsets[:MAX_ODDITIES_A_KIND], kind


@given(PIECES, CUTS)
@settings(deadline=None)
def test_any_stream_in_any_pieces_is_read_as_the_reference_parser_reads_it(pieces: list[bytes], cuts: list[int] | None) -> None:
    expected = parse_slowly(b"".join(pieces))
    events, parser = parse(*cut_up(pieces, cuts))
    assert [(event.type, event.text, event.start, event.end) for event in events] == [
        (event.type, event.data, event.start, event.end) for event in expected.events
    ]
    assert_agrees(parser, expected)


@given(PIECES, CUTS)
@settings(deadline=None)
def test_the_places_of_events_are_those_of_the_reference_parser(pieces: list[bytes], cuts: list[int] | None) -> None:
    expected, parser, sink = parse_slowly(b"".join(pieces)), SseParser(), Places()
    for piece in cut_up(pieces, cuts):
        parser.feed_places(piece, sink)
    parser.close()
    assert sink.places == [(event.type, event.start, event.end) for event in expected.events]
    assert_agrees(parser, expected)


@given(STREAMS)
@settings(deadline=None)
def test_lines_decoded_one_by_one_are_the_lines_of_the_decoded_stream(stream: bytes) -> None:
    decoded = re.split(r"\r\n|\r|\n", stream.decode("utf-8", "replace"))[:-1]
    assert [line.decode("utf-8", "replace") for line, *_ in lines_of(stream)] == decoded


# -- size --------------------------------------------------------------------------------------------------------------


def test_a_line_of_50_megabytes_in_64_kb_pieces() -> None:
    stream = b"data: " + b"x" * 50_000_000 + b"\n\n"
    parser = SseParser()
    events = [event for at in range(0, len(stream), 65536) for event in parser.feed(stream[at : at + 65536])]
    assert [len(event.data) for event in events] == [50_000_000]


def test_an_event_of_10_000_lines() -> None:
    (event,), _ = parse(b"data: x\n" * 10_000 + b"\n")
    assert event.data == b"\n".join([b"x"] * 10_000)


def test_a_long_line_byte_by_byte() -> None:
    stream = b"event: a\ndata: " + b"x" * 300_000 + b"\n\n"
    (event,), _ = parse(*(stream[at : at + 1] for at in range(len(stream))))
    assert len(event.data) == 300_000
