"""Interim responses of HTTP/1.1 (status 1xx; RFC 9110, section 15.2), which come before the final one."""

from __future__ import annotations

import re

_HEAD = re.compile(rb"HTTP/1\.[0-9] 1(?!01)[0-9]{2}")  # 101 is final: HTTP/1.1 ends on that connection
_STATUS_BYTES = len(b"HTTP/1.1 103")
_HEAD_END = re.compile(rb"\n\r?\n")


class InterimHeads:
    """Reads past interim responses to the first bytes of the final one.

    Attributes:
        has_continue: a 100 was among them.
    """

    def __init__(self) -> None:
        self.has_continue = False
        self._seen = False
        self._inside = False
        self._kept = b""  # the last bytes of an interim response, or the first of what may be another one
        self._kept_ns = 0  # when the first of those came

    def final(self, ns: int, data: bytes) -> tuple[int, bytes] | None:
        """Take in the bytes of a read and its stamp; returns the first bytes of the final response and their stamp, or None.

        The first response counts as interim only where its status is among the first bytes, so that one which stops within
        them has begun nevertheless.
        """
        if not self._kept:
            self._kept_ns = ns
        data = self._kept + data
        while self._inside or _HEAD.match(data):
            self.has_continue = self.has_continue or (not self._inside and data[9:12] == b"100")
            self._seen = self._inside = True
            end = _HEAD_END.search(data)
            if end is None:
                self._kept = data[-3:]
                return None
            data, self._inside, self._kept_ns = data[end.end() :], False, ns
        self._kept = data
        undecided = self._seen and len(data) < _STATUS_BYTES
        return None if not data or undecided else (self._kept_ns, data)
