"""Records to bytes and back: the frames that the wire process sends, and the file of a run.

File format (version 1), also what `--save` writes and File > Open reads: the eight bytes `DIPTYCH1`, then frames. A frame is
a big-endian unsigned 32-bit length and that many bytes of MessagePack: a two-element array `[exchange, record]`. `exchange`
is an integer that tells the exchanges of a run apart (0 for `RunOpened`), `record` is a map whose `record` key names its kind
(`app.recording.records`); where there are several `RunOpened` of one run, the last says what
the run came to. A file that ends inside a frame is a run that was killed: what came before the torn frame is read.
Fields and their defaults may be added within a version: a reader passes over those that it does not know.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from app.recording.recording import Recording
from app.recording.records import EndDetail, Ended, EndKind, EndReason, Opened, Record, RunFileError, RunOpened
from app.text.sentences import tr

MAGIC = b"DIPTYCH1"
MAX_FRAME_BYTES = 1 << 30
_LENGTH = struct.Struct(">I")

_encoder = msgspec.msgpack.Encoder()


@cache
def _decoder() -> msgspec.msgpack.Decoder[tuple[int, Record]]:
    """Made when the first frame is read: inspecting all record types takes time, and the start does not need it."""
    return msgspec.msgpack.Decoder(tuple[int, Record])


def pack_frame(exchange: int, record: Record) -> bytes:
    """One frame of the file format."""
    payload = _encoder.encode((exchange, record))
    return _LENGTH.pack(len(payload)) + payload


class FrameReader:
    """Reads frames from bytes that come in pieces. Raises RunFileError for bytes that are no frame."""

    def __init__(self, offset: int = 0) -> None:
        """`offset` is what stood before the first frame; messages count from there."""
        self._pending = bytearray()
        self._offset = offset

    def feed(self, data: bytes | memoryview) -> Iterator[tuple[int, Record]]:
        """The frames that these bytes complete."""
        waited = bool(self._pending)
        if waited:
            self._pending += data
        at, known = 0, self._pending if waited else data  # what is whole in a piece is read there, and not copied
        try:
            while (frame := read_frame(known, at, self._offset)) is not None:
                at, exchange, record = frame
                yield exchange, record
        finally:
            if waited:
                del self._pending[:at]
            else:
                self._pending += data[at:]
            self._offset += at


def read_frame(data: bytes | bytearray | memoryview, at: int, before: int = 0) -> tuple[int, int, Record] | None:
    """The frame at an offset as (offset behind it, exchange, record), or None where it is not whole yet.

    `before` is how many bytes of its file or stream stood before `data`, for messages.
    """
    if len(data) - at < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack_from(data, at)
    if size > MAX_FRAME_BYTES:
        raise RunFileError(tr("a frame of {size} bytes at offset {at}: too long to be one", size=size, at=before + at))
    begin = at + _LENGTH.size
    if len(data) - begin < size:
        return None
    try:
        with memoryview(data) as view, view[begin : begin + size] as payload:
            exchange, record = _decoder().decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RunFileError(tr("the frame at offset {at} can't be read: {why}", at=before + at, why=error)) from error
    return begin + size, exchange, record


def dump_run(opened: RunOpened, recordings: Iterable[Recording]) -> Iterator[bytes]:
    """A run as the bytes of a file, in pieces."""
    yield MAGIC
    yield pack_frame(0, opened)
    for number, recording in enumerate(recordings, start=1):
        for record in recording.records():
            yield pack_frame(number, record)


def load_run(pieces: Iterable[bytes | memoryview]) -> tuple[RunOpened, list[Recording]]:
    """A run out of the bytes of a file, in pieces, so that it is never in memory beside what it holds.

    An exchange without an end was killed: it ends as INTERRUPTED. Raises RunFileError.
    """
    loader, frames, start = _RunLoader(), FrameReader(len(MAGIC)), b""
    for piece in pieces:
        if lacking := len(MAGIC) - len(start):
            start += piece[:lacking]
            if len(start) < len(MAGIC):
                continue
            _check_magic(start)
            piece = memoryview(piece)[lacking:]
        for exchange, record in frames.feed(piece):
            loader.take(exchange, record)
    _check_magic(start)
    return loader.finish()


def _check_magic(start: bytes) -> None:
    if not start.startswith(MAGIC):
        raise RunFileError(
            tr("this is not a run of Diptych (it does not begin with DIPTYCH1); `diptych read` reads what other programs saved")
        )


class _RunLoader:
    """Adds up the records of a run's file."""

    def __init__(self) -> None:
        self._opened: RunOpened | None = None
        self._recordings: dict[int, Recording] = {}

    def take(self, exchange: int, record: Record) -> None:
        if isinstance(record, RunOpened):
            if self._opened is None or record.run_id == self._opened.run_id:
                self._opened = record
        elif isinstance(record, Opened):
            self._recordings[exchange] = Recording(record.envelope, record.request)
        elif exchange in self._recordings:
            self._recordings[exchange].apply(_up_to_date(record))
        else:
            raise RunFileError(tr("a record of exchange {number}, which was never opened", number=exchange))

    def finish(self) -> tuple[RunOpened, list[Recording]]:
        if self._opened is None:
            raise RunFileError(tr("the file ends before its first record"))
        for recording in self._recordings.values():
            if recording.end is None:
                message, detail = "the file ends before the exchange does", EndDetail(EndReason.TORN_FILE)
                recording.end = Ended(EndKind.INTERRUPTED, message=message, detail=detail)
        return self._opened, list(self._recordings.values())


def _up_to_date(record: Record) -> Record:
    """The record as it is written today."""
    if not isinstance(record, Ended) or record.detail is not None:
        return record
    from app.recording.legacy_end import with_detail  # loaded when an older file is opened

    return with_detail(record)
