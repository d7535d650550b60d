"""Which of many lines somebody means who types a few words: in any order, any case, with letters left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

SHORTEST = 3  # a word of so many letters may leave letters out


def best_first(typed: str, lines: Iterable[tuple[T, str, str]]) -> list[T]:
    """Those whose title or `about` hold every word, given as (what it is, title, about); the best come first, equals in order.

    Where none does, those whose title has the letters of every word in order, from the beginning of one of its words on.
    """
    words = typed.casefold().split()
    whole = " ".join(words)
    kept = [(what, title.casefold(), about.casefold()) for what, title, about in lines]
    if not words:
        return [what for what, *_ in kept]
    found = [(rank, what) for what, title, about in kept if (rank := _rank(whole, words, title, about)) is not None]
    if found:
        return [what for _, what in sorted(found, key=lambda one: one[0])]
    loose = all(len(word) >= SHORTEST for word in words)
    return [what for what, title, _ in kept if loose and all(_has_letters(word, title) for word in words)]


def _rank(whole: str, words: list[str], title: str, about: str) -> int | None:
    """The less the better: at the title's beginning, at that of a word in it, inside, in what stands beside it."""
    if title.startswith(whole):
        return 0
    rank = 1
    for word in words:
        if word in title:
            rank += 0 if title.startswith(word) or f" {word}" in title else 2
        elif word in about:
            rank += 3
        else:
            return None
    return rank


def _has_letters(word: str, title: str) -> bool:
    begins = [at for at, char in enumerate(title) if char == word[0] and (at == 0 or not title[at - 1].isalnum())]
    return any(_in_order(word, title[at:]) for at in begins)


def _in_order(word: str, text: str) -> bool:
    rest = iter(text)
    return all(char in rest for char in word)
