"""Words to the terminal: outside text may be among them, so control characters become visible; columns side by side."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from app.text.columns import columns, padded
from app.text.json_text import encode_json
from app.text.visible import escaped, visible


def argument(text: str) -> str:
    """An option's text as it can be sent and stored: bytes that are not the terminal's encoding become U+FFFD."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def say_json(value: object) -> None:
    """One line of JSON on standard output, whatever would not be seen in it as escapes: no reader of JSON sees a difference."""
    write(escaped(encode_json(value).decode()) + "\n", sys.stdout)


def say(text: str = "", stream: TextIO | None = None) -> None:
    """A line on standard output; nothing in it moves the cursor or hides."""
    write(visible(text) + "\n", stream or sys.stdout)


def write(text: str, out: TextIO) -> None:
    """Text as it is; with ? for what a console with a narrow code page has no character for."""
    try:
        out.write(text)
    except UnicodeEncodeError:
        encoding = out.encoding or "ascii"
        out.write(text.encode(encoding, "replace").decode(encoding))
    out.flush()


def complain(text: str) -> None:
    """A line on standard error."""
    say(text, sys.stderr)


def listed(lines: Sequence[str]) -> list[str]:
    """Lines of which the first is the heading of the others."""
    return [f"  {line}" if number else line for number, line in enumerate(lines)]


def table(rows: Sequence[Sequence[str]], gap: int = 3) -> list[str]:
    """Rows of cells as lines with aligned columns, the last one ragged."""
    widths = [max(columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [(" " * gap).join([padded(cell, width) for cell, width in zip(row, widths, strict=True)]).rstrip() for row in rows]
