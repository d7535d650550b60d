"""What stands in a stream outside of its events, run by run: a web page and a second response head are one thing each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import Literal, NamedTuple

from app.protocols.errors.body import readable_html
from app.stream.sse import Oddity, SseOddity, SseParser
from app.text.visible import one_line

_LOOK_BYTES = 16384  # from the beginning of a page on
_HEAD = re.compile(rb"HTTP/[\d.]+ \d{3}[^\r\n]{0,80}\r?\n")
_PAGE = re.compile(rb"\s*(?:<!doctype html|<html\b|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_FIELD = re.compile(rb"(?:data|event|id|retry)?:|(?:data|event|id|retry)\s*\Z")
_BEGUN = (b"data", b"event", b"id", b"retry")
TRACEBACK = b"Traceback (most recent call last)"
_SAMPLE_CHARACTERS = 80


class Stray(NamedTuple):
    """Bytes that no event holds. `oddity` is the line where they begin; a "line" is that line alone."""

    kind: Literal["head", "page", "line"]
    oddity: SseOddity
    sample: str


def strays(parser: SseParser, body: bytearray) -> Iterator[Stray]:
    """All of them in order: what follows a page or a head, up to the next event, belongs to it."""
    outside = [one for one in parser.oddities if one.kind is Oddity.UNKNOWN_LINE or is_plain(one, body)]
    outside.sort(key=lambda one: one.offset)
    for _, run in groupby(outside, lambda one: one.events_before):
        for oddity in run:
            text = bytes(body[oddity.offset : oddity.offset + _LOOK_BYTES])
            if head := _HEAD.match(text):
                yield Stray("head", oddity, one_line(head[0].decode("latin-1").strip(), _SAMPLE_CHARACTERS))
                break
            if _PAGE.match(text):
                words = " ".join(readable_html(text.decode("utf-8", "replace")).split())
                yield Stray("page", oddity, one_line(words, _SAMPLE_CHARACTERS))
                break
            yield Stray("line", oddity, "")


def telling_line(text: bytes) -> bytes:
    """Of text that no event holds, the line to quote: the first, or where that begins Python's report of an exception, the last
    of the report, which names the exception.
    """
    lines = text.lstrip().splitlines()
    if not lines or not lines[0].startswith(TRACEBACK):
        return lines[0].strip() if lines else b""
    report = list(takewhile(lambda line: not _FIELD.match(line), lines[1:]))
    return next((line.strip() for line in reversed(report) if line.strip() and not line[:1].isspace()), lines[0].strip())


def is_plain(oddity: SseOddity, body: bytearray) -> bool:
    """Whether what was left at the end of a stream is no part of an event, but text of another kind."""
    if oddity.kind is not Oddity.LEFTOVER:
        return False
    text = bytes(body[oddity.offset : oddity.offset + _LOOK_BYTES]).lstrip(b"\r\n")
    is_begun = any(name.startswith(text) for name in _BEGUN)  # a name that was cut
    lines = text.splitlines()
    return bool(text.strip()) and not is_begun and not any(_FIELD.match(line) for line in lines)


def holds(stray: Stray, oddity: SseOddity) -> bool:
    """Whether something odd stands in a page or behind a head."""
    inside = oddity.events_before == stray.oddity.events_before and oddity.offset >= stray.oddity.offset
    return stray.kind != "line" and inside
