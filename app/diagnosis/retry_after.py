"""When a refused request may be tried again, in whatever way the endpoint says it (PROTOCOLS 4.3 and 4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from app.recording.records import Headers, find_header

_UNITS_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,9})?"
_GO_DURATION = re.compile(rf"(?:{_NUMBER}(?:ms|us|µs|ns|d|h|m|s))+")
_GO_PART = re.compile(rf"({_NUMBER})(ms|us|µs|ns|d|h|m|s)")
_IN_WORDS = re.compile(
    rf"(?:try again|retry|wait)(?: \w+){{0,2}}? (?:(?:in|after|for) )?(?:about )?({_NUMBER}) ?(milliseconds?|ms|seconds?"
    rf"|secs?|s|minutes?|min|hours?|days?)\b",
)
_IN_GO = re.compile(rf"(?:try again|retry)(?: \w+)? (?:in|after) ((?:{_NUMBER}(?:ms|h|m|s))+)")
_WORD_UNITS_S = {"mi": 60.0, "ms": 1e-3, "s": 1.0, "h": 3600.0, "d": 86400.0}
_ANTHROPIC = ("requests", "tokens", "input-tokens", "output-tokens")
_YEAR_S = 366 * 86400.0
_EPOCH_S = 1e9  # a bare number above it is a moment, not a length


class RetryAfter(msgspec.Struct, frozen=True):
    """`seconds` from the answer on, None where what the endpoint said is no time; `source` is the header, or "message"."""

    seconds: float | None
    source: str
    raw: str = ""
    until: str = ""


def retry_after(headers: Headers, message: str, now: datetime | None, *, limited: bool = True) -> RetryAfter | None:
    """The first readable answer to "when again?"; an unreadable one where there is no other; None where nothing is said.

    `now` is when the answer came, by the endpoint's clock; without it dates and moments can't be read. `limited`: a limit of
    rate is why it was refused; else the reset of a limit of which something is left says nothing of when to try again.
    """
    unreadable: RetryAfter | None = None
    for source, raw, seconds in _answers(headers, message, now, limited):
        if seconds is not None and 0 <= seconds <= _YEAR_S:
            return RetryAfter(seconds, source, raw, _until(seconds, now))
        if source in ("retry-after", "retry-after-ms"):
            unreadable = unreadable or RetryAfter(None, source, raw)
    return unreadable


def _answers(headers: Headers, message: str, now: datetime | None, limited: bool) -> Iterator[tuple[str, str, float | None]]:
    if (raw := find_header(headers, "retry-after-ms")) is not None:
        number = _number(raw)
        yield "retry-after-ms", raw, None if number is None else number / 1000
    if (raw := find_header(headers, "retry-after")) is not None:
        yield "retry-after", raw, _seconds(raw, now)
    if (spoken := _in_message(message.lower())) is not None:
        yield "message", "", spoken
    if (raw := find_header(headers, "llm_provider-retry-after")) is not None:  # the vendor's, as LiteLLM passes it on
        yield "llm_provider-retry-after", raw, _seconds(raw, now)
    yield from _resets(headers, now, limited)


def _resets(headers: Headers, now: datetime | None, limited: bool) -> Iterator[tuple[str, str, float | None]]:
    """The limits that are used up, or all of them where none says so but one was hit; the latest reset counts."""
    pairs = [(f"anthropic-ratelimit-{kind}-reset", f"anthropic-ratelimit-{kind}-remaining") for kind in _ANTHROPIC]
    pairs += [(f"x-ratelimit-reset-{kind}", f"x-ratelimit-remaining-{kind}") for kind in ("requests", "tokens")]
    pairs += [("x-ratelimit-reset", "x-ratelimit-remaining"), ("ratelimit-reset", "ratelimit-remaining")]
    said = [(name, raw, left) for name, left in pairs if (raw := find_header(headers, name))]
    used_up = [one for one in said if find_header(headers, one[2]) == "0"]
    read = [(name, raw, _seconds(raw, now)) for name, raw, _ in used_up or (said if limited else [])]
    yield from sorted(read, key=lambda one: -(one[2] or 0.0))


def _seconds(raw: str, now: datetime | None) -> float | None:
    """Seconds, an HTTP date, RFC 3339, a Go duration, or an epoch in seconds or milliseconds; None for anything else."""
    raw = raw.strip()
    number = _number(raw)
    if number is not None:
        if number < _EPOCH_S:
            return number
        epoch = number / 1000 if number > 1e11 else number
        return max(0.0, epoch - now.timestamp()) if now else None
    if _GO_DURATION.fullmatch(raw):
        return _go_seconds(raw)
    moment = _moment(raw)
    try:
        return max(0.0, (moment - now).total_seconds()) if moment and now else None
    except OverflowError:  # a time zone that leads out of the years 1 to 9999
        return None


def _number(raw: str) -> float | None:
    return float(raw) if re.fullmatch(_NUMBER, raw.strip()) else None


def _go_seconds(raw: str) -> float:
    return sum(float(number) * _UNITS_S[unit] for number, unit in _GO_PART.findall(raw))


def _moment(raw: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(raw)
    except ValueError:
        try:
            moment = datetime.fromisoformat(raw)
        except ValueError:
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_message(text: str) -> float | None:
    if found := _IN_GO.search(text):
        return _go_seconds(found.group(1))
    if found := _IN_WORDS.search(text):
        unit = found.group(2)
        name = "ms" if unit.startswith(("ms", "milli")) else "mi" if unit.startswith("min") else unit[0]
        return float(found.group(1)) * _WORD_UNITS_S[name]
    return None


def _until(seconds: float, now: datetime | None) -> str:
    """The moment itself, for waits long enough that one would do something else."""
    if now is None or seconds < 600:
        return ""
    try:
        moment = now.astimezone(UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return ""
    return f"{moment:%H:%M} UTC" if seconds < 43200 else f"{moment:%Y-%m-%d %H:%M} UTC"
