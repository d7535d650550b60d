"""Why no test notices a mutant, by its name. One that is noticed, or that there is no more, must not stand here."""

from __future__ import annotations

_BOTH = ("8 times as large", "an eighth")


def _only_pace(*limits: str) -> dict[str, str]:
    why = "How much is done in one go: what comes out is the same, and `python -m tests.bench` measures how fast."
    return {f"limit {one}: {way}": why for one in limits for way in _BOTH}


REASONS: dict[str, str] = _only_pace("app/asking/caller.py READ_S", "app/stream/decoding.py PIECE_BYTES")
