"""What is typed to be found, as a pattern: in any case, in text or in bytes of UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_SPACE = 1_000  # characters of white space between two words: what is found has an end


def in_text(words: str) -> re.Pattern[str]:
    """Finds the words in a text, in any case; white space in them as any white space."""
    space = rf"\s{{1,{MOST_SPACE}}}"
    return re.compile(space.join(re.escape(part) for part in re.split(r"\s+", words)), re.IGNORECASE)


class InText:
    """Finds the words in a text, in any case, a slice of it at a time."""

    def __init__(self, words: str) -> None:
        parts = re.split(r"\s+", words)
        self._pattern = in_text(words)
        self._longest = max(parts, key=len).lower() if words.isascii() else ""
        self._most = sum(map(len, parts)) + (len(parts) - 1) * MOST_SPACE

    def places(self, text: str, start: int, end: int) -> Iterator[int]:
        """Where the words begin, from `start` to before `end`. A text of ASCII that lacks them is many times as quick as the
        pattern."""
        piece = text[start : end + self._most - 1]
        if self._longest and piece.isascii() and self._longest not in piece.lower():
            return
        for found in self._pattern.finditer(piece):
            if found.start() >= end - start:
                return
            yield start + found.start()


class InBytes:
    """Finds the words in bytes of UTF-8, in any case.

    A search for plain bytes in a copy in lower case is six times as quick as a pattern for any case; words of digits, signs
    and Chinese need no copy, and only letters of two cases beyond ASCII need a pattern.
    """

    def __init__(self, words: str) -> None:
        plain = all(char.isascii() or char.lower() == char.upper() for char in words)
        self._words = words.encode("utf-8", "surrogatepass").lower() if plain else b""
        self._cased = self._words.upper() != self._words
        self._pattern = None if plain else re.compile(b"".join(_any_case(char) for char in words))

    def narrows(self, other: InBytes) -> bool:
        """Whether what holds these words surely holds those of the other: `nowhere` and `now`."""
        return bool(other._words) and other._words in self._words

    def prepared(self, data: bytearray) -> bytearray:
        """The bytes as `place` takes them."""
        return data.lower() if self._cased else data

    def place(self, prepared: bytearray, start: int) -> int:
        """Where the words stand from there on; -1 for nowhere."""
        if self._pattern is None:
            return prepared.find(self._words, start)
        found = self._pattern.search(prepared, start)
        return -1 if found is None else found.start()


def _any_case(char: str) -> bytes:
    ways = dict.fromkeys((char, char.lower(), char.upper()))
    encoded = [re.escape(way.encode("utf-8", "surrogatepass")) for way in ways]
    return encoded[0] if len(encoded) == 1 else b"(?:%s)" % b"|".join(encoded)
