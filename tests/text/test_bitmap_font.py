"""A word drawn as a PNG."""

from __future__ import annotations

import string
import struct

import pytest

from app.text.bitmap_font import FONT, GLYPH_COLUMNS, GLYPH_ROWS, draw_word


def test_each_letter_and_digit_looks_different_and_has_its_size() -> None:
    assert set(FONT) == set(string.ascii_uppercase + string.digits)
    assert len(set(FONT.values())) == len(FONT)
    assert {(len(rows), *{len(row) for row in rows}) for rows in FONT.values()} == {(GLYPH_ROWS, GLYPH_COLUMNS)}


def test_the_picture_is_as_large_as_its_word() -> None:
    width, height = struct.unpack(">II", draw_word("AB", scale=3)[16:24])
    assert (width, height) == ((2 * 5 + 1 + 4) * 3, (7 + 4) * 3)


@pytest.mark.parametrize("word", ["", "a", "TWO WORDS", "É"])
def test_what_has_no_letters_of_its_own_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="can't be drawn"):
        draw_word(word)
