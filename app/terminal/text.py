"""Words to the terminal: outside text made harmless, two columns side by side."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from typing import TextIO

_KEPT = {"\n", "\t"}


def harmless(text: str) -> str:
    """Outside text without escape sequences: control and direction characters become visible (U+FFFD for most)."""
    return "".join(
        char if char in _KEPT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co") else "�" for char in text
    )


def say(text: str = "", stream: TextIO | None = None) -> None:
    """A line on standard output."""
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
