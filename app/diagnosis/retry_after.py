"""When a refused request may be tried again: every place that says it, and which of several counts (PROTOCOLS 4.3 and 4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import msgspec

from app.diagnosis.waits.body import ErrorBody, quoted_headers
from app.diagnosis.waits.limits import VENDOR, Limit, plan_windows, rate_limits
from app.diagnosis.waits.times import YEAR_S, Clock, Time, read_time, shown_moment
from app.diagnosis.waits.words import time_in_words
from app.recording.records import Headers, find_header


class Told(msgspec.Struct, frozen=True):
    """All that may say when.

    `head` and `body` are when these were said. `limited`: a limit is why it was refused; else a limit's reset says nothing of
    when to try again. `text` is the error's text in lower case (`ErrorFacts.text`), which may name the limit.
    """

    headers: Headers = ()
    error: ErrorBody = msgspec.field(default_factory=ErrorBody)
    message: str = ""
    text: str = ""
    head: Clock = Clock()
    body: Clock = Clock()
    limited: bool = True


class RetryAfter(msgspec.Struct, frozen=True):
    """When again. `seconds` count from the exchange's end; None where only the moment is known, or what was said is no time.

    `until` is the moment as text, "" where it is not known. `source` is the header or field that says it, or "message", `raw`
    its value; `window` that of the subscription that is closed till then, "" for none. `opens`: a window's end, or words, say
    it; else a wait is asked for whatever the reason.
    """

    seconds: float | None
    source: str
    raw: str = ""
    until: str = ""
    window: str = ""
    opens: bool = False


class _Said(msgspec.Struct, frozen=True):
    """One place that says when; `time` is None where what it says is no time."""

    name: str
    raw: str
    time: Time | None
    clock: Clock
    window: str = ""


def _closed_windows(told: Told) -> Iterator[_Said]:
    for headers, clock in _all_headers(told) if told.limited else ():
        yield from (_said(limit, clock) for limit in plan_windows(headers) if limit.left == 0)
    for one in told.error.times:
        if one.opens:
            yield _Said(one.name, one.raw, one.time, told.body)


def _header(name: str, unit_s: float = 1.0) -> Callable[[Told], Iterator[_Said]]:
    def said(told: Told) -> Iterator[_Said]:
        for headers, clock in _all_headers(told):
            if (raw := find_header(headers, name)) is not None:
                yield _Said(name, raw, read_time(raw, unit_s), clock)

    return said


def _waits_of_body(told: Told) -> Iterator[_Said]:
    return (_Said(one.name, one.raw, one.time, told.body) for one in told.error.times if not one.opens)


def _words(told: Told) -> Iterator[_Said]:
    for text in dict.fromkeys((told.message, *told.error.words)):
        if time := time_in_words(text, told.body.at):
            yield _Said("message", "", time, told.body)


def _resets(told: Told) -> Iterator[_Said]:
    """Of the limits that the error names, else of those that are used up, else of those that don't say what is left."""
    if not told.limited:
        return
    for headers, clock in _all_headers(told):
        limits = [*rate_limits(headers), *(one for one in plan_windows(headers) if one.left is None)]
        yield from (_said(limit, clock) for limit in binding(limits, told.text))


def _said(limit: Limit, clock: Clock) -> _Said:
    return _Said(limit.name, limit.raw, limit.time, clock, limit.window)


def _all_headers(told: Told) -> Iterator[tuple[Headers, Clock]]:
    """The answer's own headers, and those that its body quotes."""
    yield told.headers, told.head
    yield quoted_headers(told.error), told.body


SOURCES: tuple[Callable[[Told], Iterable[_Said]], ...] = (
    _closed_windows,  # a subscription's window that is said to be used up: till its end all is refused, whatever else is said
    _header("retry-after-ms", 1e-3),  # HTTP's own word for it, which the SDKs obey, in their order
    _header("retry-after"),
    _waits_of_body,  # the error's own fields (retry_after, RetryInfo)
    _words,  # what it says to people
    _header(f"{VENDOR}retry-after"),  # the vendor's behind a relay
    _resets,  # the limits of rate: buckets that fill up all the while, so that their reset is the latest time, not the first
)
"""Where it is said when, the weightiest first: the first that tells of a time to come counts, and of several times in one the
latest, since all of them must have come. A time that is past counts only where none is to come; what is no time, last."""


_OPENING = (_closed_windows, _words)


def retry_after(told: Told) -> RetryAfter | None:
    """The answer to "when again?"; an unreadable one where there is no other; None where nothing is said."""
    past: RetryAfter | None = None
    unreadable: RetryAfter | None = None
    for source in SOURCES:
        said = list(source(told))
        timed = ((one, one.clock.both(one.time)) for one in said if one.time is not None)
        times = [(one, time) for one, time in timed if _is_likely(time)]
        if times:
            one, time = max(times, key=lambda pair: _weight(pair[1]))
            if time.moment is None:  # the clock is not known, but another field may name the moment
                time = Time(time.seconds, next((other.moment for _, other in times if other.moment), None))
            found = RetryAfter(time.seconds, one.name, one.raw, _until(time, one.clock.at), one.window, source in _OPENING)
            if time.seconds is None or time.seconds > 0:
                return found
            past = past or found
        elif said and said[0].name.startswith("retry-after"):
            unreadable = unreadable or RetryAfter(None, said[0].name, said[0].raw)
    return past or unreadable


def _is_likely(time: Time) -> bool:
    """Nobody is told to wait for more than a year: that is a number of something else."""
    far = time.moment is not None and time.moment.year > _LAST_YEAR
    return not far and (time.seconds is None or time.seconds <= YEAR_S)


def _weight(time: Time) -> tuple[float, float]:
    return (time.seconds or 0.0, time.moment.timestamp() if time.moment and 1 < time.moment.year < 9999 else 0.0)


_LONG_S = 120
_LAST_YEAR = 2100


def _until(time: Time, now: datetime | None) -> str:
    """The moment itself, for waits long enough that one would do something else."""
    if time.moment is None or (time.seconds is not None and time.seconds < _LONG_S):
        return ""
    return shown_moment(time.moment, now)


_NAMED = (
    (r"input tokens?|\binput_tokens\b|\bitpm\b", r"input-?tokens"),
    (r"output tokens?|\boutput_tokens\b|\botpm\b", r"output-?tokens"),
    (r"\btokens?\b|\btp[md]\b", r"tokens"),
    (r"number of requests|requests? per|\brp[md]\b|\| requests \|", r"requests"),
)
"""By which words an error names the limit, and the limits' kinds that these mean; the first that fits counts."""


_PERIODS = (
    (r"per[ -]min|\b[rt]pm\b|bymin", "minute"),
    (r"per[ -]hour|\b[rt]ph\b", "hour"),
    (r"per[ -]day|\b[rt]pd\b|daily|byday", "day"),
)


def binding(limits: Iterable[Limit], text: str) -> list[Limit]:
    """The limits that are why it was refused: those that the error names, else those used up, else those that don't say.

    A limit of requests of which one is left is never why; one of tokens may be, since a request costs many.
    """
    said = {period for words, period in _PERIODS if re.search(words, text)}
    limits = [one for one in limits if _fits(one, said)]
    for words, kind in _NAMED:
        if re.search(words, text) and (named := [one for one in limits if re.search(kind, one.kind)]):
            return [one for one in named if one.left == 0] or [one for one in named if one.left is None or "token" in one.kind]
    return [one for one in limits if one.left == 0] or [one for one in limits if one.left is None]


def _fits(limit: Limit, said: set[str]) -> bool:
    """Whether a limit is one of a period that the error speaks of, where both name one."""
    periods = {period for _, period in _PERIODS if period in limit.kind}
    return not said or not periods or bool(periods & said)
