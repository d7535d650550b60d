"""Whose milliseconds the wait for an answer is: those of the way to whatever acknowledges, or those of the endpoint.

From the request's last byte to the first byte of the answer, one round trip is the way; the rest is the endpoint's, with all
that stands behind what acknowledges. The acknowledgement tells the round trip, unless it came late: a receiver may hold it back
to let it ride on data of its own (40 ms on Linux, up to 500 ms by RFC 9293, 3.8.6.3), or be too busy to send it. So the way is
the smaller one of that time and the least round trip that the kernel has seen on this connection.

Where segments were sent again meanwhile, nothing is split: something was lost, or its acknowledgement was so late that it was
taken for lost, and which of the two, and for how long, can't be told from here.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.recording.recording import Recording
from app.recording.records import MarkName

# By so much the acknowledgement may come behind the least round trip and still be called the same: a machine needs time, too.
_LATE_MS, _LATE_TIMES = 1.0, 1.5


class WayBy(StrEnum):
    """Which of the two round trips was taken for the way."""

    ACKNOWLEDGED = "acknowledged"  # that of the request's last byte
    LEAST = "least_round_trip"  # the least of this connection: the acknowledgement came late
    LEAST_ALONE = "least_round_trip_alone"  # the same: no time of an acknowledgement is known


class Way(msgspec.Struct, frozen=True):
    """The wait, split; milliseconds.

    Attributes:
        path: one round trip, to whatever acknowledges: the endpoint, or an edge or a proxy before it.
        endpoint: the rest of the wait.
        by: which round trip `path` is.
        acknowledged: from the request's last byte to its acknowledgement, None where that is not known.
    """

    path: float
    endpoint: float
    by: WayBy
    acknowledged: float | None = None


def sent_ns(recording: Recording) -> int | None:
    """When the request's last byte left: as the kernel tells, else when it was handed to it; None before that.

    Where the answer began before the kernel says that the request had left, it is the kernel's time that can't be right.
    """
    marks, departed = recording.marks, recording.departed
    told = departed.sent_ns if departed is not None else None
    handed, first = marks.get(MarkName.SEND_END), marks.get(MarkName.FIRST_BYTE)
    if told is None or handed is None or told < handed or (first is not None and told > first):
        return handed
    return told


def way_of(recording: Recording) -> Way | None:
    """The split of the wait; None where the kernel told too little, segments were sent again, or nothing was waited for."""
    sent, first = sent_ns(recording), recording.marks.get(MarkName.FIRST_BYTE)
    if sent is None or first is None or first < sent:
        return None
    wait = (first - sent) / 1e6
    acknowledged, least = _acknowledged_ms(recording, sent), _least_ms(recording)
    if least is None or sent_again(recording):
        return None  # an acknowledgement alone may have been held back, and nothing would tell
    if acknowledged is None:
        path, by = least, WayBy.LEAST_ALONE
    elif acknowledged <= max(least * _LATE_TIMES, least + _LATE_MS):
        path, by = min(acknowledged, least), WayBy.ACKNOWLEDGED
    else:
        path, by = least, WayBy.LEAST
    path = min(path, wait)
    return Way(path, wait - path, by, acknowledged)


def sent_again(recording: Recording) -> int | None:
    """How many segments of ours were sent again from the request's end to the head of the answer; up to the end of the
    exchange, where no head came. None where that is not known.
    """
    last = MarkName.HEAD_END if MarkName.HEAD_END in recording.marks else MarkName.BODY_END
    return _grown(recording, "resent", MarkName.SEND_END, last)


def overtaken(recording: Recording) -> int | None:
    """How many segments of the answer came before one that they follow, behind its head: one was lost on the way here, or was
    overtaken. None where that is not known.
    """
    return _grown(recording, "out_of_order", MarkName.HEAD_END, MarkName.BODY_END)


def _grown(recording: Recording, field: str, begin: MarkName, end: MarkName) -> int | None:
    first, last = (getattr(recording.paths.get(mark), field, None) for mark in (begin, end))
    return None if first is None or last is None else max(0, last - first)


def _acknowledged_ms(recording: Recording, sent: int) -> float | None:
    departed = recording.departed
    if departed is None or departed.acknowledged_ns is None or departed.acknowledged_ns < sent:
        return None
    return (departed.acknowledged_ns - sent) / 1e6


def _least_ms(recording: Recording) -> float | None:
    """The least round trip up to the answer: of the state that was noted last by then."""
    for mark in (MarkName.HEAD_END, MarkName.SEND_END):
        noted = recording.paths.get(mark)
        if noted is not None and noted.least_rtt_us is not None:
            return noted.least_rtt_us / 1e3
    return None
