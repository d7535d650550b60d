"""What a place of two texts is, as a reader would call it: another word, a whole sentence, a break of lines, a line of code."""

from __future__ import annotations

import re
from bisect import bisect_left

from app.run.diff.facts import Extent, Kind, Place
from app.run.diff.pieces import Pieces, is_word, stands_alone
from app.text.patterns import late

_ENDS, _CLOSERS = ".!?。！？…", "\"'”’»)]）」』*_`"
_SENTENCE_END = late(r"[.!?。！？…]+[\"'”’»)\]）」』*_`]*(?=\s|$)|[。！？](?!$)")
_FENCE = late(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_NEAR = 200  # characters before and behind a place that are looked at
_LONG = 20_000  # a longer place is told by its lines


class Describer:
    """Tells what the places of two texts are."""

    def __init__(self, a: str, b: str, *, by_letter: bool = False) -> None:
        self._a, self._b, self._by_letter = a, b, by_letter
        self._fences = _fences(a), _fences(b)

    def place(self, at_a: tuple[int, int], at_b: tuple[int, int]) -> Place:
        """The place with its kind and extent."""
        ours, theirs = self._a[slice(*at_a)], self._b[slice(*at_b)]
        kind = Kind.CHANGED if bool(ours.strip()) == bool(theirs.strip()) else Kind.ONLY_A if ours.strip() else Kind.ONLY_B
        extent, counts = self._extent(ours, theirs, at_a, at_b)
        return Place(kind, extent, at_a, at_b, *counts)

    def _extent(self, ours: str, theirs: str, at_a: tuple[int, int], at_b: tuple[int, int]) -> tuple[Extent, tuple[int, int]]:
        lines = _lines(ours), _lines(theirs)
        if not ours.strip() and not theirs.strip():
            if "\n" in ours or "\n" in theirs:
                return Extent.LINE_BREAKS, (ours.count("\n"), theirs.count("\n"))
            return Extent.SPACES, (len(ours), len(theirs))
        if _within(self._fences[0], at_a) or _within(self._fences[1], at_b):
            return Extent.CODE, lines
        if self._by_letter:
            return Extent.LETTERS, (len(ours.strip()), len(theirs.strip()))
        if max(len(ours), len(theirs)) > _LONG:
            return Extent.LINES, lines
        counts = _sentences(self._a, at_a), _sentences(self._b, at_b)
        sizes = len(ours.strip()), len(theirs.strip())
        if any(count for count, size in zip(counts, sizes, strict=True) if size == max(sizes)):
            broken = "\n" in ours.strip() or "\n" in theirs.strip()
            return (Extent.LINES, lines) if broken else (Extent.SENTENCES, counts)
        return _of_words(ours, theirs)


def _of_words(ours: str, theirs: str) -> tuple[Extent, tuple[int, int]]:
    rows = [Pieces(one).words() for one in (ours, theirs)]
    words = [[one for one in row if is_word(one)] for row in rows]
    counts = len(words[0]), len(words[1])
    if not any(counts):
        return Extent.PUNCTUATION, (len(rows[0]), len(rows[1]))
    if rows[0] and [one.casefold() for one in rows[0]] == [one.casefold() for one in rows[1]]:
        return Extent.CAPITALS, counts
    if counts == (1, 1) and all(row[0][0].isdigit() and row[0][-1].isdigit() for row in words):
        return Extent.NUMBER, counts
    if all(stands_alone(one) for row in words for one in row):
        return Extent.LETTERS, counts
    return Extent.WORDS, counts


def _sentences(text: str, at: tuple[int, int]) -> int:
    """How many whole sentences stand there; 0 where a part of one does."""
    said = text[slice(*at)]
    body = said.strip()
    if not body or len([one for one in Pieces(body[:_NEAR]).words() if is_word(one)]) < 2:
        return 0
    start = at[0] + len(said) - len(said.lstrip())
    end = at[1] - len(said) + len(said.rstrip())
    before, behind = text[max(0, start - _NEAR) : start], text[end : end + _NEAR]
    gap = before[len(before.rstrip()) :]
    last = before.rstrip().rstrip(_CLOSERS)
    begins = not last or "\n" in gap or (last[-1] in _ENDS and (bool(gap) or ord(last[-1]) > 0xFF))
    closed = body.rstrip(_CLOSERS)
    ends = bool(closed) and closed[-1] in _ENDS and (not behind or behind[0].isspace() or ord(closed[-1]) > 0xFF)
    ends = ends or not behind.strip() or "\n" in behind[: len(behind) - len(behind.lstrip())]
    return max(1, len(_SENTENCE_END().findall(body))) if begins and ends else 0


def _fences(text: str) -> list[int]:
    """Where the fences of blocks of code begin (CommonMark 4.5): every second one closes one."""
    return [one.start() for one in _FENCE().finditer(text)]


def _within(fences: list[int], at: tuple[int, int]) -> bool:
    """Whether a place that is not empty begins in a block of code, the line of its fence included."""
    return at[0] < at[1] and bisect_left(fences, at[0] + 1) % 2 == 1


def _lines(text: str) -> int:
    return text.strip("\n").count("\n") + 1 if text.strip() else 0
