"""A font of five by seven dots, and a word drawn with it as a PNG: a picture that nobody has seen before it was drawn."""

from __future__ import annotations

import struct
import zlib

GLYPH_COLUMNS, GLYPH_ROWS = 5, 7
# The seven rows of each letter, from the top; 1 is ink.
_ROWS: dict[str, str] = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "B": "11110 10001 10001 11110 10001 10001 11110",
    "C": "01110 10001 10000 10000 10000 10001 01110",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "F": "11111 10000 10000 11110 10000 10000 10000",
    "G": "01110 10001 10000 10111 10001 10001 01111",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "J": "00111 00010 00010 00010 00010 10010 01100",
    "K": "10001 10010 10100 11000 10100 10010 10001",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "M": "10001 11011 10101 10101 10001 10001 10001",
    "N": "10001 11001 10101 10011 10001 10001 10001",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "P": "11110 10001 10001 11110 10000 10000 10000",
    "Q": "01110 10001 10001 10001 10101 10010 01101",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "S": "01111 10000 10000 01110 00001 00001 11110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "V": "10001 10001 10001 10001 10001 01010 00100",
    "W": "10001 10001 10001 10101 10101 10101 01010",
    "X": "10001 10001 01010 00100 01010 10001 10001",
    "Y": "10001 10001 01010 00100 00100 00100 00100",
    "Z": "11111 00001 00010 00100 01000 10000 11111",
    "0": "01110 10001 10011 10101 11001 10001 01110",
    "1": "00100 01100 00100 00100 00100 00100 01110",
    "2": "01110 10001 00001 00010 00100 01000 11111",
    "3": "11111 00010 00100 00010 00001 10001 01110",
    "4": "00010 00110 01010 10010 11111 00010 00010",
    "5": "11111 10000 11110 00001 00001 10001 01110",
    "6": "00110 01000 10000 11110 10001 10001 01110",
    "7": "11111 00001 00010 00100 01000 01000 01000",
    "8": "01110 10001 10001 01110 10001 10001 01110",
    "9": "01110 10001 10001 01111 00001 00010 01100",
}
FONT: dict[str, tuple[str, ...]] = {letter: tuple(rows.split()) for letter, rows in _ROWS.items()}
MARGIN_DOTS = 2
_PAPER, _INK = b"\xff", b"\x00"


def draw_word(word: str, scale: int = 8) -> bytes:
    """A PNG (8-bit grey) of the word in black on white, one line, each dot `scale` pixels wide.

    Raises ValueError where the word is empty or has anything but A to Z and digits.
    """
    unknown = sorted(set(word) - set(FONT))
    if unknown or not word:
        raise ValueError(f"can't be drawn: {', '.join(unknown) or 'no letters'}")
    side = "0" * MARGIN_DOTS
    rows = [side + "0".join(FONT[letter][row] for letter in word) + side for row in range(GLYPH_ROWS)]
    blank = "0" * len(rows[0])
    return _png([blank] * MARGIN_DOTS + rows + [blank] * MARGIN_DOTS, scale)


def _png(rows: list[str], scale: int) -> bytes:
    lines = [b"".join((_INK if dot == "1" else _PAPER) * scale for dot in row) for row in rows]
    pixels = b"".join((b"\x00" + line) * scale for line in lines)  # each line begins with its filter: none
    head = struct.pack(">IIBBBBB", len(lines[0]), len(lines) * scale, 8, 0, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
