"""Marks and stamps to phases, first tokens, gaps, rates and bursts: the measures of DESIGN 4, in milliseconds."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import chain
from operator import eq, sub

import msgspec

from app.exchange.event_log import EventLog
from app.exchange.way import sent_ns, way_of
from app.protocols.reading import Meaning, Reading
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, MarkName

BURST_JOIN_MS = 50.0
BURST_APART_MS = 200.0
BURST_MIN_EVENTS = 8
ONE_BURST_MS = 10.0
LONG_SILENCE_MS = 500.0  # at the end of an answer; what is shorter is the pace of a network
TOLD_SILENCE_MS = 2_000.0  # while it runs; shorter pauses are a model's own
RATE_LEAST_MS = 100.0
RATE_LEAST_ARRIVALS = 3
RATE_MOST_ERROR = 0.1
_RUN_GAPS = 8_192
_JUDGED_PIECES = 2_000


class Start(StrEnum):
    """What the clock of an exchange started with."""

    NEW = "new_connection"  # just before name resolution
    REUSED = "reused_connection"  # before the first request byte
    UNKNOWN = ""  # no stamps


class Unmeasured(StrEnum):
    """Why there are no gaps, or no output rate."""

    NO_TIMES = "no_times"
    NO_CONTENT = "no_content"
    NO_PIECES = "no_pieces"
    ONE_PIECE = "one_piece"
    STOPPED = "stopped"
    BURSTS = "bursts"
    ONE_BURST = "one_burst"
    NO_COUNT = "no_count"
    HIDDEN_REASONING = "hidden_reasoning"
    FEW_TOKENS = "few_tokens"
    FEW_PIECES = "few_pieces"
    TOO_SHORT = "too_short"


class Packing(StrEnum):
    """How the pieces of content stood in what the sender wrote: HTTP chunks, or the DATA frames of HTTP/2."""

    TOGETHER = "together"  # several in one
    APART = "apart"  # each in one of its own
    ENCODED = "encoded"  # hidden by a content encoding
    UNKNOWN = "unknown"


class Bursts(msgspec.Struct, frozen=True):
    """A stream in bursts: `pieces` of content came in `count` bursts, `apart_ms` (the median) from one to the next.

    `apart_ms` is None where the whole came in one burst, within `within_ms` (at least 1). `packing` says what the framing tells
    of that.
    """

    pieces: int
    count: int
    apart_ms: float | None
    within_ms: float = 0.0
    packing: Packing = Packing.UNKNOWN

    @property
    def collected(self) -> bool:
        """Whether something collected the pieces. One burst alone does not tell: an answer that was ready looks the same."""
        return self.apart_ms is not None or self.packing is Packing.TOGETHER


class Gaps(msgspec.Struct, frozen=True):
    """Times between consecutive content events, nearest-rank percentiles; None below 20 gaps for the p95."""

    count: int
    p50_ms: float
    p95_ms: float | None
    max_ms: float


class Timing(msgspec.Struct, frozen=True):
    """The measures of one exchange in milliseconds; None is "not there" or "not known", never 0.

    `wait` is None, too, where the answer began before the request was out. `path` and
    `endpoint` are its parts (`app.exchange.way`). `own` is what passed between the phases before the request was begun:
    Diptych's own work, of which the endpoint knows nothing. `no_gaps` says why there are no `gaps`, `no_rate`
    why there is no `output_rate` (tokens a second); both are None where there is one, and while the exchange runs.
    `begins_with_reasoning`: `ttft` is the time of a thought, not of a word of the answer.
    """

    start: Start = Start.UNKNOWN
    dns: float | None = None
    connect: float | None = None
    proxy: float | None = None
    tls: float | None = None
    own: float | None = None
    send: float | None = None
    wait: float | None = None
    path: float | None = None
    endpoint: float | None = None
    receive: float | None = None
    ttfb: float | None = None
    ttft: float | None = None
    ttfo: float | None = None
    begins_with_reasoning: bool = False
    total: float | None = None
    gaps: Gaps | None = None
    no_gaps: Unmeasured | None = None
    output_rate: float | None = None
    no_rate: Unmeasured | None = None
    bursts: Bursts | None = None


def start_ns(recording: Recording) -> int | None:
    """The moment all times count from: name resolution, or the first request byte on a reused connection."""
    marks = recording.marks
    starts = (MarkName.DNS_BEGIN, MarkName.CONNECT_BEGIN, MarkName.SEND_BEGIN)
    return next((marks[name] for name in starts if name in marks), None)


class Silence(msgspec.Struct, frozen=True):
    """A time at the end of an exchange in which nothing came, in ns of `app.clock`; `answered`: the answer had begun before."""

    since_ns: int
    until_ns: int
    answered: bool

    @property
    def ms(self) -> float:
        return (self.until_ns - self.since_ns) / 1e6


def silence(recording: Recording, now_ns: int | None = None) -> Silence | None:
    """How long nothing came at the end, or up to `now_ns` while it runs; None before the request was out, and without times.

    Bytes count, not content: a comment that keeps the connection open breaks the silence, as it does for the time limits.
    """
    marks, stamps, end = recording.marks, recording.body.stamps, recording.end
    until = now_ns if end is None else end.ns
    asked = MarkName.SEND_END in marks or MarkName.FIRST_BYTE in marks
    if until is None or until == NO_STAMP or not asked or (stamps and stamps[-1] == NO_STAMP):
        return None
    came = max(stamps[-1] if stamps else 0, *(ns for name, ns in marks.items() if name is not MarkName.BODY_END))
    return Silence(came, until, MarkName.FIRST_BYTE in marks) if until > came else None


class Pace:
    """The gaps and bursts of content, collected as it comes, so that the end of a million pieces leaves little to sort.

    Attributes:
        taken: how many content events were taken in; `arrivals` is how many chunks brought them.
        count, first_ns, last_ns: how many of them have a stamp, and the first and last stamp.
    """

    def __init__(self) -> None:
        self.taken = self.arrivals = self.count = 0
        self.first_ns = self.last_ns = 0
        self._runs: list[array[int]] = []  # gaps in ns, each run sorted
        self._gaps = array("q")  # those not sorted into a run yet
        self._apart = array("q")  # gaps between bursts
        self._first_chunk = self._last_chunk = -1
        self._sharing = 0
        self._shares_last = 0

    def follow(self, events: EventLog) -> None:
        """Take in the content events that came since."""
        if len(events.content_events) > self.taken:
            self.add(*events.content_since(self.taken))

    def add(self, stamps: Sequence[int], chunks: Sequence[int]) -> None:
        """Take in content events: their stamps, where they have one, and the chunk of each."""
        self._add_chunks(chunks)
        if not stamps:
            return
        gaps = array("q", map(sub, stamps, chain((self.last_ns,), stamps)) if self.count else map(sub, stamps[1:], stamps))
        self.first_ns = self.first_ns if self.count else stamps[0]
        self.last_ns = stamps[-1]
        self.count += len(stamps)
        self._gaps.extend(gaps)
        self._apart.extend(gap for gap in gaps if gap >= BURST_JOIN_MS * 1e6)
        if len(self._gaps) >= _RUN_GAPS:
            self._runs.append(array("q", sorted(self._gaps)))
            del self._gaps[:]

    def _add_chunks(self, chunks: Sequence[int]) -> None:
        """Count the events that share their chunk with a neighbour: n equal neighbouring pairs in a row are n + 1 events."""
        if not len(chunks):
            return
        same = bytes((self._shares_last, *map(eq, chunks, chain((self._last_chunk,), chunks))))
        self.arrivals += same.count(0, 1)
        self._sharing += same.count(1, 1) + same.count(b"\0\1")
        self._first_chunk = chunks[0] if not self.taken else self._first_chunk
        self._last_chunk, self._shares_last = chunks[-1], same[-1]
        self.taken += len(chunks)

    @property
    def gaps(self) -> Gaps | None:
        """The gaps between neighbours; None where there is none."""
        count = self.count - 1
        if count < 1:
            return None
        runs = [*self._runs, array("q", sorted(self._gaps))] if self._gaps else self._runs
        p95 = _nearest_rank(runs, 0.95, count) / 1e6 if count >= 20 else None
        return Gaps(count, _nearest_rank(runs, 0.5, count) / 1e6, p95, max(run[-1] for run in runs) / 1e6)

    def bursts(self, sent_ns: int | None) -> Bursts | None:
        """How the stream was buffered; None where it was not. `sent_ns` is when the request was sent, None if unknown.

        At least 8 content events, at least half of them sharing a chunk with another, and the bursts at least 200 ms apart or
        the whole in one. Pieces less than 50 ms apart belong to one burst. The whole is in one where one chunk holds it, or
        where it came within 10 ms (one write that the network split), after a wait of 200 ms, in which it can have been
        collected.
        """
        if self.count < BURST_MIN_EVENTS or 2 * self._sharing < self.taken:
            return None
        one_chunk = self._first_chunk == self._last_chunk
        if one_chunk or (self.last_ns - self.first_ns) / 1e6 <= ONE_BURST_MS:
            # A burst soon after the request may have been ready at once (a cache, a fast server).
            waited = one_chunk if sent_ns is None else (self.first_ns - sent_ns) / 1e6 >= BURST_APART_MS
            return Bursts(self.count, 1, None, max(self.last_ns - self.first_ns, 1_000_000) / 1e6) if waited else None
        if not self._apart or min(self._apart) < BURST_APART_MS * 1e6:
            return None
        return Bursts(self.count, len(self._apart) + 1, percentile(sorted(self._apart), 0.5) / 1e6)


def _nearest_rank(runs: Sequence[array[int]], share: float, count: int) -> int:
    """The nearest-rank percentile of `count` values in sorted runs: the smallest that enough of them do not exceed."""
    rank = max(1, math.ceil(share * count))
    low, high = min(run[0] for run in runs), max(run[-1] for run in runs)
    while low < high:
        middle = (low + high) // 2
        if sum(bisect_right(run, middle) for run in runs) >= rank:
            high = middle
        else:
            low = middle + 1
    return low


def measure(
    recording: Recording, events: EventLog, reading: Reading, pace: Pace | None, unpaced: Unmeasured | None = None
) -> Timing:
    """All measures of an exchange. Without `pace` no gaps, rate or bursts; `unpaced` says why, None while it runs."""
    start = start_ns(recording)
    if start is None:
        note = Unmeasured.NO_TIMES if pace or unpaced else None
        return Timing(no_gaps=note, no_rate=note)
    between, since = _spans(recording, start)
    bursts = pace.bursts(recording.marks.get(MarkName.SEND_END)) if pace else None
    if bursts is not None:
        bursts = msgspec.structs.replace(bursts, packing=_packing(recording, events))
    rate, no_rate = _output_rate(pace, reading, bursts) if pace else (None, unpaced)
    end, sent, way = _last_body_byte(recording), sent_ns(recording), way_of(recording)
    dns = between(MarkName.DNS_BEGIN, MarkName.DNS_END)
    connect = between(MarkName.CONNECT_BEGIN, MarkName.CONNECT_END)
    proxy = between(MarkName.CONNECT_END, MarkName.PROXY_END)
    tls = between(MarkName.TLS_BEGIN, MarkName.TLS_END)
    return Timing(
        start=Start.REUSED if recording.connection and recording.connection.reused else Start.NEW,
        dns=dns,
        connect=connect,
        proxy=proxy,
        tls=tls,
        own=_own(since(recording.marks.get(MarkName.SEND_BEGIN)), (dns, connect, proxy, tls)),
        send=_minus(sent, recording.marks.get(MarkName.SEND_BEGIN)),
        wait=_forward(_minus(recording.marks.get(MarkName.FIRST_BYTE), sent)),
        path=way.path if way else None,
        endpoint=way.endpoint if way else None,
        receive=_minus(end, recording.marks.get(MarkName.FIRST_BYTE)),
        ttfb=since(recording.marks.get(MarkName.HEAD_END)),
        ttft=since(events.first_stamp(Meaning.TEXT, Meaning.REASONING, Meaning.TOOL_ARGUMENTS)),
        ttfo=since(events.first_stamp(Meaning.TEXT, Meaning.TOOL_ARGUMENTS)),
        begins_with_reasoning=events.begins_with_reasoning,
        total=since(end),
        gaps=pace.gaps if pace else None,
        no_gaps=_why_no_gaps(pace, reading) if pace else unpaced,
        output_rate=rate,
        no_rate=no_rate,
        bursts=bursts,
    )


def _own(begun_ms: float | None, phases: Sequence[float | None]) -> float | None:
    """What is left of the time up to the request's first byte; None where that was not reached, or nothing went before."""
    known = [one for one in phases if one is not None]
    return max(0.0, begun_ms - sum(known)) if begun_ms is not None and known else None


def _packing(recording: Recording, events: EventLog) -> Packing:
    """Judged by the first pieces: at least half of them share a frame with a neighbour, or not."""
    if recording.content_encoding:
        return Packing.ENCODED
    frame_ends = recording.body.frame_ends
    if not frame_ends:
        return Packing.UNKNOWN
    frames = [bisect_right(frame_ends, events.ends[index] - 1) for index in events.content_events[:_JUDGED_PIECES]]
    alone = sum(count == 1 for count in Counter(frames).values())
    return Packing.APART if 2 * alone > len(frames) else Packing.TOGETHER


def _spans(
    recording: Recording, start: int
) -> tuple[Callable[[MarkName, MarkName], float | None], Callable[[int | None], float | None]]:
    marks = recording.marks
    return lambda begin, end: _minus(marks.get(end), marks.get(begin)), lambda ns: _minus(ns, start)


def _minus(end_ns: int | None, begin_ns: int | None) -> float | None:
    return None if end_ns is None or begin_ns is None else (end_ns - begin_ns) / 1e6


def _forward(ms: float | None) -> float | None:
    """A server can refuse a large request while that is still being sent: then it was not waited for."""
    return None if ms is not None and ms < 0 else ms


def _last_body_byte(recording: Recording) -> int | None:
    """The last byte of the answer: of its body, or of its head where the body was empty.

    A recorder may tell when the body ended and of none of its parts.
    """
    stamps = recording.body.stamps
    if stamps:
        return recording.marks.get(MarkName.BODY_END) if stamps[-1] == NO_STAMP else stamps[-1]
    return recording.marks.get(MarkName.BODY_END) or recording.marks.get(MarkName.HEAD_END)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` (0 to 1) of the values do not exceed."""
    return sorted_values[max(0, math.ceil(share * len(sorted_values)) - 1)]


def _why_no_gaps(pace: Pace, reading: Reading) -> Unmeasured | None:
    if pace.count > 1:
        return None
    if pace.taken > 1:
        return Unmeasured.NO_TIMES
    return Unmeasured.ONE_PIECE if pace.taken else _why_no_pieces(reading)


def _why_no_pieces(reading: Reading) -> Unmeasured:
    """An answer in one piece has its content; an error has none, nor has what never came."""
    return Unmeasured.NO_PIECES if reading.generated else Unmeasured.NO_CONTENT


def _output_rate(pace: Pace, reading: Reading, bursts: Bursts | None) -> tuple[float | None, Unmeasured | None]:
    """Tokens a second, or why there is none. Hidden reasoning is counted in the tokens but not in the time between pieces."""
    usage = reading.usage
    tokens = usage.output_tokens if usage else None
    if not pace.count:
        return None, Unmeasured.NO_TIMES if pace.taken else _why_no_pieces(reading)
    if bursts is not None:
        return None, Unmeasured.BURSTS if bursts.count > 1 else Unmeasured.ONE_BURST
    if tokens is None:
        return None, Unmeasured.NO_COUNT
    if reading.hidden_reasoning or (usage and usage.reasoning_tokens and not reading.reasoning):
        return None, Unmeasured.HIDDEN_REASONING
    span_ms = (pace.last_ns - pace.first_ns) / 1e6
    if tokens < 2:
        return None, Unmeasured.FEW_TOKENS
    if pace.arrivals < RATE_LEAST_ARRIVALS or _first_arrival_error(tokens, pace.arrivals) > RATE_MOST_ERROR:
        return None, Unmeasured.FEW_PIECES
    if span_ms < RATE_LEAST_MS:
        return None, Unmeasured.TOO_SHORT
    return (tokens - 1) / span_ms * 1e3, None


def _first_arrival_error(tokens: int, arrivals: int) -> float:
    """By how much the rate would be too high where each arrival brought as many tokens as the others.

    The clock starts with the first arrival, whose tokens were made before it, and the measure takes only one of them off.
    """
    return (tokens - 1) / max(tokens - tokens / arrivals, 1) - 1
