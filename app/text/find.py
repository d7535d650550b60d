"""What is typed to be found, as a pattern: in any case, in text or in bytes of UTF-8."""

from __future__ import annotations

import re


def in_text(words: str) -> re.Pattern[str]:
    """Finds the words in a text, in any case; white space in them as any white space."""
    return re.compile(r"\s+".join(re.escape(part) for part in re.split(r"\s+", words)), re.IGNORECASE)


def in_bytes(words: str) -> re.Pattern[bytes]:
    """Finds the words in bytes of UTF-8, in any case."""
    if words.isascii():
        return re.compile(re.escape(words.encode()), re.IGNORECASE)
    return re.compile(b"".join(_any_case(char) for char in words))


def _any_case(char: str) -> bytes:
    ways = dict.fromkeys((char, char.lower(), char.upper()))
    encoded = [re.escape(way.encode("utf-8", "surrogatepass")) for way in ways]
    return encoded[0] if len(encoded) == 1 else b"(?:%s)" % b"|".join(encoded)
