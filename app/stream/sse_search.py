"""Searches over the bytes of a stream that are faster than going line by line: ends, repetitions, blocks of one shape."""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple

BLANK_LINE = re.compile(rb"\n\n|\r\n\r\n")
_NAMED_BLOCK = re.compile(rb"\n\nevent: ([^\n]*)\ndata: (?!\n)")
_BLOCK_END = re.compile(rb"\n\n")
_BARE_BLOCK = re.compile(rb"\n\ndata: (?!\n)")
_LINE_END = re.compile(rb"[\r\n]")
_SHORT_LINE_BYTES = 512
_REPEATED = 64  # from so many equal blocks in a row on it pays to count them
_MAX_REPEATED_BYTES = 256


def find_line_end(buffer: bytearray, at: int) -> int:
    """The offset of the next LF or CR, -1 without one. A pattern is quick on short lines, a search on very long ones."""
    found = _LINE_END.search(buffer, at, at + _SHORT_LINE_BYTES)
    if found is not None:
        return found.start()
    lf = buffer.find(b"\n", at + _SHORT_LINE_BYTES)
    cr = buffer.find(b"\r", at + _SHORT_LINE_BYTES, None if lf < 0 else lf)
    return lf if cr < 0 else cr


def copy_line(buffer: bytearray, at: int, end: int) -> bytes:
    """A line without its end, copied once: it may have megabytes."""
    with memoryview(buffer) as view:
        return bytes(view[at:end])


def repeated_block(data: bytes) -> bytes:
    """The block that the data begins with at least `_REPEATED` times in a row, b"" where there is none."""
    found = BLANK_LINE.search(data, 0, _MAX_REPEATED_BYTES)
    if found is None or len(data) < _REPEATED * found.end():
        return b""
    block = data[: found.end()]
    return block if data.startswith(block * _REPEATED) else b""


def times_in_a_row(block: bytes, data: bytes) -> int:
    """How many times in a row the data begins with the block, which is at least once."""
    step = times = 1
    while data.startswith(block * step, times * len(block)):
        times += step
        step *= 2
    while step := step // 2:
        if data.startswith(block * step, times * len(block)):
            times += step
    return times


class Uniform(NamedTuple):
    """So many blocks of one shape and one event name, b"" for blocks of data alone."""

    name: bytes
    blocks: int


def one_name(data: bytes) -> Uniform | None:
    """The blocks of the data, where all have the same plain shape and name, which nearly all of a long stream have; None for
    anything else. `data` ends with a blank line.

    It counts: where all that begin as the first one does have all the line ends that there are, there is nothing else.
    """
    named = data.startswith(b"event: ")
    begin = data[: data.find(b"\n") + len(b"\ndata: ")] if named else b"data: "
    if not (data.startswith(begin) and begin.endswith(b"data: ")) or data.startswith(b"\n", len(begin)):
        return None
    count = data.count(b"\n\n" + begin) + 1
    if data.count(b"\n") != (3 if named else 2) * count or b"\n\n" + begin + b"\n" in data:
        return None
    if b"\r" in data or b"\0" in data or not is_utf8(data):
        return None
    return Uniform(begin[len(b"event: ") : -len(b"\ndata: ")] if named else b"", count)


def names_if_uniform(data: bytes) -> list[bytes] | None:
    """The event names of blocks that all have the same plain shape, b"" each for blocks of data alone; None for anything else.

    `data` ends with a blank line. Every block begins with the shape, and there are only as many lines as the shapes need, so
    no block has more.
    """
    if b"\r" in data or b"\0" in data or b"\n\n\n" in data or not is_utf8(data):
        return None
    blocks, lines = data.count(b"\n\n"), data.count(b"\n")
    if lines == 3 * blocks:
        names = _NAMED_BLOCK.findall(b"\n\n" + data)  # a pattern that begins with fixed bytes is searched ten times as fast
        return names if len(names) == blocks else None
    if lines == 2 * blocks and len(_BARE_BLOCK.findall(b"\n\n" + data)) == blocks:
        return [b""] * blocks
    return None


def block_ends(data: bytes, base: int) -> array[int]:
    """The offsets behind the blank lines of data that begins at `base`."""
    return array("Q", [base + found.end() for found in _BLOCK_END.finditer(data)])


def behind_last_event(data: bytes) -> int:
    """The offset behind the last blank line, 0 without one."""
    found = data.rfind(b"\n\n")
    return 0 if found < 0 else found + 2


def is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
