"""A rough tokeniser: pieces of about four characters, so that counts are plausible and linear in the text."""

from __future__ import annotations

import json
import math
import re

_PIECE = re.compile(r" ?[A-Za-z]{1,6}| ?[0-9]{1,3}|\s+| ?[^\sA-Za-z0-9]", re.DOTALL)
NEWER_TOKENISER_RATIO = 1.2  # Opus 4.7 and later count more for the same text (PROTOCOLS 3.1: about 1.0 to 1.35)


def pieces(text: str) -> list[str]:
    """The text in token-sized pieces; joined they are the text again."""
    return _PIECE.findall(text)


def count(text: str, ratio: float = 1.0) -> int:
    """How many tokens a text has; 0 for an empty one."""
    return math.ceil(len(pieces(text)) * ratio)


def count_json(value: object, ratio: float = 1.0) -> int:
    """How many tokens a JSON value has as compact text; 0 for an empty list or object."""
    return count(json.dumps(value, ensure_ascii=False, separators=(",", ":")), ratio) if value else 0
