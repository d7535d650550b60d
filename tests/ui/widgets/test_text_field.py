"""Fields that take texts of any length: one too long to lay out is held, sent and named, and not shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.widgets.text_field import TextField

PICTURE = '{"data": "' + "QUJD" * 250_000 + '"}'


def mime(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


@pytest.fixture
def field(qtbot: QtBot) -> TextField:
    made = TextField('{"a": 1}')
    qtbot.addWidget(made)
    return made


def longest_block(field: TextField) -> int:
    return max(len(line) for line in field.toPlainText().split("\n"))


@pytest.mark.parametrize("text", [PICTURE, "x" * 10_001, "short\n" * 33_333 + "xxx"])
def test_a_long_text_is_held_whole_and_not_laid_out(field: TextField, text: str) -> None:
    told: list[str] = []
    field.text_changed.connect(lambda: told.append(field.text))
    field.selectAll()
    field.insertFromMimeData(mime(text))
    assert field.text == text
    assert told == [text]
    assert field.isReadOnly()
    assert longest_block(field) < 400
    assert "too long to be shown" in field.toPlainText()


def test_it_is_pasted_into_what_was_there(field: TextField) -> None:
    field.moveCursor(QTextCursor.MoveOperation.End)
    field.insertFromMimeData(mime(PICTURE + "\r\n"))
    assert field.text == '{"a": 1}' + PICTURE + "\n"


def test_another_takes_its_place_and_delete_throws_it_away(field: TextField) -> None:
    field.setPlainText(PICTURE)
    QTest.keyClicks(field, "typed")
    assert field.text == PICTURE
    QGuiApplication.clipboard().setText("[]")
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert (field.text, field.toPlainText(), field.isReadOnly()) == ("[]", "[]", False)
    field.setPlainText(PICTURE)
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, "{}")
    assert field.text == "{}"


@pytest.mark.parametrize("text", ["x" * 10_000, "short\n" * 33_333 + "xx"], ids=["a line", "200 000 characters"])
def test_a_short_text_is_edited_as_ever(field: TextField, text: str) -> None:
    field.selectAll()
    field.insertFromMimeData(mime(text))
    assert field.toPlainText() == field.text == text
    field.undo()
    assert field.text == '{"a": 1}'
