"""What a response head of HTTP/1.1 has that breaks the rules and that h11 reads all the same: other parsers refuse it.

h11 hands on one Content-Length of two, and no line ends: what these were is to be seen in the bytes alone. What Node's parser
(llhttp 8, under `fetch`) refuses of it was tried with Node 20.20.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.recording.records import Flaw

MAX_HEAD_BYTES = 1 << 16
_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:[^\r\n]*chunked", re.IGNORECASE | re.MULTILINE)
_LINE_FEED = re.compile(rb"[^\r\n]\n")
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_VERSION = re.compile(rb"HTTP/1\.[2-9] ")
_CHUNK_BLANK = re.compile(rb"[0-9A-Fa-f]{1,20}[ \t]+\r\n")


def flaws_of_head(data: bytes) -> Iterator[Flaw]:
    """Those of the head that these bytes begin with, and of the first HTTP chunk where that came with it."""
    end = _END.search(data)
    head = data[: end.start() + 1 if end else len(data)]
    status_line, _, fields = head.partition(b"\n")
    lengths = _LENGTH.findall(fields)
    if len(lengths) > 1:
        yield Flaw.LENGTH_TWICE
    elif lengths and b"," in lengths[0]:
        yield Flaw.LENGTH_LIST
    if _LINE_FEED.search(fields):
        yield Flaw.LINE_FEED
    if _CONTROL.search(fields):
        yield Flaw.CONTROL
    if _VERSION.match(status_line):
        yield Flaw.VERSION
    if end and _CHUNKED.search(fields) and has_blank_behind_size(data[end.end() :]):
        yield Flaw.CHUNK_BLANK


def has_blank_behind_size(data: bytes) -> bool:
    """Whether the HTTP chunk that begins here has a blank behind its size."""
    return _CHUNK_BLANK.match(data) is not None
