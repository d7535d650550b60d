"""When again, in the words of an error: "Please try again in 6m0s", "Wait 475s", "请在 30 秒后重试", "resets at 09:00 UTC"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from app.diagnosis.waits.times import GO_DURATION, NUMBER, YEAR_S, Time, go_seconds, read_time
from app.text.patterns import late

_EN_UNIT = r"(?:milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?)(?![a-z])"
_ZH_UNIT = r"(?:毫秒|秒钟?|秒鐘|秒間?|分钟|分鐘|分間?|个小时|個小時|小时|小時|時間|天|日間?)"
_ZH_NUMBER = rf"(?:{NUMBER}|[一二两兩三四五六七八九十]{{1,3}})"
_EN_SPAN = rf"{NUMBER} ?-?{_EN_UNIT}(?:(?: ?, ?(?:and )?| and | )?{NUMBER} ?{_EN_UNIT}){{0,3}}"
_ZH_SPAN = rf"{_ZH_NUMBER} ?(?:{_ZH_UNIT}|{_EN_UNIT})(?: ?{_ZH_NUMBER} ?{_ZH_UNIT}){{0,3}}"
_BEHIND_CLOCK = 16  # characters in which a day may be named: "at 3pm (UTC) on Monday"
_CHARACTERS = 4000  # of a text; what comes behind is a stack, or what was asked
_ABOUT = r"(?:about |approximately |approx\.? |around |another |at least |up to |a further |~ ?)?"
# Between "try again" and its time: a few words of the same sentence, none of which tells of something that went by.
_FILLER = r"(?:[ :=(,]{1,3}(?!fail|time|took|exceed|elapse|attempt|after(?! )|gave|per\b|every\b|each\b)[a-z'_-]+){0,5}?"
_EN_AGAIN = (
    r"(?:try(?:ing)? (?:it |this |your request )?again|(?<!will )retry(?:[ _-]after|[ _-]?delay)?"
    r"|another (?:request|message|call)|resets?"
    r"|will reset|resetting|available again|be available|expected available|come back|opens? again"
    r"|be unblocked|be lifted|be unlocked|be restored|regain access|cool(?:s|ing)? down|cool-?down|refresh(?:es)?|renews?)"
)
_IN = r"[ :=(]{1,3}(?:(?:in|after|for|within|at) )?"
_PATTERNS = tuple(
    late(pattern)
    for pattern in (
        rf"\b{_EN_AGAIN}\b{_FILLER}{_IN}{_ABOUT}(?P<span>{_EN_SPAN}|{GO_DURATION})",
        rf"\b(?:please |must |to |and |, |; |[.:] ?|^)wait\b(?: for)?:? {_ABOUT}(?P<span>{_EN_SPAN}|{GO_DURATION})"
        r"(?! (?:timed|exceeded|elapsed|passed))",
        rf"\bretry[_-]after['\"]?[:=] ?['\"]?(?P<span>{NUMBER})(?! ?[a-z0-9.:-])",
        rf"\bretry_?delay['\"]?:? ?\{{? ?['\"]?seconds['\"]?[:=] ?(?P<span>{NUMBER})\b",  # of Google, as Python prints it
        rf"(?:^|[.!;:] )(?:please )?(?:in|after) {_ABOUT}(?P<span>{_EN_SPAN}|{GO_DURATION}),?"
        r" (?:you (?:can|may) |please )?(?:try again|retry)",
        rf"(?:等待|稍等|等候|冷却时间|冷卻時間|剩余时间|剩餘時間|重试时间|重置时间|剩余|剩餘|还剩|還剩)[:： 约大約]{{0,3}}"
        rf"(?P<span>{_ZH_SPAN})(?! ?(?:后|後)?[,， ]?(?:失败|失敗|超时|超時|未|仍))",
        rf"(?P<span>{_ZH_SPAN}) ?(?:之后|之後|以后|以後|后|後|内请勿|內請勿)[に、,， ]?"
        r"(?:再|重|恢复|恢復|解|可|刷新|自动|もう一度|お試し)",
        rf"(?P<span>{_ZH_SPAN}) ?(?:ほど|程度)?(?:お待ち|待って|待機)",
    )
)
_EN_PART = late(rf"({NUMBER}) ?-?({_EN_UNIT})")
_ZH_PART = late(rf"({_ZH_NUMBER}) ?({_ZH_UNIT}|{_EN_UNIT})")
_ZH_UNITS_S = {
    "毫": 1e-3,
    "秒": 1.0,
    "分": 60.0,
    "个": 3600.0,
    "個": 3600.0,
    "小": 3600.0,
    "時": 3600.0,
    "天": 86400.0,
    "日": 86400.0,
}
_EN_UNITS_S = {"m": 60.0, "s": 1.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_ZH_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2, "兩": 2}

_ZONE = r" ?(?:z|utc|gmt|[+-]\d\d:?\d\d)\b"
_FEW = _FILLER.replace("{0,5}", "{0,2}")
_MOMENT_AFTER = rf"\b(?:{_EN_AGAIN}|until)\b{_FEW}[ :=(]{{1,3}}(?:on |at |after )?"
_DATED = late(
    _MOMENT_AFTER + rf"(?P<day>\d{{4}}-\d\d-\d\d)(?:t| at |, | )(?P<clock>\d\d:\d\d(?::\d\d)?(?:\.\d{{1,9}})?)(?P<zone>{_ZONE})"
)
_RFC = late(_MOMENT_AFTER + r"(?P<date>[a-z]{3}, \d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d (?:gmt|utc|[+-]\d{4}))")
_CLOCK = late(_MOMENT_AFTER + r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>am|pm)? ?\(?(?:utc|gmt)\b")
_ZH_DATED = late(
    rf"(?P<day>\d{{4}}-\d\d-\d\d)[t ](?P<clock>\d\d:\d\d(?::\d\d)?)(?P<zone>{_ZONE}) ?\)?"
    r"(?:之后|后|後)?(?:重置|恢复|再试|重试|解除)"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_DAY = late(
    _MOMENT_AFTER
    + rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}}),? (?:at )?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d) ?(?P<half>am|pm)? ?\(?(?:utc|gmt)\b"
)
_DAY_NAMED = late(rf"\b(?:mon|tue|wed|thu|fri|sat|sun|{'|'.join(_MONTHS)}|tomorrow)")
_BAR_EPOCH = late(r"limit reached\|(\d{10})\b")


def time_in_words(text: str, now: datetime | None) -> Time | None:
    """The latest time that the text tells; None where it tells none, or none that can be read without guessing a zone."""
    lower = " ".join(text[:_CHARACTERS].lower().split())
    spans = [Time(seconds) for seconds in _spans(lower) if seconds <= YEAR_S]
    return max(spans, key=lambda one: one.seconds or 0.0) if spans else next(_moments(lower, now), None)


def _spans(text: str) -> Iterator[float]:
    for pattern in _PATTERNS:
        for found in pattern().finditer(text):
            yield _seconds(found["span"])


def _seconds(span: str) -> float:
    if re.fullmatch(NUMBER, span):
        return float(span)
    if re.fullmatch(GO_DURATION, span):
        return go_seconds(span)
    if re.search(_ZH_UNIT, span):
        return sum(_zh_number(number) * _unit_s(unit) for number, unit in _ZH_PART().findall(span))
    return sum(float(number) * _unit_s(unit) for number, unit in _EN_PART().findall(span))


def _unit_s(unit: str) -> float:
    if unit[0] in _ZH_UNITS_S:
        return _ZH_UNITS_S[unit[0]]
    return 1e-3 if unit.startswith(("ms", "milli")) else _EN_UNITS_S[unit[0]]


def _zh_number(text: str) -> float:
    if text[0].isascii():
        return float(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return float(_ZH_DIGITS.get(text[-1], 0))
    return float(10 * (_ZH_DIGITS.get(tens[-1:], 0) if tens else 1) + (_ZH_DIGITS.get(ones, 0) if ones else 0))


def _moments(text: str, now: datetime | None) -> Iterator[Time]:
    for pattern in (_DATED, _ZH_DATED):
        for found in pattern().finditer(text):
            zone = found["zone"].strip().replace("utc", "z").replace("gmt", "z").upper()
            if time := read_time(f"{found['day']}T{found['clock']}{zone}"):
                yield time
    for found in _RFC().finditer(text):
        if time := read_time(found["date"].title().replace("Gmt", "GMT").replace("Utc", "GMT")):
            yield time
    for found in _BAR_EPOCH().finditer(text):
        if time := read_time(found[1]):
            yield time
    for found in _MONTH_DAY().finditer(text):
        with suppress(ValueError):
            month = _MONTHS.index(found["month"]) + 1
            yield Time(moment=datetime(int(found["year"]), month, int(found["day"]), *_hour_and_minute(found), tzinfo=UTC))
    for found in _CLOCK().finditer(text):
        day_named = _DAY_NAMED().search(text, found.start(), found.end() + _BEHIND_CLOCK)
        if now is not None and (found["half"] or found["minute"]) and not day_named:
            yield from _next_at(found, now)


def _hour_and_minute(found: re.Match[str]) -> tuple[int, int]:
    hour = int(found["hour"])
    return hour % 12 + 12 * (found["half"] == "pm") if found["half"] else hour, int(found["minute"] or 0)


def _next_at(found: re.Match[str], now: datetime) -> Iterator[Time]:
    """The next time the clock shows this, as UTC."""
    hour, minute = _hour_and_minute(found)
    with suppress(ValueError, OverflowError):
        moment = now.astimezone(UTC).replace(hour=hour, minute=minute, second=0, microsecond=0)
        yield Time(moment=moment if moment >= now else moment + timedelta(days=1))
