"""The bounds of packed bodies and of AWS frames."""

from __future__ import annotations

import struct
import zlib

import pytest

from app.stream.aws_frames import begins_frames
from app.stream.decoding import Decoder


@pytest.mark.parametrize(("count", "error"), [(5, None), (6, "6 content encodings on top of one another")])
def test_so_many_encodings_may_stand_on_top_of_one_another(count: int, error: str | None) -> None:
    assert Decoder(", ".join(["gzip"] * count)).error == error


@pytest.mark.parametrize(
    ("total", "headers", "begins"),
    [
        (16_777_215, 0, True),  # more than begins with a zero byte
        (16_777_216, 0, False),
        (16, 0, True),
        (15, 0, False),
        (20, 4, True),
        (20, 5, False),
    ],
)
def test_what_a_frame_s_lengths_can_be(total: int, headers: int, begins: bool) -> None:
    prelude = struct.pack(">II", total, headers)
    head = prelude + struct.pack(">I", zlib.crc32(prelude))
    assert begins_frames(head) is begins
    assert not begins_frames(head[:11])
