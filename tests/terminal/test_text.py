"""Words to the terminal."""

from __future__ import annotations

import io
import json

import pytest

from app.terminal.text import say, say_json, table
from app.text.columns import columns


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


def test_columns_are_aligned_where_characters_are_two_columns_wide() -> None:
    rows = table([["", "A", "B"], ["首字节", "302 ms", "–"], ["TLS", "一批", "x"]])
    assert rows == [f"{'':<6}   A        B", "首字节   302 ms   –", f"TLS{'':<3}   一批     x"]
    assert {columns(line[: line.rindex(last)]) for line, last in zip(rows, "B–x", strict=True)} == {18}
