"""Regular expressions that are compiled when they are first needed: each takes the window's start up to a millisecond."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache


def late(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Callable[[], re.Pattern[str]]:
    """What gives the compiled pattern: `_DIGITS = late(r"\\d+")`, then `_DIGITS().search(text)`."""
    return cache(lambda: re.compile(pattern, flags))
