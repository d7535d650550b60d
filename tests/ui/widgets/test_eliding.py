"""A field whose text is too long shows that it is."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from ui.widgets.eliding import ElidingLine


@pytest.mark.parametrize("framed", [True, False])
def test_a_long_name_loses_its_middle_and_a_short_one_nothing(qtbot: QtBot, *, framed: bool) -> None:
    line = ElidingLine()
    qtbot.addWidget(line)
    line.setFrame(framed)
    line.resize(160, 30)
    line.setText("first" + "x" * 80 + "last")
    start, _, end = line.shown.partition("…")
    assert start.startswith("first")
    assert end.endswith("last")
    assert line.fontMetrics().horizontalAdvance(line.shown) <= line.width()
    assert not line.grab().isNull()
    line.setText("model")
    assert line.shown == "model"
