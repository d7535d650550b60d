"""The texts of a run that are searched: kept packed and folded, with an index of what stands in three characters of them.

The index tells in which runs three characters stand, not where: it is a sixth of one that does. A longer text is looked
for in the runs that have all of its triples (`candidates`), and then in their texts (`holds`).
"""

from __future__ import annotations

import sqlite3
import sys

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 6
TRIPLE = 3  # characters: what the index's tokenizer takes at a time
_PAD = "\n\n"  # so that the last two characters begin an entry of the index, too
_BETWEEN = f"{_PAD}\x1e"
_MOST_TRIPLES = 48  # of a long text, as far apart as they can be: what has them all mostly has the text


def folded(text: str) -> str:
    """Without the difference of upper and lower case. A folded text stays as it is."""
    return text.casefold()


def packed(about: str, prompt: str, answer: str) -> bytes:
    """What a run is found by, packed: names and the like, what was sent, what came."""
    parts = (folded(part).replace("\x1e", " ").replace("\0", " ") for part in (about, prompt, answer))
    return zstd.compress(f"{_BETWEEN.join(parts)}{_PAD}".encode(), LEVEL)


def text_of(data: bytes) -> str:
    """All of it, folded; "" for what is damaged."""
    try:
        return zstd.decompress(data).decode()
    except (zstd.ZstdError, UnicodeDecodeError):
        return ""


def parts_of(data: bytes) -> tuple[str, str, str] | None:
    """What was packed, folded; None for what is damaged."""
    parts = text_of(data).removesuffix(_PAD).split(_BETWEEN)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def holds(data: bytes, wanted: str) -> bool:
    """Whether a folded text stands in it."""
    try:
        return wanted.encode() in zstd.decompress(data)
    except zstd.ZstdError:
        return False


def candidates(wanted: str) -> str:
    """The query of the index for a folded text of at least three characters: what finds no fewer runs than have it."""
    triples = list(dict.fromkeys(wanted[at : at + TRIPLE] for at in range(len(wanted) - TRIPLE + 1)))
    step = max(1.0, len(triples) / _MOST_TRIPLES)
    return " AND ".join(phrase(triples[int(number * step)]) for number in range(min(len(triples), _MOST_TRIPLES)))


def phrase(text: str) -> str:
    """A text as FTS5 takes it literally."""
    return '"' + text.replace('"', '""').replace("\0", "") + '"'


def serve(connection: sqlite3.Connection) -> None:
    """Have SQL know `packed_texts(about, prompt, answer)`, `text_of(data)` and `holds(data, wanted)`."""
    connection.create_function("packed_texts", 3, packed, deterministic=True)
    connection.create_function("text_of", 1, text_of, deterministic=True)
    connection.create_function("holds", 2, holds, deterministic=True)
