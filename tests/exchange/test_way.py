"""The wait split into the way and the endpoint, by what the kernel told; and what is said where it told too little."""

from __future__ import annotations

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.exchange.way import Way, WayBy, overtaken, sent_again, sent_ns, way_of
from app.recording.recording import Recording
from app.recording.records import Departed, MarkName, PathNoted
from app.run.compare import compare
from app.text.sentences import tr
from tests.builders import MS, side, stream
from ui.compare.pane.timing_rows import timing_groups

# The stream is handed to the kernel at 101 ms; its first byte comes `first_ms - 5`.
HANDED_MS = 101.0


def told(
    one: Recording,
    sent_ms: float | None = 102.0,
    acknowledged_ms: float | None = 122.0,
    least_ms: float | None = 20.0,
    resent: int | None = 0,
    out_of_order: int = 0,
) -> Recording:
    """The recording with what the kernel told of its request, which was begun over (at milliseconds since the start)."""
    made = Recording(one.envelope, one.request)
    for record in list(one.records())[1:]:
        if not isinstance(record, Departed | PathNoted):
            made.apply(record)
    made.end = None
    ns = [None if ms is None else round(ms * MS) for ms in (sent_ms, acknowledged_ms)]
    made.apply(Departed(*ns))
    least_us = None if least_ms is None else round(least_ms * 1000)
    for mark, again, out in (
        (MarkName.SEND_END, 0, 0),
        (MarkName.HEAD_END, resent, 0),
        (MarkName.BODY_END, resent, out_of_order),
    ):
        made.apply(PathNoted(mark, least_us, least_us, again, out))
    made.end = one.end
    return made


@pytest.mark.parametrize(
    ("acknowledged_ms", "least_ms", "path", "by"),
    [
        (122.0, 20.0, 20.0, WayBy.ACKNOWLEDGED),
        (120.0, 20.0, 18.0, WayBy.ACKNOWLEDGED),  # quicker than the connection was before
        (132.0, 20.0, 20.0, WayBy.ACKNOWLEDGED),  # a little late
        (132.1, 20.0, 20.0, WayBy.LEAST),
        (142.0, 20.0, 20.0, WayBy.LEAST),  # held back
        (607.0, 20.0, 20.0, WayBy.LEAST),  # with the answer
        (103.1, 0.1, 0.1, WayBy.ACKNOWLEDGED),  # on this machine
        (103.2, 0.1, 0.1, WayBy.LEAST),
        (None, 20.0, 20.0, WayBy.LEAST_ALONE),
        (101.5, 20.0, 20.0, WayBy.LEAST_ALONE),  # before it left: not its own
    ],
)
def test_the_way_is_the_smaller_of_two(acknowledged_ms: float | None, least_ms: float, path: float, by: WayBy) -> None:
    way = way_of(told(stream(612), 102.0, acknowledged_ms, least_ms))
    assert way is not None
    assert way.by is by
    assert way.path == pytest.approx(path)
    assert way.endpoint == pytest.approx(505.0 - path)


def test_what_is_not_known_is_not_split() -> None:
    assert way_of(told(stream(612), least_ms=None)) is None  # an acknowledgement alone may be late
    assert way_of(told(stream(612), resent=2)) is None
    assert way_of(stream(612)) is None


def test_a_way_is_no_longer_than_the_wait() -> None:
    assert way_of(told(stream(612), least_ms=9000.0, acknowledged_ms=None)) == Way(505.0, 0.0, WayBy.LEAST_ALONE)


def test_send_ends_when_the_last_byte_left() -> None:
    timing = Exchange(told(stream(612), 103.5)).finish().timing
    assert timing.send == pytest.approx(3.5)
    assert timing.wait == pytest.approx(503.5)
    assert timing.path == pytest.approx(18.5)
    assert timing.endpoint == pytest.approx(485.0)


@pytest.mark.parametrize("sent_ms", [None, 100.0, 608.0])
def test_a_time_that_can_not_be_is_not_taken(sent_ms: float | None) -> None:
    """None, before it was handed to the kernel, behind the answer."""
    assert sent_ns(told(stream(612), sent_ms)) == HANDED_MS * MS


def test_segments_are_counted_where_they_matter() -> None:
    one = told(stream(612), resent=2, out_of_order=3)
    assert (sent_again(one), overtaken(one)) == (2, 3)
    assert sent_again(told(stream(612), resent=None)) is None
    assert sent_again(stream(612)) is None


def test_a_recording_keeps_it() -> None:
    one = told(stream(612))
    kept = Recording(one.envelope, one.request)
    for record in list(one.records())[1:]:
        kept.apply(record)
    assert way_of(kept) == way_of(one)
    assert msgspec.structs.asdict(Exchange(kept).finish().timing) == msgspec.structs.asdict(Exchange(one).finish().timing)


def test_the_sentence_names_the_endpoint_where_both_sides_are_split() -> None:
    a, b = told(stream(612)), told(stream(1024, side="b"), acknowledged_ms=135.0, least_ms=33.0)
    assert "Nearly all of it is what B's endpoint takes until its first byte." in compare(side("a", a), side("b", b)).sentence
    far = told(stream(1024, side="b"), acknowledged_ms=402.0, least_ms=300.0)
    assert "280 ms of it is the way to B and back." in compare(side("a", a), side("b", far)).sentence
    alone = compare(side("a", a), side("b", stream(1024, side="b"))).sentence
    assert "waiting for B's first byte" in alone


def rows(one: Recording) -> dict[str, str]:
    return {tr(row.name): row.value for group in timing_groups(Exchange(one).finish()) for row in group.rows}


def test_the_timing_tab_shows_it_and_says_what_was_taken() -> None:
    shown = rows(told(stream(612)))
    assert (shown["wait"], shown["path"], shown["endpoint"]) == ("505.0 ms", "20.0 ms", "485.0 ms")
    assert shown["round trip"] == "that of the request, acknowledged after 20 ms"
    assert "acknowledged late, after 505 ms" in rows(told(stream(612), acknowledged_ms=607.0))["round trip"]
    assert "not known" in rows(told(stream(612), acknowledged_ms=None))["round trip"]
    assert "path" not in rows(stream(612))


def test_the_timing_tab_says_what_was_lost() -> None:
    shown = rows(told(stream(612), resent=1, out_of_order=2))
    assert shown["sent again"].startswith("1 segment of the request")
    assert shown["out of order"].startswith("2 segments of the answer")
    assert not {"sent again", "out of order"} & set(rows(told(stream(612))))
