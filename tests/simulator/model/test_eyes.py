"""The simulated model reads a word in a picture and in a document, and nothing where there is none."""

from __future__ import annotations

import random
import string
import struct
import zlib

import pytest

from app.simulator.model.eyes import read_document, read_picture
from app.simulator.model.prompt_count import IMAGE_TOKENS, PromptCount
from app.simulator.model.tokens import GPT
from app.text.bitmap_font import FONT, draw_word

PDF = b"%%PDF-1.4\n1 0 obj << /Length %d >>\nstream\n%s\nendstream\nendobj\ntrailer << >>\n%%%%EOF\n"


def png(rows: list[bytes], width: int, colour: int) -> bytes:
    """A PNG of lines that each begin with their filter."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, len(rows), 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows))) + chunk(b"IEND", b"")


@pytest.mark.parametrize("first", sorted(FONT))
def test_every_drawn_word_is_read(first: str) -> None:
    chance = random.Random(first)
    word = first + "".join(chance.choices(string.ascii_uppercase + string.digits, k=chance.randrange(10)))
    assert read_picture(draw_word(word, scale=chance.randrange(1, 12))) == word


@pytest.mark.parametrize("kind", range(5))
def test_each_filter_and_light_letters_on_dark_in_colour(kind: int) -> None:
    """The letter T, light on dark blue, each line filtered in another of PNG's five ways."""
    dots = ["0000000", *(f"0{row}0" for row in FONT["T"]), "0000000"]
    lines = [b"".join(b"\xff\xff\xf0" if dot == "1" else b"\x00\x00\x60" for dot in row) for row in dots]
    rows, before = [], bytes(21)
    for line in lines:
        rows.append(bytes([kind]) + bytes((value - guess(kind, line, before, at)) & 255 for at, value in enumerate(line)))
        before = line
    assert read_picture(png(rows, 7, 2)) == "T"


def guess(kind: int, line: bytes, above: bytes, at: int) -> int:
    """What PNG's filter of this kind foretells of a sample."""
    left, corner = (line[at - 3], above[at - 3]) if at >= 3 else (0, 0)
    near = min((left, above[at], corner), key=lambda value: abs(left + above[at] - corner - value))
    return (0, left, above[at], (left + above[at]) // 2, near)[kind]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        draw_word("CUT")[:40],
        draw_word("CUT")[:60],
        png([b"\x00" + bytes(9)] * 9, 9, 0),
        png([b"\x00\xff\x00\xff"] * 3, 3, 0),
    ],
)
def test_no_word_is_made_up(data: bytes) -> None:
    assert read_picture(data) is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"BT /F1 24 Tf 72 720 Td (The word is HERON7.) Tj ET", "The word is HERON7."),
        (b"BT (a \\(b\\)) Tj <4845> Tj [(RO) -20 (N)] TJ ET", "a (b) HE RON"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_text_of_a_page(content: bytes, text: str, packed: bool) -> None:
    body = zlib.compress(content) if packed else content
    assert read_document(PDF % (len(body), body)) == text


@pytest.mark.parametrize("data", [b"(The word is HERON7.) Tj", PDF % (0, b""), PDF % (9, b"0 0 m 9 9 l")])
def test_no_text_where_there_is_none(data: bytes) -> None:
    assert read_document(data) is None


def test_a_cache_knows_a_picture_by_its_data() -> None:
    """Two pictures of one size are no common prefix."""
    pieces = []
    for word in ("HERON", "HERON", "OTTER"):
        count = PromptCount(GPT)
        count.add_attachment({"type": "image", "data": draw_word(word).hex()}, "")
        pieces.append(count.pieces[0])
    assert pieces[0] == pieces[1] != pieces[2]
    assert pieces[0].size == pieces[2].size == IMAGE_TOKENS
