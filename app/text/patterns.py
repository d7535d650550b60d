"""Regular expressions that are compiled when they are first needed: each takes the window's start up to a millisecond."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

Late = Callable[[], re.Pattern[str]]
LATE: list[Late] = []
"""All of the modules that are imported, for who has time before they are needed."""


def late(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Late:
    """What gives the compiled pattern: `_DIGITS = late(r"\\d+")`, then `_DIGITS().search(text)`."""
    made = cache(lambda: re.compile(pattern, flags))
    LATE.append(made)
    return made
