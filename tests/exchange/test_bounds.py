"""How far an exchange's bytes and times are looked into: just below each bound, and just above it."""

from __future__ import annotations

import gzip

import pytest

from app.exchange.exchange import Exchange
from app.exchange.timing import Pace
from app.exchange.transport_findings import _ruined_gzip
from app.exchange.transport_rules import TEXT_OUTSIDE_EVENTS
from app.recording.records import Ended, EndKind
from app.run.compare import compare
from app.run.endings import broke_off
from tests.builders import MS, messages_end, messages_start, messages_text, recording, side
from tests.exchange.test_timing import MARKS_MS, timed
from tests.run.test_endings import running


@pytest.mark.parametrize(("before", "found"), [(4_091, True), (4_092, False)])
def test_gzip_that_was_taken_for_text_is_looked_for_at_the_beginning(before: int, found: bool) -> None:
    magic = gzip.compress(b"x")[:3].decode("utf-8", "replace").encode()
    assert len(magic) == 5
    assert (_ruined_gzip(bytearray(b"y" * before + magic)) is not None) is found


@pytest.mark.parametrize("size", [100, 16_375, 16_376, 70_000])
def test_data_of_any_length_is_the_same(size: int) -> None:
    for fields in (b"", b"id: 7\n", b": a comment\n"):
        block = fields + b'data: "' + b"x" * size + b'"\n\n'
        one = Exchange(recording([(600.0, block)], protocol="openai-chat")).finish()
        assert one.events.event(0).data == b'"' + b"x" * size + b'"'


@pytest.mark.parametrize(("ms", "bursts"), [(49.9, 1), (50.0, None)])
def test_pieces_less_than_fifty_milliseconds_apart_are_one_burst(ms: float, bursts: int | None) -> None:
    """Two bursts of two groups: a gap of 50 ms is one between bursts, and too short for that."""
    groups = ((500.0, 2), (500.0 + ms, 2), (900.0, 2), (900.0 + ms, 2))
    pace = Pace()
    pace.add([round(at * MS) for at, count in groups for _ in range(count)], [n for n, _ in enumerate(groups) for _ in "ab"])
    found = pace.bursts(0)
    assert (found.count - 1 if found else None) == bursts


@pytest.mark.parametrize(("last_ms", "is_burst"), [(10.0, True), (10.1, False)])
def test_the_whole_within_ten_milliseconds_is_one_burst(last_ms: float, is_burst: bool) -> None:
    pace = Pace()
    pace.add([round(at * MS) for at in (500.0, 500.0 + last_ms) for _ in range(4)], [n for n in range(2) for _ in range(4)])
    assert (pace.bursts(0) is not None) is is_burst


@pytest.mark.parametrize(("step_ms", "is_rate"), [(9.9, False), (10.0, True)])
def test_a_rate_needs_a_tenth_of_a_second(step_ms: float, is_rate: bool) -> None:
    pieces = [(610.0, messages_start()), *((700.0 + step_ms * n, messages_text("a")) for n in range(11))]
    one = timed(MARKS_MS, [*pieces, (2_000.0, messages_end(12))])
    assert (one.timing.output_rate is not None) is is_rate


@pytest.mark.parametrize(("ms", "told"), [(499, None), (500, ("ended", 1_112.0))])
def test_half_a_second_of_silence_at_the_end_is_told(ms: int, told: tuple[str, float] | None) -> None:
    made = recording([(607.0, messages_start()), (612.0, messages_text("So"))], end=Ended(EndKind.WHOLE, (612 + ms) * MS))
    assert broke_off(side("a", made)) == told


def quoted(page: bytes) -> str:
    """What the sentence quotes of a web page behind the second event of an answer."""
    body = messages_start() + messages_text("Hello") + page
    (found,) = (one for one in Exchange(recording([(600.0, body)])).finish().findings if one.rule is TEXT_OUTSIDE_EVENTS)
    return found.sentence.partition("“")[2].partition("”")[0]


@pytest.mark.parametrize(("more", "words"), [(0, "The words"), (1, "The word")])
def test_a_page_in_a_stream_is_quoted_from_its_first_16_kilobytes(more: int, words: str) -> None:
    begin, end = b"<html><body>", b"The words"
    assert quoted(begin + b" " * (16_384 - len(begin) - len(end) + more) + end) == words


@pytest.mark.parametrize(("length", "words"), [(80, "x" * 80), (81, "x" * 79 + "…")])
def test_a_page_in_a_stream_is_quoted_in_eighty_characters(length: int, words: str) -> None:
    assert quoted(b"<html><body>" + b"x" * length) == words


@pytest.mark.parametrize(("ms", "told"), [(1_999, False), (2_000, True)])
def test_two_seconds_without_a_byte_are_told_while_it_runs(ms: int, told: bool) -> None:
    stalled = running((607.0, messages_start()), (612.0, messages_text("So")))
    assert ("silent for" in compare(stalled, None, (612 + ms) * MS).sentence) is told
