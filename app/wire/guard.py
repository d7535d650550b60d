"""Masks the secrets in one exchange's records before they are stored."""

from __future__ import annotations

from collections import deque

from msgspec import structs

from app.recording.body import pack_chunks, unpack_chunks
from app.recording.records import (
    Chunked,
    Connected,
    EndDetail,
    Ended,
    EndKind,
    EndReason,
    Envelope,
    Headed,
    Headers,
    Masked,
    Record,
    Request,
    Sent,
    content_encoding,
)
from app.recording.records import WireErrorCode as Code
from app.secrets.masking import MaskedStream, Masker
from app.stream.decoding import DECODED_LIMIT_BYTES, Decoder

_SLICE_BYTES = 512


def mask_request(masker: Masker, request: Request) -> Request:
    """The request as it may be stored."""
    return Request(
        request.method, masker.mask_url(request.url), masker.mask_headers(request.headers), masker.mask(request.body)[0]
    )


def mask_envelope(masker: Masker, envelope: Envelope) -> Envelope:
    """The envelope as it may be stored: an address can hold a secret anywhere, and be the profile's name too."""
    note = envelope.profile
    masked = structs.replace(note, name=masker.mask_text(note.name), base_url=masker.mask_text(note.base_url))
    return structs.replace(envelope, profile=masked)


class RecordGuard:
    """Masks one exchange's records in their order.

    A secret inside a compressed body can't be masked in place. There each chunk is stored only when what it decodes to is
    known to hold no part of a secret; at the first one that does, storing ends with an `Ended` of the code KEY_ECHO. It ends
    with TOO_LARGE where the body decodes to more than `decoded_limit_bytes`: what can't be looked into is not stored.

    Attributes:
        ended_by_us: one of the two has happened, so the exchange is to be cancelled.
    """

    def __init__(self, masker: Masker, decoded_limit_bytes: int = DECODED_LIMIT_BYTES) -> None:
        self._masker = masker
        self._limit_bytes = decoded_limit_bytes
        self._body = MaskedStream(masker)
        self._encoded: EncodedBody | None = None
        self._encoding = ""
        self.ended_by_us = False

    def take(self, record: Record) -> list[Record]:
        """The records to store for this one: none while it is held back, several where masks are noted too."""
        if self.ended_by_us:
            return []
        match record:
            case Chunked():
                return self._take_chunks(record)
            case Sent():
                return self._take_sent(record)
            case Headed():
                return self._take_head(record)
            case Connected():
                return [record]
            case Ended():
                return [*self._flush(), self._masker.mask_end(record)]
        return [record]

    def _take_sent(self, record: Sent) -> list[Record]:
        head, spans = self._masker.mask_head(record.head)
        headers = self._masker.mask_headers(record.headers)
        spans += _header_spans(record.headers, headers)
        return [Sent(record.http_version, head, headers), *(Masked("sent", offset, length) for offset, length in spans)]

    def _take_head(self, record: Headed) -> list[Record]:
        encoding = content_encoding(record.headers)
        if encoding:
            self._encoded, self._encoding = EncodedBody(self._masker, encoding, self._limit_bytes), encoding
        known = tuple((self._masker.mask_text(name), self._masker.mask_text(value)) for name, value in record.headers)
        headers = self._masker.mask_answer_headers(record.headers)
        head = Headed(record.status, self._masker.mask_text(record.reason), record.http_version, headers)
        masks = [Masked("head", offset, length) for offset, length in _header_spans(record.headers, known)]
        by_name = [Masked("cookie", offset, length) for offset, length in _header_spans(known, headers)]
        return [head, *masks, *by_name]

    def _take_chunks(self, record: Chunked) -> list[Record]:
        if self._encoded is None:
            masked = self._body.feed_packed(record)
            return [*_with_frames(masked, record), *self._body.take_spans()]
        clear = [piece for ns, data in unpack_chunks(record) for piece in self._encoded.feed(ns, data)]
        out = [*_with_frames(None, record), *self._store(clear)]
        if self._encoded.found:
            why = f"the key came back inside the {self._encoding} body, where it can't be masked; the rest is not stored"
            return [*out, self._end(Code.KEY_ECHO, why, EndDetail())]
        if self._encoded.overfull:
            why = f"the {self._encoding} body decodes to more than the limit of {self._limit_bytes} bytes"
            return [*out, self._end(Code.TOO_LARGE, why, EndDetail(EndReason.DECODED_LIMIT, limit_bytes=self._limit_bytes))]
        return out

    def _store(self, pieces: list[tuple[int, bytes]]) -> list[Record]:
        ready = [one for ns, data in pieces for one in self._body.feed(ns, data)]
        return [*([pack_chunks(ready)] if ready else []), *self._body.take_spans()]

    def _end(self, code: Code, message: str, detail: EndDetail) -> Ended:
        self.ended_by_us = True
        return Ended(EndKind.ERROR, code=code, message=message, phase="receive", detail=detail)

    def _flush(self) -> list[Record]:
        out = self._store(self._encoded.flush()) if self._encoded is not None else []
        ready = self._body.flush()
        return [*out, *([pack_chunks(ready)] if ready else []), *self._body.take_spans()]


def _with_frames(stored: Chunked | None, record: Chunked) -> list[Record]:
    """What is stored now of a record's chunks, with all that it says of frames: those count from the body's first byte."""
    if stored is None:
        return [Chunked(b"", b"", b"", record.frame_ends)] if record.frame_ends else []
    return [stored if stored is record else structs.replace(stored, frame_ends=record.frame_ends)]


def _header_spans(before: Headers, after: Headers) -> list[tuple[int, int]]:
    """Where masked values stand when the list is written as `name: value` lines that end in CRLF: (offset, length)."""
    spans: list[tuple[int, int]] = []
    at = 0
    for (name, value), (_, masked) in zip(before, after, strict=True):
        begin = at + len(name) + 2
        changed = [index for index, (one, other) in enumerate(zip(value, masked, strict=False)) if one != other]
        if changed:
            spans.append((begin + changed[0], changed[-1] + 1 - changed[0]))
        at = begin + len(masked) + 2
    return spans


class EncodedBody:
    """A compressed body: releases a chunk once nothing that it decodes to can be part of a secret.

    Attributes:
        found: a secret was found; nothing more comes out.
        overfull: it decodes to more than the limit; nothing more comes out.
    """

    def __init__(self, masker: Masker, encoding: str, limit_bytes: int = DECODED_LIMIT_BYTES) -> None:
        self._masker = masker
        self._decoder = Decoder(encoding, limit_bytes)
        self._waiting: deque[tuple[int, bytes, int]] = deque()  # stamp, bytes, how much was decoded behind them
        self._decoded_bytes = 0
        self._clear_bytes = 0
        self._tail = b""
        self.found = False
        self.overfull = False

    def feed(self, ns: int, data: bytes) -> list[tuple[int, bytes]]:
        """The chunks that may be stored now; of the chunk where masking stopped, the part before that place."""
        if self._over:
            return []
        if kept := data[: self._look_through(data)]:
            self._waiting.append((ns, kept, self._decoded_bytes))
        return self._released(self._clear_bytes)

    @property
    def _over(self) -> bool:
        return self.found or self.overfull

    def _look_through(self, data: bytes) -> int:
        """How many bytes come before the slice where masking stopped; all if it did not."""
        for at in range(0, len(data), _SLICE_BYTES):
            before = self._decoded_bytes, self._clear_bytes
            self._look_into(data[at : at + _SLICE_BYTES])
            if self._over and self._masker.active:
                self._decoded_bytes, self._clear_bytes = before
                return at
            if self._over:
                return at + _SLICE_BYTES
        return len(data)

    def _look_into(self, data: bytes) -> None:
        for piece in self._decoder.pieces(data):
            self._decoded_bytes += len(piece)
            plain = self._tail + piece
            if self._masker.find(plain):
                self.found = True
                return
            begin, cut = self._masker.open_end(plain)
            self._tail = plain[begin:]
            self._clear_bytes = self._decoded_bytes - len(plain) + cut
        self.overfull = self._decoder.overfull

    def flush(self) -> list[tuple[int, bytes]]:
        """The body is over: what looked like the beginning of a secret was not one. Returns the rest."""
        return [] if self._over else self._released(self._decoded_bytes)

    def _released(self, clear_bytes: int) -> list[tuple[int, bytes]]:
        out: list[tuple[int, bytes]] = []
        while self._waiting and self._waiting[0][2] <= clear_bytes:
            ns, data, _ = self._waiting.popleft()
            out.append((ns, data))
        return out
