"""When to try again, in every form endpoints say it, and which of several counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.diagnosis.retry_after import SOURCES, RetryAfter, Told, retry_after
from app.diagnosis.waits.body import read_limits
from app.diagnosis.waits.times import Clock

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = "2026-11-21T12:01:30Z"
EPOCH = int(NOW.timestamp())


def told(
    headers: dict[str, str],
    message: str = "",
    body: object = None,
    *,
    now: datetime | None = NOW,
    limited: bool = True,
    late_s: float = 0.0,
) -> RetryAfter | None:
    """What is made of an answer's headers, its error's words and its JSON."""
    clock = Clock(now, late_s)
    return retry_after(
        Told(tuple(headers.items()), read_limits(body), message, message.lower(), clock, Clock(now), limited),
    )


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"Retry-After": "20"}, "", 20.0),
        ({"retry-after": "0"}, "", 0.0),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"retry-after": "Sat, 21 Nov 2026 12:05:00 GMT"}, "", 300.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, "", 0.0),  # past: at once
        ({"retry-after": str(EPOCH + 20)}, "", 20.0),
        ({"retry-after-ms": "1500", "retry-after": "99"}, "", 1.5),
        ({"retry-after": "soon"}, "Please try again in 1.242s.", 1.242),
        ({"retry-after": "20"}, "Please try again in 6m0s.", 20.0),
        ({"retry-after": "0"}, "Please try again in 6m0s.", 360.0),  # a time to come before one that is past
        ({"llm_provider-retry-after": "7"}, "", 7.0),
        ({"llm_provider-retry-after": "7", "retry-after": "20"}, "", 20.0),  # the relay's own first
        ({"llm_provider-x-ratelimit-reset-tokens": "7s", "llm_provider-x-ratelimit-remaining-tokens": "0"}, "", 7.0),
        ({}, "Please try again in 6m0s. Visit us.", 360.0),
        ({"x-ratelimit-reset-requests": "6m0s"}, "", 360.0),
        (
            {
                "x-ratelimit-reset-requests": "6m0s",
                "x-ratelimit-remaining-requests": "3",
                "x-ratelimit-reset-tokens": "12ms",
                "x-ratelimit-remaining-tokens": "0",
            },
            "",
            0.012,  # only the limit that is used up counts
        ),
        (
            {
                "x-ratelimit-reset-requests": "6m0s",
                "x-ratelimit-remaining-requests": "9998",
                "x-ratelimit-reset-tokens": "8s",
                "x-ratelimit-remaining-tokens": "2000",
            },
            "Rate limit reached on tokens per min (TPM): Limit 30000, Used 28000, Requested 5000.",
            8.0,  # the limit that the error names, though something of it is left
        ),
        ({"anthropic-ratelimit-requests-reset": LATER, "anthropic-ratelimit-requests-remaining": "0"}, "", 90.0),
        (
            {"anthropic-ratelimit-requests-reset": LATER, "anthropic-ratelimit-input-tokens-reset": "2026-11-21T12:00:20Z"},
            "would exceed your organization's rate limit of 30,000 input tokens per minute",
            20.0,
        ),
        ({"x-ratelimit-reset": str(EPOCH + 45)}, "", 45.0),
        ({"x-ratelimit-reset": str((EPOCH + 45) * 1000)}, "", 45.0),
        ({"x-ratelimit-reset-after": "4.5", "x-ratelimit-remaining": "0"}, "", 4.5),
        ({"x-ratelimit-reset-ms": "4500"}, "", 4.5),
        ({"x-ratelimit-reset-requests-day": "33011.4", "x-ratelimit-remaining-requests-day": "0"}, "", 33011.4),
        ({"ratelimit-reset": "17"}, "", 17.0),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "9s"}, "", 9.0),  # the latest, where none is used up
        ({"ratelimit": '"default";r=0;t=45', "ratelimit-policy": '"default";q=100;w=60'}, "", 45.0),
        ({"ratelimit": '"burst";r=8;t=60, "day";r=0;t=3600'}, "", 3600.0),
        ({"ratelimit": "default;r=0;t=45"}, "", 45.0),
        ({"ratelimit": "limit=100, remaining=0, reset=45", "ratelimit-policy": "100;w=60"}, "", 45.0),
        ({"x-codex-primary-used-percent": "100", "x-codex-primary-reset-after-seconds": "9569"}, "", 9569.0),
        (
            {
                "x-codex-primary-used-percent": "100",
                "x-codex-primary-reset-after-seconds": "60",
                "x-codex-secondary-used-percent": "100",
                "x-codex-secondary-reset-at": str(EPOCH + 9000),
            },
            "",
            9000.0,  # both must have come
        ),
        (
            {
                "anthropic-ratelimit-unified-status": "rejected",
                "anthropic-ratelimit-unified-reset": str(EPOCH + 3600),
                "retry-after": "5",
            },
            "",
            3600.0,  # till then all is refused, whatever the header says
        ),
        (
            {
                "anthropic-ratelimit-unified-status": "rejected",
                "anthropic-ratelimit-unified-reset": str(EPOCH + 3600),
                "anthropic-ratelimit-unified-overage-status": "rejected",
                "anthropic-ratelimit-unified-overage-reset": str(EPOCH + 900_000),
            },
            "",
            3600.0,  # what is paid for beside it opens no window
        ),
    ],
)
def test_seconds(headers: dict[str, str], message: str, seconds: float) -> None:
    found = told(headers, message)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-reset-requests": "6m0s", "x-ratelimit-remaining-requests": "3"},  # it is not this limit
        {"anthropic-ratelimit-unified-status": "allowed", "anthropic-ratelimit-unified-reset": str(EPOCH + 3600)},
        {"x-codex-primary-used-percent": "12", "x-codex-primary-reset-after-seconds": "9569"},
        {"ratelimit": '"default";r=50;t=45'},
        {"ratelimit": '"default";r=0'},
        {"ratelimit": '";;,="'},
        {"x-ratelimit-reset": "soon"},
        {"x-ratelimit-reset-requests-day": "33011", "x-ratelimit-remaining-requests-day": "14000"},
        {},
    ],
)
def test_what_says_nothing_of_when(headers: dict[str, str]) -> None:
    assert told(headers, "Overloaded. I try again and again in vain, 5 times") is None


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("Requests per minute limit exceeded", None),  # of the minute's limit nothing is said, and of the day's much is left
        ("Tokens per minute limit exceeded", 11.5),
        ("Tokens per day limit exceeded", 33011.0),
        ("Requests per day limit exceeded", None),
    ],
)
def test_the_limit_of_another_period_is_not_why(message: str, seconds: float | None) -> None:
    headers = {
        "x-ratelimit-remaining-requests-day": "14000",
        "x-ratelimit-reset-requests-day": "33011",
        "x-ratelimit-remaining-tokens-minute": "900",
        "x-ratelimit-reset-tokens-minute": "11.5",
        "x-ratelimit-remaining-tokens-day": "900",
        "x-ratelimit-reset-tokens-day": "33011",
    }
    found = told(headers, message)
    assert (found and found.seconds) == seconds


def test_a_limit_that_is_not_why_says_nothing_of_when() -> None:
    headers = {"x-ratelimit-reset": "60", "x-ratelimit-remaining": "0", "x-codex-primary-reset-after-seconds": "9"}
    assert told(headers, limited=False) is None
    assert told({**headers, "retry-after": "5"}, limited=False) is not None


@pytest.mark.parametrize("raw", ["soon", "-5", "NaN", "", "1e9", "٣", "9" * 400, "Sat, 99 Foo 2026", "99999999999"])
def test_nonsense_is_named_and_never_waited_for(raw: str) -> None:
    for found in (told({"retry-after": raw}, now=None), told({"retry-after": raw})):
        assert found is not None
        assert (found.seconds, found.until, found.raw) == (None, "", raw)


def test_a_moment_counts_without_a_clock() -> None:
    found = told({}, body={"error": {"resets_at": EPOCH + 9568}}, now=None)
    assert found is not None
    assert (found.seconds, found.until) == (None, "2026-11-21 14:39 UTC")
    both = told({}, body={"error": {"resets_at": EPOCH + 9568, "resets_in_seconds": 9568}}, now=None)
    assert both is not None
    assert (both.seconds, both.until) == (9568.0, "2026-11-21 14:39 UTC")


@pytest.mark.parametrize(
    ("raw", "until"), [("60", ""), ("3600", "13:00 UTC"), ("43200", "2026-11-22 00:00 UTC"), ("86400", "2026-11-22 12:00 UTC")]
)
def test_the_moment_of_long_waits_is_known(raw: str, until: str) -> None:
    found = told({"retry-after": raw})
    assert found is not None
    assert found.until == until


def test_what_the_head_said_counts_from_the_head() -> None:
    late = told({"retry-after": "60"}, late_s=20.0)
    assert late is not None
    assert late.seconds == 40.0
    at = told({"retry-after": "Sat, 21 Nov 2026 12:01:00 GMT"}, late_s=20.0)
    assert at is not None
    assert at.seconds == 40.0


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({"error": {"resets_in_seconds": 529498, "resets_at": EPOCH + 529498}}, 529498.0),
        (
            {"type": "error", "error": {"resets_in_seconds": "9568"}, "headers": {"X-Codex-Primary-Reset-After-Seconds": "3"}},
            9568,
        ),
        (
            {"error": {}, "headers": {"x-codex-primary-used-percent": "100", "x-codex-primary-reset-after-seconds": ["99"]}},
            99.0,
        ),
        ({"error": {"metadata": {"headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": f"{EPOCH + 30}000"}}}}, 30.0),
        ([{"error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]}}], 34.5),
        ({"error": {"details": [{"retryDelay": {"seconds": 34}}]}}, 34.0),
        ({"error": {"message": 'litellm.RateLimitError: x - {"error": {"retry_after": 12}}'}}, 12.0),
        ({"retry_after_ms": 1500}, 1.5),
        ({"error": {"code": "model_cooldown", "reset_seconds": 123, "reset_time": "2m3s"}}, 123.0),
        ({"response": {"error": {"message": "Please try again in 11.054s."}}}, 11.054),
        ({"detail": "限流，请在 30 秒后重试"}, 30.0),
    ],
)
def test_fields_and_words_of_the_body(body: object, seconds: float) -> None:
    found = told({}, body=body)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no", "input": {"retry_after": 5, "message": "try again in 5 s"}}},
        {"error": {"retry_after": None, "resets_at": True, "reset_time": "noon", "retry_delay": [], "retry_in": {}}},
        ["a", 1, None],
        "try again in 5 s",
    ],
)
def test_what_was_asked_and_what_is_no_time_says_nothing(body: Any) -> None:
    assert told({}, body=body) is None


def test_each_source_counts_before_the_next() -> None:
    """One answer that says it in every way: what is left out one after the other, the weightiest first."""
    headers = {
        "anthropic-ratelimit-unified-5h-status": "rejected",
        "anthropic-ratelimit-unified-5h-reset": str(EPOCH + 1),
        "retry-after-ms": "2000",
        "retry-after": "3",
        "llm_provider-retry-after": "6",
        "x-ratelimit-reset": "7",
    }
    body: dict[str, Any] = {"error": {"retry_after": 4}}
    message = "Try again in 5 s"
    heard = []
    for gone in (
        "anthropic-ratelimit-unified-5h-status",
        "retry-after-ms",
        "retry-after",
        "body",
        "message",
        "llm_provider-retry-after",
        "",
    ):
        found = told(headers, message, body)
        assert found is not None
        heard.append(found.seconds)
        headers.pop(gone, None)
        body = {} if gone == "body" else body
        message = "" if gone == "message" else message
        if gone.startswith("anthropic"):
            headers.pop("anthropic-ratelimit-unified-5h-reset")
    assert heard == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert len(SOURCES) == len(heard)
