"""Texts that are painted again and again are measured once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.asking.studying import study_pairs_of, study_plan_of
from app.study.result import study_result
from tests.ui.study.made import made
from ui.compare.pane.tiles import TileRow
from ui.study.rows import rows_of
from ui.study.table import StudyTable
from ui.style import measured as module
from ui.style.measured import MOST, Measured, measured
from ui.style.theme import font
from ui.widgets.segments import Part, Tile


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Qt was asked to measure."""
    asked: list[str] = []

    class Metrics(QFontMetricsF):
        def horizontalAdvance(self, text: str) -> float:  # type: ignore[override]
            asked.append(text)
            return super().horizontalAdvance(text)

        def elidedText(self, text: str, mode: Qt.TextElideMode, width: float) -> str:  # type: ignore[override]
            asked.append(text)
            return super().elidedText(text, mode, width)

    monkeypatch.setattr(module, "QFontMetricsF", Metrics)
    monkeypatch.setattr(module, "_of", {})
    return asked


def test_it_says_what_qt_says(qapp: QApplication) -> None:
    one, metrics = Measured(font()), QFontMetricsF(font())
    for text in ("", "i", "First token 首个", "W" * 60):
        assert one.width(text) == metrics.horizontalAdvance(text)
        for room in (0.0, 5.0, metrics.horizontalAdvance(text) - 0.5, metrics.horizontalAdvance(text), 90.0, 3_000.0):
            assert one.fitted(text, room) == metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
    assert measured(font()) is measured(font())
    assert measured(font()) is not measured(font(bold=True))


def test_what_is_kept_has_an_end(qapp: QApplication) -> None:
    one = Measured(font())
    for number in range(MOST + 2):
        one.fitted(str(number), 0.0)
    assert len(one._widths) <= MOST
    assert len(one._fitted) <= MOST


def test_a_table_of_a_study_is_measured_once(qapp: QApplication, asked: list[str]) -> None:
    opened, recordings = made(3)
    plan = study_plan_of(opened)
    assert plan is not None
    pairs = study_pairs_of(plan, recordings)
    table = StudyTable()
    table.show_rows(rows_of(study_result(pairs, 0.95), pairs), "95 %")
    table.resize(500, table.sizeHint().height())
    table.grab()
    assert len(asked) > 20
    asked.clear()
    table.grab()
    assert asked == []


def test_of_tiles_only_the_figures_that_are_new_are_measured(qapp: QApplication, asked: list[str]) -> None:
    row = TileRow()
    row.resize(300, row.sizeHint().height())
    tiles = [Tile("First token", (Part(text), Part("ms", "unit", "muted")), note="a note") for text in ("12", "13")]
    row.set_tiles(tiles[0])
    row.grab()
    assert asked
    asked.clear()
    row.grab()
    assert asked == []
    row.set_tiles(tiles[1])
    row.grab()
    assert asked == ["13"]
