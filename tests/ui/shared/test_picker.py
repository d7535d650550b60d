"""Where the list stands that is searched by typing."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from ui.shared.picker import Picker, PickRow

ROWS = [PickRow(f"row {number}", "what it is", str(number)) for number in range(40)]


@pytest.mark.qt_log_ignore("does not support")
@pytest.mark.parametrize("at_bottom", [True, False])
def test_it_stands_inside_the_screen_where_there_is_more_room(qapp: QApplication, at_bottom: bool) -> None:
    area = qapp.primaryScreen().availableGeometry()
    window = QWidget()
    window.setGeometry(area)
    button = QPushButton("Choose", window)
    button.setGeometry(20, window.height() - 120 if at_bottom else 20, 120, 30)
    window.show()
    picker = Picker("Rows", "Find a row", window)
    picker.open_below(button, ROWS)
    whole = picker.geometry()
    assert area.contains(whole)
    assert picker.view.height() > 200
    top = button.mapToGlobal(button.rect().topLeft()).y()
    assert whole.bottom() < top if at_bottom else whole.top() > top + button.height()
    line = picker.line.mapToGlobal(picker.line.rect().topLeft())
    picker.line.setText("nothing of it")
    assert picker.line.mapToGlobal(picker.line.rect().topLeft()) == line
    assert area.contains(picker.geometry())
    picker.line.setText("")
    picker.show_rows(ROWS[:2])
    assert area.contains(picker.geometry())
    picker.hide()
    window.close()
