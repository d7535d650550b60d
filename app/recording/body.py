"""The bytes of a body as columns: one buffer, and for each chunk its stamp and where it ends."""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain
from operator import gt
from typing import Literal

from app.recording.records import NO_STAMP, Chunked, RunFileError
from app.text.sentences import tr

BODY_LIMIT_BYTES = 128 << 20  # of one body, as it came and decoded, where the settings say nothing else
_LAST_STAMP = 1 << 62  # 146 years after its clock began; differences of stamps stay within 64 bits
_HIGH_BYTES = bytes(range(_LAST_STAMP >> 56))  # of what is below it


class Body:
    """The chunks of a body. A million of them are three arrays, not a million objects.

    Attributes:
        data: all bytes so far. Append through `append` only.
        stamps: nanoseconds a chunk, `NO_STAMP` where the capture has none.
        ends: offset behind the last byte of each chunk.
        frame_ends: offset behind the last byte of each HTTP chunk or DATA frame in which the sender wrote it, rising; empty
            where the body had none, or none is known.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.stamps = array("q")
        self.ends = array("Q")
        self.frame_ends = array("Q")

    def __len__(self) -> int:
        return len(self.ends)

    def append(self, ns: int, data: bytes) -> None:
        """Add one chunk; an empty one is ignored."""
        if data:
            self.data += data
            self.stamps.append(ns)
            self.ends.append(len(self.data))

    def cut(self, chunks: int) -> None:
        """Keep so many chunks, the first ones."""
        del self.ends[chunks:], self.stamps[chunks:]
        del self.data[self.ends[-1] if self.ends else 0 :]

    def chunk(self, index: int) -> bytes:
        """The bytes of one chunk."""
        return bytes(self.data[self.ends[index - 1] if index else 0 : self.ends[index]])

    def chunk_at(self, offset: int) -> int:
        """The index of the chunk that holds the byte at `offset`."""
        return bisect_right(self.ends, offset)

    def stamp_at(self, offset: int) -> int | None:
        """When the byte at `offset` came, in nanoseconds; None where that is not known."""
        ns = self.stamps[self.chunk_at(offset)]
        return None if ns == NO_STAMP else ns

    def extend_packed(self, record: Chunked) -> None:
        """Add the chunks of a record. Raises RunFileError where its columns do not fit together."""
        stamps, sizes = _from_little("q", record.stamps), _from_little("I", record.sizes)
        before = len(self.data)
        ends = array("Q", accumulate(chain((before + sizes[0],), sizes[1:]) if sizes else ()))
        if len(stamps) != len(sizes) or (ends[-1] if ends else before) - before != len(record.data):
            raise RunFileError(tr("a chunk record's stamps, sizes and bytes do not agree"))
        if not _are_times(record.stamps, stamps):
            raise RunFileError(tr("a chunk record's stamps are no times"))
        frame_ends = _from_little("Q", record.frame_ends)
        if any(map(gt, chain(self.frame_ends[-1:] or (0,), frame_ends), frame_ends)):
            raise RunFileError(tr("a chunk record's frames do not follow each other"))
        self.frame_ends.extend(frame_ends)
        self.data += record.data
        self.stamps.extend(stamps)
        self.ends.extend(ends)

    def packed(self, batch_bytes: int = 1 << 20) -> Iterator[Chunked]:
        """The chunks as records, each of about `batch_bytes`."""
        first, start = 0, 0
        while first < len(self):
            last = max(first + 1, bisect_right(self.ends, start + batch_bytes))
            ends = self.ends[first:last]
            sizes = array("I", (end - begin for begin, end in zip([start, *ends], ends, strict=False)))
            frame_ends = self.frame_ends[bisect_right(self.frame_ends, start) : bisect_right(self.frame_ends, ends[-1])]
            yield Chunked(
                _to_little(self.stamps[first:last]),
                _to_little(sizes),
                bytes(self.data[start : ends[-1]]),
                _to_little(frame_ends),
            )
            first, start = last, ends[-1]


def _are_times(little: bytes, stamps: array[int]) -> bool:
    """Whether each is a moment or `NO_STAMP`; where the highest byte of each says so, the numbers are not looked at."""
    if not little[7::8].translate(None, _HIGH_BYTES):
        return True
    return NO_STAMP <= min(stamps) <= max(stamps) <= _LAST_STAMP


def pack_chunks(chunks: Iterable[tuple[int, bytes]], frame_ends: Iterable[int] = ()) -> Chunked:
    """One record of several chunks, each (stamp in ns or NO_STAMP, bytes); `frame_ends` as in `Body`."""
    pairs = [(ns, data) for ns, data in chunks if data]
    return Chunked(
        _to_little(array("q", (ns for ns, _ in pairs))),
        _to_little(array("I", (len(data) for _, data in pairs))),
        b"".join(data for _, data in pairs),
        _to_little(array("Q", frame_ends)),
    )


def pack_columns(stamps: array[int], sizes: array[int], data: bytes, frame_ends: array[int]) -> Chunked:
    """One record of chunks that are columns already ("q", "I", "Q"), none of them empty. The columns are used up."""
    return Chunked(_to_little(stamps), _to_little(sizes), data, _to_little(frame_ends))


def unpack_chunks(record: Chunked) -> Iterator[tuple[int, bytes]]:
    """The inverse of `pack_chunks`."""
    start = 0
    for ns, size in zip(_from_little("q", record.stamps), _from_little("I", record.sizes), strict=True):
        yield ns, record.data[start : start + size]
        start += size


def _to_little(values: array[int]) -> bytes:
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values.byteswap()
    return values.tobytes()


def _from_little(code: Literal["q", "I", "Q"], data: bytes) -> array[int]:
    values = array(code)
    if len(data) % values.itemsize:
        raise RunFileError(tr("a chunk record's columns are cut off"))
    values.frombytes(data)
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        values.byteswap()
    return values
