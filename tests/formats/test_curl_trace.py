"""The times of `curl --trace --trace-time`, as curl 7.88.1 wrote them (`made/`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.exchange.exchange import Exchange
from app.formats.capture import Capture
from app.formats.captures import captures_in

TRACE = (Path(__file__).parent / "made" / "curl-7.88.1-trace.txt").read_bytes()


def read(data: bytes) -> Exchange:
    (one,) = captures_in(data, None)
    assert isinstance(one, Capture)
    assert one.recorder == "curl --trace"
    return Exchange(one.recording).finish()


def test_the_times_are_curl_s_own() -> None:
    one = read(TRACE)
    # The file's lines: Trying .004129, Connected .004631, Send header .005835, Send data .005889, first header .246477,
    # last header .246651, data .246654 (head of the stream), .355969 (the first text) to .425866.
    timing = one.timing
    assert (timing.connect, timing.send, timing.ttft, timing.total) == pytest.approx((0.502, 0.054, 351.84, 421.737))
    assert one.recording.connection is not None
    assert one.recording.connection.stamped_by == "curl --trace"
    moments = [one.since_start_ms(ns) for ns in one.recording.body.stamps]
    assert moments == pytest.approx([242.525, 351.84, 371.225, 386.716, 401.181, 421.737])
    assert one.reading.text == "Hello! It is goo"
    assert (one.recording.envelope.model, one.recording.envelope.started_utc) == ("claude-sonnet-4-6", "")
    assert "你好" in one.recording.request.body.decode()


def test_a_trace_over_midnight() -> None:
    def later(found: re.Match[bytes]) -> bytes:
        return (b"23:59:59." if found[1] < b"3" else b"00:00:00.") + found[1]

    late = re.sub(rb"^06:40:51\.(\d{6})", later, TRACE, flags=re.MULTILINE)
    assert read(late).timing.total == pytest.approx(1421.737)  # a second in which nothing came


@pytest.mark.parametrize(
    "data",
    [
        re.sub(rb"^[\d:.]+ (?==|<|=>)", b"", TRACE, flags=re.M),
        TRACE.replace(b"06:40:51.355969", b"06:40:49.355969"),
        TRACE.replace(b"<= Recv data", b"=> Send data, 1 bytes (0x1)\n0000: 20 \n06:40:51.246654 <= Recv data", 1),
        TRACE.replace(b"06:40:51.375354 <= Recv data", b"<= Recv data"),
    ],
    ids=["without times", "the clock was set back", "curl still sent", "a part without its time"],
)
def test_times_that_are_no_measure_are_left_out(data: bytes) -> None:
    one = read(data)
    assert (one.timing.total, one.timing.ttft) == (None, None)
    assert one.reading.text == "Hello! It is goo"
