"""Whether what comes in pieces or parts repeats itself, though each should only bring what is new, and tears characters apart.

One watcher for the text and the reasoning of every protocol, and one look at the parts (blocks, items) of a whole answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from app.protocols.any import rules
from app.protocols.findings import NOWHERE, Finding, Place, Rule
from app.text.visible import one_line

_MIN_CHARACTERS = 20  # what repeats must be longer than a model's own repetitions
_MIN_GROWN = 3
_MIN_PAIRS = 4
_MIN_HALF_CHARACTERS = 40
_MIN_PART_CHARACTERS = 10
_SAMPLE_CHARACTERS = 60


class Repeats:
    """The pieces of one text, looked at as they come. What a second piece rules out costs nothing from there on."""

    __slots__ = ("_changes", "_count", "_growing", "_grown", "_last", "_paired", "_place", "_second")

    def __init__(self) -> None:
        self._count = 0
        self._last = ""
        self._growing = self._paired = True
        self._grown = self._changes = 0
        self._place: Place = NOWHERE
        self._second: Place = NOWHERE

    def add(self, piece: str, place: Place) -> Rule | None:
        """One more piece, not empty; what is wrong with it that shows at once."""
        before, self._last = self._last, piece
        self._count += 1
        self._place = place
        if self._growing or self._paired:
            self._compare(before, piece)
        return None if piece.isascii() or _is_whole(piece) else rules.HALF_CHARACTER

    def _compare(self, before: str, piece: str) -> None:
        if self._count == 1:
            return
        if self._count == 2:
            self._second = self._place
        self._growing = self._growing and piece.startswith(before)
        self._grown += len(piece) > len(before)
        if self._count % 2 == 0:
            self._paired = self._paired and piece == before
        else:
            self._changes += piece != before

    def findings(self, text: str, name: str) -> Iterator[Finding]:
        """The text is over: how its pieces repeat one another, where that began. `name`: "text" or "reasoning"."""
        last = self._last
        if self._growing and self._grown >= _MIN_GROWN and len(last) >= _MIN_CHARACTERS:
            yield Finding.of(rules.TEXT_CUMULATIVE, self._second, variant=name)
        elif self._paired and self._count % 2 == 0 and self._changes >= _MIN_PAIRS - 1:
            yield Finding.of(rules.PIECES_DOUBLED, self._second, variant=name)
        elif self._count > 2 and len(last) >= _MIN_CHARACTERS and text == last + last:
            yield Finding.of(rules.TEXT_REPEATED, self._place, variant=name)
        elif _is_twice(text):
            yield Finding.of(rules.TEXT_REPEATED, self._place, variant=f"{name}_twice")


def _is_whole(piece: str) -> bool:
    try:
        piece.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_twice(text: str) -> bool:
    """Whether a text is another one twice, which no model writes: lines and patterns that repeat are something else."""
    size = len(text) // 2
    if size < _MIN_HALF_CHARACTERS or len(text) % 2 or text[0] != text[size] or text[:size] != text[size:]:
        return False
    lined = text[0].isspace() or text[size - 1].isspace()
    return not lined and (text + text).find(text[:size], 1) == size


class Part(NamedTuple):
    """A block or an item: "text" or "reasoning" with its words, or anything else ("")."""

    kind: str
    words: str = ""
    place: Place = NOWHERE


def findings_of_parts(parts: Iterable[Part]) -> Iterator[Finding]:
    """Texts, or runs of reasoning, that say the same one behind the other; placed at the second.

    Reasoning between two texts, and the other way round, separates nothing; a call does.
    """
    for is_said, run in groupby(parts, lambda part: bool(part.kind)):
        said = list(run) if is_said else []
        for kind in ("text", "reasoning"):
            chosen = [part for part in said if part.kind == kind and part.words.strip()]
            for words, group in groupby(chosen, lambda part: part.words.strip()):
                same = list(group)
                if len(same) > 1 and len(words) >= _MIN_PART_CHARACTERS:
                    sample = one_line(words[:_SAMPLE_CHARACTERS])
                    yield Finding.of(rules.SAID_TWICE, same[1].place, variant=kind, count=len(same), sample=sample)
