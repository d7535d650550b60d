"""Token counts as endpoints write them: what of a JSON value is one."""

from __future__ import annotations

MAX_COUNT = (1 << 53) - 1  # up to here JSON's numbers are exact, whatever reads them; no answer has a millionth of it


def as_count(value: object) -> int | None:
    """A whole number of tokens, from 0 to `MAX_COUNT`; None for anything else. 20.0 is one: JSON has only one kind of number.

    A larger one would not fit into the floating-point numbers that prices and figures are made with.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT else None
