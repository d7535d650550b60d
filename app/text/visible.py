"""Text from outside, made safe to show: control characters become visible, so that nothing hides or steers a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

_JOINERS = "\u200c\u200d"  # they shape scripts and emoji, and hide nothing
# All but the blocks that most text is made of, in which every character is printable: what is left is looked at run by run.
# A look at each character of 50 MB takes half a minute, this a moment.
_UNUSUAL = (
    "[^\n\t -~\xa1-\xac\xae-\u0377\u03a3-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u2426\u2460-\u2b73"
    "\u3001-\u303f\u3041-\u3096\u3099-\u30ff\u3220-\ua48c\uac00-\ud7a3\uff01-\uffbe\U0001f300-\U0001f6d7]+"
)
_SHORT_CHARACTERS = 4096
_UNUSUAL_ON_A_LINE = _UNUSUAL.replace("\n\t", "", 1)


def one_line(text: str, limit: int = 200) -> str:
    """Outside text as one short line: line ends and other control characters become visible; what is cut ends with `…`."""
    shown = visible(text[: limit + 1], keep="")
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def visible(text: str, keep: str = "\n\t") -> str:
    """The text with control characters as their pictures (U+2400 block), except for those in `keep`."""
    if not keep.startswith("\n\t"):
        return _replace(_UNUSUAL_ON_A_LINE, _pictures(keep), text)
    if len(text) < _SHORT_CHARACTERS and text.replace("\n", "").replace("\t", "").isprintable():
        return text  # without the pattern: the window's start shows texts of several lines
    return _replace(_UNUSUAL, _pictures(keep), text)


def escaped(text: str) -> str:
    """A text of JSON with what would not be seen as JSON's own escapes: no reader of JSON sees a difference.

    Of a whole document, in which no line end or tab stands outside of strings.
    """
    return _replace(_UNUSUAL_ON_A_LINE, _ESCAPES, text)


class _Table(dict[int, str]):
    """What `str.translate` puts for a character: itself where it is seen or kept, else what the function gives, asked once."""

    def __init__(self, replaced: Callable[[str], str], keep: str = "") -> None:
        self._replaced, self._kept = replaced, _JOINERS + keep

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = shown = char if char.isprintable() or char in self._kept else self._replaced(char)
        return shown


def _picture(char: str) -> str:
    """C0 controls by their picture, spaces of all kinds as a space, others by number."""
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return " " if char.isspace() else f"\\u{ord(char):04x}"


@cache
def _pictures(keep: str) -> _Table:
    return _Table(_picture, keep)


def _json_escape(char: str) -> str:
    import json  # the window shows no JSON at its start

    return json.dumps(char)[1:-1]


_ESCAPES = _Table(_json_escape)


def _replace(pattern: str, table: _Table, text: str) -> str:
    if text.isprintable():
        return text
    # Compiled when it is needed first, and kept by `re`: that takes milliseconds, which the window's start has not.
    return re.sub(pattern, lambda run: run[0] if run[0].isprintable() else run[0].translate(table), text)
