"""Words to the terminal: all of them made harmless, since outside text may be among them; columns side by side."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

from app.text.json_text import encode_json

# Line ends, and the two joiners that scripts and emoji are written with.
_KEPT = {"\n", "\t", "\u200c", "\u200d"}


def _is_harmless(char: str) -> bool:
    return char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")


def harmless(text: str) -> str:
    """Text without escape sequences: control and direction characters become U+FFFD."""
    return "".join(char if _is_harmless(char) else "\ufffd" for char in text)


def argument(text: str) -> str:
    """An option's text as it can be sent and stored: bytes that are not the terminal's encoding become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def say_json(value: object) -> None:
    """One line of JSON on standard output, whatever would be harmful in it as escapes: no reader of JSON sees a difference."""
    text = encode_json(value).decode()
    say("".join(char if _is_harmless(char) else json.dumps(char)[1:-1] for char in text))


def say(text: str = "", stream: TextIO | None = None) -> None:
    """A line on standard output, made harmless."""
    text = harmless(text)
    out = stream or sys.stdout
    try:
        out.write(text + "\n")
    except UnicodeEncodeError:  # a console with a narrow code page
        encoding = out.encoding or "ascii"
        out.write((text + "\n").encode(encoding, "replace").decode(encoding))
    out.flush()


def complain(text: str) -> None:
    """A line on standard error."""
    say(text, sys.stderr)


def table(rows: Sequence[Sequence[str]], gap: int = 3) -> list[str]:
    """Rows of cells as lines with aligned columns, the last one ragged."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [(" " * gap).join([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]).rstrip() for row in rows]
