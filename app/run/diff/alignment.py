"""Two rows of pieces held against each other: which of them match, in order. Never quadratic, whatever the rows.

Exact where a window is small enough: the longest common subsequence, computed on rows of bits (Hyyrö, "Bit-parallel
LCS-length computation revisited", 2004), which takes a few machine words a piece. Larger windows are first cut at runs that
are in each row once, as patience and histogram diffs do; what can't be cut is left unmatched, and said to be."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

# Pieces of A times pieces of B that are compared exactly: 8000 against 8000 take some 30 ms and 8 MB.
EXACT_CELLS = 64_000_000
_RUNS = (8, 4, 2, 1)  # lengths of the runs at which a window is cut, the surest first
_WORK_EACH = 24  # how often a piece may be looked at for cuts


class Match(NamedTuple):
    """So many pieces of A from `a` on are those of B from `b` on."""

    a: int
    b: int
    length: int


class Alignment(NamedTuple):
    """The matches in order; `coarse`: some windows were too large to be compared exactly."""

    matches: list[Match]
    coarse: bool


def align(ours: Sequence[str], theirs: Sequence[str], exact_cells: int = EXACT_CELLS) -> Alignment:
    """What matches. Swapping the rows gives the same matches, mirrored."""
    if (len(theirs), list(theirs)) < (len(ours), list(ours)):  # one order for both ways round
        found = _Aligner(theirs, ours, exact_cells)
        return Alignment(joined([Match(one.b, one.a, one.length) for one in found.matches]), found.coarse)
    found = _Aligner(ours, theirs, exact_cells)
    return Alignment(joined(found.matches), found.coarse)


def joined(matches: list[Match]) -> list[Match]:
    """Those that follow each other on both sides as one, no empty ones."""
    whole: list[Match] = []
    for one in matches:
        last = whole[-1] if whole else None
        if last is not None and last.a + last.length == one.a and last.b + last.length == one.b:
            whole[-1] = Match(last.a, last.b, last.length + one.length)
        elif one.length:
            whole.append(one)
    return whole


class _Window(NamedTuple):
    """Pieces `a` to `a_end` of A against `b` to `b_end` of B."""

    a: int
    a_end: int
    b: int
    b_end: int


class _Aligner:
    """The work on two rows. `matches` and `coarse` are as in `Alignment`."""

    def __init__(self, ours: Sequence[str], theirs: Sequence[str], exact_cells: int) -> None:
        numbers: dict[str, int] = {}
        self._a = [numbers.setdefault(one, len(numbers)) for one in ours]
        self._b = [numbers.setdefault(one, len(numbers)) for one in theirs]
        self._exact_cells = exact_cells
        self._work_left = _WORK_EACH * (len(ours) + len(theirs))
        self.coarse = False
        self.matches = sorted(self._walk(_Window(0, len(ours), 0, len(theirs))))

    def _walk(self, whole: _Window) -> Iterator[Match]:
        windows = [whole]
        while windows:
            window = windows.pop()
            same = _shared_start(self._a, self._b, window)
            if same:
                yield Match(window.a, window.b, same)
                window = _Window(window.a + same, window.a_end, window.b + same, window.b_end)
            same = _shared_end(self._a, self._b, window)
            if same:
                yield Match(window.a_end - same, window.b_end - same, same)
                window = _Window(window.a, window.a_end - same, window.b, window.b_end - same)
            a, b = self._in_both(window)
            if len(a) * len(b) <= self._exact_cells:
                yield from _longest_common([self._a[at] for at in a], [self._b[at] for at in b], a, b)
            elif cuts := self._cuts(window):
                yield from cuts
                windows += _between(cuts, window)
            else:
                self.coarse = True

    def _in_both(self, window: _Window) -> tuple[list[int], list[int]]:
        """Where the pieces stand that can match at all: those that both rows of a window have."""
        a, b = self._a[window.a : window.a_end], self._b[window.b : window.b_end]
        both = set(a).intersection(b)
        return (
            [at for at, one in enumerate(a, window.a) if one in both],
            [at for at, one in enumerate(b, window.b) if one in both],
        )

    def _cuts(self, window: _Window) -> list[Match]:
        """Runs that are once in each row of the window, in one order on both sides; the longest runs that there are."""
        for length in _RUNS:
            self._work_left -= window.a_end - window.a + window.b_end - window.b
            if self._work_left < 0:
                return []
            places = [
                _single_runs(self._a, window.a, window.a_end, length),
                _single_runs(self._b, window.b, window.b_end, length),
            ]
            pairs = [(place, places[1][run]) for run, place in places[0].items() if run in places[1]]
            if pairs:
                return _without_overlap([Match(a, b, length) for a, b in _rising(pairs)])
        return []


def _shared_start(a: list[int], b: list[int], window: _Window) -> int:
    """How many pieces a window's rows begin with in common; slices are compared, as that is quick."""
    done, step = 0, min(window.a_end - window.a, window.b_end - window.b)
    while step:
        at_a, at_b = window.a + done, window.b + done
        if at_a + step <= window.a_end and at_b + step <= window.b_end and a[at_a : at_a + step] == b[at_b : at_b + step]:
            done += step
        else:
            step //= 2
    return done


def _shared_end(a: list[int], b: list[int], window: _Window) -> int:
    done, step = 0, min(window.a_end - window.a, window.b_end - window.b)
    while step:
        at_a, at_b = window.a_end - done, window.b_end - done
        if at_a - step >= window.a and at_b - step >= window.b and a[at_a - step : at_a] == b[at_b - step : at_b]:
            done += step
        else:
            step //= 2
    return done


def _single_runs(row: list[int], start: int, end: int, length: int) -> dict[tuple[int, ...], int]:
    """Where each run of so many pieces begins that is in the row once."""
    if end - start < length:
        return {}
    runs = list(zip(*(row[start + shift : end - length + 1 + shift] for shift in range(length)), strict=True))
    last = dict(zip(runs, range(start, start + len(runs)), strict=True))
    if len(last) == len(runs):
        return last
    return {run: last[run] for run, count in Counter(runs).items() if count == 1}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs, which rise on A's side, that rises on B's too."""
    tails: list[int] = []  # the least last place in B of a rising part, by its length
    ends: list[int] = []  # which pair that is
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(place)
            ends.append(number)
        else:
            tails[length], ends[length] = place, number
    chain, at = [], ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _without_overlap(cuts: list[Match]) -> list[Match]:
    """Runs that overlap on both sides alike become one; one that overlaps otherwise is left out."""
    kept: list[Match] = []
    for one in cuts:
        last = kept[-1] if kept else None
        if last is None or (last.a + last.length <= one.a and last.b + last.length <= one.b):
            kept.append(one)
        elif one.a - last.a == one.b - last.b:
            kept[-1] = Match(last.a, last.b, one.a + one.length - last.a)
    return kept


def _between(cuts: list[Match], window: _Window) -> Iterator[_Window]:
    edges = [Match(window.a, window.b, 0), *cuts, Match(window.a_end, window.b_end, 0)]
    for one, then in pairwise(edges):
        yield _Window(one.a + one.length, then.a, one.b + one.length, then.b)


def _longest_common(a: list[int], b: list[int], at_a: list[int], at_b: list[int]) -> Iterator[Match]:
    """The longest common subsequence of two rows, from its end: each piece a match, at the places that `at_a` and `at_b` give.

    A bit of `row` is 0 where the length grows by one from one piece of A to the next, at this piece of B.
    """
    where: dict[int, int] = {}
    for place, number in enumerate(a):
        where[number] = where.get(number, 0) | 1 << place
    full = (1 << len(a)) - 1
    row, rows = full, []
    for number in b:
        found = row & where[number]
        row = ((row + found) | (row - found)) & full
        rows.append(row)
    i, j = len(a) - 1, len(b) - 1
    while i >= 0 and j >= 0:
        if a[i] == b[j]:
            yield Match(at_a[i], at_b[j], 1)
            i -= 1
            j -= 1
        elif rows[j] >> i & 1:
            i -= 1
        else:
            j -= 1
