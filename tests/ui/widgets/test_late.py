"""Widgets that are made when they are first needed."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLabel

from ui.widgets.late import Late


def test_it_is_made_once_and_found_by_what_places_it(qapp: QApplication) -> None:
    placed: list[QLabel] = []

    def place(label: QLabel) -> None:
        assert late() is label  # who shows something in it asks for it the usual way
        placed.append(label)

    late = Late(QLabel, place)
    assert late.made is None
    assert late() is late() is late.made
    assert len(placed) == 1
