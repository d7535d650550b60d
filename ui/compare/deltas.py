"""B minus A in words: in the unit and with the digits of the larger of the two, and on which side there is more.

It is the difference of the two figures as they are shown: rounded apart from them, it would be another one in every fourth run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.text import numbers

if TYPE_CHECKING:
    from app.recording.records import SideName
    from app.run.differences import Difference


class Delta(msgspec.Struct, frozen=True):
    """A difference as it is shown.

    Attributes:
        text: with its sign, in `unit` ("" for none or where it stands in the text).
        more: the side that has more. worse: that is always the worse one, and by more than is noise.
        other_unit: B's own figure is shown in another unit.
    """

    text: str
    unit: str
    more: SideName
    worse: bool
    other_unit: bool = False

    @property
    def words(self) -> str:
        """With its unit."""
        return f"{self.text} {self.unit}".rstrip()


def of_time(difference: Difference | None, *, in_seconds: bool = False) -> Delta | None:
    """A time, from one (ten) seconds on in seconds; None where nothing of it would be seen."""
    if difference is None:
        return None
    limit_ms, larger = 1_000 if in_seconds else 10_000, max(abs(difference.a), abs(difference.b))
    apart_ms = numbers.shown_apart(difference.a, difference.b, limit_ms)
    if numbers.reaches(larger, limit_ms):
        other = not numbers.reaches(difference.b, limit_ms)
        return _made(difference, numbers.grouped(apart_ms / 1000, 2), "s", other_unit=other)
    return _made(difference, numbers.grouped(apart_ms, 1 if larger < 9.95 else 0), "ms")


def of_rate(difference: Difference | None) -> Delta | None:
    """Tokens a second, as finely as the slower of the two is shown."""
    if difference is None:
        return None
    a, b = (round(one, numbers.rate_decimals(one)) for one in (difference.a, difference.b))
    return _made(difference, numbers.grouped(b - a, numbers.rate_decimals(min(difference.a, difference.b))), "tok/s")


def of_count(difference: Difference | None) -> Delta | None:
    """Tokens."""
    return None if difference is None else _made(difference, numbers.grouped(round(difference.value)), "")


def of_cost(difference: Difference | None) -> Delta | None:
    """Dollars."""
    if difference is None:
        return None
    a, b = (round(one, numbers.usd_decimals(one)) for one in (difference.a, difference.b))
    text = numbers.usd(abs(b - a), max(abs(difference.a), abs(difference.b)))
    return _made(difference, (numbers.MINUS if difference.value < 0 else "") + text, "")


def _made(difference: Difference, text: str, unit: str, *, other_unit: bool = False) -> Delta | None:
    value, less = difference.value, difference.less_is_better
    if not text.strip("$0." + numbers.MINUS):
        return None
    worse = less is not None and (value > 0) == less
    return Delta(numbers.signed(text, value), unit, "b" if value > 0 else "a", worse, other_unit)
