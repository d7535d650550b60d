"""Events as columns: framing by searches gives what framing event by event gives, and an event can be had back."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exchange.event_log import EventLog
from app.protocols.reading import Meaning
from app.recording.body import Body
from app.stream.sse import Oddity, SseEvent, SseParser

NAMED = b'event: ping\ndata: {"n": 1}\n\n'
BARE = b'data: {"n": 2}\n\n'
ODD = (
    b"event: x\ndata: 1\ndata: 2\n\nevent: y\n\n",  # as many lines and names as two plain blocks
    b"data: a\n\ndata: \n\n",
    b"data: a\r\n\r\n",
    b"\n\ndata: a\n\n",
    b": hello\n\n",
    b"id: 7\ndata: a\n\n",
    b"data: a\x00b\n\n",
    b"data: \xff\n\n",
    b"event: \ndata: a\n\n",
    b"data:a\n\n",
    b"event: a\ndata: b\nretry: 5\n\n",
)


def logged(stream: bytes, cuts: tuple[int, ...] = ()) -> tuple[EventLog, SseParser]:
    body = Body()
    body.append(1, stream)
    log, parser = EventLog(body), SseParser()
    edges = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    for start, end in pairwise(edges):
        parser.feed_places(stream[start:end], log)
    parser.close()
    return log, parser


def events_of(log: EventLog) -> list[SseEvent]:
    return [log.event(index) for index in range(len(log))]


def fed(stream: bytes) -> tuple[list[SseEvent], SseParser]:
    parser = SseParser()
    events = parser.feed(stream)
    parser.close()
    return events, parser


def facts(parser: SseParser) -> tuple[object, ...]:
    return parser.events, parser.counts, parser.oddities, parser.offset, parser.last_event_id


@pytest.mark.parametrize("odd", [b"", *ODD])
@pytest.mark.parametrize("plain", [NAMED, BARE, NAMED + BARE])
def test_framing_by_searches_equals_feeding(plain: bytes, odd: bytes) -> None:
    for stream in (plain * 300 + odd + plain * 300, odd + plain * 600, plain * 600 + odd, plain * 600 + odd + b"data: tail"):
        log, parser = logged(stream)
        events, reference = fed(stream)
        assert events_of(log) == events
        assert facts(parser) == facts(reference)


@given(st.lists(st.sampled_from([NAMED, BARE, *ODD]), max_size=40), st.lists(st.integers(0, 100_000), max_size=3))
def test_any_mixture_in_any_slices(blocks: list[bytes], cuts: list[int]) -> None:
    stream = NAMED * 200 + b"".join(blocks) + BARE * 300
    log, parser = logged(stream, tuple(cuts))
    events, reference = fed(stream)
    assert events_of(log) == events
    assert facts(parser) == facts(reference)


@pytest.mark.parametrize(
    "block", [NAMED, *ODD, b"data\n\n", b"\n\n", b"\r\n\r\n", b": x\ndata: a\n\n", b"data: a\r\r\n\n", b"\xef\xbb\xbf\n\n"]
)
@pytest.mark.parametrize("before", [b"", b"id: 3\ndata: a\n\n", b"data: a\n", b"\r", b"\xef\xbb\xbf"])
def test_the_same_block_many_times(before: bytes, block: bytes) -> None:
    stream = before + block * 800 + b"data: b\n\n" + block * 300 + b"data: tail"
    events, reference = fed(stream)
    for cuts in ((), (7 * len(stream) // 16,), (len(before), 5000, 5001)):
        log, parser = logged(stream, cuts)
        assert events_of(log) == events
        assert facts(parser) == facts(reference)


def test_the_same_block_is_not_parsed_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fed_bytes: list[int] = []
    feed = SseParser.feed

    def counted(self: SseParser, data: bytes) -> list[SseEvent]:
        fed_bytes.append(len(data))
        return feed(self, data)

    monkeypatch.setattr(SseParser, "feed", counted)
    log, _ = logged(b"data\n\n" * 100_000, (1000, 200_001, 400_002))  # cut inside an event too
    assert len(log) == 100_000
    assert sum(fed_bytes) < 2000


def test_searches_are_used_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = b"".join(b'event: ping\ndata: {"n": %d}\n\n' % number for number in range(600))
    monkeypatch.setattr(SseParser, "feed", lambda self, data: [] if not data else pytest.fail("took the slow road"))
    assert len(logged(stream)[0]) == 600


def test_an_event_knows_its_chunk_and_stamp() -> None:
    body = Body()
    for ns, data in ((10, b"data: a\n"), (20, b"\ndata: b\n\nda"), (30, b"ta: c\n\n")):
        body.append(ns, data)
    log, parser = EventLog(body), SseParser()
    parser.feed_places(bytes(body.data), log)
    assert [log.chunk(index) for index in range(3)] == [1, 1, 2]
    assert [log.stamp_ns(index) for index in range(3)] == [20, 20, 30]
    assert log.raw(2) == b"data: c\n\n"


@pytest.mark.parametrize("begin", [0, 1, 1023, 1024, 1500, 3600])
def test_those_of_a_type_in_order_from_any_event_on(begin: int) -> None:
    log, _ = logged(NAMED * 1024 + BARE * 2 + NAMED + BARE * 1500 + NAMED * 1075)
    for name in ("ping", "", "pong"):
        for end in (len(log), begin, begin + 1):
            end = min(end, len(log))
            assert list(log.of_type(name, begin, end)) == [at for at in range(begin, end) if log.type_name(at) == name]


def test_the_first_of_each_meaning_is_kept() -> None:
    log, _ = logged(BARE * 4)
    for index, meaning in enumerate((Meaning.NOTHING, Meaning.REASONING, Meaning.TEXT, Meaning.TEXT)):
        log.set_meaning(index, meaning)
    assert list(log.content_events) == [1, 2, 3]
    assert list(log.content_chunks) == [log.chunk(index) for index in (1, 2, 3)]
    assert log.first_stamp(Meaning.TEXT, Meaning.REASONING) == 1
    assert log.first_stamp(Meaning.TOOL_ARGUMENTS) is None


def test_more_names_than_the_column_holds() -> None:
    names = 70_000
    log, _ = logged(b"".join(b"event: n%d\ndata: 1\n\n" % number for number in range(names)))
    assert len(log) == names
    assert log.type_name(100) == "n100"
    assert log.type_name(names - 1) == f"n{names - 1}"
    assert log.event(names - 1).type == f"n{names - 1}"


def test_oddities_survive_the_fast_road() -> None:
    _, parser = logged(NAMED * 400 + b"data:x\n\n" + NAMED * 400)
    assert parser.counts[Oddity.NO_SPACE] == 1
    assert parser.oddities[0].events_before == 400
