"""Long parts of a key, as errors quote keys: cut off at the end, or with a line end, a tag or a soft hyphen within.

A part is the key's beginning, at least `LEAST_CHARS` of it, or so many of its last characters. Words alone are none.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from app.secrets.shapes import prefix_ends

LEAST_CHARS = 16
_LEAST_SECRET_CHARS = 24  # half of a shorter one leaves too little of it unknown to be told from a word
_LEAST_DIFFERENT = 4  # characters of what is searched: a row of zeros stands in many a picture
_LEAST_TURNS = 5  # from capitals to small letters and back
_LETTERS, _DIGITS = string.ascii_letters.encode(), string.digits.encode()


class Part(NamedTuple):
    """Where it stands in the data, and whether it is the key's beginning."""

    start: int
    end: int
    is_beginning: bool


class KeyParts:
    """Finds the parts of some keys, a beginning with the vendor's prefix or without."""

    def __init__(self, secrets: Iterable[bytes]) -> None:
        long = [one for one in secrets if len(one) >= _LEAST_SECRET_CHARS]
        self._begins = [
            (one[:LEAST_CHARS], one)
            for secret in long
            for start in (0, *prefix_ends(secret.decode("latin-1"), _LEAST_SECRET_CHARS))
            if _is_random((one := secret[start:])[:LEAST_CHARS])
        ]
        self._tails = [tail for secret in long if _is_random(tail := secret[-LEAST_CHARS:])]

        self._inner = {tail[at : at + 1] for tail in self._tails for at in range(LEAST_CHARS - 1)}

    def find(self, data: bytes) -> Iterator[Part]:
        """All of them, also those within a whole key."""
        for begin, secret in self._begins:
            at = data.find(begin)
            while at >= 0:
                end = at + _common(data[at : at + len(secret)], secret)
                yield Part(at, end, True)
                at = data.find(begin, end)
        for tail in self._tails:
            at = data.find(tail)
            while at >= 0:
                yield Part(at, at + LEAST_CHARS, False)
                at = data.find(tail, at + LEAST_CHARS)

    def open_end(self, data: bytes) -> int:
        """Where a key's last characters may begin that go on behind the data; its length where they do not. A key's beginning
        that goes on may be the whole key, which is told of it anyway."""
        if data[-1:] not in self._inner:
            return len(data)
        sizes = (size for size in range(LEAST_CHARS - 1, 0, -1) if any(data.endswith(tail[:size]) for tail in self._tails))
        return len(data) - next(sizes, 0)


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if one[least:middle] == other[least:middle] else (least, middle - 1)
    return least


def _is_random(part: bytes) -> bool:
    """Whether digits stand among its letters, or capitals among small ones; words of a key that is made of words are none."""
    letters = bytes(one for one in part if one in _LETTERS)
    turns = sum(one.isupper() != other.isupper() for one, other in pairwise(letters.decode()))
    is_mixed = bool(letters) and (any(one in _DIGITS for one in part) or turns >= _LEAST_TURNS)
    return is_mixed and len(set(part)) >= _LEAST_DIFFERENT
