"""Marks of whoever answered: the form of an answer's id, and the name of the model."""

from __future__ import annotations

import re

_UUID = re.compile(r"(?:.*[-_])?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = re.compile(r"(?:[a-z]{2,9}[-_])*")


def form_of(response_id: str) -> str:
    """What ids of one kind share: `msg_bdrk_*` for `msg_bdrk_01Xyz`, `chatcmpl-uuid`; "*" for none.

    Behind the words that it begins with nothing counts: in what is drawn at random, separators and letters that make a word
    stand by chance (a UUID has a part of letters alone once in twenty times).
    """
    if _UUID.fullmatch(response_id):
        return f"{response_id[:-36]}uuid"
    words = _WORDS.match(response_id)
    return f"{words[0] if words else ''}*"
