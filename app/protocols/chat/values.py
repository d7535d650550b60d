"""Values of a chunk as findings tell them."""

from __future__ import annotations

from typing import Any


def found_at(holder: dict[str, Any], key: str, most_characters: int = 40) -> dict[str, Any]:
    """What stands under a key where something else belongs: the field `found` of a rule, or its variant `absent`."""
    return {"found": shown(holder[key], most_characters)} if key in holder else {"variant": "absent"}


def shown(value: object, most_characters: int = 40) -> str:
    """A value as Python writes it, cut."""
    return repr(value)[:most_characters]
