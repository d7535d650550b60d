"""Bytes of an unknown kind: what they are where they are no text, and the words where they are."""

from __future__ import annotations

import codecs

from app.text.patterns import late
from app.text.sentences import message

_SAMPLE_BYTES = 1024
_MOST_ODD = 0.1  # of the characters of a text in another charset, as long as no NUL is in it
_CONTROLS = r"\x00-\x08\x0b\x0e-\x1a\x1c-\x1f"  # those that no text has
_CONTROL, _ODD = late(f"[{_CONTROLS}]"), late(f"[\ufffd{_CONTROLS}]")
AWS_FRAMES = message("AWS event-stream frames")
_MAGIC = (
    (b"\x1f\x8b", message("gzip data")),
    (b"\x28\xb5\x2f\xfd", message("zstd data")),
    (b"PK\x03\x04", message("a zip file")),
    (b"\x89PNG", message("a PNG picture")),
    (b"\xff\xd8\xff", message("a JPEG picture")),
    (b"GIF8", message("a GIF picture")),
    (b"RIFF", message("a WAV or WebP file")),
    (b"%PDF-", message("a PDF file")),
    (b"OggS", message("an Ogg file")),
    (b"ID3", message("an MP3 file")),
    (b"\x16\x03", message("a TLS record")),
)


def kind_of_bytes(data: bytes) -> str:
    """What these bytes are, as a message; "" for text, and for nothing at all. Only the beginning counts."""
    start = data[:_SAMPLE_BYTES]
    if _is_aws_frame(start):
        return AWS_FRAMES
    return next(
        (name for magic, name in _MAGIC if start.startswith(magic)), message("binary data") if _is_binary(start) else ""
    )


def _is_aws_frame(start: bytes) -> bool:
    """The prelude of an AWS event-stream frame: total length, length of the headers, checksum, then the first header's name."""
    return start[:1] == b"\0" and (b":message-type" in start or b":event-type" in start or b":exception-type" in start)


def _is_binary(start: bytes) -> bool:
    if b"\0" in start:
        return not start.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 text has NULs
    text = start.decode("utf-8", "replace")
    if len(start) == _SAMPLE_BYTES:  # the sample may end inside a character
        text = text.rstrip("\ufffd")
    odd = len(_ODD().findall(text))
    if odd <= len(text) * _MOST_ODD:
        return False
    try:
        start.decode("gb18030")  # a page of a Chinese server, which has no control characters
    except UnicodeDecodeError as error:
        return error.start < len(start) - 4 or odd > len(text) / 2
    return _CONTROL().search(text) is not None


def words_of(data: bytes) -> str:
    """Text as its bytes say it: UTF-8, or GB 18030 where only that reads them and gives Chinese words."""
    for charset in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(charset)().decode(data)  # the end may be one of a character
        except UnicodeDecodeError:
            continue
        if charset == "utf-8" or any("\u4e00" <= char <= "\u9fff" for char in text):
            return text
    return data.decode("utf-8", "replace")
