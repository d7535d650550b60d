"""How long a side took that brought no whole answer, and what ended it: its last byte says nothing of that."""

from __future__ import annotations

from app.exchange.outcome import Outcome
from app.exchange.timing import LONG_SILENCE_MS, silence, start_ns
from app.recording.records import NO_STAMP, Ended, EndKind, WireErrorCode
from app.run.side import Side
from app.text.sentences import message

GAVE_UP, STOPPED, INTERRUPTED = message("gave up"), message("stopped"), message("interrupted")
FAILED, ENDED = message("failed"), message("ended")
_TIMEOUTS = frozenset(code for code in WireErrorCode if code.endswith("_timeout"))


def lasted_ms(side: Side) -> float | None:
    """From the first start to the last byte of a whole answer, else to the end, which may come long after the last byte.

    None where that is not known.
    """
    if side.outcome is Outcome.COMPLETED:
        return side.timing.total
    end = side.last.recording.end if side.last else None
    begin = start_ns(side.first.recording) if side.first else None
    return None if end is None or end.ns == NO_STAMP or begin is None else (end.ns - begin) / 1e6


def told_ms(side: Side) -> float | None:
    """How long a side is said to have taken: until it broke off, else until the last byte of what came."""
    if (broken := broke_off(side)) is not None:
        return broken[1]
    return side.timing.total if side.timing.total is not None else lasted_ms(side)


def broke_off(side: Side) -> tuple[str, float] | None:
    """What ended a side without a whole answer, in words that "after" can follow, and after how many milliseconds.

    None for one that completed or runs, whose times are not known, or whose answer, such as it is, came to its end at once.
    """
    last, ms = side.last, lasted_ms(side)
    if last is None or ms is None or last.recording.end is None or side.outcome in (Outcome.COMPLETED, Outcome.RUNNING):
        return None
    word = _word(last.recording.end)
    if word == FAILED and side.timing.total is None:
        return None  # nothing came, and not for want of time
    quiet = silence(last.recording)
    return None if word == ENDED and (quiet is None or quiet.ms < LONG_SILENCE_MS) else (word, ms)


def _word(end: Ended) -> str:
    if end.kind is EndKind.ERROR:
        return GAVE_UP if end.code in _TIMEOUTS else FAILED
    return {EndKind.CANCELLED: STOPPED, EndKind.INTERRUPTED: INTERRUPTED}.get(end.kind, ENDED)
