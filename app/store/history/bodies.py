"""Run files packed for the history: one zstd frame with a checksum, never whole in memory."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from app.store.history.schema import PART_BYTES
from app.text.sentences import tr

LEVEL = 3  # the sixth takes three times as long for a thirtieth of the size
PIECE_BYTES = 1 << 20  # as long as a record of chunks: most are read where they were unpacked


class DamagedBodyError(Exception):
    """What was kept is not what was packed."""


class Packed:
    """Packs a file's pieces; iterate once over its parts, then read what it was.

    Attributes:
        raw_bytes, kept_bytes: how much went in, and came out. digest: SHA-256 of what went in.
    """

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self.raw_bytes = self.kept_bytes = 0
        self.digest = b""

    def __iter__(self) -> Iterator[bytes]:
        options: Mapping[int, int] = {
            zstd.CompressionParameter.compression_level: LEVEL,
            zstd.CompressionParameter.checksum_flag: 1,
        }
        packer, known, waiting = zstd.ZstdCompressor(options=options), hashlib.sha256(), bytearray()
        for piece in self._pieces:
            known.update(piece)
            self.raw_bytes += len(piece)
            waiting += packer.compress(piece)
            while len(waiting) >= PART_BYTES:
                yield self._part(waiting[:PART_BYTES])
                del waiting[:PART_BYTES]
        waiting += packer.flush()
        self.digest = known.digest()
        if waiting:
            yield self._part(waiting)

    def _part(self, data: bytearray) -> bytes:
        self.kept_bytes += len(data)
        return bytes(data)


def unpacked(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The file's pieces again. Raises DamagedBodyError, also where the end is missing."""
    unpacker = zstd.ZstdDecompressor()
    try:
        for part in parts:
            yield unpacker.decompress(part, max_length=PIECE_BYTES)
            while not unpacker.needs_input and not unpacker.eof:
                yield unpacker.decompress(b"", max_length=PIECE_BYTES)
    except (zstd.ZstdError, EOFError) as error:
        raise DamagedBodyError(tr("its recordings are damaged")) from error
    if not unpacker.eof:
        raise DamagedBodyError(tr("a part of its recordings is missing"))
