"""Marks of whoever answered: the form of an answer's id, and the name of the model."""

from __future__ import annotations

import re

_PART = re.compile(r"[a-z]{2,9}")


def form_of(response_id: str) -> str:
    """What ids of one kind share: `msg_bdrk_*` for `msg_bdrk_01Xyz`; "" for none."""
    parts = re.split(r"([-_])", response_id)
    return "".join(one if one in ("-", "_") or _PART.fullmatch(one) else "*" for one in parts)
