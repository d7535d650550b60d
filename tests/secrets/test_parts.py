"""Long parts of a key are masked, wherever a stream is cut; short ones and words are not."""

from __future__ import annotations

import pytest

from app.secrets.masking import MaskedStream, Masker

KEY = "sk-proj-Zq7Rk2Wm9Xv4Tb8Ln3Pc6Hd1Fs5"
WORDS = "the-internal-gateway-of-my-company"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"Incorrect API key: {KEY[:-6]}...", "Incorrect API key: sk-p*************************..."),
        (f"ends in {KEY[12:]}", f"ends in {KEY[12:-16]}****************"),
        (f"{KEY[:20]}\n{KEY[20:]}", f"sk-p****************\n{KEY[20:]}"),
        (f"<b>{KEY[:14]}</b>{KEY[14:]}", f"<b>{KEY[:14]}</b>{KEY[14:-16]}****************"),
        (f"{KEY[:16]}\u00ad{KEY[16:]}", f"sk-p************\u00ad{KEY[16:-16]}****************"),
        (f"Invalid token {KEY[8:30]}...", "Invalid token Zq7R******************..."),
        (f"the whole {KEY}", "the whole sk-p*****************************s5"),
        ("Incorrect API key: sk-proj-Zq7R****1Fs5", "Incorrect API key: sk-proj-Zq7R****1Fs5"),
        (f"holds {KEY[9:24]} alone", f"holds {KEY[9:24]} alone"),
        ("chatcmpl-Zq7Rk2Wm9Xv4 is no part", "chatcmpl-Zq7Rk2Wm9Xv4 is no part"),
    ],
)
def test_a_part(text: str, left: str) -> None:
    assert Masker([KEY]).mask_text(text) == left


def test_words_of_a_key_that_is_made_of_words() -> None:
    text = "ask the-internal-gateway-of your company"
    assert Masker([WORDS]).mask_text(text) == text


def test_a_key_of_one_character_masks_no_row_of_it() -> None:
    assert Masker(["sk-" + "0" * 40 + "aB1c"]).mask(b"A" * 99 + b"0" * 1_000_000)[1] == []


@pytest.mark.parametrize("part", [KEY, KEY[:-6], KEY[12:], f"{KEY[:17]} {KEY[17:]}", f"{KEY[:-6]}{KEY}"])
def test_a_part_in_a_stream(part: str) -> None:
    data = f"data: {part} x{part}{part[:5]}\n\n".encode()
    whole, spans = Masker([KEY]).mask(data)
    assert spans
    for size in (1, 2, 3, 5, 7, 16, 40):
        stream = MaskedStream(Masker([KEY]))
        pieces = [one for at in range(0, len(data), size) for one in stream.feed(at, data[at : at + size])]
        pieces += stream.flush()
        assert b"".join(piece for _, piece in pieces) == whole
        assert sorted((one.offset, one.length) for one in stream.take_spans()) == sorted(spans)
