"""What HAR files tell of times: of each recorder only what it measured, and nothing where that can't be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.exchange.exchange import Exchange
from app.exchange.timing import Start, Timing
from app.formats.captures import from_body
from app.formats.har import from_har
from app.formats.har_times import times_of
from app.recording.records import MarkName
from app.transfer.capture_files import captures_of
from tests.builders import messages_end, messages_start, messages_text

MADE = Path(__file__).parent / "made"
BODY = messages_start() + messages_text("Hi") + messages_end()
BEGUN = "2026-11-30T12:00:00.000Z"
EPOCH_S = 1796040000.0


def timing(entry: dict[str, Any], creator: str = "Some recorder", url: str = "https://relay.test/v1/messages") -> Timing:
    """Of a HAR file with this entry, whose answer is BODY."""
    request = {"method": "POST", "url": url, "headers": [], "postData": {"text": '{"stream": true}'}}
    response = {"status": 200, "headers": [], "content": {"mimeType": "text/event-stream", "text": BODY.decode()}}
    whole = {"startedDateTime": BEGUN, **entry, "request": request, "response": response}
    (one,) = from_har(json.dumps({"log": {"creator": {"name": creator}, "entries": [whole]}}).encode())
    return Exchange(one.recording).finish().timing  # type: ignore[union-attr]  # it is read


def test_the_phases_of_mitmproxy_and_playwright_are_theirs() -> None:
    """Of one call each through the real tools; curl said 0.290 s and 0.449 s of mitmproxy's."""
    expected = {
        "mitmproxy-12.3.1.har": ("mitmproxy", Start.NEW, 0.9, 274.3, 434.6),
        "playwright-1.65.1.har": ("Playwright", Start.REUSED, None, 247.6, 436.4),
    }
    for name, (recorder, *measures) in expected.items():
        (one,) = captures_of(str(MADE / name), None)
        recording = one.recording  # type: ignore[union-attr]  # it is read
        exchange = Exchange(recording).finish()
        told = exchange.timing
        rounded = [None if ms is None else round(ms, 1) for ms in (told.connect, told.ttfb, told.total)]
        assert [told.start, *rounded] == measures
        assert exchange.timing.ttft is None
        assert recording.connection is not None
        assert recording.connection.stamped_by == recorder
        assert recording.envelope.started_utc.startswith("2026-11-30T12:")
        assert json.loads(recording.request.body)["messages"] == [{"role": "user", "content": "Grüße aus 世界"}]


@pytest.mark.parametrize("blocked", [-1, 0])
def test_the_length_of_the_whole_call_is_no_wait_for_the_head(blocked: int) -> None:
    """Polly.js 6.0.6 writes it as `wait`, and knows nothing else; Firefox's zeros are lengths that it measured."""
    unknown = dict.fromkeys(("blocked", "dns", "connect", "ssl"), blocked)
    told = timing({"time": 924, "timings": {**unknown, "send": 0, "wait": 924, "receive": 0}})
    assert told.ttfb == (None if blocked else 924.0)


PHASES = {"blocked": 7, "dns": 1, "connect": 30, "ssl": 20, "send": 2, "wait": 100, "receive": 50}


@pytest.mark.parametrize(
    ("entry", "url", "connect", "tls", "total"),
    [
        ({"timings": PHASES, "time": 190}, "https://relay.test/v1/messages", 10, 20, 183),  # TLS within connect: HAR 1.2
        ({"timings": PHASES, "time": 210}, "https://relay.test/v1/messages", 30, 20, 203),  # behind it, as mitmproxy writes it
        ({"timings": PHASES}, "https://relay.test/v1/messages", 10, 20, 183),
        ({"timings": {**PHASES, "connect": 5}}, "https://relay.test/v1/messages", 5, 20, 178),  # it can't hold that
        ({"timings": PHASES, "time": 190}, "http://127.0.0.1:1/v1/messages", 30, None, 183),  # Playwright, on plain HTTP
    ],
)
def test_tls_is_within_the_connection_or_behind_it(
    entry: dict[str, Any], url: str, connect: float, tls: float | None, total: float
) -> None:
    told = timing(entry, url=url)
    assert (told.dns, told.connect, told.tls, told.total) == (1, connect, tls, total)
    assert (told.send, told.wait, told.receive) == (2, 100, 50)


@pytest.mark.parametrize(
    ("entry", "creator"),
    [
        # Insomnia 12 has all of the time in `wait`, Proxyman nothing, Playwright's minimal mode only the whole.
        ({"timings": {"send": 0, "wait": 900, "receive": 0}, "time": 900}, "Insomnia REST Client"),
        ({"timings": {"send": -1, "wait": -1, "dns": -1, "receive": -1, "blocked": -1, "connect": 1, "ssl": -1}}, "Proxyman"),
        ({"timings": {"send": -1, "wait": -1, "receive": 900}}, "Playwright"),
        ({"timings": {"send": 0, "receive": 900}}, "Some recorder"),
        ({"timings": {"send": 0, "wait": "many", "receive": 900}}, "Some recorder"),
        ({"timings": 7}, "Some recorder"),
        ({"timings": PHASES, "startedDateTime": "yesterday"}, "Some recorder"),
    ],
)
def test_what_was_not_measured_is_not_told(entry: dict[str, Any], creator: str) -> None:
    assert timing(entry, creator) == Exchange(read_alone()).finish().timing


def read_alone() -> Any:
    """The same answer with no times at all."""
    return from_body(BODY, "anthropic-messages")


def test_the_end_is_not_known_where_it_was_not_told() -> None:
    told = timing({"timings": {"send": 0, "wait": 100, "receive": -1}})
    assert (told.ttfb, told.receive, told.total) == (100, None, None)


@pytest.mark.parametrize(("late_ms", "fits"), [(5.0, True), (5.1, False)])
def test_a_browsers_two_clocks_may_differ_by_five_milliseconds(late_ms: float, fits: bool) -> None:
    """Chromium's events are stamped by another clock than its phases: what the head is late by more is no measure."""
    count = BODY.count(b"\n\n")
    events = [{"time": EPOCH_S + 0.1 + number / 1000, "data": "{}"} for number in range(count)]
    times = times_of(
        {
            "startedDateTime": BEGUN,
            "timings": {"send": 0, "wait": 100 + late_ms, "receive": 9},
            "_eventSourceMessages": events,
        },
        BODY,
        "WebInspector",
    )
    assert times is not None
    assert bool(times.marks) is fits
    assert (times.marks.get(MarkName.HEAD_END) == 100_000_000) is fits  # never behind the first event


def test_events_of_another_body_leave_the_phases() -> None:
    told = timing({"timings": PHASES, "_eventSourceMessages": [{"time": EPOCH_S + 1, "data": "{}"}]})
    assert (told.ttft, told.total) == (None, 183)
