"""The verdict's card: how far it is and what it cost are whole at any width."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.checks.verdict_card import VerdictCard, VerdictLine
from ui.widgets.segments import Segment

PROGRESS = Segment("77 of 128 done", "text", True), Segment("about 12 min left")
SPENT = Segment("1 248 846 tokens, at least $0.30", "text", True), Segment("of at most $13.60")
LINE = VerdictLine("!", "So far: works, with losses", "warn", progress=PROGRESS, spent=SPENT, done=0.5)


def show(card: VerdictCard, line: VerdictLine, width: int, *, cap: bool) -> None:
    card.show_line(line)
    card.set_cap_shown(cap, "at most $")
    card.resize(width, 140)
    card.show()
    QApplication.processEvents()  # its parts go to their new places


@pytest.mark.parametrize("width", [560, 780, 930, 950, 1000, 1140, 1160, 1300, 1500])
@pytest.mark.parametrize("cap", [True, False])
def test_nothing_of_the_figures_is_elided(qtbot: QtBot, width: int, *, cap: bool) -> None:
    card = VerdictCard()
    qtbot.addWidget(card)
    spent = SPENT[:1] if cap else SPENT  # the cap is a field, or behind what was spent
    show(card, msgspec.structs.replace(LINE, spent=spent), width, cap=cap)
    assert card._progress.shown == [one.text for one in PROGRESS]
    assert card._spent.shown == [one.text for one in spent]
    assert card._spent.geometry().bottom() < card._bar.y()


def test_where_there_is_room_they_stand_in_one_line(qtbot: QtBot) -> None:
    card = VerdictCard()
    qtbot.addWidget(card)
    show(card, LINE, 1700, cap=False)
    assert abs(card._progress.geometry().center().y() - card._spent.geometry().center().y()) <= 1


@pytest.mark.parametrize("width", [560, 980, 1500])
def test_the_caps_field_stands_by_its_unit(qtbot: QtBot, width: int) -> None:
    card = VerdictCard()
    qtbot.addWidget(card)
    show(
        card,
        msgspec.structs.replace(LINE, progress=(*PROGRESS, Segment("no price known for A and B")), spent=()),
        width,
        cap=True,
    )
    assert card.cap.x() - (card._cap_unit.x() + card._cap_unit.sizeHint().width()) < 12
