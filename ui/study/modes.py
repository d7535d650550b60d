"""The switch between the two halves of the Study page: pairs of runs, and load."""

from __future__ import annotations

from ui.widgets.segmented import Segmented

PAIRS, LOAD = range(2)
TITLES = ("Pairs", "Load")


def mode_switch() -> Segmented:
    """The switch; each half has one in its first row."""
    made = Segmented(TITLES, "Study")
    made.setFixedHeight(34)
    return made
