"""Lengths and moments in the forms in which endpoints write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.diagnosis.waits.times import Clock, Time, read_time, shown_moment

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EPOCH = NOON.timestamp()


@pytest.mark.parametrize(
    ("raw", "time"),
    [
        ("12", Time(12.0)),
        (' "1.5" ', Time(1.5)),
        ("6m0s", Time(360.0)),
        ("1h2m3.5s", Time(3723.5)),
        ("864ms", Time(0.864)),
        ("2d1h", Time(176_400.0)),
        (f"{EPOCH:.0f}", Time(moment=NOON)),
        (f"{EPOCH:.0f}000", Time(moment=NOON)),
        ("Sat, 21 Nov 2026 12:00:00 GMT", Time(moment=NOON)),
        ("2026-11-21T12:00:00Z", Time(moment=NOON)),
        ("2026-11-21T20:00:00+08:00", Time(moment=NOON)),
    ],
)
def test_what_is_a_time(raw: str, time: Time) -> None:
    assert read_time(raw) == time


@pytest.mark.parametrize("raw", ["", "soon", "-5", "1e9", "5 apples", "99999999", "2026-11-21 20:00:00", "9" * 15, "1m2", "m"])
def test_what_is_none(raw: str) -> None:
    """A time of the day in a zone that is not told is none either: to guess it would be hours wrong."""
    assert read_time(raw) is None


def test_both_ways_to_say_it() -> None:
    clock = Clock(NOON, late_s=10.0)
    assert clock.both(Time(60.0)) == Time(50.0, datetime(2026, 11, 21, 12, 1, tzinfo=UTC))
    assert clock.both(Time(moment=datetime(2026, 11, 21, 12, 1, tzinfo=UTC))).seconds == 50.0
    assert clock.both(Time(5.0)).seconds == 0.0
    assert Clock().both(Time(60.0)) == Time(60.0)
    assert Clock().both(Time(moment=NOON)) == Time(None, NOON)


def test_a_moment_is_shown_with_its_date_where_that_is_another() -> None:
    assert shown_moment(NOON, NOON) == "12:00 UTC"
    assert shown_moment(NOON, None) == "2026-11-21 12:00 UTC"
    assert shown_moment(NOON, datetime(2026, 11, 20, 23, 0, tzinfo=UTC)) == "2026-11-21 12:00 UTC"
