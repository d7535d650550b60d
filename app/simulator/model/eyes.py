"""How the simulated model sees: the word in a PNG, read from its pixels, and the text of a PDF, read from its page's content.

It can read pictures drawn with `bitmap_font`, dark on light or light on dark, and PDFs whose text is written as strings.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from app.text.bitmap_font import FONT, GLYPH_COLUMNS, GLYPH_ROWS

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}  # by PNG's colour type: grey, RGB, each with alpha
_MAX_BYTES = 32 << 20
_LETTERS = {"".join(rows): letter for letter, rows in FONT.items()}
_PDF_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PDF_STRING = re.compile(rb"\(((?:\\.|[^\\()])*)\)|<([0-9A-Fa-f\s]+)>", re.DOTALL)
_PDF_SHOWN = re.compile(rb"(\[(?:\\.|[^\]\\])*\]|\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]+>)\s*(?:TJ|Tj|')", re.DOTALL)


def read_picture(data: bytes) -> str | None:
    """The word in a PNG; None where there is none that it can read, or it is no PNG."""
    try:
        grey = _grey_rows(data)
    except (ValueError, IndexError, struct.error, zlib.error):
        return None
    return _word(grey)


def read_document(data: bytes) -> str | None:
    """The text that the pages of a PDF show, joined by blanks; None where it is no PDF or shows none."""
    if not data.startswith(b"%PDF"):
        return None
    shown = [_string(found) for content in _contents(data) for found in _PDF_SHOWN.findall(content)]
    return " ".join(shown) or None


def _grey_rows(data: bytes) -> list[bytes]:
    if not data.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    chunks = list(_chunks(data))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or colour not in _CHANNELS or interlaced or width * height * _CHANNELS[colour] > _MAX_BYTES:
        raise ValueError("a kind of PNG that is not read")
    step = _CHANNELS[colour]
    raw = zlib.decompressobj().decompress(b"".join(body for name, body in chunks if name == b"IDAT"), _MAX_BYTES)
    rows: list[bytes] = []
    before = bytes(width * step)
    for start in range(0, height * (width * step + 1), width * step + 1):
        line = raw[start : start + width * step + 1]
        before = _unfiltered(line[0], line[1:], before, step)
        rows.append(before[::step])
    return rows


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 8 <= len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += size + 12


def _unfiltered(kind: int, line: bytes, above: bytes, step: int) -> bytes:
    """A line of samples from its filtered bytes: none, left, above, their mean, or Paeth's choice of three."""
    if kind == 0:
        return line
    out = bytearray(line)
    for at, value in enumerate(line):
        left, up = (out[at - step] if at >= step else 0), above[at]
        corner = above[at - step] if at >= step else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[kind]
        out[at] = (value + guess) & 0xFF
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    target = left + up - corner
    return min((abs(target - value), place, value) for place, value in enumerate((left, up, corner)))[2]


def _word(rows: list[bytes]) -> str | None:
    paper = rows[0][0]
    ink = [[abs(value - paper) > 96 for value in row] for row in rows]
    high = [number for number, row in enumerate(ink) if any(row)]
    wide = [number for number in range(len(ink[0])) if any(row[number] for row in ink)]
    if not high:
        return None
    scale = (high[-1] - high[0] + 1) // GLYPH_ROWS
    if scale == 0:
        return None
    # A letter such as I leaves dots free at its left: then the first one begins before the first ink.
    starts = (wide[0] - free * scale for free in range(3))
    found = (_letters(ink, high[0], start, wide[-1], scale) for start in starts)
    return next((word for word in found if word is not None), None)


def _letters(ink: list[list[bool]], top: int, left: int, last: int, scale: int) -> str | None:
    word: list[str] = []
    for start in range(left, last + 1, (GLYPH_COLUMNS + 1) * scale):
        dots = "".join(
            "1" if _dot(ink, top + row * scale + scale // 2, start + column * scale + scale // 2) else "0"
            for row in range(GLYPH_ROWS)
            for column in range(GLYPH_COLUMNS)
        )
        if dots not in _LETTERS:
            return None
        word.append(_LETTERS[dots])
    return "".join(word)


def _dot(ink: list[list[bool]], row: int, column: int) -> bool:
    return 0 <= row < len(ink) and 0 <= column < len(ink[row]) and ink[row][column]


def _contents(data: bytes) -> Iterator[bytes]:
    """The streams of a PDF, as they are and inflated where they can be."""
    for found in _PDF_STREAM.finditer(data):
        try:
            yield zlib.decompressobj().decompress(found[1], _MAX_BYTES)
        except zlib.error:
            yield found[1]


def _string(shown: bytes) -> str:
    """The characters of a shown string, or of all strings of a `TJ` list."""
    return "".join(
        bytes.fromhex(hexed.decode()).decode("latin-1") if hexed else re.sub(rb"\\(.)", rb"\1", plain).decode("latin-1")
        for plain, hexed in _PDF_STRING.findall(shown)
    )
