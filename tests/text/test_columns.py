"""Columns of a terminal: Chinese characters take two, marks on letters none."""

from __future__ import annotations

import textwrap

import pytest

from app.text.columns import columns, padded, wrapped


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("首 token", 8), ("，。", 4), ("e\u0301é", 2), ("–“”…", 4), ("🚀", 2), ("a\u200db", 2)],
)
def test_what_a_text_takes(text: str, width: int) -> None:
    assert columns(text) == width


def test_padding_counts_columns() -> None:
    assert padded("首次", 6) + "|" == "首次  |"
    assert padded("ab", 6) + "|" == "ab    |"
    assert padded("首次首次", 6) == "首次首次"


def test_english_is_wrapped_as_the_library_does_it() -> None:
    text = "send keys also over http:// to other machines – where well-meaning people can read them"
    for width in (11, 20, 79):
        assert wrapped(text, width) == textwrap.wrap(text, width)


@pytest.mark.parametrize("width", [12, 21, 40])
def test_chinese_is_wrapped_by_columns_and_nothing_is_lost(width: int) -> None:
    text = "从请求的最后一个字节，到响应的第一个字节（“首字节”）为止；超过 --first-byte-timeout 就放弃。"
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines if "--first-byte-timeout" not in line)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line[0] in "，。；”）" or line[-1] in "（“"]
    assert len(lines) >= columns(text) // width
