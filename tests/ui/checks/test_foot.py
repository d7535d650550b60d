"""The lists below the checks: rows are made when they are first seen, and say what is ticked by now without being made anew."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.checks.checklists import MIGRATION, Line, Tick, Ticked
from ui.checks.foot import ChecklistCard, _Row
from ui.widgets.labels import PlainLabel


def ticked(*ticks: Tick) -> Ticked:
    """The list's first items so."""
    lines = [
        Line(item, one, () if one is Tick.TICKED else ("minimal",)) for item, one in zip(MIGRATION.items, ticks, strict=False)
    ]
    return Ticked(MIGRATION, tuple(lines))


def marks(card: ChecklistCard) -> list[str]:
    return [row.findChildren(PlainLabel)[0].text() for row in card.findChildren(_Row) if not row.isHidden()]


def test_rows_are_made_when_they_are_seen_and_stay_while_ticks_come(qtbot: QtBot) -> None:
    card = ChecklistCard(MIGRATION)
    qtbot.addWidget(card)
    card.resize(500, 300)
    card.show()
    card.show_list(ticked(Tick.OPEN, Tick.OPEN))
    assert not card.findChildren(_Row)
    card.button.click()
    area = card.findChildren(QScrollArea)[0]
    assert area.height() > 2 * area.fontMetrics().height(), "both rows have their room at once"
    rows = card.findChildren(_Row)
    assert marks(card) == ["·", "·"]
    wanted: list[str] = []
    card.check_wanted.connect(wanted.append)
    card.show_list(ticked(Tick.TICKED, Tick.FAILED))
    assert marks(card) == ["✓", "✕"]
    assert card.findChildren(_Row) == rows
    first, second = (row.findChildren(QPushButton)[0] for row in rows)
    assert first.isHidden()
    QTest.mouseClick(second, Qt.MouseButton.LeftButton)
    assert wanted == ["minimal"]
    card.button.click()
    card.show_list(ticked(Tick.OPEN, Tick.TICKED))
    card.button.click()
    assert marks(card) == ["·", "✓"]


def test_another_list_has_other_rows_and_what_the_person_ticked_stays(qtbot: QtBot) -> None:
    card = ChecklistCard(MIGRATION)
    qtbot.addWidget(card)
    card.button.click()
    card.show_list(ticked(Tick.YOURS, Tick.OPEN))
    card.findChildren(QCheckBox)[0].click()
    card.show_list(ticked(Tick.OPEN))
    assert marks(card) == ["·"]
    card.show_list(ticked(Tick.YOURS, Tick.OPEN))
    assert [row.isHidden() for row in card.findChildren(_Row)].count(False) == 2
    assert next(row for row in card.findChildren(_Row) if not row.isHidden()).findChildren(QCheckBox)[0].isChecked()
