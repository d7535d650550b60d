"""The letters that choose an entry of a menu: no two of one menu are alike, in whatever language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from string import ascii_uppercase

_MARK = re.compile(r"(?<!&)&([^&\s])")
_BEHIND = re.compile(r"\(&\w\)")  # as Chinese menus have it


def letters(titles: Iterable[str]) -> set[str]:
    """The letters that these titles have, small."""
    return {found[1].lower() for one in titles if (found := _MARK.search(one))}


def distinct(titles: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """These titles of one menu, each with a letter of its own: where one has the letter of an earlier one, or of those `taken`,
    the first free one of its words is marked, else any of it; where none is free it has no letter."""
    used, made, alike = set(taken), list(titles), []
    for number, title in enumerate(titles):
        if found := _MARK.search(title):
            if found[1].lower() in used:
                alike.append(number)
            used.add(found[1].lower())
    for number in alike:
        made[number] = _marked_anew(titles[number], used)
        used |= letters((made[number],))
    return made


def _marked_anew(title: str, used: set[str]) -> str:
    if _BEHIND.search(title):
        free = next((one for one in ascii_uppercase if one.lower() not in used), "")
        return _BEHIND.sub(f"(&{free})" if free else "", title)
    bare = _MARK.sub(r"\1", title)
    beginnings = [found.start() for found in re.finditer(r"(?<!\w)\w", bare)]
    for at in (*beginnings, *range(len(bare))):
        if bare[at].isalpha() and bare[at].isascii() and bare[at].lower() not in used:
            return f"{bare[:at]}&{bare[at:]}"
    return bare
