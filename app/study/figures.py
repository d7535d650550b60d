"""Figures of studies as they are written everywhere: in the window's table and in reports."""

from __future__ import annotations

from app.text import numbers
from app.text.sentences import message, tr

FEW = message("too few pairs")


def value_text(value: float | None) -> str:
    """A value without its unit, which is said once, in a head or a title; small ones have a decimal."""
    if value is None:
        return numbers.DASH
    return numbers.grouped(value, 1 if 0 < abs(value) < 9.95 else 0)


def difference_text(value: float) -> str:
    """A difference with its sign; what rounds to 0 is `±0`."""
    text = value_text(value)
    return "±0" if not text.strip("-−0.") else numbers.signed(text, value)


def between_text(low: float, high: float) -> str:
    """`+151 to +214`."""
    return tr("{low} to {high}", low=difference_text(low), high=difference_text(high))


def steps_unit(*, open_loop: bool) -> str:
    """What a step of a load is counted in."""
    return tr("requests a second" if open_loop else "at once")
