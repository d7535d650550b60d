"""How much of a text the window's parts show: just below each bound, and just above it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.protocols.reading import tool_call
from app.run.diff.facts import Kind
from app.run.diff.tables import Row, Table
from tests.ui.conftest import Ui
from ui.compare.diff.rows_table import RowsTable
from ui.compare.findings.details import _text
from ui.compare.pane.answer_sections import _bounded, _call
from ui.widgets.fields import WrapLabel


def test_the_answer_has_an_end() -> None:
    assert _bounded("x" * 300_000) == "x" * 300_000
    shown = _bounded("x" * 300_001)
    assert shown.startswith("x" * 300_000 + "\n\n… These are the first 300")
    assert shown.count("x") == 300_000
    whole = '{"a":"' + "y" * 299_992 + '"}'
    assert len(whole) == 300_000
    assert _call(tool_call("1", "f", whole)) == f"f({whole})"
    assert "These are the first" in _call(tool_call("1", "f", whole[:-2] + 'y"}'))


def test_labels_and_cells_have_an_end(ui: Ui) -> None:
    for length, seen in ((600, "x" * 600), (601, "x" * 599 + "…")):
        label = _text("x" * length)
        assert label.text().replace("\u200b", "") == seen
        label.deleteLater()
    wrapped = WrapLabel()
    for length, size in ((900, 900), (901, 900)):
        wrapped.show_text("x" * length)
        assert len(wrapped.text().replace("\u200b", "")) == size
        assert bool(wrapped.toolTip()) is (length > 900)
    table = RowsTable("x", ui.window)
    for length, size in ((300, 300), (301, 300)):
        table.show_table(Table(("", "what", "A", "B"), (Row(Kind.CHANGED, ("≠", "x" * length, "", "")),)))
        shown = table.model().index(0, 1).data(Qt.ItemDataRole.DisplayRole)
        assert len(shown) == size
        assert shown.endswith("…") is (length > 300)
    for one in (wrapped, table):
        one.deleteLater()
