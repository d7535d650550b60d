"""The switch between the two halves of the Study page: pairs of runs, and load."""

from __future__ import annotations

from app.text.sentences import message, tr
from ui.widgets.segmented import Segmented

PAIRS, LOAD = range(2)
TITLES = (message("Pairs"), message("Load"))


def mode_switch() -> Segmented:
    """The switch; each half has one in its first row."""
    made = Segmented([tr(one) for one in TITLES], tr("Study"))
    made.setMinimumHeight(34)
    return made
