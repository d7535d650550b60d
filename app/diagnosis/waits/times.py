"""Lengths of time and moments in every form in which endpoints write them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

YEAR_S = 366 * 86400.0
UNITS_S = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
NUMBER = r"[0-9]{1,15}(?:\.[0-9]{1,9})?"
GO_DURATION = rf"(?:{NUMBER}(?:ms|us|µs|ns|d|h|m|s))+(?![a-z0-9])"
_NUMBER = re.compile(NUMBER)
_GO_DURATION = re.compile(GO_DURATION)
_GO_PART = re.compile(rf"({NUMBER})(ms|us|µs|ns|d|h|m|s)")
_EPOCH_S = 1e9  # a bare number above it is a moment, not a length
_EPOCH_MS = 1e11


class Time(msgspec.Struct, frozen=True):
    """A length in seconds, or a moment; the other is None until `Clock.both` fills it in."""

    seconds: float | None = None
    moment: datetime | None = None


class Clock(msgspec.Struct, frozen=True):
    """When something was said, by the endpoint's clock where that is known: `at`, None where nothing tells.

    `late_s` is how long after that the exchange ended, from which waits are counted.
    """

    at: datetime | None = None
    late_s: float = 0.0

    def both(self, time: Time) -> Time:
        """The time as both: seconds from the exchange's end on, not below 0, and the moment; None for what can't be told."""
        moment = _later(self.at, time.seconds) if time.moment is None else time.moment
        seconds = time.seconds
        try:
            if seconds is None and moment is not None and self.at is not None:
                seconds = (moment - self.at).total_seconds()
        except OverflowError:  # a time zone that leads out of the years 1 to 9999
            seconds = None
        return Time(None if seconds is None else max(0.0, seconds - self.late_s), moment)


def read_time(raw: str, unit_s: float = 1.0) -> Time | None:
    """A length in units of `unit_s`, a Go duration, an HTTP date, RFC 3339, or an epoch in seconds or milliseconds.

    None for anything else, and for what is more than a year.
    """
    raw = raw.strip().strip('"')
    if _NUMBER.fullmatch(raw):
        return _of_number(float(raw), unit_s)
    if _GO_DURATION.fullmatch(raw):
        return _length(go_seconds(raw))
    moment = _moment(raw)
    return Time(moment=moment) if moment else None


def go_seconds(raw: str) -> float:
    """Seconds of `6m0s`, `1h2m3.5s`, `864ms`."""
    return sum(float(number) * UNITS_S[unit] for number, unit in _GO_PART.findall(raw))


def _of_number(number: float, unit_s: float) -> Time | None:
    if number < _EPOCH_S:
        return _length(number * unit_s)
    try:
        return Time(moment=datetime.fromtimestamp(number / 1000 if number > _EPOCH_MS else number, UTC))
    except (OverflowError, ValueError, OSError):
        return None


def _length(seconds: float) -> Time | None:
    return Time(seconds) if seconds <= YEAR_S else None


def _moment(raw: str) -> datetime | None:
    """An HTTP date, or RFC 3339; None for one without a zone, which is not guessed: relays write the time of where they are."""
    try:
        moment = parsedate_to_datetime(raw)  # naive for the zone -0000, which is UTC
    except ValueError:
        with suppress(ValueError):
            moment = datetime.fromisoformat(raw)
            return moment if moment.tzinfo else None
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _later(moment: datetime | None, seconds: float | None) -> datetime | None:
    try:
        return None if moment is None or seconds is None else moment.astimezone(UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return None


def shown_moment(moment: datetime, now: datetime | None) -> str:
    """`11:00 UTC`; with its date where that is not today's, or today is not known; "" for one out of all bounds."""
    try:
        moment = moment.astimezone(UTC)
        today = now is not None and now.astimezone(UTC).date() == moment.date()
    except (OverflowError, ValueError):
        return ""
    return f"{moment:%H:%M} UTC" if today else f"{moment:%Y-%m-%d %H:%M} UTC"
