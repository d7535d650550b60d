"""AWS event-stream frames (`application/vnd.amazon.eventstream`), as Bedrock streams are sent, to server-sent events.

A frame: 4 bytes of total length, 4 of the headers' length, CRC-32 of these 8; headers; payload; CRC-32 of all that stands
before (Smithy's specification of `application/vnd.amazon.eventstream`). A payload of the model's own events is `{"bytes":
"<base64>"}`.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Iterator

from app.text.json_text import decode_json, encode_json
from app.text.sentences import Phrase, message

PRELUDE_BYTES = 12
_MAX_FRAME_BYTES = 24 << 20  # the protocol's own limit
_CRC_BYTES = 4
_STRING = 7
# The length of a header's value by its type; a negative number: so many bytes that say its length.
_VALUE_BYTES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 6: -2, _STRING: -2, 8: 8, 9: 16}


def begins_frames(data: bytes | bytearray) -> bool:
    """Whether a body begins with the prelude of a frame; its checksum leaves no doubt. False below 12 bytes."""
    if len(data) < PRELUDE_BYTES or data[0]:
        return False
    total, headers = struct.unpack_from(">II", data)
    fits = headers + PRELUDE_BYTES + _CRC_BYTES <= total <= _MAX_FRAME_BYTES
    return fits and bytes(data[8:PRELUDE_BYTES]) == _crc(data[:8])


def unwrap_bytes(value: object) -> object:
    """What Bedrock's `{"bytes": "<base64 of JSON>"}` holds; None for anything else."""
    packed = value.get("bytes") if isinstance(value, dict) and not value.keys() - {"bytes", "p"} else None
    if not isinstance(packed, str):
        return None
    try:
        return decode_json(base64.b64decode(packed, validate=True))
    except (binascii.Error, ValueError):
        return None


class FrameDecoder:
    """Makes server-sent events of frames, incrementally; the counterpart of `app.stream.decoding.Decoder`.

    Attributes:
        frames: how many were whole.
        error: None while all is well; once it is set, nothing more comes out.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.error: Phrase | None = None
        self._pending = bytearray()

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The events that these bytes complete, one a frame."""
        self._pending += data
        while self.error is None and (frame := self._next_frame()) is not None:
            self.frames += 1
            yield _event_of(*frame)

    def close(self) -> None:
        """The body is over: a frame that is not whole is an error."""
        if self.error is None and self._pending:
            self.error = Phrase(message("frame {number} is cut off"), number=self.frames + 1)

    def _next_frame(self) -> tuple[dict[str, str], bytes] | None:
        """Headers and payload of the next frame, which is taken off; None where it is not whole, or broken."""
        pending = self._pending
        if len(pending) < PRELUDE_BYTES:
            return None
        if not begins_frames(pending):
            self.error = Phrase(message("frame {number} does not begin as one"), number=self.frames + 1)
            return None
        total, headers = struct.unpack_from(">II", pending)
        if len(pending) < total:
            return None
        frame = bytes(pending[:total])
        del pending[:total]
        if frame[-_CRC_BYTES:] != _crc(frame[:-_CRC_BYTES]):
            self.error = Phrase(message("the checksum of frame {number} is wrong"), number=self.frames + 1)
            return None
        at = PRELUDE_BYTES + headers
        return _headers(frame[PRELUDE_BYTES:at]), frame[at:-_CRC_BYTES]


def _crc(data: bytes | bytearray) -> bytes:
    return struct.pack(">I", zlib.crc32(data))


def _headers(data: bytes) -> dict[str, str]:
    """The headers whose values are texts; what is broken ends them."""
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        end = at + 1 + data[at]
        size = _VALUE_BYTES.get(data[end]) if end < len(data) else None
        if size is None:
            break
        start = end + 1 + (2 if size < 0 else 0)
        stop = start + (int.from_bytes(data[end + 1 : start]) if size < 0 else size)
        if data[end] == _STRING:
            found[data[at + 1 : end].decode("utf-8", "replace")] = data[start:stop].decode("utf-8", "replace")
        at = stop
    return found


def _event_of(headers: dict[str, str], payload: bytes) -> bytes:
    """One frame as a server-sent event: what is in `bytes` by the name of its type, an exception as an error."""
    if headers.get(":message-type", "event") != "event":
        return _error_of(headers, payload)
    try:
        value = decode_json(payload)
    except ValueError:
        value = None
    inner = unwrap_bytes(value)
    if inner is None:
        return _sse(headers.get(":event-type", ""), payload)
    kind = inner.get("type") if isinstance(inner, dict) else None
    return _sse(kind if isinstance(kind, str) else "", encode_json(inner))


def _error_of(headers: dict[str, str], payload: bytes) -> bytes:
    try:
        value = decode_json(payload)
    except ValueError:
        value = None
    said = next((value[key] for key in ("message", "Message") if key in value), "") if isinstance(value, dict) else ""
    kind = headers.get(":exception-type") or headers.get(":error-code") or "exception"
    message = said or headers.get(":error-message") or kind
    return _sse("error", encode_json({"type": "error", "error": {"type": kind, "message": message}}))


def _sse(name: str, data: bytes) -> bytes:
    lines = b"".join(b"data: " + line + b"\n" for line in data.splitlines() or [b""])
    named = f"event: {name}\n".encode() if name.isprintable() and name else b""
    return named + lines + b"\n"
