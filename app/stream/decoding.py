"""Undoing content encodings (RFC 9110, section 8.4) incrementally, with bounded memory and without I/O.

Codecs drop what they had decoded in the call that meets a fault. Since a damaged answer is what a tester wants to see,
the slice with the fault is decoded once more byte by byte: what comes out never depends on how the bytes were split.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol as Interface

import brotli  # type: ignore[import-untyped]  # WORKAROUND: brotli 1.2.1 ships neither annotations nor stubs
import msgspec

from app.text.sentences import Phrase, message

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PIECE_BYTES = 1 << 18
DECODED_LIMIT_BYTES = 128 << 20
_SLICE_BYTES = 4096
_FOLLOW = message("bytes follow the end of the {encoding} data")
_MAX_ENCODINGS = 5
_FAULTS = (zlib.error, brotli.error, zstd.ZstdError)


class Decoder:
    """Decodes a body by its Content-Encoding: gzip, deflate, br, zstd, identity, or a comma-separated stack of them.

    Attributes:
        error: None while all is well. Once it is set, nothing more comes out: damaged data, bytes behind the end, a
            limit that was passed, or (after `close`) an end that never came.
        unknown: the first unknown encoding ("utf-8", "none"), or "". It is ignored, as httpx does.
        overfull: the error is that the limit was passed.
        unfinished: the error is that the end never came.
        trailed: the error is that bytes follow the end, in an encoding (gzip, deflate) where httpx passes over them.
        cut: `unfinished` in an encoding (any but zstd) where httpx takes that for the end.
        members: how many gzip members stand in a row, of which httpx reads the first; 0 where there is no gzip.
        old_name: "x-gzip" where the encoding has that name, which httpx does not know; else "".
    """

    def __init__(self, encoding: str, limit_bytes: int = DECODED_LIMIT_BYTES) -> None:
        """`limit_bytes` bounds the decoded size of the whole body, and of each step of a stack."""
        names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
        strange = [name for name in names if name not in _CODECS]
        self.unknown = strange[0][:40] if strange else ""
        self.error: Phrase | None = None
        names = [name for name in names if name in _CODECS]
        self.old_name = "x-gzip" if "x-gzip" in names else ""
        if len(names) > _MAX_ENCODINGS:
            self.error = Phrase(message("{count} content encodings on top of one another"), count=len(names))
        # The last one named was applied last and is undone first.
        self._stages = [] if self.error else [_Stage(_CODECS[name], limit_bytes) for name in reversed(names)]
        self._plain = not names

    @property
    def overfull(self) -> bool:
        return any(stage.overfull for stage in self._stages)

    @property
    def unfinished(self) -> bool:
        return any(stage.unfinished for stage in self._stages)

    @property
    def trailed(self) -> bool:
        return any(stage.trailed and stage.name in ("gzip", "deflate") for stage in self._stages)

    @property
    def cut(self) -> bool:
        return any(stage.unfinished and stage.name != "zstd" for stage in self._stages)

    @property
    def members(self) -> int:
        return max((stage.members for stage in self._stages if stage.is_gzip), default=0)

    def feed(self, data: bytes) -> bytes:
        """All that these bytes give. Use `pieces` where that may be too much at once."""
        return data if self._plain else b"".join(self.pieces(data))

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The same in pieces of at most `PIECE_BYTES`, each decoded when it is asked for."""
        if self._plain:
            yield data
        elif self.error is None:
            yield from self._through(data, self._stages)
            self._note_error()

    def close(self) -> None:
        """The body is over; nothing was held back. `error` tells whether the end was missing."""
        for stage in self._stages:
            stage.close()
        self._note_error()

    def _through(self, data: bytes, stages: list[_Stage]) -> Iterator[bytes]:
        if not stages:
            yield data
            return
        for piece in stages[0].pieces(data):
            yield from self._through(piece, stages[1:])

    def _note_error(self) -> None:
        if self.error is None:
            self.error = next((stage.error for stage in self._stages if stage.error), None)


class _Stage:
    """One encoding of a stack: its members (gzip) or frames (zstd) one after another."""

    def __init__(self, codec: _Codec, limit_bytes: int) -> None:
        self.error: Phrase | None = None
        self.overfull = False
        self.unfinished = False
        self.trailed = False
        self.members = 0
        self.name = codec.name
        self.is_gzip = codec is _GZIP
        self._codec = codec
        self._left_bytes = limit_bytes
        self._limit_bytes = limit_bytes
        self._member: _Member | None = None
        self._head = b""  # the start of a member that is too short yet to be recognised
        self._history = bytearray()  # what the open member was fed

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _SLICE_BYTES):
            yield from self._slice(data[at : at + _SLICE_BYTES])

    def _slice(self, data: bytes) -> Iterator[bytes]:
        while data and self.error is None:
            if self._member is None:
                data = self._begin(data)
                continue
            yield from self._decode(self._member, data)
            if self.error or not self._member.finished:
                return
            data = self._member.unused
            self._member = None

    def close(self) -> None:
        if self.error is None and (self._member is not None or self._head):
            self.error = Phrase(message("the {encoding} data ends before its end"), encoding=self.name)
            self.unfinished = True

    def _begin(self, data: bytes) -> bytes:
        """Open the next member; returns what it is to be fed."""
        data, self._head = self._head + data, b""
        if self.members and not self._codec.repeats:
            self._note_trail()
            return b""
        if len(data) < self._codec.head_bytes:
            self._head = data
            return b""
        if not self._codec.recognises(data):
            if self.members:
                self._note_trail()
            else:
                self.error = Phrase(message("this is not {encoding} data"), encoding=self._codec.name)
            return b""
        self._member = self._codec.member(data)
        self.members += 1
        self._history.clear()
        return data

    def _decode(self, member: _Member, data: bytes) -> Iterator[bytes]:
        given = 0
        try:
            for piece in member.feed(data):
                yield from self._within_limit(piece)
                given += len(piece)
                if self.error:
                    return
        except _FAULTS as fault:
            yield from self._salvage(data, given, fault)
        self._history += data

    def _salvage(self, data: bytes, given: int, fault: Exception) -> Iterator[bytes]:
        """What came before the fault and was not given yet; sets `error`."""
        member = self._codec.member(bytes(self._history or data))
        for _ in member.feed(bytes(self._history)):
            pass
        try:
            for at in range(len(data)):
                if member.finished:
                    self._note_trail()
                    return
                for piece in member.feed(data[at : at + 1]):
                    yield from self._within_limit(piece[given:])
                    given = max(0, given - len(piece))
        except _FAULTS:
            pass  # the fault that is being looked for
        if self.error is None:
            self.error = Phrase(message("the {encoding} data is damaged: {why}"), encoding=self._codec.name, why=fault)

    def _note_trail(self) -> None:
        self.error, self.trailed = Phrase(_FOLLOW, encoding=self._codec.name), True

    def _within_limit(self, piece: bytes) -> Iterator[bytes]:
        if len(piece) > self._left_bytes:
            self.overfull = True
            self.error = Phrase(
                message("more than {limit} bytes come out of the {encoding} data"),
                limit=self._limit_bytes,
                encoding=self._codec.name,
            )
            piece = piece[: self._left_bytes]
        self._left_bytes -= len(piece)
        if piece:
            yield piece


class _Member(Interface):
    """One compressed stream. `unused` is what followed its end in the bytes it was fed."""

    @property
    def unused(self) -> bytes: ...

    @property
    def finished(self) -> bool: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class _Zlib:
    """gzip, zlib and raw deflate, told apart by `wbits` as the zlib module does."""

    def __init__(self, wbits: int) -> None:
        self._inner = zlib.decompressobj(wbits)

    @property
    def finished(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._inner.decompress(data, PIECE_BYTES)
            data = self._inner.unconsumed_tail
            if piece:
                yield piece
            # A full piece may leave output inside even where all input was taken.
            if self.finished or (not data and len(piece) < PIECE_BYTES):
                return


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstd.ZstdDecompressor()

    @property
    def finished(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            piece = self._inner.decompress(data, PIECE_BYTES)
            data = b""
            if piece:
                yield piece
            if self.finished or self._inner.needs_input:
                return


class _Brotli:
    """Refuses bytes behind its end instead of handing them back, so that `unused` is always empty."""

    unused = b""

    def __init__(self) -> None:
        self._inner = brotli.Decompressor()

    @property
    def finished(self) -> bool:
        return bool(self._inner.is_finished())

    def feed(self, data: bytes) -> Iterator[bytes]:
        while True:
            # WORKAROUND: brotli 1.2.1 doubles its buffer, and what it gives may pass the limit by twice as much.
            piece: bytes = self._inner.process(data, output_buffer_limit=PIECE_BYTES // 2)
            data = b""
            if piece:
                yield piece
            if self.finished or (not piece and self._inner.can_accept_more_data()):
                return


class _Codec(msgspec.Struct, frozen=True):
    """How a member begins (`head_bytes` are needed to tell), how to open one, whether several may follow in a row."""

    name: str
    head_bytes: int
    recognises: Callable[[bytes], bool]
    member: Callable[[bytes], _Member]
    repeats: bool = False


def _has_zlib_header(data: bytes) -> bool:
    """RFC 1950, section 2.2: method 8, and a check that makes the first two bytes a multiple of 31."""
    return data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0


def _inflate(data: bytes) -> _Member:
    # RFC 9110 means the zlib format by "deflate"; some servers send the raw one.
    return _Zlib(zlib.MAX_WBITS if _has_zlib_header(data) else -zlib.MAX_WBITS)


def _is_zstd_frame(data: bytes) -> bool:
    """RFC 8878, section 3.1: a frame, or a skippable one."""
    return data[:4] == b"\x28\xb5\x2f\xfd" or (0x50 <= data[0] <= 0x5F and data[1:4] == b"\x2a\x4d\x18")


def is_encoding(name: str) -> bool:
    """Whether a name in lower case is that of a content encoding that packs."""
    return name in _CODECS


_GZIP = _Codec("gzip", 2, lambda data: data[:2] == b"\x1f\x8b", lambda _: _Zlib(16 + zlib.MAX_WBITS), repeats=True)
_CODECS = {
    "gzip": _GZIP,
    "x-gzip": _GZIP,
    "deflate": _Codec("deflate", 2, lambda _: True, _inflate),
    "br": _Codec("brotli", 0, lambda _: True, lambda _: _Brotli()),
    "zstd": _Codec("zstd", 4, _is_zstd_frame, lambda _: _Zstd(), repeats=True),
}
