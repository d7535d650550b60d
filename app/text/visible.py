"""Text from outside, made safe to show: control characters become visible pictures, so that nothing can hide."""

from __future__ import annotations

_JOINERS = "\u200c\u200d"  # they shape scripts and emoji, and hide nothing


def one_line(text: str, limit: int = 200) -> str:
    """Outside text as one short line: line ends and other control characters become visible; what is cut ends with `…`."""
    shown = visible(text[: limit + 1], keep="")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def visible(text: str, keep: str = "\n\t") -> str:
    """The text with control characters as their pictures (U+2400 block), except for those in `keep`."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in keep else _shown(char) for char in text)


def _shown(char: str) -> str:
    """A character that would not be seen: C0 controls by their picture, others by number, spaces of all kinds as a space."""
    if char in _JOINERS:
        return char
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return " " if char.isspace() else f"\\u{ord(char):04x}"
