"""Text that comes in pieces, a million of them perhaps."""

from __future__ import annotations

_MANY = 1024


class Pieces:
    """Pieces of one text, kept joined where they are many: one string a token takes ten times the memory.

    Attributes:
        count: how many there were.
    """

    __slots__ = ("_joined", "_last", "count")

    def __init__(self) -> None:
        self.count = 0
        self._joined: list[str] = []  # of a thousand pieces each; the first of all up to the last look
        self._last: list[str] = []

    def add(self, piece: str) -> None:
        """Take in the next piece."""
        self.count += 1
        self._last.append(piece)
        if len(self._last) >= _MANY:
            self._joined.append("".join(self._last))
            self._last.clear()

    def __bool__(self) -> bool:
        return self.count > 0

    @property
    def text(self) -> str:
        """All of them, joined."""
        if self.count >= _MANY:
            self._joined = ["".join((*self._joined, *self._last))]
            self._last.clear()
            return self._joined[0]
        return "".join(self._last)

    @property
    def few(self) -> list[str]:
        """Each piece, to be looked at one by one; none where there are a thousand or more."""
        return [] if self._joined else self._last
