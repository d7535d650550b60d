"""The times that a HAR file tells, as marks and stamps: those of our own export to the nanosecond, Chromium's of each event,
and of any other recorder its phases (`timings`), which tell when the head came and the body's end, but of no event.

They are the recorder's, and marked as such. Where they don't fit the body, or each other, there are none. What recorders write:
FORMATS F1, F2, and `app/formats/har.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from app.formats.own_note import CREATOR
from app.formats.phases import NAMES, marks_of, phase_ns, times_of_phases
from app.formats.times import Times, epoch_s, iso_utc
from app.recording.records import NO_STAMP, Departed, EndKind, MarkName, PathNoted
from app.stream.sse import SseParser

_LAST_NS = 1 << 60
# Insomnia's entry begins when it is exported, and its `wait` is all of the time (packages/insomnia/src/common/har.ts of 12).
_UNTIMED = "Insomnia REST Client"


def times_of(entry: Any, body: bytes, creator: str) -> Times | None:
    """The times of an entry of a HAR file; None where it has none that fit this body."""
    if not isinstance(entry, dict):
        return None
    begun = epoch_s(entry.get("startedDateTime"))
    if creator == CREATOR and isinstance(own := entry.get("_diptych"), dict):
        return _own(own, len(body), "" if begun is None else str(entry["startedDateTime"]))
    if begun is None or creator == _UNTIMED:
        return None
    iso = iso_utc(begun)
    phases = {} if _is_one_length(entry.get("timings")) else _phases(entry)
    stamps = _event_stamps(entry.get("_eventSourceMessages"), body, begun)
    return times_of_phases(phases, len(body), iso) if stamps is None else _of_events(stamps, phases, len(body), iso)


def _own(own: dict[str, Any], size: int, started: str) -> Times | None:
    try:
        marks = {MarkName(name): _ns(ns) for name, ns in own["marks"].items()}
        chunks = [(_ns(ns, NO_STAMP), _ns(length)) for ns, length in own["chunks"]]
        end = own["end"] or {"kind": EndKind.INTERRUPTED, "code": "", "ns": NO_STAMP}
        path: list[Departed | PathNoted] = [*_departed(own.get("departed")), *_paths(own.get("paths", {}))]
        frames = [_ns(end) for end in own.get("frames", ())]
        kind, code, ns = EndKind(end["kind"]), str(end["code"]), _ns(end["ns"], NO_STAMP)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if sum(length for _, length in chunks) != size or any(later < one for one, later in pairwise(frames)):
        return None
    return Times(marks, chunks, ns, started, kind, code, own.get("reused") is True, path, frames)


def _departed(told: Any) -> Iterator[Departed]:
    """What the kernel told of the request's last byte; files of before it was kept have nothing."""
    if told is not None:
        sent, acknowledged = (None if ns is None else _ns(ns) for ns in told)
        yield Departed(sent, acknowledged)


def _paths(told: Any) -> Iterator[PathNoted]:
    for mark, numbers in told.items():
        rtt, least, resent, out_of_order = (None if number is None else _ns(number) for number in numbers)
        yield PathNoted(MarkName(mark), rtt, least, resent, out_of_order)


def _ns(value: Any, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _LAST_NS:
        raise ValueError("no time")
    return value


def _event_stamps(events: Any, body: bytes, begun: float) -> list[tuple[int, int]] | None:
    """The body's events as a browser lists them, each with the moment at which it had it: (ns, bytes). None where the list has
    no times, or not those of this body."""
    parsed = SseParser().feed(body) if isinstance(events, list) and events else []
    if not parsed or len(parsed) != len(events):
        return None
    stamps = [_offset_ns(one.get("time"), begun) if isinstance(one, dict) else None for one in events]
    known = [ns for ns in stamps if ns is not None]
    if len(known) != len(parsed) or any(later < one for one, later in pairwise(known)):
        return None
    ends = [event.end for event in parsed]
    ends[-1] = len(body)
    return [(ns, end - begin) for ns, begin, end in zip(known, [0, *ends], ends, strict=False)]


def _of_events(chunks: list[tuple[int, int]], phases: dict[str, int], size: int, iso: str) -> Times | None:
    marks = marks_of(phases, chunks[0][0])
    if marks is None:
        return times_of_phases({}, size, iso)
    last = max(chunks[-1][0], marks.get(MarkName.BODY_END, 0))
    return Times(marks, chunks, last, iso, reused=MarkName.CONNECT_BEGIN not in marks)


def _offset_ns(value: Any, begun: float) -> int | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    ns = round((value - begun) * 1e6) * 1000  # a float of seconds since 1970 holds no more than microseconds
    return ns if 0 <= ns <= _LAST_NS else None


def _is_one_length(timings: Any) -> bool:
    """Whether the only length is the whole call's, which Polly.js 6 writes as `wait`, with nothing of the connection and zeros
    for the rest: that is no wait for the head."""
    known = {name: phase_ns(timings.get(name)) for name in NAMES} if isinstance(timings, dict) else {}
    lengths = {name: ns for name, ns in known.items() if ns is not None}
    return lengths.keys() <= {"send", "wait", "receive"} and lengths.get("receive") == 0 and not lengths.get("send")


def _phases(entry: dict[str, Any]) -> dict[str, int]:
    """The phases that are known, in ns, `connect` being TCP's alone.

    HAR has TLS within `connect`; mitmproxy writes it behind it, and adds it to the entry's `time`. Playwright has an `ssl` on
    plain HTTP too.
    """
    timings, request = entry.get("timings"), entry.get("request")
    ms = timings if isinstance(timings, dict) else {}
    known = {name: ns for name in NAMES if (ns := phase_ns(ms.get(name))) is not None}
    url = request.get("url") if isinstance(request, dict) else None
    if isinstance(url, str) and url.lower().startswith("http:"):
        known.pop("ssl", None)
    tls, connect = known.get("ssl", 0), known.get("connect", 0)
    whole = phase_ns(entry.get("time"))
    apart = sum(known.values())
    if tls > connect or (whole is not None and abs(whole - apart) < abs(whole - (apart - tls))):
        return known
    return {**known, "connect": connect - tls} if "connect" in known else known
