"""When the parts of a stream went into the relay and came out of it, on one clock: each as it came, collected, or made up."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

_MOMENT_NS = 4_000_000  # what comes closer together was written at once
_LEAST_PARTS = 6
_LEAST_SPAN_NS = 200_000_000  # a shorter stream says nothing: a busy machine takes as long
_COLLECTED_SHARE = 0.25
_PER_EVENT_SHARE = 0.5
_HELD_NS = 400_000_000


class Flow(StrEnum):
    """How a stream came through."""

    PER_EVENT = "per_event"
    BURSTS = "bursts"
    COLLECTED = "collected"
    FIRST_HELD = "first_held"
    MADE_UP = "made_up"  # no stream went in
    UNKNOWN = "unknown"  # too short to tell


class Passage(msgspec.Struct, frozen=True):
    """How a stream came through the relay: moments at which something went in and came out; lags in nanoseconds."""

    flow: Flow
    moments_in: int = 0
    moments_out: int = 0
    first_lag_ns: int = 0
    last_lag_ns: int = 0


def passage(went_in: Sequence[int], came_out: Sequence[int], *, streamed_in: bool) -> Passage:
    """Judge a stream by the stamps of its content at both ends, in nanoseconds of the same clock."""
    moments_in, moments_out = _moments(went_in), _moments(came_out)
    if not came_out:
        return Passage(Flow.UNKNOWN, moments_in)
    if not streamed_in:
        return Passage(Flow.MADE_UP if len(came_out) > 1 else Flow.UNKNOWN, moments_in, moments_out)
    if not went_in:
        return Passage(Flow.UNKNOWN, moments_in, moments_out)
    span_in, span_out = went_in[-1] - went_in[0], came_out[-1] - came_out[0]
    first, last = came_out[0] - went_in[0], came_out[-1] - went_in[-1]
    flow = Flow.BURSTS
    if moments_in < _LEAST_PARTS or span_in < _LEAST_SPAN_NS:
        flow = Flow.UNKNOWN
    elif span_out < _COLLECTED_SHARE * span_in:
        flow = Flow.COLLECTED
    elif first > _HELD_NS and last < first / 2:
        flow = Flow.FIRST_HELD
    elif moments_out >= _PER_EVENT_SHARE * moments_in:
        flow = Flow.PER_EVENT
    return Passage(flow, moments_in, moments_out, first, last)


def _moments(stamps: Sequence[int]) -> int:
    count, last = 0, None
    for ns in stamps:
        if last is None or ns - last >= _MOMENT_NS:
            count += 1
            last = ns
    return count
