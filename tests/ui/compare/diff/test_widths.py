"""How the columns of a table of differences share its width."""

from __future__ import annotations

import pytest

from ui.compare.diff.rows_table import shared_out


@pytest.mark.parametrize(
    ("given", "wanted", "made"),
    [
        ((0, 100, 100, 100, 200), (50, 300, 300, 300, 300), [0, 100, 100, 100, 200]),  # all want more than there is
        ((0, 100, 100, 100, 200), (50, 180, 20, 20, 300), [0, 180, 20, 20, 280]),  # the name first, then what it tells
        ((0, 100, 100, 100, 200), (50, 50, 20, 20, 60), [0, 50, 20, 20, 410]),
        ((0, 100, 100, 100, 0), (50, 90, 90, 200, 300), [0, 90, 90, 120, 0]),  # the last is hidden
    ],
)
def test_what_one_leaves_goes_to_those_that_want_more(given: list[float], wanted: list[float], made: list[float]) -> None:
    assert shared_out(given, wanted) == made
