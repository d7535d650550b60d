"""Values of a chunk as findings tell them."""

from __future__ import annotations

from typing import Any

from app.protocols.chat.rules_words import DETAIL_NO_OBJECT
from app.protocols.findings import FindingLog


def found_at(holder: dict[str, Any], key: str, most_characters: int = 40) -> dict[str, Any]:
    """What stands under a key where something else belongs: the field `found` of a rule, or its variant `absent`."""
    return {"found": shown(holder[key], most_characters)} if key in holder else {"variant": "absent"}


def shown(value: object, most_characters: int = 40) -> str:
    """A value as Python writes it, cut."""
    return repr(value)[:most_characters]


def check_object(log: FindingLog, holder: dict[str, Any], key: str) -> None:
    """Note what is no object under a key at which programs open one without a look, where anything is there but null."""
    if (details := holder.get(key)) is not None and not isinstance(details, dict):
        log.note(DETAIL_NO_OBJECT, key=key, field=key, found=shown(details))
