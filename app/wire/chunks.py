"""Whole HTTP chunks taken out of a read, past the HTTP stack: an event stream is little else.

The stack (httpcore and h11) needs a tenth of a millisecond for each piece of a body. With hundreds of streams in one process
there is less time than that: reads hold several segments, and all of those get the time of the last one. What is not plainly a
whole chunk (a part of one, an extension, the last one, anything wrong) is left to the stack.
"""

from __future__ import annotations

import re

import h11
from h11._readers import ChunkedReader

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")


class PlainChunks:
    """The chunks of one body, as long as the HTTP stack stands between two of them."""

    def __init__(self, connection: h11.Connection, reader: ChunkedReader) -> None:
        self._connection, self._reader = connection, reader

    @property
    def at_boundary(self) -> bool:
        """Whether a chunk begins with the next byte. Asked when the stack wants to read, so that nothing of it waits there.

        WORKAROUND: h11 0.16.0 does not tell; these are its own counts.
        """
        reader = self._reader
        return not (
            reader._bytes_in_chunk
            or reader._bytes_to_discard
            or reader._reading_trailer
            or len(self._connection._receive_buffer)
        )


def take_whole(data: bytes) -> tuple[list[bytes], bytes]:
    """The data of the chunks that `data` begins with, each whole; and the bytes behind them."""
    taken: list[bytes] = []
    at = 0
    while (found := _SIZE.match(data, at)) is not None:
        begin = found.end()
        end = begin + int(found[1], 16)
        if end == begin or data[end : end + 2] != b"\r\n":
            break
        taken.append(data[begin:end])
        at = end + 2
    return taken, data[at:]
