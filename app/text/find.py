"""What is typed to be found, as a pattern: in any case, in text or in bytes of UTF-8."""

from __future__ import annotations

import re


def in_text(words: str) -> re.Pattern[str]:
    """Finds the words in a text, in any case; white space in them as any white space."""
    return re.compile(r"\s+".join(re.escape(part) for part in re.split(r"\s+", words)), re.IGNORECASE)


class InBytes:
    """Finds the words in bytes of UTF-8, in any case."""

    def __init__(self, words: str) -> None:
        self._words = words.lower().encode("utf-8", "surrogatepass") if words.isascii() else b""
        self._pattern = None if words.isascii() else re.compile(b"".join(_any_case(char) for char in words))

    def prepared(self, data: bytes) -> bytes:
        """The bytes as `place` takes them: copied once, since that is many times as quick as a pattern for any case."""
        return data.lower() if self._pattern is None else data

    def place(self, prepared: bytes, start: int) -> int:
        """Where the words stand from there on; -1 for nowhere."""
        if self._pattern is None:
            return prepared.find(self._words, start)
        found = self._pattern.search(prepared, start)
        return -1 if found is None else found.start()


def _any_case(char: str) -> bytes:
    ways = dict.fromkeys((char, char.lower(), char.upper()))
    encoded = [re.escape(way.encode("utf-8", "surrogatepass")) for way in ways]
    return encoded[0] if len(encoded) == 1 else b"(?:%s)" % b"|".join(encoded)
