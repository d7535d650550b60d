"""The phases of a call as other programs measure them, as marks: name lookup, TCP, TLS, sending, waiting, receiving.

Each follows the one before. They tell when the answer's head came and when its body ended, but of no event within it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.formats.times import Times
from app.recording.records import NO_STAMP, MarkName

NAMES = ("blocked", "dns", "connect", "ssl", "send", "wait", "receive")
_TOLERANCE_NS = 5_000_000  # between a browser's two clocks: it rounds the phases


def phase_ns(ms: object) -> int | None:
    """A length in milliseconds as nanoseconds; None for what is none: HAR has -1 for a phase that was not measured."""
    if not isinstance(ms, int | float) or isinstance(ms, bool) or not 0 <= ms < 1e9:
        return None
    return round(ms * 1e6)


def times_of_phases(phases: Mapping[str, int], size: int, started_utc: str) -> Times:
    """Of a body of that many bytes; without marks where it is not known how long the head was waited for.

    `phases` are nanoseconds by `NAMES`, `connect` being TCP's alone; those that are not known are missing.
    """
    marks = marks_of(phases, None) if "wait" in phases else None
    chunks = [(NO_STAMP, size)] if size else []
    if not marks:
        return Times({}, chunks, NO_STAMP, started_utc)
    return Times(marks, chunks, marks.get(MarkName.BODY_END, NO_STAMP), started_utc, reused=MarkName.CONNECT_BEGIN not in marks)


def marks_of(phases: Mapping[str, int], first_ns: int | None) -> dict[MarkName, int] | None:
    """The phases one behind the other; None where they contradict the first event's time (None: it is not known)."""
    at = phases.get("blocked", 0)
    marks: dict[MarkName, int] = {}

    def phase(length: int | None, begin: MarkName, end: MarkName) -> None:
        nonlocal at
        if length is not None:
            marks[begin], marks[end] = at, at + length
            at += length

    phase(phases.get("dns"), MarkName.DNS_BEGIN, MarkName.DNS_END)
    if phases.get("connect") or phases.get("ssl"):
        phase(phases.get("connect", 0), MarkName.CONNECT_BEGIN, MarkName.CONNECT_END)
        phase(phases.get("ssl") or None, MarkName.TLS_BEGIN, MarkName.TLS_END)
    phase(phases.get("send", 0), MarkName.SEND_BEGIN, MarkName.SEND_END)
    wait, receive = phases.get("wait"), phases.get("receive")
    if wait is None:
        return marks if first_ns is None or marks[MarkName.SEND_END] <= first_ns else None
    if first_ns is not None and at + wait > first_ns + _TOLERANCE_NS:
        return None  # the head behind the first event: these times are no measure
    at = at + wait if first_ns is None else min(at + wait, first_ns)
    marks[MarkName.FIRST_BYTE] = marks[MarkName.HEAD_END] = at
    if receive is not None:
        marks[MarkName.BODY_END] = at + receive
    return marks
