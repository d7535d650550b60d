"""Numbers as people read them: one spelling of times, tokens and money for the window, the terminal and the report."""

from __future__ import annotations

import math

from app.text.translation import translated

MINUS = "−"
DASH = "–"
_BYTE, _BYTES, _PERCENT = "{n} byte", "{n} bytes", "{percent} %"
# Below so many seconds it is said in units of so many, and what is left over in smaller ones.
_LENGTHS = (
    (7_200, 60, 1, "{n} min", "{n} min {rest} s"),
    (172_800, 3_600, 60, "{n} h", "{n} h {rest} min"),
    (math.inf, 86_400, 3_600, "{n} days", "{n} days {rest} h"),
)
MESSAGES = (_BYTE, _BYTES, _PERCENT, *(words for row in _LENGTHS for words in row[3:]))
"""What is said here, for the translators: `app.text.sentences`, which fills in all else, is itself made of this."""
THIN = " "


def grouped(value: float, decimals: int = 0) -> str:
    """Thousands apart by a thin space: `1 024`. What rounds to 0 has no sign."""
    text = f"{value:,.{decimals}f}"
    if not text.strip("-0."):
        text = text.lstrip("-")
    return text.replace(",", THIN).replace("-", MINUS)


def milliseconds(ms: float | None) -> str:
    """`612 ms`, `1 024 ms`; one decimal for what stays below 10 with it; a dash for None."""
    if ms is None:
        return DASH
    return f"{grouped(ms, ms_decimals(ms))} ms"


def ms_decimals(ms: float) -> int:
    """How finely `milliseconds` shows it."""
    return 1 if 0 < abs(ms) < 9.95 else 0


def seconds(ms: float | None) -> str:
    """Milliseconds as `2.31 s`; what rounds to less than a second as `612 ms`; a dash for None."""
    if ms is None:
        return DASH
    if not reaches(ms, 1_000):
        return milliseconds(ms)
    return f"{grouped(ms / 1000, 2 if abs(ms) < 99_995 else 0)} s"


def shown_ms(ms: float, seconds_from: int = 10_000) -> float:
    """A time as one who reads it takes it: rounded as `milliseconds` does, from `seconds_from` on to hundredths of a second."""
    if reaches(ms, seconds_from):
        return 10 * float(f"{ms / 10:.0f}")
    return float(f"{ms:.{ms_decimals(ms)}f}")


def shown_apart(a_ms: float, b_ms: float, seconds_from: int = 10_000) -> float:
    """B minus A of two times as they are shown, so that whoever takes one figure from the other finds this one."""
    return round(shown_ms(b_ms, seconds_from) - shown_ms(a_ms, seconds_from), 1)


def reaches(ms: float, limit_ms: int) -> bool:
    """Whether a time is at least so many milliseconds once it is rounded to whole ones, as it is shown."""
    return abs(ms) >= limit_ms - 0.5


def rate(tokens_per_s: float) -> str:
    """`58`, `1 240`; one decimal below 10 and two below 1, so that a slow model's rate is not shown as 0."""
    return grouped(tokens_per_s, rate_decimals(tokens_per_s))


def rate_decimals(tokens_per_s: float) -> int:
    """How finely `rate` shows it."""
    return 0 if abs(tokens_per_s) >= 9.95 else 1 if abs(tokens_per_s) >= 0.995 else 2


def times(ratio: float) -> str:
    """A ratio as `1.67`; below a tenth two digits that count, `0.0031`."""
    if 0 < abs(ratio) < 0.1:
        return f"{ratio:.{min(12, 1 - math.floor(math.log10(abs(ratio))))}f}"
    return grouped(ratio, 2)


def signed(text: str, value: float) -> str:
    """A difference with its sign in front: `+412 ms`."""
    return f"+{text}" if value > 0 else text


def count(value: int | None) -> str:
    """`1 024`; a dash for None, which is "not said"."""
    return DASH if value is None else grouped(value)


def percent(value: float, decimals: int = 0) -> str:
    """Of a hundred: `79 %`, and in a language that has no space there, without."""
    return translated(_PERCENT).format(percent=grouped(value, decimals))


def usd(value: float | None, beside: float | None = None) -> str:
    """`$0.0015`: four decimals below a dollar, two significant digits below a tenth of a cent; `$0`; a dash for None.

    `beside`: as finely as that amount is shown.
    """
    if value is None:
        return DASH
    if not value and not beside:
        return "$0"
    return f"${value:,.{usd_decimals(value if beside is None else beside)}f}".replace(",", THIN)


def usd_decimals(value: float) -> int:
    """How finely `usd` shows it."""
    if value and abs(value) < 0.001:
        shown = float(f"{abs(value):.1e}")  # what rounds up to a tenth of a cent is shown as one
        return max(4, min(12, 1 - math.floor(math.log10(shown))))
    return 4 if abs(value) < 1 else 2


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def byte_size(size: int) -> str:
    """`118 bytes`, `1.4 kB`, `12.3 MB` (powers of ten)."""
    if size < 1000:
        return translated(_BYTE if size == 1 else _BYTES).format(n=size)
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1_000_000:.1f} MB"


def duration(seconds: float) -> str:
    """A length of time as people say it: `0.6 ms`, `0.5 s`, `20 s`, `6 min 20 s`, `5 h 12 min`, `6 days 3 h`."""
    if 0 < seconds < 0.01:
        return f"{float(f'{seconds * 1e3:.1g}'):g} ms"
    if seconds < 10:
        return f"{seconds:.3g} s"
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    unit, below, alone, both = next(row[1:] for row in _LENGTHS if whole < row[0])
    rest = whole % unit // below
    return translated(both if rest else alone).format(n=whole // unit, rest=rest)
