"""What a benchmark gives back: figures, each beside its floor or peer, and whether it reaches what it must."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a bound is held against: the value itself, or its ratio to what stands beside it."""

    MOST = "<="
    EQUAL = "="
    MOST_TIMES = "<= x"
    LEAST_TIMES = ">= x"


class Must(msgspec.Struct, frozen=True):
    """What a figure has to reach."""

    kind: Kind
    bound: float


def most(bound: float) -> Must:
    """The value is at most this."""
    return Must(Kind.MOST, bound)


def exactly(bound: float) -> Must:
    """The value is this: counts, of which none may be lost."""
    return Must(Kind.EQUAL, bound)


def most_times(bound: float) -> Must:
    """The value is at most so many times what stands beside it."""
    return Must(Kind.MOST_TIMES, bound)


def least_times(bound: float) -> Must:
    """The value is at least so many times what stands beside it."""
    return Must(Kind.LEAST_TIMES, bound)


class Row(msgspec.Struct, frozen=True):
    """One figure.

    `beside` names the floor or peer of the same run, `floor` is its value, both empty where there is none. `ratio` is the value
    over the floor; a benchmark that pairs its repetitions gives the median of the pairs' ratios instead. Without `must` the
    figure is there to be read.
    """

    figure: str
    value: float
    unit: str
    beside: str = ""
    floor: float | None = None
    must: Must | None = None
    paired_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """The value over what stands beside it; None where nothing does."""
        if self.paired_ratio is not None:
            return self.paired_ratio
        return self.value / self.floor if self.floor else None

    @property
    def reached(self) -> bool:
        """Whether the figure is what it must be."""
        if self.must is None:
            return True
        ratio = math.nan if self.ratio is None else self.ratio  # never reached: nan compares false
        match self.must.kind:
            case Kind.MOST:
                return self.value <= self.must.bound
            case Kind.EQUAL:
                return self.value == self.must.bound
            case Kind.MOST_TIMES:
                return ratio <= self.must.bound
        return ratio >= self.must.bound

    @property
    def must_text(self) -> str:
        """The bound in words, "" for none."""
        if self.must is None:
            return ""
        bound = number(self.must.bound)
        match self.must.kind:
            case Kind.MOST:
                return f"<= {bound} {self.unit}".rstrip()
            case Kind.EQUAL:
                return f"= {bound}"
            case Kind.MOST_TIMES:
                return f"<= {bound} x"
        return f">= {bound} x"


def number(value: float) -> str:
    """Three digits that matter, thousands grouped."""
    if value != value:
        return "?"
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}".replace(",", " ")
    digits = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    return f"{value:,.{digits}f}".replace(",", " ")


def as_table(results: Iterable[tuple[str, Sequence[Row]]]) -> str:
    """All rows as a table that is Markdown too."""
    lines: list[tuple[str, ...]] = [("benchmark", "figure", "value", "beside", "", "ratio", "must", "")]
    for name, rows in results:
        lines += [_cells(name, row) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    )


def _cells(name: str, row: Row) -> tuple[str, ...]:
    floor = f"{number(row.floor)} {row.unit}".rstrip() if row.floor is not None else ""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    verdict = "" if row.must is None else "reached" if row.reached else "NOT REACHED"
    return (name, row.figure, f"{number(row.value)} {row.unit}".rstrip(), row.beside, floor, ratio, row.must_text, verdict)


def as_json(results: Iterable[tuple[str, Sequence[Row]]]) -> list[dict[str, object]]:
    """All rows as objects."""
    return [
        {
            "benchmark": name,
            **msgspec.to_builtins(row),
            "ratio": row.ratio,
            "must": row.must_text or None,
            "reached": row.reached,
        }
        for name, rows in results
        for row in rows
    ]


def percentile(values: Iterable[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` (0 to 1) of the values do not exceed; nan without values."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def median(values: Iterable[float]) -> float:
    """The middle value by nearest rank."""
    return percentile(values, 0.5)


Benchmark = Callable[[bool], list[Row]]
"""`run(short)` of a benchmark's module."""
