"""Whether the pieces of a text repeat one another, though each should only bring what is new, and tear characters apart."""

from __future__ import annotations

from collections.abc import Iterator

from app.protocols.chat import rules_words
from app.protocols.findings import NOWHERE, Finding, Place, Rule

_MIN_CHARACTERS = 20  # what repeats must be longer than a model's own repetitions
_MIN_GROWN = 3
_MIN_PAIRS = 4


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
        return None if piece.isascii() else _broken(before, piece)

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
            yield Finding.of(rules_words.TEXT_CUMULATIVE, self._second, variant=name)
        elif self._paired and self._count % 2 == 0 and self._changes >= _MIN_PAIRS - 1:
            yield Finding.of(rules_words.CHUNKS_DOUBLED, self._second, variant=name)
        elif self._count > 2 and len(last) >= _MIN_CHARACTERS and text == last + last:
            yield Finding.of(rules_words.TEXT_REPEATED, self._place, variant=name)


def _broken(before: str, piece: str) -> Rule | None:
    if piece[0] == "\ufffd" and before.endswith("\ufffd"):
        return rules_words.CHARACTERS_LOST
    try:
        piece.encode()
    except UnicodeEncodeError:
        return rules_words.HALF_CHARACTER
    return None
