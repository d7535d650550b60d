"""Rows of pieces: a common subsequence, the longest where it is exact, and the same whichever side is asked first."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.run.diff.alignment import Match, align

ROWS = st.lists(st.sampled_from("abcd"), max_size=12)


def longest(a: list[str], b: list[str]) -> int:
    """The length of the longest common subsequence, by the plain table."""
    row = [0] * (len(b) + 1)
    for one in a:
        above = row[:]
        for at, other in enumerate(b):
            row[at + 1] = above[at] + 1 if one == other else max(above[at + 1], row[at])
    return row[-1]


@settings(max_examples=80)
@given(ROWS, ROWS)
def test_it_is_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    found = align(a, b)
    assert sum(one.length for one in found.matches) == longest(a, b)
    at_a = at_b = 0
    for one in found.matches:
        assert one.a >= at_a
        assert one.b >= at_b
        assert a[one.a : one.a + one.length] == b[one.b : one.b + one.length]
        at_a, at_b = one.a + one.length, one.b + one.length
    assert not found.coarse


@settings(max_examples=80)
@given(ROWS, ROWS, st.sampled_from([0, 20, 10_000]))
def test_swapping_the_rows_mirrors_it(a: list[str], b: list[str], cells: int) -> None:
    there, back = align(a, b, cells), align(b, a, cells)
    assert [Match(one.b, one.a, one.length) for one in back.matches] == there.matches
    assert back.coarse is there.coarse


def test_windows_that_are_too_large_are_cut_where_both_rows_have_a_run_once() -> None:
    chance = random.Random(4)
    words = [str(chance.randrange(900)) for _ in range(3000)]
    changed = [word if chance.random() > 0.05 else "other" for word in words]
    found = align(words, changed, exact_cells=5000)
    same = sum(word == other for word, other in zip(words, changed, strict=True))
    assert not found.coarse
    assert sum(one.length for one in found.matches) >= same - 5


def test_what_can_not_be_cut_is_said_to_be_compared_coarser() -> None:
    found = align(["a", "b"] * 50 + ["c"], ["b", "a"] * 50 + ["d"], exact_cells=100)
    assert found.coarse
    assert found.matches == []
