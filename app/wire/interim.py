"""Interim answers (status 1xx; RFC 9110, section 15.2): they come before the answer that is waited for, and are none."""

from __future__ import annotations

import re

_HEAD = re.compile(rb"HTTP/1\.[0-9] 1(?!01)[0-9]{2}")  # 101 is the last answer of HTTP/1.1 on its connection
_STATUS_BYTES = len(b"HTTP/1.1 103")
_HEAD_END = re.compile(rb"\n\r?\n")
# RFC 7541: perhaps updates of the table's size, then a literal under the name of the static table's entry 8, :status, in three
# characters that begin with a 1, as they are or by the Huffman code, where that is 00001.
_HTTP2_BLOCK = re.compile(rb"(?:[\x20-\x3e]|\x3f[\x80-\xff]*[\x00-\x7f])*[\x08\x18\x48](?:\x031|[\x82\x83][\x08-\x0f])")


class InterimHeads:
    """Follows the bytes of HTTP/1.1 up to the head of the final answer."""

    def __init__(self) -> None:
        self._seen = False
        self._inside = False
        self._kept = b""  # the last bytes of an interim head, or the first of what may be another one
        self._kept_ns = 0  # when the first of those came

    def final(self, ns: int, data: bytes) -> tuple[int, bytes] | None:
        """Take in the bytes of a read and its stamp: the final answer's first bytes and their stamp, None while there are none.

        The first head is taken for an interim one only where it shows its status at once, so that an answer that stops in its
        first bytes has begun nevertheless.
        """
        if not self._kept:
            self._kept_ns = ns
        data = self._kept + data
        while self._inside or _HEAD.match(data):
            self._seen = self._inside = True
            end = _HEAD_END.search(data)
            if end is None:
                self._kept = data[-3:]
                return None
            data, self._inside, self._kept_ns = data[end.end() :], False, ns
        self._kept = data
        undecided = self._seen and len(data) < _STATUS_BYTES
        return None if not data or undecided else (self._kept_ns, data)


def is_interim_block(block: bytes) -> bool:
    """Whether a header block of HTTP/2, or its beginning, is of an interim answer, as far as one can tell without its table.

    A status that is named by an entry that an earlier block of the connection made counts as final.
    """
    return _HTTP2_BLOCK.match(block) is not None
