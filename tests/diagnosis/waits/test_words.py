"""When again, in words; and words with lengths of time in them that say nothing of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.diagnosis.waits.words import time_in_words

NOW = datetime(2026, 11, 13, 8, 9, 32, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Please try again in 1.242s.", 1.242),
        ("Please try again in 6m0s. Visit us.", 360),
        ("Please try again in 864ms", 0.864),
        ("Rate limited. Retry after 30 seconds", 30),
        ("Please retry after 6 seconds. Please go here: https://x.example", 6),
        ("try again in 2 minutes", 120),
        ("Retry your request in about 1 hour and 5 minutes", 3900),
        ("Try again in 5 days 3 hours 2 minutes.", 442_920),
        ("Please retry in 34.074824224s.", 34.074824224),
        ("Your quota will reset after 13h42m9s.", 49_329),
        ("your limit resets in 2 h 50 min", 10_200),
        ("All accounts limited. Wait 475s.", 475),
        ("Please wait 1 minute and 30 seconds", 90),
        ("Rate limit reached, please wait for 10 s before retrying", 10),
        ("Request was throttled. Expected available in 37 seconds.", 37),
        ("In 30 seconds you can try again", 30),
        ("You can make another request in 5 minutes", 300),
        ("limited; retry-after: 20", 20),
        ('{"retry_after": 12, "x": 1}', 12),
        ("Wait 2 s, or try again in 9 s", 9),  # the latest
        ("resets in: 1d 2h 3m", 93_780),
        ("Quota exceeded. retry_delay { seconds: 41 }", 41),
        ("retryDelay: 41s", 41),
        ("The limit will be lifted in 90 seconds", 90),
        ("模型冷却中，剩余 58 秒", 58),
        ("账号限流中，预计 3 分钟后恢复", 180),
        ("请在 30 秒后重试", 30),
        ("请等待 30 秒", 30),
        ("请 5 分钟后再试", 300),
        ("将于 2 小时后重置", 7200),
        ("请于三十秒之后重试", 30),
        ("请在十二分钟后重试", 720),
        ("请在1小时30分钟后再试", 5400),
        ("請在 30 秒後重試", 30),
        ("還需等待 12 秒", 12),
        ("冷却时间：30秒", 30),
        ("触发限流，30s后重试", 30),
    ],
)
def test_lengths(text: str, seconds: float) -> None:
    found = time_in_words(text, NOW)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("You will regain access on 2026-12-01 at 00:00 UTC.", "2026-12-01T00:00Z"),
        ("Limit resets at: 2026-11-13 09:00:00 UTC", "2026-11-13T09:00Z"),
        ("Retry after 2026-11-13T17:00:00+08:00", "2026-11-13T09:00Z"),
        ("try again at Fri, 13 Nov 2026 10:50:00 GMT", "2026-11-13T10:50Z"),
        ("Claude AI usage limit reached|1794567600", "2026-11-13T11:00Z"),
        ("Your limit will reset at 3pm (UTC).", "2026-11-13T15:00Z"),
        ("Your limit will reset at 6:30 am UTC.", "2026-11-14T06:30Z"),  # that of today is past
        ("Your quota resets on December 1, 2026 at 12:30 AM UTC", "2026-12-01T00:30Z"),
        ("限额将在 2026-11-13 18:00:00+08:00 重置", "2026-11-13T10:00Z"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    found = time_in_words(text, NOW)
    assert found is not None
    assert found.moment == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "Overloaded. I try again and again in vain, 5 times",
        "Rate limit exceeded: 20 requests per 60 seconds",
        "retry attempts failed after 30s",
        "try again later, limit is 20 requests in 1 minute",
        "Please try again later. Limit: 20 per 1 minute",
        "Connection timed out. Timeout passed=2.0, time taken=2.0 seconds",
        "upstream timed out after waiting 600 seconds",
        "queue wait for 30s exceeded",
        "resets every 5 hours",
        "upstream request timeout after 60s, please retry",
        "Request timed out, retrying in 5 s (attempt 2 of 3)",
        "Connection lost. Will retry in 10 seconds",
        "Your limit resets Monday at 3pm UTC",
        "Your limit resets at 3pm (UTC) on Monday",
        "The model resets its context after 4096 tokens",
        "Session expired after 30 minutes, please log in again",
        "请求超时，等待 60 秒后失败",
        "try again with a model released after 2026-01-01 at 10:00 UTC",
        "try again in 9999999 days",
        "resets 11am (Asia/Shanghai)",  # a zone that is not read is not guessed
        "已达到 5 小时的使用上限。您的限额将在 2026-11-13 18:00:00 重置。",
        "每5小时重置一次",
        "请稍后再试",
        "每分钟请求数超过限制，60秒内最多10次，请稍后重试",
        "重试3次后失败，耗时30秒",
        "",
    ],
)
def test_what_says_nothing_of_when(text: str) -> None:
    assert time_in_words(text, NOW) is None


def test_a_time_of_the_day_needs_a_clock() -> None:
    assert time_in_words("resets at 3pm UTC", None) is None
