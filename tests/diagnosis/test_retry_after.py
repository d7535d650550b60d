"""When to try again, in every form endpoints say it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.diagnosis.retry_after import retry_after

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = "2026-11-21T12:01:30Z"


@pytest.mark.parametrize(
    ("headers", "message", "seconds"),
    [
        ({"Retry-After": "20"}, "", 20.0),
        ({"retry-after": "0"}, "", 0.0),
        ({"retry-after": "1.5"}, "", 1.5),
        ({"retry-after": "Sat, 21 Nov 2026 12:05:00 GMT"}, "", 300.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, "", 0.0),  # past: at once
        ({"retry-after-ms": "1500", "retry-after": "99"}, "", 1.5),
        ({"retry-after": "soon"}, "Please try again in 1.242s.", 1.242),
        ({"llm_provider-retry-after": "7"}, "", 7.0),
        ({"llm_provider-retry-after": "7", "retry-after": "20"}, "", 20.0),  # the relay's own first
        ({}, "Please try again in 6m0s. Visit us.", 360.0),
        ({}, "Rate limited. Retry after 30 seconds", 30.0),
        ({}, "try again in 2 minutes", 120.0),
        ({}, "Please try again in 864ms", 0.864),
        ({"x-ratelimit-reset-requests": "6m0s", "x-ratelimit-remaining-requests": "3"}, "", 360.0),
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
        ({"anthropic-ratelimit-requests-reset": LATER, "anthropic-ratelimit-requests-remaining": "0"}, "", 90.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 45)}, "", 45.0),
        ({"x-ratelimit-reset": str(int(NOW.timestamp() + 45) * 1000)}, "", 45.0),
        ({"ratelimit-reset": "17"}, "", 17.0),
        ({"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "9s"}, "", 9.0),  # the latest, where none is used up
    ],
)
def test_seconds(headers: dict[str, str], message: str, seconds: float) -> None:
    found = retry_after(tuple(headers.items()), message, NOW)
    assert found is not None
    assert found.seconds == pytest.approx(seconds)


@pytest.mark.parametrize("raw", ["soon", "-5", "NaN", "", "1e9", "٣", "9" * 400, "Sat, 99 Foo 2026", "99999999999"])
def test_nonsense_is_named_and_never_waited_for(raw: str) -> None:
    found = retry_after((("retry-after", raw),), "", None)
    assert found is not None
    assert (found.seconds, found.raw) == (None, raw)


def test_nothing_said() -> None:
    assert retry_after((), "Overloaded. I try again and again in vain, 5 times", NOW) is None


def test_the_moment_of_long_waits_is_known() -> None:
    found = retry_after((("retry-after", "3600"),), "", NOW)
    assert found is not None
    assert found.until == "13:00 UTC"
