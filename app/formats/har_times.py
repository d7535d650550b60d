"""The times that a HAR file tells, as marks and stamps: those of our own export to the nanosecond, Chromium's of each event.

They are the recorder's, and marked as such. Where they don't fit the body, or each other, there are none.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from app.formats.har_export import CREATOR
from app.formats.times import Times
from app.recording.records import NO_STAMP, EndKind, MarkName
from app.stream.sse import SseParser

_LAST_NS = 1 << 60
_TOLERANCE_NS = 5_000_000  # between a browser's two clocks: it rounds the phases


def times_of(entry: Any, body: bytes, creator: str) -> Times | None:
    """The times of an entry of a HAR file; None where it has none that fit this body."""
    if not isinstance(entry, dict):
        return None
    begun = _epoch_s(entry.get("startedDateTime"))
    started = "" if begun is None else str(entry["startedDateTime"])
    if creator == CREATOR and isinstance(own := entry.get("_diptych"), dict):
        return _own(own, len(body), started)
    if begun is None or not isinstance(events := entry.get("_eventSourceMessages"), list):
        return None
    return _of_events(events, entry.get("timings"), body, begun)


def _epoch_s(value: Any) -> float | None:
    try:
        moment = datetime.fromisoformat(value)
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    except (TypeError, ValueError, OverflowError):
        return None


def _own(own: dict[str, Any], size: int, started: str) -> Times | None:
    try:
        marks = {MarkName(name): _ns(ns) for name, ns in own["marks"].items()}
        chunks = [(_ns(ns, NO_STAMP), _ns(length)) for ns, length in own["chunks"]]
        end = own["end"] or {"kind": EndKind.INTERRUPTED, "code": "", "ns": NO_STAMP}
        kind, code, ns = EndKind(end["kind"]), str(end["code"]), _ns(end["ns"], NO_STAMP)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if sum(length for _, length in chunks) != size:
        return None
    return Times(marks, chunks, ns, started, kind, code, own.get("reused") is True)


def _ns(value: Any, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LAST_NS:
        raise ValueError("no time")
    return value


def _of_events(events: list[Any], timings: Any, body: bytes, begun: float) -> Times | None:
    """A browser lists each event that it took out of the stream with the moment at which it had it."""
    parsed = SseParser().feed(body)
    if not parsed or len(parsed) != len(events):
        return None
    stamps = [_offset_ns(one.get("time"), begun) if isinstance(one, dict) else None for one in events]
    known = [ns for ns in stamps if ns is not None]
    if len(known) != len(parsed) or any(later < one for one, later in pairwise(known)):
        return None
    ends = [event.end for event in parsed]
    ends[-1] = len(body)
    chunks = [(ns, end - begin) for ns, begin, end in zip(known, [0, *ends], ends, strict=False)]
    marks = _marks(timings, known[0])
    if marks is None:
        return None
    last = max(known[-1], marks.get(MarkName.BODY_END, 0))
    iso = datetime.fromtimestamp(begun, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Times(marks, chunks, last, iso, reused=MarkName.CONNECT_BEGIN not in marks)


def _offset_ns(value: Any, begun: float) -> int | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    ns = round((value - begun) * 1e6) * 1000  # a float of seconds since 1970 holds no more than microseconds
    return ns if 0 <= ns <= _LAST_NS else None


def _marks(timings: Any, first_ns: int) -> dict[MarkName, int] | None:
    """The phases behind each other, as HAR has them; the connection is TCP's, and TLS its last part."""
    ms = timings if isinstance(timings, dict) else {}
    at = _phase_ns(ms.get("blocked")) or 0
    marks: dict[MarkName, int] = {}

    def phase(length: int | None, begin: MarkName, end: MarkName) -> None:
        nonlocal at
        if length is not None:
            marks[begin], marks[end] = at, at + length
            at += length

    connect, tls = _phase_ns(ms.get("connect")), _phase_ns(ms.get("ssl"))
    phase(_phase_ns(ms.get("dns")), MarkName.DNS_BEGIN, MarkName.DNS_END)
    if connect:
        phase(connect - min(tls or 0, connect), MarkName.CONNECT_BEGIN, MarkName.CONNECT_END)
        if tls:
            phase(min(tls, connect), MarkName.TLS_BEGIN, MarkName.TLS_END)
    phase(_phase_ns(ms.get("send")) or 0, MarkName.SEND_BEGIN, MarkName.SEND_END)
    wait, receive = _phase_ns(ms.get("wait")), _phase_ns(ms.get("receive"))
    if wait is None:
        return marks if marks[MarkName.SEND_END] <= first_ns else None
    if at + wait > first_ns + _TOLERANCE_NS:
        return None  # the head behind the first event: these times are no measure
    at = min(at + wait, first_ns)
    marks[MarkName.FIRST_BYTE] = marks[MarkName.HEAD_END] = at
    if receive is not None:
        marks[MarkName.BODY_END] = at + receive
    return marks


def _phase_ns(ms: Any) -> int | None:
    if not isinstance(ms, int | float) or isinstance(ms, bool) or not 0 <= ms < 1e9:
        return None
    return round(ms * 1e6)
