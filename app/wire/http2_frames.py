"""HTTP/2 frames read in passing: when a stream's first response byte came, and whether and how the peer said goodbye."""

from __future__ import annotations

from hpack import Decoder, HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import ContinuationFrame, DataFrame, ExtensionFrame, Frame, GoAwayFrame, HeadersFrame, RstStreamFrame

_HEAD_BYTES = 9  # RFC 9113, 4.1
_GOODBYE_BYTES = 8  # RFC 9113, 6.8: what of a GOAWAY is looked at
_MOST_BLOCK_BYTES = 1 << 18  # far above what h2 takes for a header block


class FrameWatch:
    """Follows what the peer sends from the connection's first byte on.

    Attributes:
        stream_id: the highest stream that was answered so far, 0 for none. SETTINGS, PING, WINDOW_UPDATE and interim heads
            (1xx; RFC 9110, section 15.2) are no answer.
        first_ns: the stamp of the read with that stream's first frame.
        is_new: the bytes fed last showed that stream's answer to have begun.
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
        self._frame: Frame = ExtensionFrame(0xFF, 0)
        self._size = 0
        self._payload_bytes = 0  # what is to come of the payload
        self._withheld = False
        self._headers: _HeaderBlocks | None = _HeaderBlocks()  # None: they can't be followed any more

    def feed(self, ns: int, data: bytes, stream_id: int | None = None) -> bytes:
        """Take in the bytes of one read and its stamp; `stream_id` is the stream that waits for its answer, None for none.

        Returns the bytes for the HTTP stack, which may be none: the head of a frame (of a goodbye, its beginning) is held back
        until it is whole, and a goodbye that lets the waiting stream finish is withheld.

        WORKAROUND: httpcore 1.0.9 gives up at any goodbye, and h2 4.4.1 takes no frame behind one, although servers and proxies
        that shut down in good order go on with the streams that are open (RFC 9113, section 6.8).
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
            self._answered(self._frame.stream_id, headers.begun_ns)

    def _answered(self, stream_id: int, ns: int) -> None:
        if stream_id > self.stream_id:
            self.stream_id, self.first_ns, self.is_new = stream_id, ns, True


class _HeaderBlocks:
    """The connection's header blocks, decoded one after the other: a block can refer to what an earlier one brought.

    Attributes:
        begun_ns: when the head of the block's first frame came.
        interim: the last whole block was of an interim answer.
        broken: a block is too large, or could not be decoded.
    """

    def __init__(self) -> None:
        self.begun_ns = 0
        self.interim = False
        self.broken = False
        self._decoder = Decoder()
        self._frame: HeadersFrame | ContinuationFrame = HeadersFrame(1)
        self._payload = bytearray()
        self._block = bytearray()

    def begin(self, frame: HeadersFrame | ContinuationFrame, ns: int) -> None:
        """A frame's head came."""
        self._frame = frame
        self._payload.clear()
        if isinstance(frame, HeadersFrame):
            self.begun_ns = ns
            self._block.clear()

    def add(self, part: bytes, *, is_last: bool) -> bool:
        """Bytes of its payload came; `is_last`: no more of them will. Whether the block is whole now."""
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
        self.interim = len(status) == 3 and status.startswith(b"1")
        return True


def _parse(head: bytes) -> tuple[Frame, int]:
    """A frame's head: its kind, and the length of its payload. What breaks the rules is a frame that nothing is known of."""
    try:
        return Frame.parse_frame_header(memoryview(head))
    except HyperframeError:
        return ExtensionFrame(0xFF, 0), int.from_bytes(head[:3], "big")


def _lets_finish(frame: Frame, goodbye: bytes, stream_id: int | None) -> bool:
    """Whether a frame is a goodbye in good order that comes behind the stream that waits."""
    if not isinstance(frame, GoAwayFrame) or stream_id is None or len(goodbye) < _GOODBYE_BYTES:
        return False
    frame.parse_body(memoryview(goodbye))
    return frame.error_code == 0 and stream_id <= frame.last_stream_id & 0x7FFFFFFF
