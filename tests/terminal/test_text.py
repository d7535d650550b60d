"""Words to the terminal."""

from __future__ import annotations

import io
import json

import pytest

from app.terminal.text import say, say_json


def test_outside_text_can_not_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb\r\u202ec\td\n\x9b1m")
    assert capsys.readouterr().out == "a␛[2Jb␍\\u202ec\td\n\\u009b1m\n"


def test_json_is_what_it_was_for_its_reader(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"text": "a\x1b[2J\x9b\u202e\u2028\n\u00a0é世👩\u200d🚀\U000e0041", "\x7f": ["\ud800"]}
    say_json(value)
    line = capsys.readouterr().out
    assert line.rstrip("\n").isprintable() or "\u200d" in line
    assert not {"\x1b", "\x9b", "\u202e", "\u2028", "\u00a0", "\U000e0041", "\x7f"} & set(line)
    assert json.loads(line) == value


def test_a_console_with_a_narrow_code_page() -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    say("é", narrow)
    assert narrow.buffer.getvalue() == b"?\n"
