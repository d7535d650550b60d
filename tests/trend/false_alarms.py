"""How often a trend in which nothing changed gives an alarm: `python -m tests.trend.false_alarms [COUNT]`."""

from __future__ import annotations

import sys
from datetime import UTC
from random import Random

from app.trend.trend import trend_of
from tests.trend.test_trend import noise


def main(count: int) -> None:
    for days in (8, 15, 30):
        random = Random(days)
        alarms = sum(bool(trend_of(noise(random, days), "Relay", zone=UTC).changes) for _ in range(count))
        sys.stdout.write(f"{days} days: {alarms} of {count} trends without a change have an alarm, {alarms / count:.1%}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
