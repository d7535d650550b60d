"""Watches HTTP/2 frames on their way to httpcore: when a stream's first response byte came, GOAWAY, what httpcore misreads."""

from __future__ import annotations

from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import ContinuationFrame, DataFrame, ExtensionFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame

_HEAD_BYTES = 9  # RFC 9113, 4.1
_GOODBYE_BYTES = 8  # RFC 9113, 6.8: what of a GOAWAY is looked at
_HTTP1 = b"HTTP/1."
_MOST_BLOCK_BYTES = 1 << 18  # far above what h2 takes for a header block


class FrameWatch:
    """Parses what the peer sends, from the connection's first byte on.

    Attributes:
        stream_id: the highest stream with a response so far, 0 for none. SETTINGS, PING, WINDOW_UPDATE and interim responses
            (1xx; RFC 9110, section 15.2) do not count.
        first_ns: the stamp of the read with that stream's first frame.
        is_new: with the bytes fed last that stream's response began.
        goaway: the peer takes no more streams.
        speaks_http1: the connection's first bytes are those of an answer in HTTP/1, which h2 waits for as a huge frame.
        lacks_status: that stream's response has no status, or none of three digits.

    WORKAROUND: httpcore 1.0.9 takes a response without a status for one with 200, and fails at one that is no number.
    """

    def __init__(self) -> None:
        self.stream_id = 0
        self.first_ns = 0
        self.is_new = False
        self.goaway = False
        self.speaks_http1 = False
        self.lacks_status = False
        self._begun = False
        self._head = bytearray()
        self._head_bytes = _HEAD_BYTES
        self._head_ns = 0
        self._frame: Frame = ExtensionFrame(0xFF, 0)
        self._size = 0
        self._payload_bytes = 0  # how much of the payload is still to come
        self._withheld = False
        self._headers: _HeaderBlocks | None = _HeaderBlocks()  # None: they can't be decoded any more

    def feed(self, ns: int, data: bytes, stream_id: int | None = None) -> bytes:
        """Take in the bytes of one read and its stamp; `stream_id` is the stream whose response is awaited, None for none.

        Returns the bytes for the HTTP stack, which may be none: a frame's header (of a GOAWAY, its fields too) is held back
        until it is complete, and a GOAWAY that lets the waiting stream finish is dropped.

        WORKAROUND: httpcore 1.0.9 gives up at any GOAWAY, and h2 4.4.1 takes no frame after one, although servers and proxies
        that shut down gracefully finish the open streams (RFC 9113, section 6.8).
        """
        self.is_new = False
        out, at = bytearray(), 0
        while at < len(data):
            if self._payload_bytes:
                part = data[at : at + self._payload_bytes]
                self._payload_bytes -= len(part)
                out += b"" if self._withheld else part
                self._take_payload(part)
            else:
                part = data[at : at + self._head_bytes - len(self._head)]
                self._head += part
                if len(self._head) == self._head_bytes:
                    out += self._take_head(ns, stream_id)
            at += len(part)
        return bytes(out)

    def _take_head(self, ns: int, stream_id: int | None) -> bytes:
        head = bytes(self._head)
        if len(head) == _HEAD_BYTES:
            self.speaks_http1 = not self._begun and head.startswith(_HTTP1)
            self._begun = True
            self._head_ns = ns
            self._frame, self._size = _parse(head)
            if isinstance(self._frame, GoAwayFrame) and self._size >= _GOODBYE_BYTES:
                self._head_bytes += _GOODBYE_BYTES
                return b""
        self._head.clear()
        self._head_bytes = _HEAD_BYTES
        frame, goodbye = self._frame, head[_HEAD_BYTES:]
        self._payload_bytes = self._size - len(goodbye)
        self.goaway = self.goaway or isinstance(frame, GoAwayFrame)
        self._withheld = _lets_finish(frame, goodbye, stream_id)
        if isinstance(frame, DataFrame | RstStreamFrame):
            self._answered(frame.stream_id, ns)
        elif self._headers is not None and isinstance(frame, HeadersFrame | ContinuationFrame):
            self._headers.begin(frame, self._head_ns)
            self._take_payload(b"")
        return b"" if self._withheld else head

    def _take_payload(self, part: bytes) -> None:
        headers = self._headers
        if headers is None or not isinstance(self._frame, HeadersFrame | ContinuationFrame):
            return
        whole = headers.add(part, is_last=not self._payload_bytes)
        if headers.broken:
            self._headers = None  # the HTTP stack will say what is wrong
        if headers.broken or (whole and not headers.interim):
            if self._frame.stream_id > self.stream_id:  # what comes later are trailers
                self.lacks_status = not headers.broken and not headers.has_status
            self._answered(self._frame.stream_id, headers.begun_ns)

    def _answered(self, stream_id: int, ns: int) -> None:
        if stream_id > self.stream_id:
            self.stream_id, self.first_ns, self.is_new = stream_id, ns, True


class _HeaderBlocks:
    """Decodes the connection's header blocks, all of them: with HPACK a block can refer to earlier ones.

    Attributes:
        begun_ns: when the header of the block's first frame came.
        interim: the last complete block was that of a 1xx response.
        has_status: it has a status of three digits.
        broken: a block is too large, or could not be decoded.
    """

    def __init__(self) -> None:
        self.begun_ns = 0
        self.interim = False
        self.has_status = False
        self.broken = False
        self._decoder = Decoder()
        self._frame: HeadersFrame | ContinuationFrame = HeadersFrame(1)
        self._payload = bytearray()
        self._block = bytearray()

    def begin(self, frame: HeadersFrame | ContinuationFrame, ns: int) -> None:
        """A frame's header was read at `ns`."""
        self._frame = frame
        self._payload.clear()
        if isinstance(frame, HeadersFrame):
            self.begun_ns = ns
            self._block.clear()

    def add(self, part: bytes, *, is_last: bool) -> bool:
        """Take in bytes of its payload; `is_last`: those are the last. Returns whether the header block is complete."""
        self._payload += part
        self.broken = len(self._block) + len(self._payload) > _MOST_BLOCK_BYTES
        return is_last and not self.broken and self._end_frame()

    def _end_frame(self) -> bool:
        try:
            self._frame.parse_body(memoryview(bytes(self._payload)))
            self._block += self._frame.data
            if "END_HEADERS" not in self._frame.flags:
                return False
            fields = self._decoder.decode(bytes(self._block), raw=True)
        except (HyperframeError, HPACKError):
            self.broken = True
            return False
        status = next((value for name, value in fields if name == b":status"), b"")
        self.has_status = len(status) == 3 and status.isdigit()
        self.interim = len(status) == 3 and status.startswith(b"1")
        return True


def _parse(head: bytes) -> tuple[Frame, int]:
    """A frame header as the frame and its payload's length; an unknown frame where the header is invalid."""
    try:
        return Frame.parse_frame_header(memoryview(head))
    except HyperframeError:
        return ExtensionFrame(0xFF, 0), int.from_bytes(head[:3], "big")


def _lets_finish(frame: Frame, goodbye: bytes, stream_id: int | None) -> bool:
    """Whether a frame is a graceful GOAWAY (NO_ERROR) after which the waiting stream is still served."""
    if not isinstance(frame, GoAwayFrame) or stream_id is None or len(goodbye) < _GOODBYE_BYTES:
        return False
    frame.parse_body(memoryview(goodbye))
    return frame.error_code == 0 and stream_id <= frame.last_stream_id & 0x7FFFFFFF
