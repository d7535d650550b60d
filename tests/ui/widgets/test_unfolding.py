"""A line that unfolds: it is no window of its own before it stands somewhere, and its long lines widen nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.unfolding import Unfolding


def test_it_is_no_window_before_it_stands_somewhere(qtbot: QtBot) -> None:
    line = Unfolding()
    line.show_lines(("Asked 2 other paths", "POST /a: 404"))
    assert not line.isVisible()
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(line)
    page.show()
    assert (line.isVisible(), line.more.isVisible()) == (True, False)
    line.button.click()
    assert line.more.isVisible()
    line.show_lines(())
    assert not line.isVisible()


def test_long_lines_widen_nothing(qtbot: QtBot) -> None:
    line = Unfolding()
    qtbot.addWidget(line)
    line.show_lines(("Asked " * 99, "POST /" + "a" * 999))
    line.button.click()
    assert line.minimumSizeHint().width() < 600
    line.resize(300, 200)
    line.show()
    assert "…" in line.button.text()
