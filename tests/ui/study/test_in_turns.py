"""Pieces of work that the window does one at a time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from ui.study.in_turns import InTurns


def test_each_has_a_turn_of_its_own_and_the_newest_of_a_kind_counts(qtbot: QtBot) -> None:
    parent, done = QObject(), list[str]()
    turns = InTurns(parent)

    def last() -> None:
        done.append("b")
        turns.soon("c", lambda: done.append("c"))

    def first() -> None:
        done.append("a")
        QTimer.singleShot(0, lambda: done.append("others"))

    turns.soon("a", lambda: done.append("old a"))
    turns.soon("b", last)
    turns.soon("a", first)
    assert done == []
    qtbot.waitUntil(lambda: not turns.busy)
    assert done == ["a", "others", "b", "c"]


def test_what_is_due_is_done_at_once_where_it_is_wanted(qtbot: QtBot) -> None:
    parent, done = QObject(), list[str]()
    turns = InTurns(parent)

    def first() -> None:
        done.append("a")
        turns.soon("b", lambda: done.append("b"))

    turns.soon("a", first)
    turns.finish()
    assert done == ["a", "b"]
    assert not turns.busy


def test_what_fails_is_the_last_of_it(qtbot: QtBot) -> None:
    parent = QObject()
    turns = InTurns(parent)

    def fails() -> None:
        raise ZeroDivisionError

    turns.soon("a", fails)
    with pytest.raises(ZeroDivisionError):
        turns.finish()
    assert not turns.busy
