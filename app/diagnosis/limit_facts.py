"""Facts of limits: when the endpoint can be asked again, which limit it was, and whether waiting is of use at all."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property

import msgspec

from app.diagnosis.body_facts import DOCUMENT_BYTES
from app.diagnosis.error_facts import ErrorFacts
from app.diagnosis.retry_after import RetryAfter, Told, binding, retry_after
from app.diagnosis.server_facts import HeadFacts
from app.diagnosis.waits.body import ErrorBody, Violation, read_limits
from app.diagnosis.waits.limits import plan_windows, rate_limits
from app.diagnosis.waits.times import Clock
from app.exchange.exchange import Exchange
from app.exchange.timing import start_ns
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, MarkName
from app.stream.sse import SseParser
from app.text.json_text import decode_json

_FRAMED_EVENTS = 8
_LATE_S = 1.0  # an answer that took less counts as said at once
_TOKENS_PER_TIME = r"tokens? per (?:min|day|hour)|\(tp[md]\)|\| tokens \||token rate limit|\btpm\b|token.{0,12}(?:每|限制|上限)"
_LIMIT_AND_REQUESTED = r"limit:? ?(\d[\d,]*)\b[^a-z]{0,4}(?:(?:current|used):? ?[\d,]+[^a-z]{0,4})?requested:? ?(\d[\d,]*)"
_ALONE = r"request too large|request is too large|单次请求.{0,20}超"
_LIMIT_ZERO = r"\blimit:? ?0(?![\d.,]*\d)(?! ?/)(?! (?:(?:requests?|tokens?) )?(?:remain|left|of\b|per\b))"
_WINDOW_WORDS = (
    (r"\b(?:5|five)[ -]?h(?:ou)?rs?\b|5 ?小时", "five_hour"),
    (r"\bweekly\b|\b(?:7|seven)[ -]days?\b|每周|7 ?天", "seven_day"),
)
_OF_A_DAY = r"\bper[ -]day\b|\b[rt]pd\b|\bdaily\b|\b24 ?h(?:ours?)?\b|24 ?小时|每日|每天|当日|當日|1 ?日あたり"
_PERIODS = {"minute": "PerMinute", "hour": "PerHour", "day": "PerDay"}


class Alone(msgspec.Struct, frozen=True):
    """A request that alone is larger than a rate limit for tokens; None for what is not said."""

    limit: int | None = None
    requested: int | None = None


class Quota(msgspec.Struct, frozen=True):
    """A quota of Google's that was passed: so many of `unit` ("requests", "tokens") in a `period`.

    "" and None where that is not said.
    """

    count: int | None = None
    unit: str = ""
    period: str = ""
    free: bool = False


class LimitFacts:
    """What an endpoint that refused says of its limits.

    Attributes:
        limited: the status or the error's words say that a limit is why.
    """

    def __init__(self, exchange: Exchange, head: HeadFacts, error: ErrorFacts, status: int, *, limited_by_words: bool) -> None:
        self._exchange, self._head, self._error, self._status = exchange, head, error, status
        self.limited = status == 429 or limited_by_words or (status < 500 and error.is_told and 429 in self._said.statuses)

    @cached_property
    def _said(self) -> ErrorBody:
        return read_limits(self._value())

    def _value(self) -> object:
        """The JSON that tells the error: the event's, else the body's; None for none."""
        reading, events = self._error.reading, self._exchange.events
        if reading is not None and reading.event is not None and reading.event < len(events):
            return _json(events.event(reading.event).data)
        body = bytes(self._exchange.decoded.data[:DOCUMENT_BYTES])
        if not body.lstrip()[:6].startswith((b"data:", b"event:")):
            return _json(body)
        framed = SseParser().feed(body.lstrip() + b"\n\n")
        return [_json(event.data) for event in framed[:_FRAMED_EVENTS]]

    # -- when again ---------------------------------------------------------------------------------------------------

    @cached_property
    def again(self) -> RetryAfter | None:
        """When the endpoint says it can be tried again; None where it says nothing."""
        head, body = self._clocks()
        text, message = self._error.text, self._error.message
        return retry_after(Told(self._head.headers, self._said, message, text, head, body, self.limited))

    def _clocks(self) -> tuple[Clock, Clock]:
        """Of the head, and of the error, which in a stream comes later."""
        recording = self._exchange.recording
        ended_s, head_s = _seconds_from_start(recording)
        late_s = ended_s - head_s if ended_s - head_s >= _LATE_S else 0.0
        at = _date(self._head.header("date")) or _after(_iso(recording.envelope.started_utc), head_s)
        return Clock(at, late_s), Clock(_after(at, late_s))

    # -- of what use it is --------------------------------------------------------------------------------------------

    @cached_property
    def alone(self) -> Alone | None:
        """The request, where it alone is larger than a rate limit for tokens; None where it is not."""
        if not (self.limited or self._status == 413) or not self._error.is_told:
            return None
        if found := self._error.matches(_LIMIT_AND_REQUESTED):
            limit, requested = (int(number.replace(",", "")) for number in found.groups())
            return Alone(limit, requested) if requested > limit > 0 else None
        if not self._error.matches(_TOKENS_PER_TIME):
            return None
        if self._status == 413 or self._error.matches(_ALONE):
            return Alone()
        named = [one for one in binding(rate_limits(self._head.headers), self._error.text) if "tokens" in one.kind]
        unused = [one for one in named if one.left is not None and one.most is not None and one.left >= one.most > 0]
        return Alone(int(min(one.most or 0 for one in unused))) if unused and len(unused) == len(named) else None

    @cached_property
    def none_at_all(self) -> bool:
        """Whether the quota is 0."""
        if not self.limited:
            return False
        by_policy = any(one.name == "ratelimit" and one.left == one.most == 0 for one in rate_limits(self._head.headers))
        by_details = any(one.value == "0" for one in self._said.violations)
        return by_policy or by_details or self._error.matches(_LIMIT_ZERO) is not None

    @cached_property
    def quota(self) -> Quota | None:
        """Google's quota that was passed, that with the longest period; None where the error names none."""
        if not self.limited:
            return None
        quotas = [_quota(one) for one in self._said.violations] or [*self._in_words()]
        return max(quotas, key=lambda one: list(_PERIODS).index(one.period) if one.period else -1, default=None)

    def _in_words(self) -> list[Quota]:
        found = self._error.matches(
            r"quota exceeded for (?:quota )?metric:? ['\"]?([a-z0-9_./ -]+?)['\"]?,? (?:and )?limit:? ?(\d+)"
        )
        return [_quota(Violation("", found[1], found[2]))] if found else []

    @property
    def of_a_day(self) -> bool:
        """Whether the error names a limit of a day."""
        return self.limited and self._error.matches(_OF_A_DAY) is not None

    @property
    def window(self) -> str:
        """The subscription's window that is closed: "five_hour", "seven_day", another name of the endpoint's; "" for none."""
        if self.again is not None and self.again.window:
            return self.again.window
        closed = [one.window for one in plan_windows((*self._head.headers, *self._said.headers)) if one.left == 0]
        return closed[0] if closed and self.limited else ""

    @property
    def told_window(self) -> str:
        """The window that is closed, by the headers or else by the error's words; "" where neither names one."""
        named = (name for words, name in _WINDOW_WORDS if self._error.matches(words))
        return self.window.replace("plan", "") or next(named, "")

    @property
    def plan(self) -> str:
        """The subscription's name, "" where it is not said."""
        return self._said.plan


def _quota(one: Violation) -> Quota:
    named = f"{one.quota_id} {one.metric}".lower()
    unit = "tokens" if "token" in named else "requests" if "request" in named else ""
    period = next((name for name, word in _PERIODS.items() if word.lower() in named.replace("_", "")), "")
    count = int(one.value) if one.value.isdecimal() and len(one.value) < 16 else None
    return Quota(count, unit, period, "freetier" in named.replace("_", ""))


def _json(data: bytes) -> object:
    with suppress(ValueError):
        return decode_json(data)
    return None


def _seconds_from_start(recording: Recording) -> tuple[float, float]:
    """How long after its start the exchange ended, and its head was there (the end's where that is not known); else 0."""
    end, start, head = recording.end, start_ns(recording), recording.marks.get(MarkName.HEAD_END)
    if end is None or end.ns == NO_STAMP or start is None:
        return 0.0, 0.0
    ended_s = max(0.0, (end.ns - start) / 1e9)
    return ended_s, ended_s if head is None or head == NO_STAMP else min(ended_s, max(0.0, (head - start) / 1e9))


def _after(moment: datetime | None, seconds: float) -> datetime | None:
    with suppress(OverflowError):
        return None if moment is None else moment + timedelta(seconds=seconds)
    return None


def _date(raw: str) -> datetime | None:
    with suppress(ValueError, OverflowError):
        return parsedate_to_datetime(raw).astimezone(UTC)
    return None


def _iso(raw: str) -> datetime | None:
    with suppress(ValueError):
        moment = datetime.fromisoformat(raw)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
