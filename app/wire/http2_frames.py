"""HTTP/2 frames read in passing: when a stream's first response byte came, and whether and how the peer said goodbye."""

from __future__ import annotations

from app.wire.interim import is_interim_block

_HEAD_BYTES = 9  # RFC 9113, 4.1: length 24, type 8, flags 8, stream 31
_GOODBYE_BYTES = 8  # RFC 9113, 6.8: last stream 32, error code 32
_DATA, _HEADERS, _RST_STREAM, _GOAWAY = 0x0, 0x1, 0x3, 0x7
_ANSWER = (_DATA, _HEADERS, _RST_STREAM)
_PADDED, _PRIORITY = 0x8, 0x20  # RFC 9113, 6.2: flags of a HEADERS frame, whose block then begins 1 or 5 bytes later
_BLOCK_BYTES = 24  # of a HEADERS frame, enough to see the status


class FrameWatch:
    """Follows what the peer sends from the connection's first byte on.

    Attributes:
        stream_id: the highest stream that was answered so far, 0 for none. SETTINGS, PING, WINDOW_UPDATE and interim heads
            (1xx) are no answer.
        first_ns: the stamp of the read with that stream's first frame.
        is_new: the bytes fed last brought that first frame.
        goaway: the peer takes no more streams.
    """

    def __init__(self) -> None:
        self.stream_id = 0
        self.first_ns = 0
        self.is_new = False
        self.goaway = False
        self._head = bytearray()
        self._head_bytes = _HEAD_BYTES
        self._head_ns = 0
        self._payload_bytes = 0
        self._withheld = False

    def feed(self, ns: int, data: bytes, stream_id: int | None = None) -> bytes:
        """Take in the bytes of one read and its stamp; `stream_id` is the stream that waits for its answer, None for none.

        Returns the bytes for the HTTP stack, which may be none: the head of a frame (with what is looked at behind it) is held
        back until it is whole, and a goodbye that lets the waiting stream finish is withheld. httpcore (1.0) gives up at any
        goodbye, although servers and proxies that shut down in good order go on with the streams that are open (RFC 9113,
        section 6.8).
        """
        self.is_new = False
        out, at = bytearray(), 0
        while at < len(data):
            if self._payload_bytes:
                part = data[at : at + self._payload_bytes]
                self._payload_bytes -= len(part)
                out += b"" if self._withheld else part
            else:
                part = data[at : at + self._head_bytes - len(self._head)]
                self._head += part
                if len(self._head) == self._head_bytes:
                    out += self._take_head(ns, stream_id)
            at += len(part)
        return bytes(out)

    def _take_head(self, ns: int, stream_id: int | None) -> bytes:
        head = bytes(self._head)
        size, kind = int.from_bytes(head[:3], "big"), head[3]
        if len(head) == _HEAD_BYTES:
            self._head_ns = ns
            self._head_bytes += _wanted_bytes(kind, size)
            if self._head_bytes > len(head):
                return b""
        self._head.clear()
        self._head_bytes = _HEAD_BYTES
        self._payload_bytes = size - (len(head) - _HEAD_BYTES)
        self.goaway = self.goaway or kind == _GOAWAY
        self._withheld = kind == _GOAWAY and _lets_finish(head[_HEAD_BYTES:], stream_id)
        answered = int.from_bytes(head[5:_HEAD_BYTES], "big") & 0x7FFFFFFF
        interim = kind == _HEADERS and is_interim_block(_block(head))
        if kind in _ANSWER and answered > self.stream_id and not interim:
            self.stream_id, self.first_ns, self.is_new = answered, self._head_ns, True
        return b"" if self._withheld else head


def _wanted_bytes(kind: int, size: int) -> int:
    """How many of a frame's payload bytes have to be looked into."""
    if kind == _HEADERS:
        return min(size, _BLOCK_BYTES)
    return _GOODBYE_BYTES if kind == _GOAWAY and size >= _GOODBYE_BYTES else 0


def _block(frame: bytes) -> bytes:
    """The beginning of the header block in a HEADERS frame."""
    flags = frame[4]
    return frame[_HEAD_BYTES + (1 if flags & _PADDED else 0) + (5 if flags & _PRIORITY else 0) :]


def _lets_finish(goodbye: bytes, stream_id: int | None) -> bool:
    """Whether a goodbye is in good order and comes behind the stream that waits."""
    if stream_id is None or len(goodbye) < _GOODBYE_BYTES:
        return False
    last_stream_id, error_code = int.from_bytes(goodbye[:4], "big") & 0x7FFFFFFF, int.from_bytes(goodbye[4:], "big")
    return error_code == 0 and stream_id <= last_stream_id
