"""How wide text is where every character has a place of its own, as in a terminal: a Chinese one takes two columns."""

from __future__ import annotations

import unicodedata

from app.text.patterns import late

_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60\U0001f300-\U0001faff\U00020000-\U0003ffff"
_OPENING, _CLOSING = "（“「『《【", "，。；：、？！）”」』》】…"  # what ends no line, and what begins none
_UNIT = late(rf" +|[{_OPENING}]*(?:[{_WIDE}](?<![{_OPENING}])|[^ {_WIDE}]+)?[{_CLOSING}]*")


def columns(text: str) -> int:
    """The columns that a line of text takes; marks that are put on a letter take none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def padded(text: str, width: int) -> str:
    """The text with spaces behind it up to so many columns; a longer one as it is."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many columns, as `textwrap.wrap` does it for text whose characters take one each.

    Between Chinese characters a line may end anywhere, but for what must not begin or end one. What is longer than a line, as
    an address may be, has one of its own.
    """
    if columns(text) == len(text):
        import textwrap

        return textwrap.wrap(text, width)
    lines = [""]
    for unit in _UNIT().findall(" ".join(text.split())):
        if columns(lines[-1] + unit.rstrip()) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += unit if lines[-1] else unit.lstrip()
    return [line.rstrip() for line in lines if line.strip()]
