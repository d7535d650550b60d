"""How the arguments of a call repeat themselves where they are no JSON; one look for all protocols."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from app.text.json_text import decode_json

Repeat = Literal["", "doubled", "behind_empty", "cumulative", "paired"]


def repeat_in(text: str, pieces: Sequence[str] = ()) -> Repeat:
    """How arguments that are no JSON repeat themselves, "" where they don't. `pieces`: as they came, none where not known.

    "doubled": one object twice in a row; "behind_empty": the object behind an empty one; "cumulative": each piece holds all
    that came before it; "paired": each piece came twice.
    """
    if _is_doubled(text):
        return "doubled"
    if text.lstrip().startswith("{}") and is_json(text.lstrip()[2:]):
        return "behind_empty"
    if _is_cumulative(pieces):
        return "cumulative"
    return "paired" if _is_paired(pieces) else ""


def is_json(text: str) -> bool:
    """Whether a text is a JSON object or list."""
    try:
        return isinstance(decode_json(text), dict | list)
    except ValueError:
        return False


def _is_doubled(text: str) -> bool:
    try:
        first, end = json.JSONDecoder().raw_decode(text.lstrip())
        return isinstance(first, dict) and bool(decode_json(text.lstrip()[end:]) == first)
    except (ValueError, RecursionError):
        return False


def _is_cumulative(pieces: Sequence[str]) -> bool:
    if len(pieces) < 2 or not is_json(pieces[-1]):
        return False
    return all(now.startswith(before) for before, now in pairwise(pieces))


def _is_paired(pieces: Sequence[str]) -> bool:
    """A single pair that is JSON is "cumulative" before it comes here."""
    if len(pieces) % 2 or pieces[::2] != pieces[1::2]:
        return False
    return is_json("".join(pieces[::2]))
