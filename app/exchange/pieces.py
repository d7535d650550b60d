"""A key that a stream brings in pieces: found in the body's bytes, so that what is stored does not give it away either.

No piece shows it, and a masked text says only that it was there. Joined are the contents of JSON strings that stand under the
same name, in events with the same indexes: `"text"` of one block, `"arguments"` of one call.

It is known at the end alone, when the last piece has come: the journal of a run holds them until then, and is written anew.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from app.exchange.event_log import EventLog
from app.exchange.masked_text import masks_in
from app.recording.body import Body
from app.secrets.masking import Masker

_STRING = rb'"((?:[^"\\]|\\.)*)"'
_MEMBER = re.compile(_STRING + rb"\s*:\s*" + _STRING, re.DOTALL)
_INDEX = re.compile(rb'"(?:\w+_)?index"\s*:\s*(\d+)')
# One character of a JSON string: a pair of escapes, an escape, UTF-8; and what stands for one, by its bytes.
_CHARACTER = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\."
    rb"|[\xf0-\xff][\x80-\xbf]{3}|[\xe0-\xef][\x80-\xbf]{2}|[\xc0-\xdf][\x80-\xbf]|.",
    re.DOTALL,
)
_STARS = {
    1: b"*", 2: rb"\/", 3: "\N{BULLET}".encode(), 4: "\N{LOCK}".encode(), 6: rb"\u002a", 12: rb"\ud83d\udd12",
}  # fmt: skip
_STEP_EVENTS = 500

_Places = list[tuple[int, int]]
"""Where pieces stand in the body: (offset, length) each, in the order in which they came."""


class PieceSearch:
    """Looks through a finished body, a step at each `next` of `run`.

    Attributes:
        found: the places in the body that hold the hidden parts of a key, once it has run.
    """

    def __init__(self, masker: Masker, body: Body, events: EventLog) -> None:
        self.found: _Places = []
        self._masker, self._body, self._events = masker, body, events

    def run(self) -> Iterator[None]:
        """Find them."""
        strings: dict[tuple[bytes, ...], _Places] = {}
        for index in range(len(self._events)):
            start, end = self._events.starts[index], self._events.ends[index]
            indexes = tuple(_INDEX.findall(self._body.data, start, end))
            for match in _MEMBER.finditer(self._body.data, start, end):
                begin, stop = match.span(2)
                strings.setdefault((match[1], *indexes), []).append((begin, stop - begin))
            if index % _STEP_EVENTS == 0:
                yield
        for places in strings.values():
            self.found += self._hidden_in(places)
            yield
        self.found.sort()

    def _hidden_in(self, places: _Places) -> Iterator[tuple[int, int]]:
        texts = [_text_of(bytes(self._body.data[at : at + size])) for at, size in places]
        begins = [0, *accumulate(map(len, texts))]
        for mask in masks_in("", "".join(texts), 0, self._masker):
            number = bisect_right(begins, mask.offset) - 1
            while number < len(places) and begins[number] < mask.offset + mask.length:
                first = max(mask.offset - begins[number], 0)
                last = min(mask.offset + mask.length - begins[number], len(texts[number]))
                if last > first:
                    yield self._bytes_of(places[number], first, last)
                number += 1

    def _bytes_of(self, place: tuple[int, int], first: int, last: int) -> tuple[int, int]:
        """Where the characters from `first` to before `last` of a string stand: (offset, length)."""
        at, size = place
        characters = [match.span() for match in _CHARACTER.finditer(self._body.data, at, at + size)]
        begin = characters[first][0]
        return begin, characters[last - 1][1] - begin


def _text_of(content: bytes) -> str:
    """The text of a JSON string; "" where it is none."""
    try:
        text = json.loads(b'"%s"' % content, strict=False)
    except ValueError:
        return ""
    return text if len(text) == len(_CHARACTER.findall(content)) else ""


def star_places(body: Body, places: _Places) -> None:
    """Replace the characters there, in JSON strings, by as many others in as many bytes: nothing moves, here or in the text."""
    for at, size in places:
        body.data[at : at + size] = _CHARACTER.sub(lambda match: _STARS[len(match[0])], body.data[at : at + size])
