"""HTTP/2 frame heads read in passing: when a stream's first response byte came, and whether the peer said goodbye."""

from __future__ import annotations

_HEAD_BYTES = 9  # RFC 9113, 4.1: length 24, type 8, flags 8, stream 31
_DATA, _HEADERS, _RST_STREAM, _GOAWAY = 0x0, 0x1, 0x3, 0x7
_ANSWER = (_DATA, _HEADERS, _RST_STREAM)


class FrameWatch:
    """Follows what the peer sends from the connection's first byte on.

    Attributes:
        stream_id: the highest stream that was answered so far, 0 for none. SETTINGS, PING and WINDOW_UPDATE are no answer.
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
        self._skip_bytes = 0

    def feed(self, ns: int, data: bytes) -> None:
        """Take in the bytes of one read and its stamp."""
        self.is_new = False
        at = 0
        while at < len(data):
            step = min(self._skip_bytes, len(data) - at)
            self._skip_bytes -= step
            at += step
            part = data[at : at + _HEAD_BYTES - len(self._head)]
            self._head += part
            at += len(part)
            if len(self._head) == _HEAD_BYTES:
                self._take_head(ns)

    def _take_head(self, ns: int) -> None:
        head = bytes(self._head)
        self._head.clear()
        self._skip_bytes = int.from_bytes(head[:3], "big")
        kind, stream_id = head[3], int.from_bytes(head[5:], "big") & 0x7FFFFFFF
        self.goaway = self.goaway or kind == _GOAWAY
        if kind in _ANSWER and stream_id > self.stream_id:
            self.stream_id, self.first_ns, self.is_new = stream_id, ns, True
