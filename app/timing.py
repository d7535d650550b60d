"""Marks and stamps to phases, first tokens, gaps, rates and bursts: the measures of DESIGN 4, in milliseconds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import islice
from operator import eq, sub

import msgspec

from app.event_log import EventLog
from app.protocols.reading import Meaning, Reading
from app.recording import NO_STAMP, MarkName, Recording

BURST_JOIN_MS = 50.0
BURST_APART_MS = 200.0
BURST_MIN_EVENTS = 8
ONE_BURST_MS = 10.0


class Bursts(msgspec.Struct, frozen=True):
    """A buffered stream: `pieces` of content came in `count` bursts, `apart_ms` (the median) from one to the next.

    `apart_ms` is None where the whole came in one burst.
    """

    pieces: int
    count: int
    apart_ms: float | None

    @property
    def sentence(self) -> str:
        """The numbers in words."""
        if self.apart_ms is None:
            return f"{self.pieces} pieces of content came in one burst"
        return f"{self.pieces} pieces of content came in {self.count} bursts, {self.apart_ms:.0f} ms apart"


class Gaps(msgspec.Struct, frozen=True):
    """Times between consecutive content events, nearest-rank percentiles; None below 20 gaps for the p95."""

    count: int
    p50_ms: float
    p95_ms: float | None
    max_ms: float


class Timing(msgspec.Struct, frozen=True):
    """The measures of one exchange in milliseconds; None is "not there" or "not known", never 0.

    `start` is "new connection" (just before name resolution), "kept connection" (before the first request byte) or "" (no
    stamps). `rate_note` says why there is no `output_rate` (tokens a second).
    """

    start: str = ""
    dns: float | None = None
    connect: float | None = None
    proxy: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None
    ttfb: float | None = None
    ttft: float | None = None
    ttfo: float | None = None
    total: float | None = None
    gaps: Gaps | None = None
    output_rate: float | None = None
    rate_note: str = ""
    bursts: Bursts | None = None


def start_ns(recording: Recording) -> int | None:
    """The moment all times count from: name resolution, or the first request byte on a kept connection."""
    marks = recording.marks
    starts = (MarkName.DNS_BEGIN, MarkName.CONNECT_BEGIN, MarkName.SEND_BEGIN)
    return next((marks[name] for name in starts if name in marks), None)


def measure(recording: Recording, events: EventLog, reading: Reading, *, whole: bool) -> Timing:
    """All measures of an exchange. With `whole` False (it still runs) only the cheap ones: no gaps, rate or bursts."""
    start = start_ns(recording)
    if start is None:
        return Timing()
    between, since = _spans(recording, start)
    content = events.content_stamps() if whole else []
    bursts = find_bursts(content, events.content_chunks, recording.marks.get(MarkName.SEND_END)) if content else None
    rate, rate_note = _output_rate(content, reading, bursts) if whole else (None, "")
    end = _last_body_byte(recording)
    return Timing(
        start="kept connection" if recording.connection and recording.connection.reused else "new connection",
        dns=between(MarkName.DNS_BEGIN, MarkName.DNS_END),
        connect=between(MarkName.CONNECT_BEGIN, MarkName.CONNECT_END),
        proxy=between(MarkName.CONNECT_END, MarkName.PROXY_END),
        tls=between(MarkName.TLS_BEGIN, MarkName.TLS_END),
        send=between(MarkName.SEND_BEGIN, MarkName.SEND_END),
        wait=between(MarkName.SEND_END, MarkName.FIRST_BYTE),
        receive=_minus(end, recording.marks.get(MarkName.FIRST_BYTE)),
        ttfb=since(recording.marks.get(MarkName.HEAD_END)),
        ttft=since(events.first_stamp(Meaning.TEXT, Meaning.REASONING, Meaning.TOOL_ARGUMENTS)),
        ttfo=since(events.first_stamp(Meaning.TEXT, Meaning.TOOL_ARGUMENTS)),
        total=since(end),
        gaps=_gaps(content),
        output_rate=rate,
        rate_note=rate_note,
        bursts=bursts,
    )


def _spans(
    recording: Recording, start: int
) -> tuple[Callable[[MarkName, MarkName], float | None], Callable[[int | None], float | None]]:
    marks = recording.marks
    return lambda begin, end: _minus(marks.get(end), marks.get(begin)), lambda ns: _minus(ns, start)


def _minus(end_ns: int | None, begin_ns: int | None) -> float | None:
    return None if end_ns is None or begin_ns is None else (end_ns - begin_ns) / 1e6


def _last_body_byte(recording: Recording) -> int | None:
    """The last byte of the answer: of its body, or of its head where the body was empty."""
    stamps = recording.body.stamps
    if stamps:
        return None if stamps[-1] == NO_STAMP else stamps[-1]
    return recording.marks.get(MarkName.BODY_END) or recording.marks.get(MarkName.HEAD_END)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    return sorted_values[max(0, math.ceil(share * len(sorted_values)) - 1)]


def _gaps(content: Sequence[int]) -> Gaps | None:
    if len(content) < 2:
        return None
    gaps = sorted(map(sub, islice(content, 1, None), content))
    p95 = percentile(gaps, 0.95) / 1e6 if len(gaps) >= 20 else None
    return Gaps(len(gaps), percentile(gaps, 0.5) / 1e6, p95, gaps[-1] / 1e6)


def find_bursts(stamps: Sequence[int], chunks: Sequence[int], sent_ns: int | None = None) -> Bursts | None:
    """Is a stream buffered? `stamps` and `chunks` are one of each content event, in order; the request was out at `sent_ns`.

    At least 8 content events, at least half of them sharing a chunk with another, and the bursts at least 200 ms apart or the
    whole in one. Pieces less than 50 ms apart belong to one burst. The whole is in one where one chunk holds it, or where it
    came within 10 ms (one write that the network split) after a wait of 200 ms, in which it can have been collected.
    """
    if len(stamps) < BURST_MIN_EVENTS or 2 * _sharing(chunks) < len(chunks):
        return None
    waited_ms = (stamps[0] - sent_ns) / 1e6 if sent_ns is not None else 0.0
    at_once = (stamps[-1] - stamps[0]) / 1e6 <= ONE_BURST_MS and waited_ms >= BURST_APART_MS
    if chunks[0] == chunks[-1] or at_once:
        return Bursts(len(stamps), 1, None)
    steps = map(sub, islice(stamps, 1, None), stamps)
    apart = sorted(step / 1e6 for step in steps if step >= BURST_JOIN_MS * 1e6)
    if not apart or apart[0] < BURST_APART_MS:
        return None
    return Bursts(len(stamps), len(apart) + 1, percentile(apart, 0.5))


def _sharing(chunks: Sequence[int]) -> int:
    """How many events share their chunk with a neighbour: in each row of n equal pairs there are n + 1 of them."""
    same = bytes(map(eq, chunks, islice(chunks, 1, None)))
    return same.count(1) + (b"\0" + same).count(b"\0\1")


def _output_rate(content: Sequence[int], reading: Reading, bursts: Bursts | None) -> tuple[float | None, str]:
    """Tokens a second, or why there is none. Hidden reasoning is counted in the tokens but not in the time between pieces."""
    usage = reading.usage
    tokens = usage.output_tokens if usage else None
    if not content:
        return None, "no content came in pieces"
    if bursts is not None:
        return None, "came in bursts" if bursts.count > 1 else "came in one burst"
    if tokens is None:
        return None, "no token count"
    if not reading.reasoning and ((usage and usage.reasoning_tokens) or reading.hidden_reasoning):
        return None, "reasoning was hidden"
    span_s = (content[-1] - content[0]) / 1e9
    if len(content) < 3 or tokens < 2 or span_s <= 0:
        return None, "too few pieces"
    return (tokens - 1) / span_s, ""
