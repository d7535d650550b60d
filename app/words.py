"""Numbers as people read them: one spelling of times, tokens and money for the window, the terminal and the report."""

from __future__ import annotations

import math

import msgspec

MINUS = "−"
DASH = "–"
THIN = " "


class Span(msgspec.Struct, frozen=True):
    """A piece of a sentence; `strong` pieces carry the figures."""

    text: str
    strong: bool = False


def grouped(value: float, decimals: int = 0) -> str:
    """Thousands apart by a thin space: `1 024`."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace("-", MINUS)


def milliseconds(ms: float | None) -> str:
    """`612 ms`, `1 024 ms`; one decimal below 10; a dash for None."""
    if ms is None:
        return DASH
    return f"{grouped(ms, 1 if 0 < abs(ms) < 10 else 0)} ms"


def seconds(ms: float | None) -> str:
    """Milliseconds as `2.31 s`, below a second as `612 ms`; a dash for None."""
    if ms is None:
        return DASH
    if abs(ms) < 1000:
        return milliseconds(ms)
    return f"{grouped(ms / 1000, 2 if abs(ms) < 100_000 else 0)} s"


def signed(text: str, value: float) -> str:
    """A difference with its sign in front: `+412 ms`."""
    return f"+{text}" if value > 0 else text


def count(value: int | None) -> str:
    """`1 024`; a dash for None, which is "not said"."""
    return DASH if value is None else grouped(value)


def usd(value: float | None) -> str:
    """`$0.0015`: four decimals below a dollar, two significant digits below a hundredth of a cent; a dash for None."""
    if value is None:
        return DASH
    if value and abs(value) < 0.0001:
        return f"${value:.{min(12, 1 - math.floor(math.log10(abs(value))))}f}"
    return f"${value:.4f}" if abs(value) < 1 else f"${value:,.2f}".replace(",", THIN)


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def byte_size(size: int) -> str:
    """`118 bytes`, `1.4 kB`, `12.3 MB` (powers of ten)."""
    if size < 1000:
        return plural(size, "byte")
    if size < 1_000_000:
        return f"{size / 1000:.1f} kB"
    return f"{size / 1_000_000:.1f} MB"
